//! What a run may write, and what it says of it.

use crm_sandbox::Sandbox;
use tests::world::{Timing, World};

use crate::said::{ended_badly, ended_well, run_once, with_variables};

#[tokio::test]
async fn a_guard_stops_a_run_before_anything_is_written() {
    let people = Sandbox::builder()
        .seed(3)
        .ghl_contacts(130)
        .insightly_contacts(5);
    let world = World::start(people, Timing::PROMPT).await.unwrap();
    let ended = run_once(&world).await;
    ended_badly(
        &ended,
        6,
        &[
            "130 creates",
            "lets 100 through",
            "Nothing was written",
            "--approve",
        ],
    );
    assert_eq!(world.writes(), 0);
    let ended = run_once(&world).await;
    ended_badly(&ended, 6, &["130 creates"]);
    let ended = with_variables(&world, &["run", "--once", "--approve"], &[]).await;
    ended_well(&ended);
    assert_eq!(
        world.sandbox.insightly().contacts().all().unwrap().len(),
        135
    );
}

#[tokio::test]
async fn a_plan_foretells_the_run_and_writes_nothing() {
    let people = Sandbox::builder()
        .seed(4)
        .ghl_contacts(20)
        .insightly_contacts(12)
        .shared(8);
    let world = World::start(people, Timing::PROMPT).await.unwrap();
    let ended = with_variables(&world, &["plan", "--json"], &[]).await;
    ended_well(&ended);
    assert_eq!(world.writes(), 0);
    let last = ended.stdout.lines().last().unwrap();
    let counts: serde_json::Value = serde_json::from_str(last).unwrap();
    let counts = &counts["counts"];
    let ended = run_once(&world).await;
    ended_well(&ended);
    let created = format!(
        "{} created in GHL, {} in Insightly",
        counts["creates"]["left"], counts["creates"]["right"]
    );
    assert!(
        ended.stdout.contains(&created),
        "{created}: {}",
        ended.stdout
    );
    let calls =
        counts["calls"]["left"].as_u64().unwrap() + counts["calls"]["right"].as_u64().unwrap();
    assert_eq!(world.writes(), calls);
}
