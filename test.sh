#!/usr/bin/env bash
# Runs every test project and ends with "N passed, N failed, N skipped" alone on a line.
#
#   ./test.sh                       everything, with six kills spread over the crash sweep
#   ./test.sh --fast                without containers: no end-to-end tests, no tests of the container provider
#   ./test.sh --crash-sweep all     kill the engine at every mutating call, on both sides; 12-20: at these calls
#   ./test.sh --conformance all     have the conformance kit kill, shuffle and fail also on real containers; some: one in eight
#   ./test.sh --filter NAME         only test projects whose name contains NAME
#   ./test.sh --no-install          install nothing; name what is missing
set -uo pipefail

PROGRAM=test.sh
ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
cd "$ROOT" || exit 1
# shellcheck source=eng/common.sh
source "$ROOT/eng/common.sh"

NO_INSTALL=${TARMAK_NO_INSTALL:-}
FAST=
FILTER=
while [[ $# -gt 0 ]]; do
    case $1 in
        --fast) FAST=1 ;;
        --no-install) NO_INSTALL=1 ;;
        --filter) FILTER=${2:?--filter needs a name}; shift ;;
        --crash-sweep) export TARMAK_CRASH_SWEEP=${2:?--crash-sweep needs all, a number of kills, or calls such as 12-20}; shift ;;
        --conformance) export TARMAK_CONFORMANCE=${2:?--conformance needs some or all}; shift ;;
        -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) die "'$1' is no option; try --help." 2 ;;
    esac
    shift
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

needs_containers() { [[ $1 == *EndToEnd* || $1 == *Providers.Container* ]]; }

projects=()
for project in tests/*.Tests templates/*/tests/*.Tests; do
    [[ $project == *"$FILTER"* ]] || continue
    [[ -z $FAST ]] || ! needs_containers "$project" || continue
    projects+=("$project")
done
[[ ${#projects[@]} -gt 0 ]] || die "no test project is named like '$FILTER'." 2

want_sdk
want ssh-keygen openssh-client
want openssl openssl
[[ ! " ${projects[*]} " =~ Configuration|EndToEnd ]] || { want puppet puppet-agent; want puppet-lint puppet-lint; }
containers=
for project in "${projects[@]}"; do
    needs_containers "$project" && containers=1
done
if [[ -n $containers ]]; then
    want_native_toolchain
    want curl curl
    want_container_engine
    want etcdctl etcd-client
    want ps procps
    want iptables iptables
    want unshare util-linux
    want dig dnsutils
    want ssh openssh-client
fi
[[ ! " ${projects[*]} " =~ Rfc2136|EndToEnd ]] || want named bind9
if [[ " ${projects[*]} " =~ Providers.Plugins ]]; then
    want_python grpc python3-grpcio
    want_python grpc_tools python3-grpc-tools
    want_python cryptography python3-cryptography
fi
install_missing "the tests"
[[ -z $containers ]] || bring_container_engine

results=$ROOT/artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
passed=0 failed=0 skipped=0 broken=0

count() { sed -n "s/^[[:space:]]*$2: *\([0-9]\{1,\}\).*/\1/p" "$1" | tail -n 1; }

say "Building the solution …"
if ! dotnet build Tarmak.Orleans.sln -c Debug --nologo -v quiet -clp:NoSummary >"$results/build.log" 2>&1; then
    grep -E 'error' "$results/build.log" | sort -u | head -n 30 >&2
    say "The solution does not build; artifacts/test-results/build.log says more."
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi
if [[ " ${projects[*]} " == *EndToEnd* ]]; then
    # The end-to-end tests drive what a user gets.
    if ! ./tarmak version --client >/dev/null; then
        echo "0 passed, 1 failed, 0 skipped"
        exit 1
    fi
fi

for project in "${projects[@]}"; do
    name=${project##*/}
    log=$results/$name.log
    begun=$SECONDS
    # Each project is a program that runs its own tests.
    dotnet "$project/bin/Debug/net10.0/$name.dll" --no-ansi --progress off >"$log" 2>&1 </dev/null
    code=$?
    p=$(count "$log" succeeded) f=$(count "$log" failed) s=$(count "$log" skipped)
    if [[ -z $p && $code -eq 8 ]]; then
        say "$name: no tests"
        continue
    fi
    passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
    say "$name: ${p:-0} passed, ${f:-0} failed, ${s:-0} skipped ($((SECONDS - begun)) s)"
    if [[ $code -ne 0 && $code -ne 8 ]]; then
        # A program that died before it counted is a failure too.
        [[ ${f:-0} -gt 0 ]] || { failed=$((failed + 1)); broken=1; }
        grep -vE '^[[:space:]]*$' "$log" | tail -n 80 >&2
    fi
done

[[ $broken -eq 0 ]] || say "At least one test project ended before it reported; its log is in artifacts/test-results."
echo "$passed passed, $failed failed, $skipped skipped"
[[ $failed -eq 0 && $passed -gt 0 ]]
