#!/usr/bin/env bash
# Holds the sandbox's GHL side to the official description, and lets the official SDK tour it.
#
#   bash tests/conformance/sandbox.sh [SECONDS]     how long the fuzzer may take, 120 by default
#
# Needs node with npm, and python3 with venv. Everything is installed into target/conformance.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work="${CARGO_TARGET_DIR:-$root/target}/conformance"
seconds=${1:-120}
mkdir -p "$work"

for program in node npm python3; do
    command -v "$program" > /dev/null || { echo "*** NOT RUN: $program is missing" >&2; exit 3; }
done
[ -x "$work/venv/bin/schemathesis" ] || {
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet 'schemathesis==4.32.5'
}
[ -d "$work/node_modules/@gohighlevel/api-client" ] ||
    npm install --prefix "$work" --no-audit --no-fund --silent '@gohighlevel/api-client@3.1.0'

cargo build --quiet --manifest-path "$root/Cargo.toml" -p crm-sandbox
"$(dirname "$work")/debug/crm-sandbox" --ghl-port 0 --insightly-port 0 --contacts 50 --seed 1 > "$work/sandbox.json" &
sandbox=$!
trap 'kill $sandbox' EXIT
until [ -s "$work/sandbox.json" ]; do kill -0 $sandbox; sleep 0.1; done
told() { node -p "JSON.parse(require('fs').readFileSync('$work/sandbox.json')).ghl.$1"; }
url=$(told base_url) token=$(told token) location=$(told location_id)

failed=0
echo "== the official npm SDK"
node "$here/npm_tour.mjs" "$work" "$url" "$token" "$location" || failed=1

echo "== schemathesis: no server error, no undeclared status, no wrong schema"
contacts=$(node -e "
    fetch('$url/contacts/search', { method: 'POST',
        headers: { authorization: 'Bearer $token', version: '2021-07-28', 'content-type': 'application/json' },
        body: JSON.stringify({ locationId: '$location', pageLimit: 50 }) })
    .then(answer => answer.json())
    .then(page => console.log(JSON.stringify(page.contacts.map(one => one.id))))")
node "$here/description.mjs" "{\"locationId\":[\"$location\"],\"contactId\":$contacts}" > "$work/contacts.json"
(cd "$work" && "$work/venv/bin/schemathesis" run "$work/contacts.json" --url "$url" \
    --header "Authorization: Bearer $token" --header 'Version: 2021-07-28' \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --phases examples,coverage,fuzzing --seed "${SEED:-1}" --max-time "$seconds" --warnings off --no-color) || failed=1
exit $failed
