#!/usr/bin/env bash
# Each feature of the clients alone, and none: what is in the crate compiles and passes.
#
#   bash tests/features.sh [CRATE]...
set -euo pipefail
cd "$(dirname "$0")/.."

# What a crate's Cargo.toml lists, but for the sets of others.
features_of() {
    cargo metadata --no-deps --format-version 1 --locked |
        python3 -c '
import json, sys
packages = json.load(sys.stdin)["packages"]
features = next(one["features"] for one in packages if one["name"] == sys.argv[1])
print(*sorted(set(features) - {"default", "full", "keyring"}))' "$1"
}

failed=()
# WORDS CARGO-ARGUMENTS...: all are tried, and those that failed are named at the end.
try() {
    echo "== $1"
    cargo "${@:2}" || failed+=("$1")
}

[ $# -gt 0 ] || set -- api-transport ghl-contacts insightly
for crate in "$@"; do
    alone=(--quiet --locked -p "$crate" --lib --no-default-features)
    try "$crate without features" test "${alone[@]}"
    for feature in $(features_of "$crate"); do
        try "$crate with $feature alone" test "${alone[@]}" --features "$feature"
    done
    try "$crate with keyring alone, compiled" check "${alone[@]}" --features keyring
done
[ ${#failed[@]} -eq 0 ] || { printf '*** failed: %s\n' "${failed[@]}" >&2; exit 1; }
