//! A system that refuses or is not there: exit codes 4 and 5, with what to look at.

use std::net::TcpListener;

use tests::world::{Timing, World};

use crate::said::{ended_badly, run_once, with_variables};

async fn world() -> World {
    World::empty(Timing::PROMPT).await.unwrap()
}

/// The settings with what follows `key = ` in its first line replaced.
fn set(world: &World, table: &str, key: &str, value: &str) {
    let text = world.settings_text(Timing::PROMPT);
    let (head, tail) = text.split_once(&format!("[{table}]")).unwrap();
    let start = tail.find(&format!("{key} = ")).unwrap();
    let end = start + tail[start..].find('\n').unwrap();
    let tail = format!("{}{key} = {value}{}", &tail[..start], &tail[end..]);
    world
        .write_settings(&format!("{head}[{table}]{tail}"))
        .unwrap();
}

/// A port where nobody listens: it was free a moment ago.
fn nobody() -> String {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", socket.local_addr().unwrap())
}

#[tokio::test]
async fn a_wrong_token_is_told_with_where_it_stands() {
    let world = world().await;
    std::fs::write(world.path("ghl.token"), "pit-wrong-one").unwrap();
    let ended = run_once(&world).await;
    ended_badly(
        &ended,
        4,
        &["GHL at http://127.0.0.1", "401", "check the token of [ghl]"],
    );
    assert!(!ended.stderr.contains("pit-wrong-one"));
}

#[tokio::test]
async fn a_wrong_key_is_told_with_where_it_stands() {
    let world = world().await;
    std::fs::write(world.path("insightly.key"), "wrong-key").unwrap();
    let ended = run_once(&world).await;
    ended_badly(
        &ended,
        4,
        &["Insightly at http://127.0.0.1", "401", "check the api_key"],
    );
    assert!(!ended.stderr.contains("wrong-key"));
}

#[tokio::test]
async fn a_token_that_is_no_header_is_refused_without_repeating_it() {
    let world = world().await;
    std::fs::write(world.path("ghl.token"), "pit-\u{1}two\nlines").unwrap();
    let ended = run_once(&world).await;
    ended_badly(
        &ended,
        4,
        &["no header can carry", "check the token of [ghl]"],
    );
    assert!(!ended.stderr.contains("two"));
}

#[tokio::test]
async fn each_system_is_asked_once_whose_account_it_is() {
    let world = world().await;
    let ended = run_once(&world).await;
    assert_eq!(ended.code(), Some(0), "{}", ended.stderr);
    for operation in ["locations.get", "users.me"] {
        assert_eq!(world.counted(operation), 1, "{operation}");
    }
}

#[tokio::test]
async fn a_wrong_location_is_told() {
    let world = world().await;
    set(&world, "ghl", "location", "\"ve9EPM428h8vShlRW1KT\"");
    let ended = run_once(&world).await;
    ended_badly(&ended, 4, &["403", "check the location of [ghl]"]);
}

#[tokio::test]
async fn a_pod_where_nobody_listens_cannot_be_reached() {
    let world = world().await;
    let place = format!("{}/v3.1", nobody());
    set(&world, "insightly", "base_url", &format!("\"{place}\""));
    let ended = run_once(&world).await;
    ended_badly(
        &ended,
        5,
        &[
            "Insightly at",
            &place,
            "check the pod or base_url of [insightly]",
        ],
    );
}

#[tokio::test]
async fn a_base_url_where_nobody_listens_cannot_be_reached() {
    let world = world().await;
    let place = nobody();
    set(&world, "ghl", "base_url", &format!("\"{place}\""));
    let ended = run_once(&world).await;
    ended_badly(&ended, 5, &["GHL at", &place, "check base_url of [ghl]"]);
}

#[tokio::test]
async fn a_base_url_that_is_none_is_a_wrong_setting() {
    let world = world().await;
    set(&world, "ghl", "base_url", "\"not a url\"");
    ended_badly(&run_once(&world).await, 3, &["[ghl]"]);
    set(&world, "ghl", "base_url", "\"http://services.example.com\"");
    ended_badly(&run_once(&world).await, 3, &["[ghl]", "http"]);
}

#[tokio::test]
async fn a_pod_that_is_none_is_a_wrong_setting() {
    let world = world().await;
    let text = world.settings_text(Timing::PROMPT);
    let (head, tail) = text.split_once("[insightly]\nbase_url = ").unwrap();
    let (_, tail) = tail.split_once('\n').unwrap();
    let text = format!("{head}[insightly]\npod = \"no pod!\"\n{tail}");
    world.write_settings(&text).unwrap();
    ended_badly(&run_once(&world).await, 3, &["[insightly]", "pod"]);
}

#[tokio::test]
async fn the_store_of_another_account_is_refused() {
    let one = world().await;
    let ended = run_once(&one).await;
    assert_eq!(ended.code(), Some(0), "{}", ended.stderr);
    let other = World::start(crm_sandbox::Sandbox::builder().seed(8), Timing::PROMPT)
        .await
        .unwrap();
    std::fs::copy(one.store_path(), other.store_path()).unwrap();
    let location = one.sandbox.ghl_location_id();
    for command in [&["run", "--once"][..], &["check"]] {
        let ended = with_variables(&other, command, &[]).await;
        ended_badly(&ended, 4, &["opens the account", "belongs to", location]);
    }
}
