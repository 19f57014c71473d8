#!/usr/bin/env bash
# What a client crate costs whoever depends on it: crates in the tree, and CPU seconds of a
# clean release build, ours beside ghl-sdk 0.5.2 with its contacts feature.
#
#   ghl-contacts/benches/weight.sh [ours|webhooks|peer]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# weigh NAME DEPENDENCY-LINE TITLE
weigh() {
    local name=$1
    mkdir -p "$work/$name/src"
    echo 'fn main() {}' > "$work/$name/src/main.rs"
    printf '[package]\nname = "weighed"\nedition = "2024"\n[workspace]\n[dependencies]\n%s\n' "$2" > "$work/$name/Cargo.toml"
    cd "$work/$name"
    cargo fetch --quiet
    local crates seconds
    crates=$(cargo tree --quiet --edges normal,build --prefix none --no-dedupe | sed 's/ (.*//' | sort -u | grep -vc '^weighed ')
    local TIMEFORMAT='%U %S'
    seconds=$({ time CARGO_INCREMENTAL=0 CARGO_TARGET_DIR="$work/target-$name" cargo build --quiet --release 2> "$work/errors"; } 2>&1)
    awk -v n="$3" -v c="$crates" -v s="$seconds" 'BEGIN { split(s, t, " "); printf "%-34s %4d crates %7.1f s\n", n, c, t[1] + t[2] }'
}

# Without an argument all three; one alone where time is short.
case ${1:-all} in all | ours) weigh ours "ghl-contacts = { path = \"$root/ghl-contacts\" }" 'ghl-contacts' ;; esac
case ${1:-all} in all | webhooks) weigh webhooks "ghl-contacts = { path = \"$root/ghl-contacts\", features = [\"webhooks\"] }" 'ghl-contacts, webhooks' ;; esac
case ${1:-all} in all | peer) weigh peer 'ghl-sdk = { version = "=0.5.2", features = ["contacts"] }' 'ghl-sdk 0.5.2, contacts' ;; esac
