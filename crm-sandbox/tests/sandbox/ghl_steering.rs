use std::time::Duration;

use crm_sandbox::SandboxError;
use serde_json::{Value, json};

use crate::desk::{builder, empty, ghl, ghl_contact};

#[tokio::test]
async fn a_merge_brings_tasks_notes_and_tags_to_the_survivor() {
    let sandbox = empty();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada", "tags": ["a"] })).await;
    let eve = json!({ "firstName": "Eve", "city": "Oslo", "tags": ["b"] });
    let eve = ghl_contact(&sandbox, eve).await;
    let crm = sandbox.ghl();
    crm.family("notes")
        .create(&json!({ "contactId": eve, "body": "Hello" }))
        .unwrap();
    let task = json!({ "contactId": eve, "title": "Call", "completed": false });
    let task = crm.family("tasks").create(&task).unwrap();
    let order = json!({ "survivor": ada, "absorbed": eve });
    let survivor = crm.order("merge", &order).unwrap();
    assert_eq!(survivor["firstName"], "Ada");
    assert_eq!(survivor["city"], "Oslo");
    assert_eq!(survivor["tags"], json!(["a", "b"]));
    let path = format!("GET /contacts/{ada}/tasks/{}", task["id"].as_str().unwrap());
    assert_eq!(ghl(&sandbox, &path, Value::Null).await.status, 200);
    let notes = ghl(&sandbox, &format!("GET /contacts/{ada}/notes"), Value::Null).await;
    assert_eq!(notes.json()["notes"].as_array().unwrap().len(), 1);
    assert_eq!(
        ghl(&sandbox, &format!("GET /contacts/{eve}"), Value::Null)
            .await
            .status,
        400
    );
    let error = crm.order("merge", &order).unwrap_err();
    assert!(matches!(error, SandboxError::UnknownRecord(id) if id == eve));
}

#[tokio::test]
async fn a_deleted_contact_comes_back_for_60_days_without_its_notes() {
    for (switch, tasks) in [("without_tasks", 0), ("with_tasks", 1)] {
        let sandbox = empty();
        let crm = sandbox.ghl();
        crm.set_switch("restored_contact", switch).unwrap();
        let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
        let child = json!({ "contactId": ada, "title": "x", "body": "x" });
        crm.family("tasks").create(&child).unwrap();
        crm.family("notes").create(&child).unwrap();
        crm.contacts().delete(&ada).unwrap();
        sandbox.clock().advance(Duration::from_secs(60 * 86_400));
        let back = crm.order("restore", &json!({ "id": ada })).unwrap();
        assert_eq!(
            (&back["id"], &back["dateAdded"]),
            (&json!(ada), &json!("2026-04-09T12:00:00.250Z"))
        );
        assert_eq!(crm.family("tasks").all().unwrap().len(), tasks);
        assert_eq!(crm.family("notes").all().unwrap().len(), 0);
        crm.contacts().delete(&ada).unwrap();
        sandbox.clock().advance(Duration::from_secs(61 * 86_400));
        assert!(crm.order("restore", &json!({ "id": ada })).is_err());
    }
}

#[tokio::test]
async fn a_hidden_record_is_refused_and_in_no_list() {
    let sandbox = empty();
    let ada = ghl_contact(
        &sandbox,
        json!({ "firstName": "Ada", "email": "ada@example.com" }),
    )
    .await;
    let search = json!({ "locationId": sandbox.ghl_location_id(), "pageLimit": 9 });
    let total = || async {
        ghl(&sandbox, "POST /contacts/search", search.clone())
            .await
            .json()["total"]
            .clone()
    };
    for status in [403, 404, 400] {
        sandbox
            .ghl()
            .order("hide", &json!({ "id": ada, "status": status }))
            .unwrap();
        for line in [
            format!("GET /contacts/{ada}"),
            format!("GET /contacts/{ada}/notes"),
        ] {
            assert_eq!(ghl(&sandbox, &line, Value::Null).await.status, status);
        }
        assert_eq!(total().await, 0);
    }
    sandbox.ghl().order("show", &json!({ "id": ada })).unwrap();
    assert_eq!(total().await, 1);
}

