//! `ghl-insightly check`.

use tests::world::{Timing, World};

use crate::said::{ended_well, run_once, with_variables};

#[tokio::test]
async fn a_check_tells_what_is_in_place_and_writes_nothing() {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    ended_well(&run_once(&world).await);
    let ended = with_variables(&world, &["check"], &[]).await;
    ended_well(&ended);
    let said = &ended.stdout;
    for words in [
        "GHL: location",
        "Insightly: user",
        "0 pairs",
        "calibration: none",
    ] {
        assert!(said.contains(words), "`{words}` is not in: {said}");
    }
    assert_eq!(world.writes(), 0);
}

#[tokio::test]
async fn a_calibration_is_made_once_and_shown_again() {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let ended = with_variables(&world, &["check", "--calibrate"], &[]).await;
    ended_well(&ended);
    assert!(
        ended.stdout.contains("ghl.tags_move_stamp"),
        "{}",
        ended.stdout
    );
    let written = world.writes();
    let again = with_variables(&world, &["check"], &[]).await;
    ended_well(&again);
    assert!(
        again.stdout.contains("ghl.tags_move_stamp"),
        "{}",
        again.stdout
    );
    assert_eq!(world.writes(), written);
    assert!(world.sandbox.ghl().contacts().all().unwrap().is_empty());
    assert!(
        world
            .sandbox
            .insightly()
            .contacts()
            .all()
            .unwrap()
            .is_empty()
    );
}
