//! Field by field: what the two systems hold in different forms.

use serde_json::{Value, json};

use crate::story::Story;

async fn with_ada_in_ghl(more: Value) -> Story {
    let mut story = Story::begin().await;
    let mut ada = json!({ "firstName": "Ada", "email": "ada@example.com" });
    let members = ada.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    story.ghl().create(&ada).unwrap();
    story.settle().await;
    story
}

#[tokio::test]
async fn a_made_first_name_does_not_travel_back_and_yields_to_a_real_one() {
    let mut story = Story::begin().await;
    story
        .ghl()
        .create(&json!({ "email": "ada.king@example.com" }))
        .unwrap();
    story.settle().await;
    assert_eq!(story.the_only_one_in_insightly()["FIRST_NAME"], "ada.king");
    story.is_quiet().await;
    assert!(story.the_only_one_in_ghl()["firstName"].is_null());
    story.edit_in_insightly(&json!({ "TITLE": "Countess", "LAST_NAME": "King" }));
    story.settle().await;
    assert!(story.the_only_one_in_ghl()["firstName"].is_null());
    story.edit_in_ghl(&json!({ "firstName": "Ada" }));
    story.settle().await;
    assert_eq!(story.the_only_one_in_insightly()["FIRST_NAME"], "Ada");
    story.is_quiet().await;
}

#[tokio::test]
async fn an_address_crosses_whole_with_the_country_of_the_other_system() {
    for street in ["address", "address1"] {
        let mut story = Story::begin().await;
        let ghl = story.world.sandbox.ghl();
        ghl.set_switch("search_street", street).unwrap();
        let ada = json!({
            "firstName": "Ada", "email": "a@example.com", "address1": "1 High St",
            "city": "London", "postalCode": "N1", "country": "GB",
        });
        story.ghl().create(&ada).unwrap();
        story.settle().await;
        let there = story.the_only_one_in_insightly();
        assert_eq!(there["ADDRESS_MAIL_STREET"], "1 High St");
        assert_eq!(there["ADDRESS_MAIL_COUNTRY"], "United Kingdom");
        story.edit_in_insightly(
            &json!({ "ADDRESS_MAIL_CITY": "Sydney", "ADDRESS_MAIL_COUNTRY": "Australia" }),
        );
        story.settle().await;
        let here = story.the_only_one_in_ghl();
        assert_eq!(
            (&here["city"], &here["country"]),
            (&json!("Sydney"), &json!("AU"))
        );
        story.is_quiet().await;
    }
}

#[tokio::test]
async fn a_country_alone_is_no_address() {
    let mut story = with_ada_in_ghl(json!({ "country": "US" })).await;
    let there = story.the_only_one_in_insightly();
    assert!(there["ADDRESS_MAIL_COUNTRY"].is_null(), "{there}");
    story.is_quiet().await;
}

#[tokio::test]
async fn a_country_that_nobody_knows_is_held_and_the_rest_goes_on() {
    let mut story = with_ada_in_ghl(json!({})).await;
    let changes = json!({ "ADDRESS_MAIL_CITY": "Zenda", "ADDRESS_MAIL_COUNTRY": "Ruritania", "LAST_NAME": "King" });
    story.edit_in_insightly(&changes);
    story.settle().await;
    let here = story.the_only_one_in_ghl();
    assert_eq!(here["lastName"], "King");
    assert!(here["city"].is_null());
    assert_eq!(story.held_fields().await, ["address"]);
    story.is_quiet().await;
}

#[tokio::test]
async fn custom_fields_cross_by_their_names() {
    let hobby = json!([{ "id": "hB7kQ2mXw9TzLr4NcV1a", "field_value": "Chess" }]);
    let mut story = with_ada_in_ghl(json!({ "customFields": hobby })).await;
    let there = story.the_only_one_in_insightly();
    let fields = there["CUSTOMFIELDS"].as_array().unwrap();
    let hobby = fields
        .iter()
        .find(|field| field["FIELD_NAME"] == "Hobby__c");
    assert_eq!(hobby.unwrap()["FIELD_VALUE"], "Chess");
    let interests = json!([{ "FIELD_NAME": "Interests__c", "FIELD_VALUE": "Music;Travel" }]);
    story.edit_in_insightly(&json!({ "CUSTOMFIELDS": interests }));
    story.settle().await;
    let here = story.the_only_one_in_ghl()["customFields"].to_string();
    assert!(here.contains("Music") && here.contains("Travel"), "{here}");
    story.is_quiet().await;
}
