//! What is made or edited on one side reaches the other.

use crm_sandbox::Sandbox;
use ghl_insightly::agreement::Before;
use serde_json::json;
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
