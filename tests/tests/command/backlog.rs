//! `[first_sync]`: what was there before, and is not carried over.

use std::time::Duration;

use serde_json::json;
use tests::world::{Timing, World};

use crate::said::{ended_well, run_once, with_variables};

const HUNDRED_DAYS: Duration = Duration::from_secs(100 * 24 * 3600);

#[tokio::test]
async fn old_notes_and_completed_tasks_stay_until_somebody_changes_them() {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let text = world.settings_text(Timing::PROMPT);
    let text = text.replace(
        "[first_sync]",
        "[first_sync]\nnotes_of_days = 90\ncompleted_tasks = false",
    );
    let kinds = "\n[sync]\nkinds = [\"contacts\", \"tasks\", \"notes\"]\n";
    world.write_settings(&(text + kinds)).unwrap();
    let ghl = world.sandbox.ghl();
    let clock = ghl.clock();
    let now = clock.now();
    clock.set(now - HUNDRED_DAYS);
    let ada = json!({ "firstName": "Ada", "lastName": "King", "email": "ada@example.com" });
    let ada = ghl.contacts().create(&ada).unwrap()["id"].clone();
    let note = |body: &str| {
        ghl.family("notes")
            .create(&json!({ "contactId": ada, "body": body }))
    };
    let task = |title: &str, completed: bool| {
        let due = "2026-12-24T10:00:00Z";
        let task =
            json!({ "contactId": ada, "title": title, "dueDate": due, "completed": completed });
        ghl.family("tasks").create(&task)
    };
    let old = note("of a hundred days ago").unwrap();
    task("done long ago", true).unwrap();
    task("still open", false).unwrap();
    clock.set(now);
    note("of today").unwrap();

    let plan = with_variables(&world, &["plan"], &[]).await;
    ended_well(&plan);
    // Notes are read once their contact is linked.
    assert!(plan.stdout.contains("1 left alone"), "{}", plan.stdout);
    ended_well(&run_once(&world).await);
    let shown = |family: &str, field: &str| {
        let all = world.sandbox.insightly().family(family).all().unwrap();
        let mut shown: Vec<String> = all.iter().map(|of| of[field].to_string()).collect();
        shown.sort();
        shown
    };
    assert_eq!(shown("tasks", "TITLE"), ["\"still open\""]);
    let notes = shown("notes", "BODY");
    assert!(
        notes.len() == 1 && notes[0].contains("of today"),
        "{notes:?}"
    );

    ghl.family("notes")
        .edit(
            old["id"].as_str().unwrap(),
            &json!({ "body": "looked up again" }),
        )
        .unwrap();
    // Nothing tells of a note of GHL but its contact, or a sweep.
    let phone = json!({ "phone": "+15550100" });
    ghl.contacts().edit(ada.as_str().unwrap(), &phone).unwrap();
    ended_well(&run_once(&world).await);
    let notes = shown("notes", "BODY");
    assert!(
        notes.iter().any(|of| of.contains("looked up again")),
        "{notes:?}"
    );
    assert_eq!(notes.len(), 2);
}
