//! Tasks, notes, events and what hangs on them.

use std::time::Duration;

use crm_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::desk::{done, empty, insightly_contact, status};

async fn get(sandbox: &Sandbox, path: &str) -> Value {
    done(sandbox, &format!("GET {path}"), Value::Null).await
}

fn count(list: &Value) -> usize {
    list.as_array().unwrap().len()
}

async fn ada(sandbox: &Sandbox) -> i64 {
    insightly_contact(sandbox, json!({ "FIRST_NAME": "Ada" })).await
}

fn link(name: &str, id: impl Into<Value>) -> Value {
    json!({ "LINK_OBJECT_NAME": name, "LINK_OBJECT_ID": id.into() })
}

#[tokio::test]
async fn a_task_has_its_defaults_and_no_contact_of_its_own() {
    let sandbox = empty();
    let task = done(&sandbox, "POST /Tasks", json!({ "TITLE": "Call" })).await;
    assert_eq!(task["COMPLETED"], false);
    assert_eq!(task["STATUS"], "NOT STARTED");
    assert_eq!(task["OWNER_USER_ID"], 2_240_001);
    assert_eq!(task["RESPONSIBLE_USER_ID"], 2_240_001);
    assert_eq!(task["LINKS"], json!([]));
    assert_eq!(task.get("CONTACT_ID"), None);
    assert_eq!(task.get("TAGS"), None);
}

#[tokio::test]
async fn the_link_of_a_task_stands_on_the_task_only() {
    let sandbox = empty();
    let ada = ada(&sandbox).await;
    let task = done(&sandbox, "POST /Tasks", json!({ "TITLE": "Call" })).await["TASK_ID"].clone();
    let made = done(
        &sandbox,
        &format!("POST /Tasks/{task}/Links"),
        link("Contact", ada),
    )
    .await;
    assert_eq!(made["OBJECT_NAME"], "Task");
    assert_eq!(
        get(&sandbox, &format!("/Contacts/{ada}/Links")).await,
        json!([])
    );
    let tasks = get(&sandbox, &format!("/Contacts/{ada}/Tasks")).await;
    assert_eq!(tasks[0]["TASK_ID"], task);
    assert_eq!(tasks[0]["LINKS"][0]["LINK_OBJECT_ID"], ada);
    let gone = format!("DELETE /Tasks/{task}/Links/{}", made["LINK_ID"]);
    done(&sandbox, &gone, Value::Null).await;
    assert_eq!(
        get(&sandbox, &format!("/Contacts/{ada}/Tasks")).await,
        json!([])
    );
}

#[tokio::test]
async fn a_task_shows_on_an_opportunity_only_with_member_and_link() {
    let sandbox = empty();
    let deal = json!({ "OPPORTUNITY_NAME": "Deal" });
    let deal = done(&sandbox, "POST /Opportunities", deal).await["OPPORTUNITY_ID"].clone();
    let path = format!("/Opportunities/{deal}/Tasks");
    let task = json!({ "TITLE": "Call", "OPPORTUNITY_ID": deal });
    let task = done(&sandbox, "POST /Tasks", task).await["TASK_ID"].clone();
    assert_eq!(get(&sandbox, &path).await, json!([]));
    done(
        &sandbox,
        &format!("POST /Tasks/{task}/Links"),
        link("Opportunity", deal.clone()),
    )
    .await;
    assert_eq!(count(&get(&sandbox, &path).await), 1);
    let body = json!({ "TASK_ID": task, "OPPORTUNITY_ID": null });
    done(&sandbox, "PUT /Tasks", body).await;
    assert_eq!(get(&sandbox, &path).await, json!([]));
}

