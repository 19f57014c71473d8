//! What is held: each cause once, in words that say what can be done about it.

use crm_sandbox::{Fault, FaultRule, When};
use serde_json::{Value, json};
use tests::world::{Timing, World};

use crate::said::{ended_well, run_once, with_variables};

/// Two contacts on both sides, and tasks that sync; what `[moves]` says comes last.
async fn two_people(moves: &str) -> World {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let text = world.settings_text(Timing::PROMPT);
    let kinds = "[sync]\nkinds = [\"contacts\", \"tasks\"]\n";
    world
        .write_settings(&format!("{text}{kinds}{moves}"))
        .unwrap();
    let ghl = world.sandbox.ghl().contacts();
    for name in ["Ada", "Bea"] {
        let email = format!("{name}@example.com");
        ghl.create(&json!({ "firstName": name, "email": email }))
            .unwrap();
    }
    ended_well(&run_once(&world).await);
    world
}

fn only(world: &World, family: &str) -> Value {
    let all = world.sandbox.insightly().family(family).all().unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].clone()
}

/// Puts the only task of Insightly under another contact.
fn put_under_another(world: &World) {
    let task = only(world, "tasks");
    let people = world.sandbox.insightly().contacts().all().unwrap();
    let here = &task["LINKS"][0]["LINK_OBJECT_ID"];
    let other = people.iter().find(|of| of["CONTACT_ID"] != *here).unwrap();
    let links =
        json!([{ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": other["CONTACT_ID"].clone() }]);
    let tasks = world.sandbox.insightly().family("tasks");
    tasks
        .edit(&task["TASK_ID"], &json!({ "LINKS": links }))
        .unwrap();
}

/// A task of Ada's on both sides.
async fn a_task(world: &World) {
    let ada = world.sandbox.ghl().contacts().all().unwrap()[0]["id"].clone();
    let task = json!({ "title": "Call", "dueDate": "2026-11-26T05:30:00.000Z", "contactId": ada });
    world.sandbox.ghl().family("tasks").create(&task).unwrap();
    ended_well(&run_once(world).await);
}

async fn holds(world: &World) -> String {
    let holds = with_variables(world, &["holds"], &[]).await;
    ended_well(&holds);
    holds.stdout
}

#[tokio::test]
async fn a_task_without_a_contact_is_held_once_and_logged_once() {
    let world = two_people("").await;
    let task = json!({ "TITLE": "Alone", "DUE_DATE": "2026-12-01 00:00:00" });
    let tasks = world.sandbox.insightly().family("tasks");
    tasks.create(&task).unwrap();
    let run = run_once(&world).await;
    ended_well(&run);
    assert!(run.stdout.contains("1 held"), "{}", run.stdout);
    let logged = run.stderr.lines().filter(|line| line.contains("WARN"));
    assert_eq!(logged.count(), 1, "{}", run.stderr);
    let told = holds(&world).await;
    let why = "), contact: a task in GHL needs a contact; put it under one in Insightly\n";
    assert!(told.contains(why), "{told}");
    assert!(told.contains("  task Alone (Insightly "), "{told}");
    assert!(
        told.contains("1 of 1 shown; each is put right in its system\n"),
        "{told}"
    );
}

#[tokio::test]
async fn people_are_told_whom_a_plan_and_the_history_are_about() {
    let world = two_people("").await;
    a_task(&world).await;
    let contacts = world.sandbox.ghl().contacts();
    let people = contacts.all().unwrap();
    let ada = people.iter().find(|of| of["firstName"] == "Ada").unwrap();
    let change = json!({ "lastName": "Lovelace" });
    contacts.edit(ada["id"].as_str().unwrap(), &change).unwrap();
    let plan = with_variables(&world, &["plan"], &[]).await;
    let step = "  Ada Lovelace: update contact ";
    assert!(plan.stdout.contains(step), "{}", plan.stdout);
    let history = with_variables(&world, &["history"], &[]).await;
    let task = "  task Call (GHL ";
    assert!(history.stdout.contains(task), "{}", history.stdout);
}

#[tokio::test]
async fn a_move_that_is_held_names_what_can_be_done() {
    let world = two_people("[moves]\nin_ghl = \"hold\"\n").await;
    a_task(&world).await;
    put_under_another(&world);
    ended_well(&run_once(&world).await);
    let told = holds(&world).await;
    for words in [
        "cannot be moved in GHL; put its counterpart back, or let moves be followed",
        "`in_ghl = \"follow\"` in [moves]",
    ] {
        assert!(told.contains(words), "`{words}` is not in: {told}");
    }
    assert!(!told.contains("by hand"), "{told}");
}

#[tokio::test]
async fn what_a_move_leaves_behind_is_told_as_that() {
    let world = two_people("").await;
    a_task(&world).await;
    let refused = Fault::Status {
        status: 403,
        body: json!({ "message": "Forbidden" }),
        work_done: false,
    };
    let rule = FaultRule::new("tasks.delete", When::Always, refused);
    world.sandbox.ghl().add_fault(rule).unwrap();
    put_under_another(&world);
    ended_well(&run_once(&world).await);
    let told = holds(&world).await;
    for words in [
        "it was moved in GHL, and this one, which that has left behind, cannot be deleted there: ",
        "403",
        "delete this one by hand",
    ] {
        assert!(told.contains(words), "`{words}` is not in: {told}");
    }
}

#[tokio::test]
async fn what_waits_under_a_contact_that_is_asked_about_is_told() {
    let world = two_people("").await;
    a_task(&world).await;
    let task = only(&world, "tasks");
    let contact = &task["LINKS"][0]["LINK_OBJECT_ID"];
    world
        .sandbox
        .insightly()
        .contacts()
        .delete(contact)
        .unwrap();
    let mut told = String::new();
    for _ in 0..30 {
        let run = with_variables(&world, &["run", "--once", "--whole"], &[]).await;
        ended_well(&run);
        if run.stdout.contains("it was deleted in Insightly") {
            put_under_another(&world);
            told = run_once(&world).await.stdout;
            break;
        }
    }
    let words = "1 change waits under a record that is held, missing or left out";
    assert!(told.contains(words), "{told}");
}

#[tokio::test]
async fn a_held_move_is_made_once_moves_are_followed_and_can_be_undone() {
    let hold = "[moves]\nin_ghl = \"hold\"\n";
    let world = two_people(hold).await;
    a_task(&world).await;
    put_under_another(&world);
    ended_well(&run_once(&world).await);
    let text = std::fs::read_to_string(world.path("ghl-insightly.toml")).unwrap();
    let text = text.replace(hold, "[moves]\nin_ghl = \"follow\"\n");
    world.write_settings(&text).unwrap();
    let task = || world.sandbox.ghl().family("tasks").all().unwrap().remove(0);
    let before = task();
    let run = run_once(&world).await;
    ended_well(&run);
    assert!(run.stdout.contains("1 moved in GHL"), "{}", run.stdout);
    assert!(run.stdout.contains("0 held"), "{}", run.stdout);
    assert_ne!(task()["contactId"], before["contactId"]);
    let (_, undo) = run.stdout.split_once("undo --run ").unwrap();
    let (number, _) = undo.split_once('`').unwrap();
    let undone = with_variables(&world, &["undo", "--run", number, "--apply"], &[]).await;
    ended_well(&undone);
    assert_eq!(
        task()["contactId"],
        before["contactId"],
        "{}",
        undone.stdout
    );
}
