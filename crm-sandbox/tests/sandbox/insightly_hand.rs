//! What people do in the web app, where the API cannot reach.

use std::time::Duration;

use crm_sandbox::{Sandbox, SandboxError};
use serde_json::{Value, json};

use crate::desk::{builder, done, empty, insightly_contact, order, send, status};

async fn get(sandbox: &Sandbox, path: &str) -> Value {
    done(sandbox, &format!("GET {path}"), Value::Null).await
}

fn one(family: &str, id: impl Into<Value>) -> Value {
    json!({ "family": family, "id": id.into() })
}

fn to_contact(id: impl Into<Value>) -> Value {
    json!([{ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": id.into() }])
}

#[tokio::test]
async fn a_record_comes_back_from_the_bin_with_its_id_its_notes_and_its_links() {
    let sandbox = empty();
    let crm = sandbox.insightly();
    let ada = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Ada" })).await;
    let eve = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Eve" })).await;
    let path = format!("/Contacts/{ada}");
    let link = to_contact(eve)[0].clone();
    done(&sandbox, &format!("POST {path}/Links"), link).await;
    let note = json!({ "TITLE": "Note", "LINKS": to_contact(ada) });
    crm.family("notes").create(&note).unwrap();
    let task = json!({ "TITLE": "Call", "LINKS": to_contact(ada) });
    crm.family("tasks").create(&task).unwrap();
    let before = crm.state();
    done(&sandbox, &format!("DELETE {path}"), Value::Null).await;
    assert_eq!(get(&sandbox, "/Notes").await, json!([]));
    order(&sandbox, "restore", one("contacts", ada));
    let mut after = crm.state();
    // The others were written meanwhile, and nothing else differs.
    let mut before = before;
    for state in [&mut before, &mut after] {
        for family in ["contacts", "tasks", "notes"] {
            for record in state[family].as_array_mut().unwrap() {
                record.as_object_mut().unwrap().remove("ETag");
            }
        }
    }
    assert_eq!(before, after);
}

#[tokio::test]
async fn the_bin_is_emptied_after_thirty_days() {
    let sandbox = empty();
    let crm = sandbox.insightly();
    let ada = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Ada" })).await;
    crm.contacts().delete(ada).unwrap();
    sandbox.clock().advance(Duration::from_secs(31 * 86_400));
    let late = crm.order("restore", &one("contacts", ada)).unwrap_err();
    assert!(matches!(late, SandboxError::UnknownRecord(_)));
}

#[tokio::test]
async fn a_merge_fills_the_master_and_gives_it_notes_tasks_and_links() {
    let sandbox = empty();
    let crm = sandbox.insightly();
    let people = crm.contacts();
    let make = |members: Value| people.create(&members).unwrap()["CONTACT_ID"].clone();
    let master =
        make(json!({ "FIRST_NAME": "Ada", "BACKGROUND": "one", "TAGS": [{ "TAG_NAME": "a" }] }));
    let source = make(json!({
        "FIRST_NAME": "Augusta", "PHONE": "1", "BACKGROUND": "two",
        "TAGS": [{ "TAG_NAME": "A" }, { "TAG_NAME": "b" }],
        "CUSTOMFIELDS": [{ "FIELD_NAME": "Hobby__c", "FIELD_VALUE": "Chess" }],
    }));
    let note = json!({ "TITLE": "Note", "LINKS": to_contact(source.clone()) });
    let note = crm.family("notes").create(&note).unwrap();
    order(
        &sandbox,
        "attach",
        json!({ "family": "contacts", "id": source, "name": "a", "text": "b" }),
    );
    let merge = json!({ "family": "contacts", "id": source, "into": master });
    let merged = order(&sandbox, "merge", merge);
    assert_eq!(
        (&merged["FIRST_NAME"], &merged["PHONE"]),
        (&json!("Ada"), &json!("1"))
    );
    assert_eq!(merged["BACKGROUND"], "one\ntwo");
    assert_eq!(
        merged["TAGS"],
        json!([{ "TAG_NAME": "a" }, { "TAG_NAME": "b" }])
    );
    assert!(merged["CUSTOMFIELDS"].to_string().contains("Chess"));
    assert_eq!(
        status(&sandbox, &format!("GET /Contacts/{source}"), Value::Null).await,
        404
    );
    let notes = get(&sandbox, &format!("/Contacts/{master}/Notes")).await;
    assert_eq!(notes[0]["NOTE_ID"], note["NOTE_ID"]);
    let files = get(&sandbox, &format!("/Contacts/{master}/FileAttachments")).await;
    assert_eq!(files.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn contacts_follow_their_organisation_through_a_merge() {
    let sandbox = empty();
    let firms = sandbox.insightly();
    let firm = |name: &str| {
        let firm = firms
            .family("organisations")
            .create(&json!({ "ORGANISATION_NAME": name }));
        firm.unwrap()["ORGANISATION_ID"].clone()
    };
    let (one, two) = (firm("Engines"), firm("Engines Ltd"));
    let body = json!({ "FIRST_NAME": "Ada", "ORGANISATION_ID": two });
    let ada = insightly_contact(&sandbox, body).await;
    order(
        &sandbox,
        "merge",
        json!({ "family": "organisations", "id": two, "into": one }),
    );
    let ada = get(&sandbox, &format!("/Contacts/{ada}")).await;
    assert_eq!(ada["ORGANISATION_ID"], one);
}

#[tokio::test]
async fn a_converted_lead_stays_and_names_what_it_became() {
    let sandbox = empty();
    let crm = sandbox.insightly();
    let lead = json!({
        "LAST_NAME": "Byron", "EMAIL": "b@example.com", "ORGANISATION_NAME": "Engines",
        "TAGS": [{ "TAG_NAME": "hot" }],
    });
    let lead = done(&sandbox, "POST /Leads", lead).await["LEAD_ID"].clone();
    let link = json!([{ "LINK_OBJECT_NAME": "Lead", "LINK_OBJECT_ID": lead }]);
    let task = json!({ "TITLE": "Call", "LINKS": link });
    crm.family("tasks").create(&task).unwrap();
    let became = order(
        &sandbox,
        "convert",
        json!({ "id": lead, "opportunity": true }),
    );
    let read = get(&sandbox, &format!("/Leads/{lead}")).await;
    assert_eq!(read["CONVERTED"], true);
    assert_eq!(read["CONVERTED_CONTACT_ID"], became["CONTACT_ID"]);
    assert_eq!(read["CONVERTED_OPPORTUNITY_ID"], became["OPPORTUNITY_ID"]);
    let contact = get(&sandbox, &format!("/Contacts/{}", became["CONTACT_ID"])).await;
    assert_eq!(contact["EMAIL_ADDRESS"], "b@example.com");
    assert_eq!(contact["ORGANISATION_ID"], became["ORGANISATION_ID"]);
    assert_eq!(contact["TAGS"], json!([]));
    let tasks = format!("/Opportunities/{}/Tasks", became["OPPORTUNITY_ID"]);
    let task = get(&sandbox, &tasks).await[0].clone();
    assert_eq!(task["LINKS"][0]["LINK_OBJECT_NAME"], "Opportunity");
    let twice = crm.order("convert", &json!({ "id": lead }));
    assert!(twice.is_err());
}

#[tokio::test]
async fn a_contact_that_turns_into_a_lead_is_gone_and_its_notes_follow() {
    let sandbox = empty();
    let ada = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Ada" })).await;
    done(
        &sandbox,
        &format!("POST /Contacts/{ada}/Notes"),
        json!({ "TITLE": "Note" }),
    )
    .await;
    let lead = order(&sandbox, "to_lead", json!({ "id": ada }));
    assert_eq!(lead["LAST_NAME"], "Ada");
    assert_eq!(
        status(&sandbox, &format!("GET /Contacts/{ada}"), Value::Null).await,
        404
    );
    let notes = get(&sandbox, &format!("/Leads/{}/Notes", lead["LEAD_ID"])).await;
    assert_eq!(notes.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_hidden_record_is_refused_and_comes_back_when_shown() {
    let sandbox = empty();
    let ada = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Ada" })).await;
    let line = format!("GET /Contacts/{ada}");
    order(&sandbox, "hide", one("contacts", ada));
    assert_eq!(status(&sandbox, &line, Value::Null).await, 403);
    let put = json!({ "CONTACT_ID": ada, "TITLE": "CEO" });
    assert_eq!(status(&sandbox, "PUT /Contacts", put).await, 403);
    order(&sandbox, "show", one("contacts", ada));
    assert_eq!(status(&sandbox, &line, Value::Null).await, 200);
}

#[tokio::test]
async fn a_person_moves_a_note_and_completes_a_task_in_one_click() {
    let sandbox = empty();
    let crm = sandbox.insightly();
    let ada = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Ada" })).await;
    let eve = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Eve" })).await;
    let note = json!({ "TITLE": "Note", "BODY": "<p>a</p>", "LINKS": to_contact(ada) });
    let note = crm.family("notes").create(&note).unwrap()["NOTE_ID"].clone();
    crm.family("notes")
        .edit(&note, &json!({ "LINKS": to_contact(eve) }))
        .unwrap();
    assert_eq!(
        get(&sandbox, &format!("/Contacts/{ada}/Notes")).await,
        json!([])
    );
    assert_eq!(
        get(&sandbox, &format!("/Contacts/{eve}/Notes")).await[0]["NOTE_ID"],
        note
    );
    let task = crm
        .family("tasks")
        .create(&json!({ "TITLE": "Call" }))
        .unwrap();
    let done = json!({ "COMPLETED": true });
    let task = crm.family("tasks").edit(&task["TASK_ID"], &done).unwrap();
    assert_eq!(
        (&task["STATUS"], &task["PERCENT_COMPLETE"]),
        (&json!("COMPLETED"), &json!(100))
    );
    assert!(task["COMPLETED_DATE_UTC"].is_string());
}

#[tokio::test]
async fn a_recurring_task_shows_as_its_instances() {
    let sandbox = empty();
    let task = json!({ "TITLE": "Water", "DUE_DATE": "2026-05-01 00:00:00" });
    order(
        &sandbox,
        "recurring_tasks",
        json!({ "task": task, "every_days": 7, "times": 3 }),
    );
    let tasks = get(&sandbox, "/Tasks").await;
    let due: Vec<&Value> = tasks
        .as_array()
        .unwrap()
        .iter()
        .map(|t| &t["DUE_DATE"])
        .collect();
    assert_eq!(
        due,
        [
            "2026-05-01 00:00:00",
            "2026-05-08 00:00:00",
            "2026-05-15 00:00:00"
        ]
    );
}

#[tokio::test]
async fn people_edit_the_same_for_the_same_seed_and_leave_everything_whole() {
    let live = |seed: u64| {
        let sandbox = builder().insightly_contacts(20).build();
        let edits = order(&sandbox, "people", json!({ "seed": seed, "count": 400 }));
        (sandbox, edits["edits"].clone())
    };
    let (one, edits) = live(7);
    let (other, same) = live(7);
    assert_eq!(edits, same);
    assert_eq!(one.insightly().state(), other.insightly().state());
    assert_ne!(live(8).1, edits);
    let told = edits.to_string();
    for word in [
        "deleted",
        "restored",
        "merged",
        "Note",
        "Task",
        "Organisation",
        "lead",
    ] {
        assert!(told.contains(word), "nobody did anything with {word}");
    }
    let state = one.insightly().state();
    let ids = |family: &str, id: &str| -> Vec<Value> {
        let all = state[family].as_array().unwrap();
        all.iter().map(|record| record[id].clone()).collect()
    };
    let contacts = ids("contacts", "CONTACT_ID");
    for family in ["tasks", "notes"] {
        for record in state[family].as_array().unwrap() {
            for link in record["LINKS"].as_array().unwrap() {
                let to_contact = link["LINK_OBJECT_NAME"] == "Contact";
                assert!(
                    !to_contact || contacts.contains(&link["LINK_OBJECT_ID"]),
                    "{link}"
                );
            }
        }
    }
}

#[tokio::test]
async fn orders_and_switches_are_routes_too() {
    let sandbox = empty();
    let ada = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Ada" })).await;
    let steer = async |method: &str, path: &str, body: Value| {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("/_sandbox/insightly/{path}"))
            .body(axum::body::Body::from(body.to_string()))
            .unwrap();
        send(sandbox.insightly().router(), request).await
    };
    let delete = format!("contacts/{ada}");
    assert_eq!(steer("DELETE", &delete, Value::Null).await.status, 200);
    let restored = steer("POST", "orders/restore", one("contacts", ada)).await;
    assert_eq!(restored.json()["CONTACT_ID"], ada);
    assert_eq!(steer("POST", "orders/dance", json!({})).await.status, 404);
    assert_eq!(
        steer("POST", "orders/merge", json!({ "id": 1 }))
            .await
            .status,
        400
    );
    let switches = steer("GET", "switches", Value::Null).await.json();
    assert_eq!(switches["set"]["html"], "kept");
    let set = steer("PUT", "switches", json!({ "html": "wrapped" }))
        .await
        .json();
    assert_eq!(set["set"]["html"], "wrapped");
}

#[test]
fn a_switch_is_set_on_the_server_that_has_it() {
    let sandbox = empty();
    sandbox.set_switch("html", "sanitised").unwrap();
    assert_eq!(sandbox.insightly().switches()["html"], "sanitised");
    let error = sandbox.set_switch("gravity", "off").unwrap_err();
    assert!(matches!(error, SandboxError::UnknownSwitch(_)));
}
