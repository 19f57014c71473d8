//! The connection keeps to its share of the accounts' day.

use std::time::Duration;

use crm_sandbox::Sandbox;
use tests::world::{Timing, World};

use crate::said::{ended_badly, ended_well, run_once, with_variables};

/// Fifty people in GHL, and an Insightly account that allows so many requests in a day.
async fn world(per_day: u64, settings: impl FnOnce(String) -> String) -> World {
    let sandbox = Sandbox::builder().seed(7).ghl_contacts(50);
    let world = World::start(sandbox, Timing::PROMPT).await.unwrap();
    let insightly = world.sandbox.insightly();
    insightly.set_rate(10, Duration::from_secs(1), per_day);
    let text = world.settings_text(Timing::PROMPT);
    // Insightly's is the second one.
    let (before, after) = text.rsplit_once("limits = \"off\"").unwrap();
    world
        .write_settings(&settings(format!("{before}{after}")))
        .unwrap();
    world
}

#[tokio::test]
async fn a_plan_tells_requests_time_and_days() {
    let world = world(50, |text| text).await;
    let plan = with_variables(&world, &["plan"], &[]).await;
    ended_well(&plan);
    let told = plan.stdout;
    let of = |start: &str| told.lines().find(|line| line.starts_with(start)).unwrap();
    assert_eq!(of("GHL:"), "GHL: 0 calls that write, 0 reads before them.");
    assert_eq!(
        of("Insightly:"),
        "Insightly: 50 calls that write, 0 reads before them; 5s at least at the account's rate, on 2 days for its daily allowance.",
    );
    let json = with_variables(&world, &["plan", "--json"], &[]).await;
    let last: serde_json::Value = json.stdout.lines().last().unwrap().parse().unwrap();
    assert_eq!(last["cost"]["right"]["days"], 2);
}

#[tokio::test]
async fn a_run_ends_with_its_share_and_says_so() {
    let world = world(50, |text| text).await;
    let run = run_once(&world).await;
    ended_badly(
        &run,
        75,
        &[
            "Insightly",
            "share of the day's requests is used up",
            "midnight UTC",
        ],
    );
    let made = world.sandbox.insightly().contacts().all().unwrap().len();
    assert!(
        (10..=35).contains(&made),
        "{made} of the 35 that its share allows"
    );
    // Another share, and it goes on where it stopped.
    let with = std::fs::read_to_string(world.settings_path()).unwrap();
    world
        .sandbox
        .insightly()
        .set_rate(10, Duration::from_secs(1), 1_000);
    world.write_settings(&with).unwrap();
    ended_well(&run_once(&world).await);
    assert_eq!(
        world.sandbox.insightly().contacts().all().unwrap().len(),
        50
    );
}

#[tokio::test]
async fn a_share_of_nothing_is_refused() {
    let nothing = |text: String| text.replace("[insightly]", "[insightly]\nshare_of_day = 0");
    let world = world(50, nothing).await;
    let run = run_once(&world).await;
    ended_badly(
        &run,
        2,
        &["ghl-insightly.toml, line ", "0 percent is nothing at all"],
    );
}
