//! `insightly_every_operation` against the sandbox.
#![allow(clippy::unwrap_used, reason = "a test fails where it is surprised")]

mod program;

use crm_sandbox::Sandbox;
use serde_json::json;

async fn tour(more: &[&str]) -> (bool, String) {
    let sandbox = Sandbox::builder().seed(7).insightly_contacts(3).build();
    let emails = sandbox.insightly().family("emails");
    emails
        .create(&json!({"SUBJECT": "Hello", "BODY": "Hi"}))
        .unwrap();
    let servers = sandbox.serve(0, 0).await.unwrap();
    let (url, key) = (servers.insightly_url(), sandbox.insightly_api_key());
    let mut program = program::built("insightly_every_operation");
    let program = program
        .args(["--base-url", &url, "--api-key", key, "--limits", "off"])
        .args(more);
    let ran = program.output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    let complaints = String::from_utf8_lossy(&ran.stderr);
    (ran.status.success(), format!("{said}{complaints}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_succeeds_with_every_field_set_and_with_required_ones_only() {
    for more in [&[][..], &["--minimal"]] {
        let (good, said) = tour(more).await;
        let bad: Vec<_> = said
            .lines()
            .filter(|line| !line.starts_with("ok "))
            .collect();
        assert!(good, "{more:?}\n{}", bad.join("\n"));
    }
}
