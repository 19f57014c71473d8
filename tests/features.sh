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

[ $# -gt 0 ] || set -- api-transport ghl-contacts insightly
for crate in "$@"; do
    echo "== $crate without features"
    cargo test --quiet --locked -p "$crate" --lib --no-default-features
    for feature in $(features_of "$crate"); do
        echo "== $crate with $feature alone"
        cargo test --quiet --locked -p "$crate" --lib --no-default-features --features "$feature"
    done
    echo "== $crate with keyring alone, compiled"
    cargo check --quiet --locked -p "$crate" --lib --no-default-features --features keyring
done
