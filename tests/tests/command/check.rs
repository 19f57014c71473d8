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
        " requests today",
        "calibration: none",
    ] {
        assert!(said.contains(words), "`{words}` is not in: {said}");
    }
    assert_eq!(world.writes(), 0);
}

#[tokio::test]
async fn a_check_tells_of_people_who_are_there_twice() {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let ada =
        |name: &str| serde_json::json!({ "FIRST_NAME": name, "EMAIL_ADDRESS": "ada@example.com" });
    let insightly = world.sandbox.insightly().contacts();
    insightly.create(&ada("Ada")).unwrap();
    ended_well(&run_once(&world).await);
    let twin = insightly.create(&ada("Ada again")).unwrap()["CONTACT_ID"].to_string();
    ended_well(&run_once(&world).await);
    let check = with_variables(&world, &["check"], &[]).await;
    ended_well(&check);
    let told = format!("{twin} has the same email: merge them there");
    assert!(
        check.stdout.contains("twins in Insightly: "),
        "{}",
        check.stdout
    );
    assert!(check.stdout.contains(&told), "{}", check.stdout);
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
