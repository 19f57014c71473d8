//! The laws of both connectors, over HTTP, for each kind.

use ghl_insightly::{
    Connected, Settings,
    company::COMPANY,
    contact::{CONTACT, FIRST_NAME},
    note::{NOTE, WRITTEN},
    task::{ASSIGNEE, TASK},
};
use sync_core::{Email, FieldUse, Kind, Record, Side, testing::connector_laws};
use tests::{
    scene::with_kinds,
    world::{Timing, World},
};

use crate::{company_laws::companies, mapper_laws::people, note_laws::notes, task_laws};

/// Each is a dozen of requests.
const RECORDS: usize = 12;

/// An account of each system, whose connectors know every kind.
async fn world() -> (World, Connected) {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let text = world.settings_text(Timing::PROMPT);
    world.write_settings(&with_kinds(&text)).unwrap();
    let settings = Settings::read(&world.settings_path()).unwrap();
    // One is changed into the next, which has the same addresses then.
    let ghl = world.sandbox.ghl();
    ghl.set_switch("duplicates", "allowed").unwrap();
    let connected = Connected::new(&settings).await.unwrap();
    (world, connected)
}

/// Proves the connector of each side, with records that are made for a contact of its own.
async fn both_keep_the_laws(kind: &Kind, records: impl Fn(Side, &str) -> Vec<Record>) {
    let (world, connected) = world().await;
    for side in Side::BOTH {
        let contact = &world.crms()[side].seed(7, 0, 1)[0];
        let connector = &connected.connectors()[side];
        let fields = &connector.capabilities(kind).unwrap().fields;
        let lacks = |of: &FieldUse, record: &Record| of.required && record.value(&of.key).is_none();
        let mut records = records(side, contact);
        records.retain(|record| !fields.iter().any(|of| lacks(of, record)));
        records.truncate(RECORDS);
        assert_eq!(records.len(), RECORDS);
        let kept = connector_laws(&**connector, kind, records).await;
        assert_eq!(kept, Ok(()), "{side} {kind}");
    }
}

#[tokio::test]
async fn both_connectors_keep_the_laws_for_contacts() {
    both_keep_the_laws(&CONTACT, |_, _| {
        let mut people = people(9).records;
        // Insightly makes a first name of what else is known of somebody: not of nothing.
        people.retain(|person| person.get(&FIRST_NAME).is_some());
        people
    })
    .await;
}

#[tokio::test]
async fn both_connectors_keep_the_laws_for_companies() {
    both_keep_the_laws(&COMPANY, |_, _| companies(10).records).await;
}

#[tokio::test]
async fn both_connectors_keep_the_laws_for_tasks() {
    both_keep_the_laws(&TASK, |_, contact| {
        let mut tasks = task_laws::records(11, contact);
        for task in &mut tasks {
            // GHL describes no way to take a task from somebody: only to give it to another.
            task.set(&ASSIGNEE, Email::new("sam@example.com"));
        }
        tasks
    })
    .await;
}

#[tokio::test]
async fn both_connectors_keep_the_laws_for_notes() {
    both_keep_the_laws(&NOTE, |side, contact| {
        let mut notes = notes(12, side, contact).records;
        // Whatever its last line looks like, it has a footer below.
        notes.retain(|note| note.get(&WRITTEN).is_some());
        notes
    })
    .await;
}
