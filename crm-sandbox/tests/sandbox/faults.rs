use crm_sandbox::{Fault, FaultRule, When};
use serde_json::{Value, json};

use crate::desk::{empty, ghl, insightly};

fn ada(sandbox: &crm_sandbox::Sandbox) -> Value {
    json!({ "firstName": "Ada", "locationId": sandbox.ghl_location_id() })
}

#[test]
fn a_fault_of_an_operation_that_is_not_there_is_refused_with_near_names() {
    let sandbox = empty();
    let misspelt = FaultRule::new("contacts.craete", When::Always, Fault::ResetAfter);
    for crm in [sandbox.ghl(), sandbox.insightly()] {
        let refused = crm.add_fault(misspelt.clone()).unwrap_err().to_string();
        assert!(refused.contains("\"contacts.craete\""), "{refused}");
        assert!(refused.contains("\"contacts.create\""), "{refused}");
        assert_eq!(crm.faults(), Vec::new());
    }
    // Insightly has no such family, and its own operations have their own names.
    for name in ["businesses.*", "contacts.add_tags"] {
        let elsewhere = FaultRule::new(name, When::Always, Fault::ResetAfter);
        sandbox.ghl().add_fault(elsewhere.clone()).unwrap();
        sandbox.insightly().add_fault(elsewhere).unwrap_err();
    }
}

#[tokio::test]
async fn a_lost_reply_leaves_the_work_done() {
    let sandbox = empty();
    let rule = FaultRule::new("contacts.create", When::Nth(1), Fault::ResetAfter);
    sandbox.ghl().add_fault(rule).unwrap();
    let answer = ghl(&sandbox, "POST /contacts/", ada(&sandbox)).await;
    assert!(answer.reset);
    assert_eq!(sandbox.ghl().contacts().all().unwrap().len(), 1);
    assert_eq!(sandbox.ghl().requests()["contacts.create"], 1);
}

#[tokio::test]
async fn a_reset_before_the_work_leaves_nothing() {
    let sandbox = empty();
    let rule = FaultRule::new("contacts.*", When::Always, Fault::ResetBefore).times(1);
    sandbox.ghl().add_fault(rule).unwrap();
    assert!(ghl(&sandbox, "POST /contacts/", ada(&sandbox)).await.reset);
    assert!(sandbox.ghl().contacts().all().unwrap().is_empty());
    assert_eq!(
        ghl(&sandbox, "POST /contacts/", ada(&sandbox)).await.status,
        201
    );
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_comes_after_the_work() {
    let sandbox = empty();
    let rule = FaultRule::new("contacts.create", When::Always, Fault::Late { ms: 60_000 });
    sandbox.ghl().add_fault(rule).unwrap();
    let request = ghl(&sandbox, "POST /contacts/", ada(&sandbox));
    let patience = std::time::Duration::from_secs(1);
    assert!(tokio::time::timeout(patience, request).await.is_err());
    assert_eq!(sandbox.ghl().contacts().all().unwrap().len(), 1);
}

#[tokio::test]
async fn an_error_status_may_hide_work_that_was_done() {
    let sandbox = empty();
    for work_done in [false, true] {
        let fault = Fault::Status {
            status: 422,
            body: json!({ "message": ["x"] }),
            work_done,
        };
        sandbox.ghl().clear_faults();
        sandbox
            .ghl()
            .add_fault(FaultRule::new("*", When::Always, fault))
            .unwrap();
        let answer = ghl(&sandbox, "POST /contacts/", ada(&sandbox)).await;
        assert_eq!(answer.status, 422);
        assert_eq!(answer.json()["message"], json!(["x"]));
        assert_eq!(
            sandbox.ghl().contacts().all().unwrap().len(),
            usize::from(work_done)
        );
    }
}

#[tokio::test]
async fn a_throttled_request_is_told_in_the_words_of_its_server() {
    let sandbox = empty();
    let fault = Fault::TooManyRequests {
        retry_after: Some(7),
        day_used_up: true,
    };
    sandbox
        .insightly()
        .add_fault(FaultRule::new("contacts.list", When::Every(2), fault))
        .unwrap();
    let list = || insightly(&sandbox, "GET /Contacts", Value::Null);
    assert_eq!(list().await.status, 200);
    let answer = list().await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.header("retry-after"), Some("7"));
    assert_eq!(answer.header("x-ratelimit-remaining"), Some("0"));
    assert!(answer.json()["Message"].is_string());
}

#[tokio::test]
async fn a_truncated_body_promises_more_than_it_brings() {
    let sandbox = empty();
    sandbox
        .insightly()
        .add_fault(FaultRule::new(
            "instance.get",
            When::Nth(1),
            Fault::Truncate,
        ))
        .unwrap();
    let answer = insightly(&sandbox, "GET /Instance", Value::Null).await;
    assert_eq!(answer.text, "cut");
    let promised: usize = answer.header("content-length").unwrap().parse().unwrap();
    assert!(promised > 50);
}

#[tokio::test]
async fn a_page_of_html_can_stand_for_an_answer() {
    let sandbox = empty();
    sandbox
        .ghl()
        .add_fault(FaultRule::new(
            "*",
            When::Always,
            Fault::Html { status: 502 },
        ))
        .unwrap();
    let answer = ghl(&sandbox, "GET /contacts/x", Value::Null).await;
    assert_eq!(answer.status, 502);
    assert!(
        answer
            .header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
}

#[tokio::test(start_paused = true)]
async fn a_delayed_answer_comes_all_the_same() {
    let sandbox = empty();
    sandbox
        .ghl()
        .add_fault(FaultRule::new(
            "*",
            When::Always,
            Fault::Delay { ms: 60_000 },
        ))
        .unwrap();
    let before = tokio::time::Instant::now();
    let answer = ghl(&sandbox, "POST /contacts/", ada(&sandbox)).await;
    assert_eq!(answer.status, 201);
    assert!(before.elapsed().as_secs() >= 60);
}
