//! `run` without `--once`: it reads both systems again and again.

use std::{ffi::OsStr, time::Duration};

use crm_sandbox::{Fault, FaultRule, When};
use serde_json::{Value, json};
use tests::{
    command::Running,
    world::{Timing, World},
};

use crate::{
    said::{ended_badly, ended_well, run_once, with_variables},
    wait::until,
};

/// How late an index may be: so long a record that is missing is looked for.
const LAG: Duration = Duration::from_secs(40);

/// Far less than that, and far more than a poll.
const SOON: Duration = Duration::from_secs(20);

/// Ada and Bob on both sides, linked; both are read every second.
async fn two_pairs() -> World {
    let timing = Timing {
        believed_lag: LAG,
        ..Timing::PROMPT
    };
    let world = World::empty(timing).await.unwrap();
    let text = format!("poll_every_s = 1\n{}", world.settings_text(timing));
    world.write_settings(&text).unwrap();
    for name in ["Ada", "Bob"] {
        let email = format!("{name}@example.com");
        let ghl = json!({ "firstName": name, "lastName": "King", "email": email });
        let insightly = json!({ "FIRST_NAME": name, "LAST_NAME": "King", "EMAIL_ADDRESS": email });
        world.sandbox.ghl().contacts().create(&ghl).unwrap();
        let contacts = world.sandbox.insightly().contacts();
        contacts.create(&insightly).unwrap();
    }
    ended_well(&run_once(&world).await);
    world
}

fn polling(world: &World) -> Running {
    let path = world.settings_path();
    let run = [OsStr::new("run"), OsStr::new("--config"), path.as_os_str()];
    Running::start(&run, &[], world.folder()).unwrap()
}

fn named(records: &[Value], member: &str, name: &str) -> Value {
    let found = records.iter().find(|record| record[member] == name);
    found.unwrap().clone()
}

#[tokio::test]
async fn a_record_that_is_looked_for_keeps_nobody_else_waiting() {
    let world = two_pairs().await;
    let (ghl, insightly) = (
        world.sandbox.ghl().contacts(),
        world.sandbox.insightly().contacts(),
    );
    let twin = named(&insightly.all().unwrap(), "FIRST_NAME", "Ada");
    insightly.delete(&twin["CONTACT_ID"]).unwrap();
    let rename = |name: &str| {
        let id = named(&ghl.all().unwrap(), "firstName", name)["id"].clone();
        let id = id.as_str().unwrap().to_owned();
        ghl.edit(id, &json!({ "lastName": "Byron" })).unwrap();
    };
    rename("Ada");
    let run = polling(&world);
    until("the twin is looked for", SOON, || {
        run.told().unwrap().contains("changes wait")
    })
    .await;
    rename("Bob");
    until("an edit arrives", SOON, || {
        let bob = named(&insightly.all().unwrap(), "FIRST_NAME", "Bob");
        bob["LAST_NAME"] == "Byron"
    })
    .await;
    run.interrupt().unwrap();
    ended_badly(&run.end(SOON).await.unwrap(), 130, &["interrupted"]);
}

#[tokio::test]
async fn what_is_held_and_done_is_told_while_a_run_goes_on() {
    let world = two_pairs().await;
    let run = polling(&world);
    until("it runs", SOON, || run.told().unwrap().contains("running")).await;
    let history = with_variables(&world, &["history"], &[]).await;
    ended_well(&history);
    assert!(history.stdout.contains("linked by"), "{}", history.stdout);
    let holds = with_variables(&world, &["holds"], &[]).await;
    ended_well(&holds);
    assert!(holds.stdout.contains("nothing is held"), "{}", holds.stdout);
    run.interrupt().unwrap();
    ended_badly(&run.end(SOON).await.unwrap(), 130, &["interrupted"]);
}

/// An option of a custom field that Insightly does not know.
fn unknown_option() -> Value {
    json!({ "customFields": [{ "id": "iN5tP8sDf3GhJk6LzX2b", "field_value": ["Falconry"] }] })
}

/// Bob gets a value that is refused, and then a last name that arrives all the same.
async fn refused_and_then_renamed(world: &World, run: &Running) {
    until("it runs", SOON, || run.told().unwrap().contains("running")).await;
    let (ghl, insightly) = (
        world.sandbox.ghl().contacts(),
        world.sandbox.insightly().contacts(),
    );
    let bob = named(&ghl.all().unwrap(), "firstName", "Bob")["id"].clone();
    let bob = bob.as_str().unwrap();
    let read = world.counted("countries.list");
    ghl.edit(bob, &unknown_option()).unwrap();
    until("the lists are read again", SOON, || {
        world.counted("countries.list") > read
    })
    .await;
    ghl.edit(bob, &json!({ "lastName": "Byron" })).unwrap();
    until("an edit arrives", SOON, || {
        let bob = named(&insightly.all().unwrap(), "FIRST_NAME", "Bob");
        bob["LAST_NAME"] == "Byron"
    })
    .await;
    assert_eq!(world.counted("countries.list"), read + 1);
}

#[tokio::test]
async fn what_the_accounts_have_is_read_again_after_a_refusal() {
    let world = two_pairs().await;
    let run = polling(&world);
    refused_and_then_renamed(&world, &run).await;
    run.interrupt().unwrap();
    ended_badly(&run.end(SOON).await.unwrap(), 130, &["interrupted"]);
}

#[tokio::test]
async fn what_was_known_is_used_where_it_cannot_be_read_again() {
    let world = two_pairs().await;
    let run = polling(&world);
    until("it runs", SOON, || run.told().unwrap().contains("running")).await;
    let refused = Fault::Status {
        status: 403,
        body: Value::Null,
        work_done: false,
    };
    let insightly = world.sandbox.insightly();
    insightly
        .add_fault(FaultRule::new("countries.list", When::Always, refused))
        .unwrap();
    refused_and_then_renamed(&world, &run).await;
    run.interrupt().unwrap();
    let ended = run.end(SOON).await.unwrap();
    ended_badly(&ended, 130, &["cannot be read again", "interrupted"]);
}

#[tokio::test]
async fn a_store_that_is_not_there_yet_is_told_and_not_made() {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let asked = with_variables(&world, &["holds"], &[]).await;
    ended_badly(&asked, 7, &["sync.db is not there yet"]);
    assert!(!world.store_path().exists());
}
