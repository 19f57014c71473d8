//! The deliveries that `make_vectors.sh` signed with the `openssl` program, and what may not pass.

use std::{fs, path::PathBuf};

use ghl_contacts::{
    Bytes, HeaderMap, HeaderName, HeaderValue,
    webhooks::{Ed25519Key, Keys, Refusal, RsaKey, Scheme, Verifier},
};

use crate::signer::Signer;

fn file(name: &str) -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/webhooks/vectors"
    ))
    .join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(file(name)).unwrap()
}

/// The huge body as the script makes it.
fn huge() -> Bytes {
    let pad = "a".repeat(2 * 1024 * 1024);
    format!(r#"{{"type":"Huge","pad":"{pad}"}}"#).into()
}

fn body(name: &str) -> Bytes {
    match name {
        "huge" => huge(),
        name => fs::read(file(name)).unwrap().into(),
    }
}

fn headers(case: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in text(&format!("{case}.headers")).lines() {
        let (name, value) = line.split_once(':').unwrap();
        let name = HeaderName::try_from(name).unwrap();
        headers.append(name, HeaderValue::try_from(value.trim()).unwrap());
    }
    headers
}

fn keys(accept: &str) -> Keys {
    let keys = Keys::ed25519([Ed25519Key::from_pem(&text("ed25519.pem")).unwrap()]);
    match accept {
        "rsa" => keys.and_legacy_rsa([RsaKey::from_pem(&text("rsa.pem")).unwrap()]),
        _ => keys,
    }
}

/// The refusal's name, without what it holds.
fn name(refusal: &Refusal) -> String {
    let text = format!("{refusal:?}");
    let end = text.find([' ', '(']).unwrap_or(text.len());
    text[..end].to_owned()
}

#[test]
fn every_signed_case_ends_as_its_line_says() {
    let cases = text("cases.txt");
    assert_eq!(cases.lines().count(), 38);
    for line in cases.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [case, of, accept, expected] = words[..] else {
            panic!("{line}");
        };
        let verifier = Verifier::new(keys(accept));
        let said = match verifier.verify(&headers(case), body(of)) {
            Ok(event) => {
                assert_eq!(event.event().kind(), "ContactUpdate");
                "ok".to_owned()
            }
            Err(refusal) => name(&refusal),
        };
        assert_eq!(said, expected, "{case}");
    }
}

#[test]
fn the_huge_deliveries_are_refused_for_their_size_alone() {
    for (case, accept) in [("huge", "-"), ("huge-rsa", "rsa")] {
        let verifier = Verifier::new(keys(accept)).limit_body(4 * 1024 * 1024);
        let event = verifier.verify(&headers(case), huge()).unwrap();
        assert_eq!(event.event().kind(), "Huge");
    }
}

#[test]
fn in_a_rotation_the_old_and_the_new_key_count_and_then_only_the_new_one() {
    let (old, new) = (Signer::new(1), Signer::new(2));
    let (by_old, first) = old.delivery("1", "2026-11-25T10:00:00Z");
    let (by_new, second) = new.delivery("2", "2026-11-25T10:00:00Z");
    let verifier = old.verifier();
    let wrong = Err(Refusal::Wrong(Scheme::Ed25519));
    assert_eq!(verifier.verify(&by_new, second.clone()), wrong);
    verifier.replace_keys(Keys::ed25519([old.key(), new.key()]));
    verifier.verify(&by_old, first.clone()).unwrap();
    verifier.verify(&by_new, second.clone()).unwrap();
    verifier.replace_keys(Keys::ed25519([new.key()]));
    assert_eq!(verifier.verify(&by_old, first), wrong);
    verifier.verify(&by_new, second).unwrap();
}

/// As ghl-sdk 0.5.2 does: RSA is all it knows, so a stripped or wrong Ed25519 header passes.
#[test]
fn a_downgrade_to_rsa_does_not_pass() {
    let verifier = Verifier::new(keys("-"));
    let stripped = verifier.verify(&headers("rsa-accepted"), body("right.json"));
    assert_eq!(stripped, Err(Refusal::OnlyLegacy));
    let verifier = Verifier::new(keys("rsa"));
    let beside = verifier.verify(&headers("downgrade"), body("right.json"));
    assert_eq!(beside, Err(Refusal::Wrong(Scheme::Ed25519)));
}

/// As the npm SDK's middleware does: an empty header counts as none, and the call goes on.
#[test]
fn an_empty_header_does_not_pass() {
    let said = Verifier::new(keys("rsa")).verify(&headers("empty"), body("right.json"));
    assert_eq!(said, Err(Refusal::Empty(Scheme::Ed25519)));
}

/// The npm SDK checks JSON that was parsed and written again: it refuses valid deliveries
/// whose spelling JavaScript would not choose, and accepts altered ones that it would.
#[test]
fn the_bytes_as_they_came_are_what_is_signed() {
    let signer = Signer::new(3);
    let spelled = br#"{ "type":"ContactUpdate" , "id":"c", "score":1.0, "name":"\u0041da" }"#;
    let headers = signer.headers(spelled);
    let verifier = signer.verifier();
    let raw = Bytes::from_static(spelled);
    verifier.verify(&headers, raw).unwrap();
    let again: serde_json::Value = serde_json::from_slice(spelled).unwrap();
    let again = verifier.verify(&headers, again.to_string().into());
    assert_eq!(again, Err(Refusal::Wrong(Scheme::Ed25519)));
}

#[test]
fn a_body_of_exactly_the_cap_is_read() {
    let signer = Signer::new(4);
    let (headers, body) = signer.delivery("1", "2026-11-25T10:00:00Z");
    let verifier = signer.verifier().limit_body(body.len());
    verifier.verify(&headers, body.clone()).unwrap();
    let limit = body.len() - 1;
    let verifier = signer.verifier().limit_body(limit);
    let refused = Err(Refusal::TooLarge { limit });
    assert_eq!(verifier.verify(&headers, body), refused);
}

#[test]
fn without_keys_nothing_is_believed() {
    let (headers, body) = Signer::new(5).delivery("1", "2026-11-25T10:00:00Z");
    let said = Verifier::new(Keys::ed25519([])).verify(&headers, body);
    assert_eq!(said, Err(Refusal::Wrong(Scheme::Ed25519)));
}
