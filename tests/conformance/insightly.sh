#!/usr/bin/env bash
# `insightly_every_operation` against the vendor's own description of API v3.1, by Prism.
#
#   INSIGHTLY_SPEC=v3.1-swagger.json tests/conformance/insightly.sh [--minimal]
#
# Where the description is known to be wrong, `insightly_differences.txt` says so, operation by
# operation, with the reason. Fails when another operation fails, or when a listed one does not.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

if [ -z "${INSIGHTLY_SPEC:-}" ]; then
    printf '\n*** NOT RUN: INSIGHTLY_SPEC is not set, so the Insightly client was NOT compared\n' >&2
    printf '*** with the description of its vendor. Nothing was proved about it here.\n\n' >&2
    [ "${CONFORMANCE:-}" != required ]
    exit
fi

folder=${CARGO_TARGET_DIR:-$root/target}/tmp/conformance
mkdir -p "$folder"
if ! cmp -s "$here/package.json" "$folder/installed.json"; then
    cp "$here/package.json" "$folder/package.json"
    (cd "$folder" && npm install --no-audit --no-fund --silent)
    cp "$here/package.json" "$folder/installed.json"
fi
tour=${CARGO_TARGET_DIR:-$root/target}/debug/examples/insightly_every_operation
[ -x "$tour" ] || cargo build -p examples --example insightly_every_operation

# The mock lives as long as its standard input.
coproc mock { exec node "$here/insightly_mock.mjs" "$folder" "$INSIGHTLY_SPEC"; }
read -r _ port <&"${mock[0]}"
said=$("$tour" --base-url "http://127.0.0.1:$port" --api-key key "$@" || true)
eval "exec ${mock[1]}>&-"

failed=$(printf '%s\n' "$said" | sed -n 's/^FAILED *[-0-9]* *\([a-z_.]*\):.*/\1/p' | sort -u)
listed=$(sed -n 's/^\([a-z_.]*\): .*/\1/p' "$here/insightly_differences.txt" | sort -u)
new=$(comm -23 <(printf '%s\n' "$failed") <(printf '%s\n' "$listed"))
gone=$(comm -13 <(printf '%s\n' "$failed") <(printf '%s\n' "$listed"))
printf '%s\n' "$said" | tail -n 1
if [ -n "$new" ]; then
    echo "not explained:"
    for name in $new; do printf '%s\n' "$said" | grep -m 1 "^FAILED.* $name:"; done
fi
[ -z "$gone" ] || printf 'listed, but it succeeded: %s\n' $gone
[ -z "$new$gone" ]
