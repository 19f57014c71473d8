//! A store that cannot be used: exit code 7, and it stays as it was.

use rusqlite::Connection;
use tests::world::{Timing, World};

use crate::said::{ended_badly, ended_well, run_once, with_variables};

async fn world() -> World {
    World::empty(Timing::PROMPT).await.unwrap()
}

#[tokio::test]
async fn a_store_in_use_is_told_with_who_has_it() {
    let world = world().await;
    let own = std::process::id().to_string();
    let store = world.store().unwrap();
    ended_badly(
        &run_once(&world).await,
        7,
        &["in use by process", &own, "stop that program"],
    );
    drop(store);
    ended_well(&run_once(&world).await);
}

#[tokio::test]
async fn a_store_in_use_is_backed_up_and_the_copy_goes_on() {
    let world = world().await;
    ended_well(&run_once(&world).await);
    let store = world.store().unwrap();
    let copy = world.path("copy.db");
    let backup = ["backup", copy.to_str().unwrap()];
    ended_well(&with_variables(&world, &backup, &[]).await);
    drop(store);
    ended_badly(&with_variables(&world, &backup, &[]).await, 7, &["copy.db"]);
    let text = world.settings_text(Timing::PROMPT);
    let text = text.replace("\"sync.db\"", "\"copy.db\"");
    world.write_settings(&text).unwrap();
    let run = run_once(&world).await;
    ended_well(&run);
    assert!(!run.stderr.contains("new store"), "{}", run.stderr);
}

#[tokio::test]
async fn a_store_of_a_newer_release_is_left_alone() {
    let world = world().await;
    ended_well(&run_once(&world).await);
    let bump = |version: u32| {
        let db = Connection::open(world.store_path()).unwrap();
        let was = db.pragma_query_value(None, "user_version", |row| row.get(0));
        db.pragma_update(None, "user_version", version).unwrap();
        was.unwrap()
    };
    let own: u32 = bump(99);
    ended_badly(
        &run_once(&world).await,
        7,
        &["newer release", "99", "update this program"],
    );
    bump(own);
    ended_well(&run_once(&world).await);
}

#[tokio::test]
async fn a_file_that_is_no_store_is_left_alone() {
    let world = world().await;
    let garbage = "dear diary, ".repeat(1000);
    std::fs::write(world.store_path(), &garbage).unwrap();
    ended_badly(
        &run_once(&world).await,
        7,
        &["sync.db", "is no SQLite database"],
    );
    assert_eq!(
        std::fs::read_to_string(world.store_path()).unwrap(),
        garbage
    );
}

#[tokio::test]
async fn the_database_of_another_program_is_left_alone() {
    let world = world().await;
    let db = Connection::open(world.store_path()).unwrap();
    db.execute_batch("CREATE TABLE diary (day TEXT)").unwrap();
    drop(db);
    ended_badly(
        &run_once(&world).await,
        7,
        &["another program", "name another file"],
    );
}

#[tokio::test]
async fn a_damaged_store_is_told_and_does_not_end_in_a_panic() {
    let world = world().await;
    world.sandbox.ghl().seed(7, 0, 30);
    ended_well(&run_once(&world).await);
    let mut bytes = std::fs::read(world.store_path()).unwrap();
    for byte in bytes.iter_mut().skip(8192) {
        *byte = 0x5a;
    }
    std::fs::write(world.store_path(), bytes).unwrap();
    ended_badly(&run_once(&world).await, 7, &["damaged", "restore a backup"]);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_told() {
    let world = world().await;
    let text = world.settings_text(Timing::PROMPT);
    let text = text.replace("\"sync.db\"", "\"no/such/folder/sync.db\"");
    world.write_settings(&text).unwrap();
    ended_badly(&run_once(&world).await, 7, &["no/such/folder"]);
}
