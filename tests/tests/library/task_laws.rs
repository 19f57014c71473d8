//! The laws of the task mappers, on tasks of all forms. What an API does with a call is
//! told here by members, not by the clients' types.

use std::sync::Arc;

use fastrand::Rng;
use ghl_insightly::{
    contact::CONTACT,
    ghl::{GhlTaskCall, GhlTaskMapper},
    insightly::{InsightlyTaskCall, InsightlyTaskMapper},
    task::{ASSIGNEE, CONTACT_OF, DETAILS, DONE, DUE, TITLE},
    user::Users,
};
use jiff::{civil::date, tz::TimeZone};
use serde_json::{Value, json};
use sync_core::{Draft, Email, Lines, PartialDate, Record, RecordId, Ref, testing::mapper_laws};

const TASKS: usize = 400;

fn users() -> Arc<Users> {
    let ghl = json!([{ "id": "g1", "email": "sam@example.com" }, { "id": "g2", "email": "x@y.z" }]);
    let insightly = json!([{ "USER_ID": 1, "EMAIL_ADDRESS": "sam@example.com" }]);
    let ghl: Vec<ghl_contacts::User> = serde_json::from_value(ghl).unwrap();
    let insightly: Vec<insightly::User> = serde_json::from_value(insightly).unwrap();
    Arc::new(Users::paired(&ghl, &insightly))
}

/// Tasks of one contact: both sides hold a task where it is.
pub(crate) fn records(seed: u64, contact: &str) -> Vec<Record> {
    let mut dice = Rng::with_seed(seed);
    let record = |_| {
        let mut record = Record::default();
        let contact = Ref {
            kind: CONTACT,
            id: RecordId::new(contact),
        };
        let title = "Ring 👩‍👩‍👧 ".repeat(dice.usize(1..60));
        record.set(&TITLE, title).set(&CONTACT_OF, contact);
        if dice.bool() {
            record.set(&DETAILS, Lines::new(&"line\n".repeat(dice.usize(1..900))));
        }
        if dice.bool() {
            record.set(&DONE, true);
        }
        if dice.bool() {
            let day = date(dice.i16(2024..2030), dice.i8(1..13), dice.i8(1..29));
            record.set(&DUE, PartialDate::whole(day));
        }
        if dice.bool() {
            record.set(&ASSIGNEE, Email::new("sam@example.com"));
        }
        record
    };
    (0..TASKS).map(record).collect()
}

/// The task after a body was sent: what is null is gone.
fn merged(task: &mut Value, body: &impl serde::Serialize) {
    let body = serde_json::to_value(body).unwrap();
    for (member, value) in body.as_object().unwrap() {
        task[member] = value.clone();
    }
}

fn ghl_server(
    before: Option<&ghl_contacts::Task>,
    draft: &Draft<GhlTaskCall>,
) -> ghl_contacts::Task {
    let mut task = before.map_or(json!({}), |task| serde_json::to_value(task).unwrap());
    for call in &draft.calls {
        match &call.body {
            GhlTaskCall::Create { contact, task: new } => {
                merged(&mut task, new);
                task["contactId"] = json!(contact);
                task["id"] = json!("t1");
            }
            GhlTaskCall::Update(update) => merged(&mut task, update),
            GhlTaskCall::Complete(done) => task["completed"] = json!(done),
        }
    }
    serde_json::from_value(task).unwrap()
}

fn insightly_server(
    before: Option<&insightly::Task>,
    draft: &Draft<InsightlyTaskCall>,
) -> insightly::Task {
    let mut task = before.map_or(json!({}), |task| serde_json::to_value(task).unwrap());
    for call in &draft.calls {
        match &call.body {
            InsightlyTaskCall::Create(new) => {
                merged(&mut task, new);
                task["TASK_ID"] = json!(1);
                task["LINKS"] = json!([]);
            }
            InsightlyTaskCall::Update(update) => merged(&mut task, update),
            InsightlyTaskCall::AddLink(contact) => {
                let link = json!({
                    "LINK_ID": 1, "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": contact.0,
                });
                task["LINKS"] = json!([link]);
            }
            InsightlyTaskCall::RemoveLink(_) => task["LINKS"] = json!([]),
        }
    }
    task["TASK_ID"] = json!(1);
    serde_json::from_value(task).unwrap()
}

#[test]
fn the_task_mapper_of_ghl_keeps_the_laws() {
    let natives = json!([
        { "id": "a", "contactId": "7", "title": "x", "dueDate": "2026-03-08T08:30:00Z" },
        { "id": "b", "contactId": "7", "title": "y", "completed": true, "assignedTo": "g2" },
    ]);
    let natives: Vec<ghl_contacts::Task> = serde_json::from_value(natives).unwrap();
    for zone in ["America/Chicago", "Pacific/Auckland", "UTC"] {
        let mapper = GhlTaskMapper::new(TimeZone::get(zone).unwrap(), users());
        let kept = mapper_laws(&mapper, &ghl_server, natives.clone(), records(3, "7"));
        assert_eq!(kept, Ok(()), "{zone}, seed 3");
    }
}

#[test]
fn the_task_mapper_of_insightly_keeps_the_laws() {
    let natives = json!([
        { "TASK_ID": 1, "TITLE": "x", "STATUS": "WAITING", "COMPLETED": false, "LINKS": [] },
        { "TASK_ID": 2, "TITLE": "y", "STATUS": "COMPLETED", "RESPONSIBLE_USER_ID": 9, "LINKS": [
            { "LINK_ID": 5, "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": 8 },
            { "LINK_ID": 4, "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": 7 },
        ] },
    ]);
    let natives: Vec<insightly::Task> = serde_json::from_value(natives).unwrap();
    let mapper = InsightlyTaskMapper::new(users(), None);
    let kept = mapper_laws(&mapper, &insightly_server, natives, records(4, "7"));
    assert_eq!(kept, Ok(()), "seed 4");
}
