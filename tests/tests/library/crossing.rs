//! What is made or edited on one side reaches the other.

use crm_sandbox::Sandbox;
use ghl_insightly::agreement::Before;
use serde_json::json;
use sync_core::{HistoryEvent, Side};
use tests::world::{Timing, World};

use crate::story::Story;

fn ada_in_ghl() -> serde_json::Value {
    json!({
        "firstName": "Ada", "lastName": "King", "email": "ada@example.com",
        "phone": "+14155550142", "address1": "1 Main St", "city": "Austin",
        "state": "TX", "postalCode": "78701", "country": "US", "tags": ["vip"],
    })
}

#[tokio::test]
async fn a_contact_created_in_ghl_reaches_insightly() {
    let mut story = Story::begin().await;
    story.settle().await;
    story.ghl().create(&ada_in_ghl()).unwrap();
    story.settle().await;
    let ada = story.the_only_one_in_insightly();
    assert_eq!(ada["FIRST_NAME"], "Ada");
    assert_eq!(ada["EMAIL_ADDRESS"], "ada@example.com");
    assert_eq!(ada["PHONE_MOBILE"], "+14155550142");
    assert_eq!(ada["ADDRESS_MAIL_COUNTRY"], "United States");
    assert_eq!(ada["TAGS"], json!([{ "TAG_NAME": "vip" }]));
    story.is_quiet().await;
}

#[tokio::test]
async fn a_contact_created_in_insightly_reaches_ghl() {
    let mut story = Story::begin().await;
    story.settle().await;
    let grace = json!({
        "FIRST_NAME": "Grace", "LAST_NAME": "Hopper", "EMAIL_ADDRESS": "grace@example.com",
        "PHONE": "(415) 555-0143", "ADDRESS_MAIL_STREET": "2 Elm St", "ADDRESS_MAIL_CITY": "Berlin",
        "ADDRESS_MAIL_COUNTRY": "Germany", "TAGS": [{ "TAG_NAME": "Navy" }],
    });
    story.insightly().create(&grace).unwrap();
    story.settle().await;
    let grace = story.the_only_one_in_ghl();
    assert_eq!(grace["firstName"], "Grace");
    assert_eq!(grace["email"], "grace@example.com");
    assert_eq!(grace["phone"], "+14155550143");
    assert_eq!(grace["country"], "DE");
    assert_eq!(grace["tags"], json!(["navy"]));
    story.is_quiet().await;
}

#[tokio::test]
async fn edits_of_two_fields_cross_each_other() {
    let mut story = Story::begin().await;
    story.ghl().create(&ada_in_ghl()).unwrap();
    story.settle().await;
    story.edit_in_ghl(&json!({ "lastName": "Lovelace" }));
    story.edit_in_insightly(&json!({ "EMAIL_ADDRESS": "countess@example.com" }));
    story.settle().await;
    assert_eq!(story.the_only_one_in_insightly()["LAST_NAME"], "Lovelace");
    assert_eq!(story.the_only_one_in_ghl()["email"], "countess@example.com");
    assert_eq!(story.decided().await, []);
    story.is_quiet().await;
}

#[tokio::test]
async fn when_both_edit_one_field_the_loser_is_in_the_history() {
    let mut story = Story::begin().await;
    story.ghl().create(&ada_in_ghl()).unwrap();
    story.settle().await;
    story.edit_in_ghl(&json!({ "lastName": "Byron" }));
    story.edit_in_insightly(&json!({ "LAST_NAME": "Lovelace" }));
    story.settle().await;
    let here = story.the_only_one_in_ghl()["lastName"].clone();
    assert_eq!(here, story.the_only_one_in_insightly()["LAST_NAME"]);
    let decided = story.decided().await;
    let [happened] = decided.as_slice() else {
        panic!("{decided:?}");
    };
    let HistoryEvent::Decided { seen, .. } = &happened.event else {
        panic!("{happened:?}");
    };
    let seen = Side::BOTH.map(|side| seen[side].as_ref().unwrap().to_string());
    assert_eq!(seen, ["Byron", "Lovelace"]);
    story.is_quiet().await;
}

#[tokio::test]
async fn the_same_edit_on_both_sides_is_no_conflict_and_no_write() {
    let mut story = Story::begin().await;
    story.ghl().create(&ada_in_ghl()).unwrap();
    story.settle().await;
    let written = story.world.writes();
    story.edit_in_ghl(&json!({ "lastName": "Lovelace" }));
    story.edit_in_insightly(&json!({ "LAST_NAME": "Lovelace" }));
    story.settle().await;
    assert_eq!(story.world.writes(), written);
    assert_eq!(story.decided().await, []);
}

#[tokio::test]
async fn clearing_a_field_clears_it_on_the_other_side() {
    let mut story = Story::begin().await;
    story.ghl().create(&ada_in_ghl()).unwrap();
    story.settle().await;
    story.edit_in_ghl(&json!({ "phone": null }));
    story.settle().await;
    let there = story.the_only_one_in_insightly();
    assert!(
        there["PHONE_MOBILE"].as_str().unwrap_or("").is_empty(),
        "{there}"
    );
    story.edit_in_insightly(&json!({ "LAST_NAME": null }));
    story.settle().await;
    let here = story.the_only_one_in_ghl();
    assert!(here["lastName"].as_str().unwrap_or("").is_empty(), "{here}");
    story.is_quiet().await;
}

#[tokio::test]
async fn the_same_person_entered_on_both_sides_is_linked_not_doubled() {
    let mut story = Story::begin().await;
    story.settle().await;
    story
        .ghl()
        .create(&json!({ "firstName": "Ada", "email": "ada@example.com" }))
        .unwrap();
    let there =
        json!({ "FIRST_NAME": "Ada", "EMAIL_ADDRESS": "ADA@example.com", "LAST_NAME": "King" });
    story.insightly().create(&there).unwrap();
    let report = story.settle().await;
    assert_eq!(report.linked, 1, "{report:?}");
    assert_eq!(story.the_only_one_in_ghl()["lastName"], "King");
    story.the_only_one_in_insightly();
    story.is_quiet().await;
}

#[tokio::test]
async fn after_a_first_sync_of_many_a_second_run_writes_nothing() {
    let people = Sandbox::builder()
        .seed(42)
        .ghl_contacts(60)
        .insightly_contacts(40)
        .shared(25);
    let world = World::start(people, Timing::LAGGING).await.unwrap();
    let before = Before::of(&world.sandbox).unwrap();
    let mut story = Story::within(world).await;
    story.settle().await;
    let kept = story.kept().await;
    kept.agrees(&story.world.sandbox, &before).unwrap();
    story.is_quiet().await;
}
