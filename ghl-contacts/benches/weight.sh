#!/usr/bin/env bash
# What a client crate costs whoever depends on it: crates in the tree, and CPU seconds (user and
# system) of a clean release build. Both clients, each feature of ghl-contacts alone, beside
# ghl-sdk 0.5.2 with its contacts feature.
#
#   ghl-contacts/benches/weight.sh [ROW...]     rows: see below; all of them without an argument
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# weigh TITLE DEPENDENCY-LINE
weigh() {
    local package=$work/package target=$work/target
    rm -rf "$package" "$target"
    mkdir -p "$package/src"
    echo 'fn main() {}' > "$package/src/main.rs"
    printf '[package]\nname = "weighed"\nedition = "2024"\n[workspace]\n[dependencies]\n%s\n' "$2" > "$package/Cargo.toml"
    cd "$package"
    cargo fetch --quiet
    local crates seconds
    crates=$(cargo tree --quiet --edges normal,build --prefix none --no-dedupe | sed 's/ (.*//' | sort -u | grep -vc '^weighed ')
    local TIMEFORMAT='%U %S'
    # Time tells of children only, so what cargo says must not come between.
    seconds=$({ time CARGO_INCREMENTAL=0 CARGO_TARGET_DIR="$target" cargo build --quiet --release 2> "$work/errors"; } 2>&1) ||
        { cat "$work/errors" >&2; exit 1; }
    awk -v n="$1" -v c="$crates" -v s="$seconds" 'BEGIN { split(s, t, " "); printf "| %s | %d | %.0f s |\n", n, c, t[1] + t[2] }'
}

ghl() { weigh "ghl-contacts${1:+, \`$1\`}" "ghl-contacts = { path = \"$root/ghl-contacts\", features = [${1:+\"$1\"}] }"; }

rows=("$@")
[[ ${#rows[@]} -gt 0 ]] || rows=(ghl-contacts ghl-sdk insightly oauth webhooks axum keyring)
for row in "${rows[@]}"; do
    case $row in
    ghl-contacts) ghl '' ;;
    oauth | webhooks | axum | keyring) ghl "$row" ;;
    insightly) weigh insightly "insightly = { path = \"$root/insightly\" }" ;;
    ghl-sdk) weigh 'ghl-sdk 0.5.2, `contacts`' 'ghl-sdk = { version = "=0.5.2", features = ["contacts"] }' ;;
    *) echo "no such row: $row" >&2; exit 2 ;;
    esac
done
