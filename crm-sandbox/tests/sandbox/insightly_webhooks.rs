use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crm_sandbox::Sandbox;
use http::StatusCode;
use serde_json::{Value, json};

use crate::desk::{done, empty, insightly_contact, order};
use crate::ghl_webhooks::{Inbox, listen};

/// A receiver that a rule on contacts sends to.
async fn with_rule(sandbox: &Sandbox, on: &[&str]) -> Inbox {
    let inbox = listen().await;
    let rule = json!({
        "family": "contacts", "on": on, "url": inbox.url, "user": "u", "password": "p",
    });
    order(sandbox, "workflow_rule", rule);
    inbox
}

#[tokio::test]
async fn a_rule_posts_the_entity_with_credentials_and_dates_of_its_own_form() {
    let sandbox = empty();
    let mut inbox = with_rule(&sandbox, &["create", "update"]).await;
    let ada = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Ada" })).await;
    assert_eq!(sandbox.insightly().deliver_webhooks().await, 1);
    let (headers, body) = inbox.arrived.recv().await.unwrap();
    let basic = format!("Basic {}", STANDARD.encode("u:p"));
    assert_eq!(headers["authorization"], basic.as_str());
    assert_eq!(headers.get("x-ghl-signature"), None);
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body.as_object().unwrap().len(), 1);
    let entity = &body["entity"];
    assert_eq!(entity["CONTACT_ID"], json!(ada));
    assert_eq!(entity["DATE_CREATED_UTC"], "/Date(1775736000000-0800)/");
    assert_eq!(entity["TAGS"], json!([]));
    assert_eq!(entity.get("ETag"), None);
}

#[tokio::test]
async fn deletes_and_other_families_are_told_to_no_rule() {
    let sandbox = empty();
    let _inbox = with_rule(&sandbox, &["update"]).await;
    let crm = sandbox.insightly();
    let ada = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Ada" })).await;
    done(&sandbox, "POST /Tasks", json!({ "TITLE": "Call" })).await;
    assert_eq!(crm.deliver_webhooks().await, 0);
    crm.contacts()
        .edit(ada, &json!({ "TITLE": "CEO" }))
        .unwrap();
    assert_eq!(crm.deliver_webhooks().await, 1);
    crm.contacts().delete(ada).unwrap();
    assert_eq!(crm.deliver_webhooks().await, 0);
}

#[tokio::test]
async fn webhooks_are_lost_doubled_and_late_on_demand() {
    let sandbox = empty();
    let _inbox = with_rule(&sandbox, &["create"]).await;
    for (nth, fault) in [
        (1, json!("lost")),
        (2, json!("doubled")),
        (3, json!({ "late": { "ms": 5000 } })),
    ] {
        let rule = json!({ "operation": "contacts", "when": { "nth": nth }, "fault": fault });
        order(&sandbox, "webhook_fault", rule);
    }
    let crm = sandbox.insightly();
    let mut sent = Vec::new();
    for name in ["Ada", "Eve", "Bob"] {
        insightly_contact(&sandbox, json!({ "FIRST_NAME": name })).await;
        sent.push(crm.deliver_webhooks().await);
    }
    assert_eq!(sent, [0, 2, 0]);
    sandbox.clock().advance(Duration::from_secs(5));
    assert_eq!(crm.deliver_webhooks().await, 1);
}

#[tokio::test]
async fn a_webhook_that_is_not_taken_is_tried_twice_more() {
    let sandbox = empty();
    let inbox = with_rule(&sandbox, &["create"]).await;
    *inbox.status.lock().unwrap() = StatusCode::INTERNAL_SERVER_ERROR;
    insightly_contact(&sandbox, json!({ "FIRST_NAME": "Ada" })).await;
    let mut tries = 0;
    for _ in 0..5 {
        tries += sandbox.insightly().deliver_webhooks().await;
        sandbox.clock().advance(Duration::from_secs(1));
    }
    assert_eq!(tries, 3);
}

#[tokio::test]
async fn no_webhook_leaves_this_machine() {
    let sandbox = empty();
    let rule = json!({ "family": "contacts", "url": "http://example.com/" });
    assert!(sandbox.insightly().order("workflow_rule", &rule).is_err());
}
