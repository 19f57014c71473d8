//! `ghl_webhook_verify` on the deliveries that `openssl` signed.
#![allow(clippy::unwrap_used, reason = "a test fails where it is surprised")]

mod program;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../ghl-contacts/tests/webhooks/vectors")
}

fn text(name: &str) -> String {
    fs::read_to_string(vectors().join(name)).unwrap()
}

fn verify(arguments: &[String], body: &[u8]) -> Output {
    let mut program = program::built("ghl_webhook_verify");
    let program = program.args(arguments).stdin(Stdio::piped());
    let mut running = program
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Of a huge body only the beginning is read, so that writing all of it can fail.
    let _ = running.stdin.take().unwrap().write_all(body);
    running.wait_with_output().unwrap()
}

fn arguments(case: &str, accept: &str) -> Vec<String> {
    let key = |name: &str| vectors().join(name).to_string_lossy().into_owned();
    let mut all = vec!["--ed25519-key".to_owned(), key("ed25519.pem")];
    all.extend(["--rsa-key".to_owned(), key("rsa.pem")]);
    if accept == "rsa" {
        all.push("--accept-rsa".to_owned());
    }
    for header in text(&format!("{case}.headers")).lines() {
        all.extend(["--header".to_owned(), header.to_owned()]);
    }
    all
}

#[test]
fn every_signed_case_is_accepted_or_refused_as_its_line_says() {
    let pad = "a".repeat(2 * 1024 * 1024);
    let huge = format!(r#"{{"type":"Huge","pad":"{pad}"}}"#);
    for line in text("cases.txt").lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let (case, accept, accepted) = (words[0], words[2], words[3] == "ok");
        let body = match words[1] {
            "huge" => huge.clone().into_bytes(),
            name => fs::read(vectors().join(name)).unwrap(),
        };
        let ran = verify(&arguments(case, accept), &body);
        let said = String::from_utf8(ran.stdout).unwrap();
        let wanted = if accepted { 0 } else { 3 };
        assert_eq!(ran.status.code(), Some(wanted), "{case}: {said}");
        if accepted {
            assert_eq!(said, "ContactUpdate\n", "{case}");
        } else {
            assert!(said.starts_with("refused: "), "{case}: {said}");
        }
    }
}

#[test]
fn misuse_is_told_apart_from_a_refusal() {
    let right = arguments("right", "-");
    let body = text("right.json");
    let mut no_colon = right.clone();
    no_colon.extend(["--header".to_owned(), "no colon".to_owned()]);
    let mut no_file = right.clone();
    no_file[1] = "no-such-file.pem".to_owned();
    let mut other_kind = right.clone();
    other_kind[1] = other_kind[3].clone();
    let mut no_rsa_key = vec![right[0].clone(), right[1].clone()];
    no_rsa_key.push("--accept-rsa".to_owned());
    for wrong in [Vec::new(), no_colon, no_file, other_kind, no_rsa_key] {
        let ran = verify(&wrong, body.as_bytes());
        assert_eq!(ran.status.code(), Some(2), "{wrong:?}");
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty());
    }
}
