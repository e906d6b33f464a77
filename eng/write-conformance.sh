#!/usr/bin/env bash
# Runs the conformance kit against the repository's own providers and writes docs/conformance.md from what it found.
#
#   eng/write-conformance.sh                   all of them; Container needs a container engine and takes the longest
#   eng/write-conformance.sh Simulated S3      only these
#   TARMAK_CONFORMANCE=all eng/write-conformance.sh Container     every death and sequence instead of one in eight
#   TARMAK_CONFORMANCE_OF=dns,firewall eng/write-conformance.sh Container     these capabilities; what is stored of others stays
set -uo pipefail

PROGRAM=write-conformance.sh
ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cd "$ROOT" || exit 1
# shellcheck source=eng/common.sh
source "$ROOT/eng/common.sh"

providers=("$@")
[[ ${#providers[@]} -gt 0 ]] || providers=(Simulated S3 Rfc2136 Plugins Container)

export TARMAK_CONFORMANCE_REPORTS=$ROOT/docs/conformance DOTNET_NOLOGO=1 TARMAK_CONFORMANCE=${TARMAK_CONFORMANCE:-some}
want_sdk

# Each project is a program that runs its own tests.
run() {
    local name=$1 classes=$2
    dotnet build "tests/$name" -v quiet -clp:NoSummary >&2 || die "tests/$name does not build."
    dotnet "tests/$name/bin/Debug/net10.0/$name.dll" --no-ansi --progress off --filter-class "$classes" </dev/null >&2
}

failed=()
for provider in "${providers[@]}"; do
    case $provider in
        Simulated | S3 | Container) classes='*ConformanceTests' ;;
        Rfc2136) classes='*Rfc2136ProviderTests' ;;
        Plugins) classes='*ShelfTests' ;;
        *) die "'$provider' is no provider of this repository; there are Simulated, S3, Rfc2136, Plugins, Container." 2 ;;
    esac
    say "$provider …"
    run "Tarmak.Providers.$provider.Tests" "$classes" || failed+=("$provider")
done

TARMAK_CONFORMANCE_PAGE=write run Tarmak.Providers.Conformance.Tests '*ConformancePageTests' || failed+=(page)
[[ ${#failed[@]} -eq 0 ]] || die "not all passed: ${failed[*]}"
