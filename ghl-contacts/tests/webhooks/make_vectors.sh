#!/usr/bin/env bash
# Makes the signed deliveries beside this file, with the openssl program only.
#
#   ghl-contacts/tests/webhooks/make_vectors.sh
#
# New keys each time; the private ones are not kept. cases.txt has one line for each case:
# name, body, whether RSA is accepted, what is expected. NAME.headers are its headers.
set -euo pipefail
cd "$(dirname "$0")"
rm -rf vectors && mkdir vectors && cd vectors
secret=$(mktemp -d)
trap 'rm -rf "$secret"' EXIT

for key in ed25519 other-ed25519; do
    openssl genpkey -quiet -algorithm ED25519 -out "$secret/$key.pem"
    openssl pkey -in "$secret/$key.pem" -pubout -out "$key.pem"
done
for key in rsa other-rsa; do
    openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:4096 -out "$secret/$key.pem"
    openssl pkey -in "$secret/$key.pem" -pubout -out "$key.pem"
done

# The delivery: an official example's members, with what real deliveries carry around it.
printf '%s' '{"type":"ContactUpdate","locationId":"ve9EPM428h8vShlRW1KT","id":"nmFmQEsNgz6AVpgLVUJ0","email":"ada@example.com","firstName":"Ada","tags":["vip"],"timestamp":"2026-11-25T10:00:00.000Z","webhookId":"3f1c0f5e-6b1c-4c35-9a1a-0b6f2d1f0a01","appId":"66f0a0a0a0a0a0a0a0a0a0a0","versionId":"66f0a0a0a0a0a0a0a0a0a0a1"}' > right.json
sed 's/ada@/eve@/' right.json > altered.json
printf ' ' | cat right.json - > spaced.json
printf '%s' '["no","event"]' > no-event.json
# The huge body is not kept: 2 MiB of one letter around the same beginning. The test makes it too.
{ printf '%s' '{"type":"Huge","pad":"'; head -c 2097152 /dev/zero | tr '\0' a; printf '%s' '"}'; } > "$secret/huge.json"

ed() { openssl pkeyutl -sign -rawin -inkey "$secret/$1.pem" -in "$2" | base64 -w0; }
rsa() { openssl dgst -sha256 -sign "$secret/$1.pem" "$2" | base64 -w0; }
# case NAME BODY ACCEPT-RSA EXPECTED [HEADER...]
case_() {
    local name=$1 body=$2 accept=$3 expected=$4
    shift 4
    printf '%s %s %s %s\n' "$name" "$body" "$accept" "$expected" >> cases.txt
    : > "$name.headers"
    [ $# -eq 0 ] || printf '%s\n' "$@" > "$name.headers"
}

good=$(ed ed25519 right.json)
wrong=$(ed other-ed25519 right.json)
good_rsa=$(rsa rsa right.json)
wrong_rsa=$(rsa other-rsa right.json)
E='X-GHL-Signature' R='X-WH-Signature'

case_ right                       right.json    -   ok           "$E: $good"
case_ right-in-lower-case         right.json    -   ok           "x-ghl-signature: $good"
case_ right-with-rsa-accepted     right.json    rsa ok           "$E: $good"
case_ one-byte-altered            altered.json  -   Wrong        "$E: $good"
case_ whitespace-changed          spaced.json   -   Wrong        "$E: $good"
case_ wrong-key                   right.json    -   Wrong        "$E: $wrong"
case_ signature-altered           right.json    -   Wrong        "$E: $(ed ed25519 altered.json)"
case_ missing                     right.json    -   Missing
case_ missing-with-rsa-accepted   right.json    rsa Missing
case_ empty                       right.json    -   Empty        "$E:"
case_ empty-beside-right-rsa      right.json    rsa Empty        "$E:" "$R: $good_rsa"
case_ doubled                     right.json    -   Doubled      "$E: $good" "$E: $good"
case_ doubled-one-wrong           right.json    -   Doubled      "$E: $wrong" "$E: $good"
case_ doubled-in-one-line         right.json    -   NotBase64    "$E: $good, $good"
case_ not-applicable              right.json    -   Placeholder  "$E: N/A"
case_ not-applicable-but-rsa      right.json    rsa ok           "$E: N/A" "$R: $good_rsa"
case_ not-applicable-twice        right.json    rsa Placeholder  "$E: N/A" "$R: N/A"
case_ not-base64                  right.json    -   NotBase64    "$E: not*base64"
case_ hexadecimal                 right.json    -   WrongLength  "$E: $(printf '%s' "$good" | base64 -d | od -An -tx1 | tr -d ' \n')"
case_ too-short                   right.json    -   WrongLength  "$E: $(printf '%s' "$good" | base64 -d | head -c 63 | base64 -w0)"
case_ too-long                    right.json    -   WrongLength  "$E: $({ printf '%s' "$good" | base64 -d; printf x; } | base64 -w0)"
case_ rsa-not-accepted            right.json    -   OnlyLegacy   "$R: $good_rsa"
case_ rsa-accepted                right.json    rsa ok           "$R: $good_rsa"
case_ rsa-one-byte-altered        altered.json  rsa Wrong        "$R: $good_rsa"
case_ rsa-whitespace-changed      spaced.json   rsa Wrong        "$R: $good_rsa"
case_ rsa-wrong-key               right.json    rsa Wrong        "$R: $wrong_rsa"
case_ rsa-empty                   right.json    rsa Empty        "$R:"
case_ rsa-doubled                 right.json    rsa Doubled      "$R: $good_rsa" "$R: $good_rsa"
case_ rsa-not-base64              right.json    rsa NotBase64    "$R: not*base64"
case_ rsa-too-short               right.json    rsa WrongLength  "$R: $(printf '%s' "$good_rsa" | base64 -d | head -c 100 | base64 -w0)"
case_ rsa-signed-by-ed25519       right.json    rsa WrongLength  "$R: $good"
case_ both-right                  right.json    rsa ok           "$E: $good" "$R: $good_rsa"
case_ downgrade                   right.json    rsa Wrong        "$E: $wrong" "$R: $good_rsa"
case_ downgrade-of-altered        altered.json  rsa Wrong        "$E: $good" "$R: $(rsa rsa altered.json)"
case_ both-rsa-wrong              right.json    rsa ok           "$E: $good" "$R: $wrong_rsa"
case_ no-event                    no-event.json -   NotAnEvent   "$E: $(ed ed25519 no-event.json)"
case_ huge                        huge          -   TooLarge     "$E: $(ed ed25519 "$secret/huge.json")"
case_ huge-rsa                    huge          rsa TooLarge     "$R: $(rsa rsa "$secret/huge.json")"
