//! What people do by hand with the command.

use serde_json::json;
use tests::world::{Timing, World};

use crate::said::{ended_badly, ended_well, run_once, with_variables};

/// Ada on both sides, with another last name on each, and a file that holds such differences.
async fn ada_twice() -> World {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let text = world.settings_text(Timing::PROMPT);
    let text = text.replace("differences = \"prefer-ghl\"", "differences = \"hold\"");
    world.write_settings(&text).unwrap();
    let ghl = world.sandbox.ghl().contacts();
    ghl.create(&json!({ "firstName": "Ada", "lastName": "King", "email": "ada@example.com" }))
        .unwrap();
    let insightly = world.sandbox.insightly().contacts();
    let there =
        json!({ "FIRST_NAME": "Ada", "LAST_NAME": "Byron", "EMAIL_ADDRESS": "ada@example.com" });
    insightly.create(&there).unwrap();
    ended_well(&run_once(&world).await);
    world
}

fn last_names(world: &World) -> [String; 2] {
    let ghl = &world.sandbox.ghl().contacts().all().unwrap()[0];
    let insightly = &world.sandbox.insightly().contacts().all().unwrap()[0];
    [&ghl["lastName"], &insightly["LAST_NAME"]].map(|name| name.as_str().unwrap().to_owned())
}

/// The number at the beginning of the line that has a word in it.
fn number(said: &str, word: &str) -> String {
    let line = said.lines().find(|line| line.contains(word));
    assert!(line.is_some(), "`{word}` is not in: {said}");
    line.unwrap().split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn a_held_difference_is_decided_written_and_taken_back() {
    let world = ada_twice().await;
    let holds = with_variables(&world, &["holds"], &[]).await;
    ended_well(&holds);
    assert!(holds.stdout.contains("`King`") && holds.stdout.contains("`Byron`"));
    let hold = number(&holds.stdout, "last_name");
    ended_well(&with_variables(&world, &["decide", &hold, "--take", "insightly"], &[]).await);
    ended_well(&run_once(&world).await);
    assert_eq!(last_names(&world), ["Byron", "Byron"]);

    let history = with_variables(&world, &["history"], &[]).await;
    ended_well(&history);
    let entry = number(&history.stdout, "GHL: `King` became `Byron`");
    let shown = with_variables(&world, &["undo", "--entry", &entry], &[]).await;
    ended_well(&shown);
    assert!(
        shown.stdout.contains("Nothing was written"),
        "{}",
        shown.stdout
    );
    assert_eq!(last_names(&world), ["Byron", "Byron"]);
    let done = with_variables(&world, &["undo", "--entry", &entry, "--apply"], &[]).await;
    ended_well(&done);
    assert_eq!(last_names(&world)[0], "King", "{}", done.stdout);
}

#[tokio::test]
async fn two_records_are_unlinked_linked_and_forgotten_by_hand() {
    let world = ada_twice().await;
    let ghl = &world.sandbox.ghl().contacts().all().unwrap()[0];
    let ghl = ghl["id"].as_str().unwrap();
    let insightly = &world.sandbox.insightly().contacts().all().unwrap()[0];
    let insightly = insightly["CONTACT_ID"].to_string();
    ended_well(&with_variables(&world, &["unlink", "contact", "ghl", ghl], &[]).await);
    ended_well(&with_variables(&world, &["link", "contact", ghl, &insightly], &[]).await);
    let again = with_variables(&world, &["link", "contact", ghl, &insightly], &[]).await;
    ended_badly(&again, 1, &["in GHL is linked to", "unlink it first"]);
    let mistyped = with_variables(&world, &["forget", "contact", "insightly", "77"], &[]).await;
    ended_badly(&mistyped, 2, &["contact 77 in Insightly", "--unseen"]);
    let forget = ["forget", "contact", "insightly", &insightly];
    ended_well(&with_variables(&world, &forget, &[]).await);
    let history = with_variables(&world, &["history"], &[]).await;
    assert!(!history.stdout.contains(ghl), "{}", history.stdout);
    let again = with_variables(&world, &["link", "contact", ghl, &insightly], &[]).await;
    ended_badly(&again, 1, &[ghl, "was forgotten in GHL"]);
}

#[tokio::test]
async fn a_run_tells_by_what_it_is_taken_back() {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let insightly = world.sandbox.insightly().contacts();
    let ghl = world.sandbox.ghl().contacts();
    let ada = json!({ "firstName": "Ada", "lastName": "King", "email": "ada@example.com" });
    let ada = ghl.create(&ada).unwrap()["id"].clone();
    let first = run_once(&world).await;
    ended_well(&first);
    assert!(
        first.stderr.contains("a new store was made: /"),
        "{}",
        first.stderr
    );
    let edit = json!({ "lastName": "Byron" });
    ghl.edit(ada.as_str().unwrap(), &edit).unwrap();
    let run = run_once(&world).await;
    ended_well(&run);
    assert!(!run.stderr.contains("new store"), "{}", run.stderr);
    let (_, told) = run.stdout.split_once("`undo --run ").unwrap();
    let runs: Vec<&str> = told.split_once('`').unwrap().0.split(' ').collect();
    let undo = [&["undo", "--apply", "--run"], runs.as_slice()].concat();
    ended_well(&with_variables(&world, &undo, &[]).await);
    assert_eq!(insightly.all().unwrap()[0]["LAST_NAME"], "King");
    let again = with_variables(&world, &undo, &[]).await;
    ended_badly(&again, 1, &["taken back before"]);
    let none = with_variables(&world, &["history", "--run", "77"], &[]).await;
    ended_badly(&none, 1, &["run 77 wrote nothing"]);
}
