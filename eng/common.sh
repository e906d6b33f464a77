# shellcheck shell=bash
# Parts the entry scripts share. Sourced, not run; $ROOT is the repository and PROGRAM the script's name.

say() { printf '%s\n' "$*" >&2; }
die() { printf '%s: %s\n' "$PROGRAM" "$1" >&2; exit "${2:-1}"; }
has() { command -v "$1" >/dev/null 2>&1; }

is_debian() { [[ -r /etc/debian_version ]] && has apt-get; }

as_root() {
    if [[ $(id -u) -eq 0 ]]; then
        "$@"
    elif has sudo; then
        sudo "$@"
    else
        return 126
    fi
}

# want PROGRAM PACKAGE: adds the package to the missing ones when the program is not there.
MISSING=()
want() {
    has "$1" || [[ -x /usr/sbin/$1 || -x /sbin/$1 || -x /opt/puppetlabs/bin/$1 || -x /usr/lib/podman/$1 || -x /usr/libexec/podman/$1 ]] || MISSING+=("$2")
}

# want_python MODULE PACKAGE: the same for a module of the system's own Python.
want_python() {
    /usr/bin/python3 -c "import $1" >/dev/null 2>&1 || MISSING+=("$2")
}

# install_missing WHY: installs what want found missing, saying first what; on other systems names it.
install_missing() {
    [[ ${#MISSING[@]} -eq 0 ]] && return 0
    local list="${MISSING[*]}"
    MISSING=()
    is_debian || die "$1 needs these, by the names of Debian's packages: $list; install them and run this again."
    [[ -z ${NO_INSTALL:-} ]] || die "$1 needs packages that --no-install forbids to install: $list"
    say "Installing for $1: $list"
    local log
    log=$(mktemp)
    # shellcheck disable=SC2086  # a list of packages
    if ! { as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $list; } >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        rm -f "$log"
        die "the packages could not be installed (root is needed): $list"
    fi
    rm -f "$log"
}

want_sdk() {
    has dotnet || die "the .NET SDK 10 was not found in PATH; install it from https://dot.net and run this again."
}

want_native_toolchain() {
    has clang || want gcc gcc
    [[ -e /usr/include/zlib.h ]] || ! is_debian || MISSING+=(zlib1g-dev)
    [[ -e /usr/include/stdlib.h ]] || ! is_debian || MISSING+=(libc6-dev)
}

want_container_engine() {
    if [[ -z ${DOCKER_HOST:-} ]] && ! container_socket >/dev/null; then
        refuse_without_rights
        want podman podman
        want runc runc
        want netavark netavark
        want iptables iptables
        want aardvark-dns aardvark-dns
    fi
    want curl curl
    want debootstrap debootstrap
    want ssh-keygen openssh-client
}

# Where a container engine that runs as root may answer, likeliest first; EngineEndpoint.cs has the same list.
CONTAINER_SOCKETS=(/run/podman/podman.sock /var/run/docker.sock)

answers() { [[ -S $1 ]] && curl -sf --max-time 5 --unix-socket "$1" http://d/_ping >/dev/null 2>&1; }

# The first socket that is there and, where curl can tell, answers.
container_socket() {
    local socket
    for socket in "${CONTAINER_SOCKETS[@]}"; do
        if [[ -S $socket && -w $socket ]] && { ! has curl || answers "$socket"; }; then
            printf '%s\n' "$socket"
            return 0
        fi
    done
    return 1
}

# Who is not root can neither use an engine without rights to it nor start one: said before anything is installed.
refuse_without_rights() {
    [[ $(id -u) -ne 0 ]] || return 0
    local socket
    for socket in "${CONTAINER_SOCKETS[@]}"; do
        # A folder that may not be entered hides its socket.
        if [[ -S $socket && ! -w $socket ]] || [[ -d ${socket%/*} && ! -x ${socket%/*} ]]; then
            die "you have no rights to the container engine's socket $socket; run this as root, or have the socket's group."
        fi
    done
    die "no container engine that runs as root answers, and a rootless one cannot give machines their networks; run this as root, or name an engine's socket in DOCKER_HOST."
}

# Root without CAP_SYS_RESOURCE (a small virtual machine, a container) may not raise limits: Podman's defaults and crun
# fail there, runc with low limits works.
needs_low_limits() {
    [[ $(id -u) -eq 0 && -r /proc/self/status ]] || return 1
    local capabilities
    capabilities=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
    (((16#$capabilities >> 24 & 1) == 0))
}

write_low_limits() {
    needs_low_limits || return 0
    [[ -e /etc/containers/containers.conf ]] && return 0
    [[ -z ${NO_INSTALL:-} ]] || die "this machine may not raise limits and needs /etc/containers/containers.conf with low ones and the runtime runc, which --no-install forbids to write."
    say "Writing /etc/containers/containers.conf: this machine may not raise limits, so containers get low ones and the runtime runc."
    mkdir -p /etc/containers
    cat >/etc/containers/containers.conf <<'CONF'
[containers]
default_ulimits = ["nofile=1024:1024","nproc=4096:4096"]
[engine]
runtime = "runc"
CONF
}

# Makes a container engine answer, saying what it does, and names its socket to what is started from here.
bring_container_engine() {
    [[ -z ${DOCKER_HOST:-} ]] || return 0
    if ! container_socket >/dev/null; then
        refuse_without_rights
        write_low_limits
        start_podman
    fi
    DOCKER_HOST=unix://$(container_socket) || die "the container engine went away as soon as it had answered."
    export DOCKER_HOST
}

# Root only.
start_podman() {
    has podman || die "no container engine answers, and Podman is not installed."
    local socket=${CONTAINER_SOCKETS[0]} i
    mkdir -p "${socket%/*}"
    # Two commands at once start one service: the second waits, and finds it answering.
    exec 8>"${socket%/*}/tarmak-podman.lock"
    ! has flock || flock 8
    if container_socket >/dev/null; then
        exec 8>&-
        return 0
    fi
    if [[ -d /run/systemd/system ]]; then
        say "Starting Podman's socket (systemctl enable --now podman.socket)."
        systemctl enable --now podman.socket >/dev/null 2>&1 8>&- || die "podman.socket could not be started; systemctl status podman.socket says why."
    else
        say "Starting Podman's service at $socket (no systemd runs here; its log is ${socket%/*}/tarmak-podman.log)."
        rm -f "$socket"
        # In a session of its own, with nothing of this shell kept open, so that it outlives the terminal; and in no folder that
        # could go away under it, for then no container starts any more.
        (cd / && exec setsid podman system service --time=0 "unix://$socket") </dev/null >"${socket%/*}/tarmak-podman.log" 2>&1 8>&- &
        printf '%s\n' $! >"${socket%/*}/tarmak-podman.pid"
        disown
    fi
    for ((i = 0; i < 100; i++)); do
        if [[ -S $socket ]] && { ! has curl || answers "$socket"; }; then
            exec 8>&-
            return 0
        fi
        sleep 0.1
    done
    die "Podman did not answer at $socket within 10 s."
}
