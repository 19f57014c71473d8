//! What is not confirmed, in each position; the numbers are those of the facts.

mod answers;
mod life;
mod writes;

use std::time::Duration;

use crm_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::desk::{Answer, builder, done, empty, insightly, insightly_contact, switch};

async fn get(sandbox: &Sandbox, path: &str) -> Answer {
    insightly(sandbox, &format!("GET {path}"), Value::Null).await
}

async fn ada(sandbox: &Sandbox) -> i64 {
    insightly_contact(sandbox, json!({ "FIRST_NAME": "Ada" })).await
}

async fn task(sandbox: &Sandbox, body: Value) -> Value {
    done(sandbox, "POST /Tasks", body).await
}

/// What `measure` finds in an account with the switch in each of its positions.
async fn in_each<T>(name: &str, measure: impl AsyncFn(&Sandbox) -> T) -> Vec<T> {
    let mut found = Vec::new();
    let table = empty().insightly().switch_table();
    let known = table.iter().find(|switch| switch.name == name).unwrap();
    for choice in known.choices {
        let sandbox = empty();
        switch(&sandbox, name, choice);
        found.push(measure(&sandbox).await);
    }
    found
}

/// The stamp of a record after something was done to it a minute later.
async fn stamp_after(sandbox: &Sandbox, path: &str, line: &str, body: Value) -> String {
    sandbox.clock().advance(Duration::from_secs(60));
    done(sandbox, line, body).await;
    let read = get(sandbox, path).await.json();
    read["DATE_UPDATED_UTC"].as_str().unwrap().to_owned()
}

const BEFORE: &str = "2026-04-09 12:00:01";
const AFTER: &str = "2026-04-09 12:01:00";

#[tokio::test]
async fn under_every_switch_flipped_the_account_still_works() {
    for known in empty().insightly().switch_table() {
        for choice in known.choices {
            let sandbox = builder().insightly_contacts(3).build();
            switch(&sandbox, known.name, choice);
            let task = insightly(&sandbox, "POST /Tasks", json!({ "TITLE": "Call" })).await;
            assert_eq!(task.status, 201, "{}={choice}", known.name);
            let list = get(&sandbox, "/Contacts").await;
            assert_eq!(
                list.json().as_array().unwrap().len(),
                3,
                "{}={choice}",
                known.name
            );
        }
    }
}