#[tokio::test]
async fn a_task_that_is_reopened_loses_its_day_of_completion() {
    let sandbox = empty();
    let task = json!({ "TITLE": "Call", "STATUS": "Waiting" });
    let task = done(&sandbox, "POST /Tasks", task).await;
    assert_eq!(task["STATUS"], "WAITING");
    let put = |members: Value| {
        let mut body = members;
        body["TASK_ID"] = task["TASK_ID"].clone();
        body
    };
    let complete = done(&sandbox, "PUT /Tasks", put(json!({ "COMPLETED": true }))).await;
    assert_eq!(complete["COMPLETED_DATE_UTC"], "2026-04-09 12:00:00");
    let open = done(
        &sandbox,
        "PUT /Tasks",
        put(json!({ "STATUS": "In Progress" })),
    )
    .await;
    assert_eq!(open["COMPLETED"], false);
    assert_eq!(open["PERCENT_COMPLETE"], 0);
    assert_eq!(open["COMPLETED_DATE_UTC"], Value::Null);
}

#[tokio::test]
async fn what_a_task_cannot_be_is_a_400() {
    let sandbox = empty();
    for body in [
        json!({}),
        json!({ "TITLE": "x".repeat(501) }),
        json!({ "TITLE": "Call", "STATUS": "DREAMT" }),
        json!({ "TITLE": "Call", "PRIORITY": 4 }),
        json!({ "TITLE": "Call", "PERCENT_COMPLETE": 101 }),
        json!({ "TITLE": "Call", "RESPONSIBLE_USER_ID": 2_240_003 }),
        json!({ "TITLE": "Call", "PROJECT_ID": 5 }),
        json!({ "TITLE": "Call", "CATEGORY_ID": 1 }),
    ] {
        assert_eq!(
            status(&sandbox, "POST /Tasks", body.clone()).await,
            400,
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_note_is_made_under_a_record_and_found_by_its_links() {
    let sandbox = empty();
    let ada = ada(&sandbox).await;
    assert_eq!(
        status(&sandbox, "POST /Notes", json!({ "TITLE": "Note" })).await,
        405
    );
    let line = format!("POST /Contacts/{ada}/Notes");
    assert_eq!(status(&sandbox, &line, json!({ "BODY": "x" })).await, 400);
    let note = done(
        &sandbox,
        &line,
        json!({ "TITLE": "Note", "BODY": "<p>x</p>" }),
    )
    .await;
    assert_eq!(note["OWNER_USER_ID"], 2_240_001);
    let id = note["NOTE_ID"].clone();
    let found = get(
        &sandbox,
        "/Notes/Search?updated_after_utc=2026-04-09T00:00:00Z",
    )
    .await;
    assert_eq!(found[0]["LINKS"][0]["LINK_OBJECT_ID"], ada);
    let lead = done(&sandbox, "POST /Leads", json!({ "LAST_NAME": "Byron" })).await;
    let to_lead = link("lead", lead["LEAD_ID"].clone());
    done(&sandbox, &format!("POST /Notes/{id}/Links"), to_lead).await;
    let on_lead = format!("/Leads/{}/Notes", lead["LEAD_ID"]);
    assert_eq!(count(&get(&sandbox, &on_lead).await), 1);
    // It is on two records: with one of them it does not go.
    done(&sandbox, &format!("DELETE /Contacts/{ada}"), Value::Null).await;
    let note = get(&sandbox, &format!("/Notes/{id}")).await;
    assert_eq!(count(&note["LINKS"]), 1);
}

#[tokio::test]
async fn with_a_contact_go_its_notes_and_files_but_not_its_tasks() {
    let sandbox = empty();
    let ada = ada(&sandbox).await;
    let line = format!("POST /Contacts/{ada}/Notes");
    let note = done(&sandbox, &line, json!({ "TITLE": "Note" })).await["NOTE_ID"].clone();
    let task = done(&sandbox, "POST /Tasks", json!({ "TITLE": "Call" })).await["TASK_ID"].clone();
    done(
        &sandbox,
        &format!("POST /Tasks/{task}/Links"),
        link("Contact", ada),
    )
    .await;
    done(&sandbox, &format!("DELETE /Contacts/{ada}"), Value::Null).await;
    assert_eq!(
        status(&sandbox, &format!("GET /Notes/{note}"), Value::Null).await,
        404
    );
    let task = get(&sandbox, &format!("/Tasks/{task}")).await;
    assert_eq!(task["LINKS"], json!([]));
}

#[tokio::test]
async fn tasks_and_events_move_the_activity_dates_of_a_contact() {
    let sandbox = empty();
    let ada = ada(&sandbox).await;
    let event = json!({
        "TITLE": "Meet", "START_DATE_UTC": "2026-04-20 09:00:00", "END_DATE_UTC": "2026-04-20 10:00:00",
    });
    let event = done(&sandbox, "POST /Events", event).await["EVENT_ID"].clone();
    done(
        &sandbox,
        &format!("POST /Events/{event}/Links"),
        link("Contact", ada),
    )
    .await;
    let path = format!("/Contacts/{ada}");
    let before = get(&sandbox, &path).await;
    assert_eq!(before["NEXT_ACTIVITY_DATE_UTC"], "2026-04-20 09:00:00");
    assert_eq!(before["LAST_ACTIVITY_DATE_UTC"], Value::Null);
    sandbox.clock().advance(Duration::from_secs(20 * 86_400));
    let after = get(&sandbox, &path).await;
    assert_eq!(after["NEXT_ACTIVITY_DATE_UTC"], Value::Null);
    assert_eq!(after["LAST_ACTIVITY_DATE_UTC"], "2026-04-20 09:00:00");
    assert_eq!(after["DATE_UPDATED_UTC"], before["DATE_UPDATED_UTC"]);
}

#[tokio::test]
async fn the_lists_below_a_record_are_paged_and_heed_the_date() {
    let sandbox = empty();
    let ada = ada(&sandbox).await;
    let path = format!("/Contacts/{ada}/Notes");
    for title in ["a", "b", "c"] {
        done(&sandbox, &format!("POST {path}"), json!({ "TITLE": title })).await;
        sandbox.clock().advance(Duration::from_secs(60));
    }
    let page = get(&sandbox, &format!("{path}?top=2&skip=1&brief=true")).await;
    assert_eq!(
        (page[0]["TITLE"].clone(), page[0].get("LINKS")),
        (json!("b"), None)
    );
    let late = get(
        &sandbox,
        &format!("{path}?updated_after_utc=2026-04-09T12:02:00Z"),
    )
    .await;
    assert_eq!(count(&late), 1);
    assert_eq!(
        status(&sandbox, "GET /Contacts/5/Notes", Value::Null).await,
        404
    );
}

#[tokio::test]
async fn comments_hang_on_tasks_notes_and_emails() {
    let sandbox = empty();
    let task = done(&sandbox, "POST /Tasks", json!({ "TITLE": "Call" })).await["TASK_ID"].clone();
    let path = format!("/Tasks/{task}/Comments");
    done(
        &sandbox,
        &format!("POST {path}"),
        json!({ "BODY": "first" }),
    )
    .await;
    let all = done(
        &sandbox,
        &format!("POST {path}"),
        json!({ "BODY": "second" }),
    )
    .await;
    assert_eq!(count(&all), 2);
    assert_eq!(all[1]["TASK_ID"], task);
    assert_eq!(all[1]["NOTE_ID"], Value::Null);
    let put = json!({ "COMMENT_ID": all[0]["COMMENT_ID"], "BODY": "changed" });
    done(&sandbox, "PUT /Comments", put).await;
    let gone = format!("DELETE /Comments/{}", all[1]["COMMENT_ID"]);
    done(&sandbox, &gone, Value::Null).await;
    let left = get(&sandbox, &path).await;
    assert_eq!(
        (count(&left), left[0]["BODY"].clone()),
        (1, json!("changed"))
    );
}
