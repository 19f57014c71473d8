//! The connection keeps to its share of the accounts' day.

use std::time::Duration;

use crm_sandbox::Sandbox;
use sync_core::Both;
use tests::{
    command::Ended,
    world::{Timing, World},
};

use crate::said::{ended_badly, ended_well, run_once, with_variables};

/// So many people are in GHL, and so much the connection may ask in a day.
const PEOPLE: u64 = 150;
const SHARE: usize = 100;

/// An Insightly account that allows a thousand requests in a day, a tenth of them to us.
async fn world(settings: impl FnOnce(String) -> String) -> World {
    let sandbox = Sandbox::builder().seed(7).ghl_contacts(PEOPLE);
    let world = World::start(sandbox, Timing::PROMPT).await.unwrap();
    let insightly = world.sandbox.insightly();
    insightly.set_rate(10, Duration::from_secs(1), 1_000);
    let text = a_tenth_of_insightly(&world);
    world.write_settings(&settings(text)).unwrap();
    world
}

/// Its limits and a tenth of its day.
fn a_tenth_of_insightly(world: &World) -> String {
    let text = world.settings_text(Timing::PROMPT);
    // Insightly's is the second one.
    let (before, after) = text.rsplit_once("limits = \"off\"").unwrap();
    format!("{before}share_of_day = 10{after}")
}

async fn approved_run(world: &World) -> Ended {
    with_variables(world, &["run", "--once", "--approve"], &[]).await
}

#[tokio::test]
async fn a_plan_tells_requests_time_and_days() {
    let world = world(|text| text).await;
    let plan = with_variables(&world, &["plan"], &[]).await;
    ended_well(&plan);
    let told = plan.stdout;
    let of = |start: &str| told.lines().find(|line| line.starts_with(start)).unwrap();
    assert_eq!(of("GHL:"), "GHL: 0 calls that write, 0 reads before them.");
    assert_eq!(
        of("Insightly:"),
        "Insightly: 150 calls that write, 0 reads before them; 15s at least at the account's rate, on 2 days for its daily allowance.",
    );
    let json = with_variables(&world, &["plan", "--json"], &[]).await;
    let last: serde_json::Value = json.stdout.lines().last().unwrap().parse().unwrap();
    assert_eq!(last["cost"]["right"]["days"], 2);
}

#[tokio::test]
async fn a_run_ends_with_its_share_and_says_so() {
    let world = world(|text| text).await;
    let run = approved_run(&world).await;
    ended_badly(
        &run,
        5,
        &[
            "Insightly",
            "share of the day's requests is used up",
            "midnight UTC",
        ],
    );
    let made = || world.sandbox.insightly().contacts().all().unwrap().len();
    assert!(
        (SHARE / 2..=SHARE).contains(&made()),
        "{} were made",
        made()
    );
    // Until midnight it says so again, and only asks whether the account allows more by now.
    world.sandbox.ghl().forget_requests();
    world.sandbox.insightly().forget_requests();
    let again = approved_run(&world).await;
    ended_badly(
        &again,
        5,
        &[
            "Insightly",
            "share of the day's requests is used up",
            " 00:00 UTC: run it again then, or raise `share_of_day` of [insightly], which is 10",
        ],
    );
    assert_eq!(world.requests(), Both::new(0, 1));
    // With another share it goes on where it stopped.
    let text = std::fs::read_to_string(world.settings_path()).unwrap();
    let more = text.replace("share_of_day = 10", "share_of_day = 100");
    world.write_settings(&more).unwrap();
    ended_well(&approved_run(&world).await);
    assert_eq!(made() as u64, PEOPLE);
}

/// Runs once again and again, as cron does, until it is refused.
async fn until_the_share_is_used_up(world: &World) {
    let mut refused = false;
    for _ in 0..SMALL_SHARE {
        let run = run_once(world).await;
        refused = run.code() == Some(5);
        if refused {
            break;
        }
        ended_well(&run);
    }
    assert!(refused, "its share is never used up");
}

/// So much the connection may ask in a day of an account where nobody is.
const SMALL_SHARE: u64 = 30;

/// An account that allows ten times that, without anybody in it.
async fn world_of_nobody() -> World {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let insightly = world.sandbox.insightly();
    insightly.set_rate(10, Duration::from_secs(1), 10 * SMALL_SHARE);
    world.write_settings(&a_tenth_of_insightly(&world)).unwrap();
    world
}

#[tokio::test]
async fn what_connecting_asks_is_of_the_share_as_well() {
    let world = world_of_nobody().await;
    let connecting = |world: &World| {
        let counted = world.sandbox.insightly().requests();
        let lists = ["users.me", "countries.list", "tags.list"];
        lists.iter().filter_map(|of| counted.get(*of)).sum::<u64>()
    };
    until_the_share_is_used_up(&world).await;
    let (asked, connecting) = (world.requests().right, connecting(&world));
    assert!(connecting * 3 > asked, "{connecting} of {asked}");
    // The last run asks on until it has connected.
    assert!((SMALL_SHARE..SMALL_SHARE + 12).contains(&asked), "{asked}");
}

#[tokio::test]
async fn an_account_that_was_upgraded_goes_on_today() {
    let world = world_of_nobody().await;
    until_the_share_is_used_up(&world).await;
    let insightly = world.sandbox.insightly();
    insightly.set_rate(10, Duration::from_secs(1), 10_000);
    ended_well(&run_once(&world).await);
}

#[tokio::test]
async fn a_plan_on_a_day_that_is_used_up_asks_and_says_so() {
    let world = world_of_nobody().await;
    let used_up = "Insightly: a run does nothing today: this connection's share";
    let plan = with_variables(&world, &["plan"], &[]).await;
    ended_well(&plan);
    assert!(!plan.stdout.contains(used_up), "{}", plan.stdout);
    until_the_share_is_used_up(&world).await;
    let plan = with_variables(&world, &["plan"], &[]).await;
    ended_well(&plan);
    assert!(plan.stdout.contains(used_up), "{}", plan.stdout);
    let json = with_variables(&world, &["plan", "--json"], &[]).await;
    let last: serde_json::Value = json.stdout.lines().last().unwrap().parse().unwrap();
    let told = &last["used_up"];
    assert_eq!(
        (&told["left"], &told["right"]),
        (&false.into(), &true.into())
    );
}

#[tokio::test]
async fn a_share_of_nothing_is_refused() {
    let nothing = |text: String| text.replace("share_of_day = 10", "share_of_day = 0");
    let world = world(nothing).await;
    let run = approved_run(&world).await;
    ended_badly(
        &run,
        3,
        &[
            "ghl-insightly.toml, line ",
            "`insightly.share_of_day`: a whole number from 1 to 100 is wanted, and it is `0`",
        ],
    );
}