#[tokio::test]
async fn a_workflow_tags_and_edits_each_new_contact_within_its_second() {
    let sandbox = empty();
    let rule = json!({
        "when": "contact_created", "after_ms": 800,
        "add_tags": ["Welcome"], "set": { "source": "workflow" },
    });
    sandbox.ghl().order("workflow", &rule).unwrap();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    let contact = || sandbox.ghl().contacts().get(&ada).unwrap();
    sandbox.clock().advance(Duration::from_millis(799));
    assert_eq!(contact()["tags"], json!([]));
    sandbox.clock().advance(Duration::from_secs(60));
    assert_eq!(contact()["tags"], json!(["welcome"]));
    assert_eq!(contact()["source"], "workflow");
    assert_eq!(contact()["dateUpdated"], "2026-04-09T12:00:01.050Z");
}

#[tokio::test]
async fn a_workflow_rewrites_a_field_each_time_it_is_written() {
    let sandbox = empty();
    let rule = json!({ "when": { "written": "city" }, "rewrite": "upper" });
    sandbox.ghl().order("workflow", &rule).unwrap();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada", "city": "Oslo" })).await;
    let path = format!("/contacts/{ada}");
    for (city, became) in [("Bergen", "BERGEN"), ("Bergen", "BERGEN"), ("Rome", "ROME")] {
        let answer = ghl(&sandbox, &format!("PUT {path}"), json!({ "city": city }))
            .await
            .json();
        assert_eq!(answer["contact"]["city"], city);
        let read = ghl(&sandbox, &format!("GET {path}"), Value::Null)
            .await
            .json();
        assert_eq!(read["contact"]["city"], became);
    }
    sandbox
        .ghl()
        .order("clear_workflows", &Value::Null)
        .unwrap();
    ghl(&sandbox, &format!("PUT {path}"), json!({ "city": "Oslo" })).await;
    assert_eq!(sandbox.ghl().contacts().get(&ada).unwrap()["city"], "Oslo");
}

#[tokio::test]
async fn people_edit_all_kinds_the_same_way_for_the_same_seed() {
    let day = || {
        let sandbox = builder().ghl_contacts(20).build();
        let order = json!({ "seed": 7, "count": 200 });
        let edits = sandbox.ghl().order("people", &order).unwrap()["edits"].clone();
        (edits, sandbox.ghl().state())
    };
    let (edits, state) = day();
    assert_eq!((&edits, &state), (&day().0, &day().1));
    for family in ["contacts", "tasks", "notes", "appointments", "businesses"] {
        for did in ["created", "edited", "deleted"] {
            let met = edits.as_array().unwrap().iter();
            let met = met.filter(|edit| edit["family"] == family && edit["did"] == did);
            assert!(met.count() > 0, "nobody {did} any of the {family}");
        }
    }
    assert!(state["notes"].as_array().unwrap().len() > 3);
}

#[tokio::test]
async fn an_order_that_nobody_knows_or_that_cannot_be_read_says_so() {
    let sandbox = empty();
    let error = sandbox.ghl().order("explode", &Value::Null).unwrap_err();
    assert_eq!(error.to_string(), "there is no order \"explode\" here");
    let error = sandbox
        .ghl()
        .order("hide", &json!({ "ids": [] }))
        .unwrap_err();
    assert!(matches!(error, SandboxError::Order(_)));
    let elsewhere = json!({ "url": "http://example.com/hook" });
    let error = sandbox.ghl().order("webhooks", &elsewhere).unwrap_err();
    assert!(matches!(error, SandboxError::NotLoopback(_)));
    let rule = json!({ "when": { "written": "shoeSize" }, "rewrite": "upper" });
    let error = sandbox.ghl().order("workflow", &rule).unwrap_err();
    assert!(matches!(error, SandboxError::UnknownField(_)));
    assert!(sandbox.insightly().order("webhooks", &Value::Null).is_err());
}
