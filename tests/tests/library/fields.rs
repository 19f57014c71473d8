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
async fn a_phone_that_ghl_refuses_as_a_duplicate_is_held_and_the_rest_is_created() {
    let mut story = with_ada_in_ghl(json!({ "phone": "+14155550142" })).await;
    let bob = json!({
        "FIRST_NAME": "Bob", "EMAIL_ADDRESS": "bob@example.com", "PHONE": "+1 415 555 0142",
    });
    story.insightly().create(&bob).unwrap();
    story.settle().await;
    let all = story.ghl().all().unwrap();
    assert_eq!(all.len(), 2);
    let bob = all
        .iter()
        .find(|one| one["email"] == "bob@example.com")
        .unwrap();
    assert!(bob["phone"].is_null(), "{bob}");
    assert_eq!(story.held_fields().await, ["phone"]);
    story.is_quiet().await;
}

#[tokio::test]
async fn tags_in_another_case_are_the_same_tags() {
    let mut story = with_ada_in_ghl(json!({ "tags": ["vip", "newsletter"] })).await;
    story.edit_in_insightly(
        &json!({ "TAGS": [{ "TAG_NAME": "VIP" }, { "TAG_NAME": "Newsletter" }] }),
    );
    story.is_quiet().await;
    story.edit_in_insightly(&json!({ "TAGS": [{ "TAG_NAME": "VIP" }, { "TAG_NAME": "Board" }] }));
    story.edit_in_ghl(&json!({ "tags": ["vip", "newsletter", "golf"] }));
    story.settle().await;
    assert_eq!(
        ghl_insightly::agreement::contact::tags_of_ghl(&story.the_only_one_in_ghl()),
        "board, golf, vip"
    );
    let there = story.the_only_one_in_insightly();
    assert_eq!(
        ghl_insightly::agreement::contact::tags_of_insightly(&there),
        "board, golf, vip"
    );
    story.is_quiet().await;
}

#[tokio::test]
async fn a_phone_that_is_only_written_otherwise_is_not_written_again() {
    let mut story = with_ada_in_ghl(json!({ "phone": "+14155550142" })).await;
    for same in ["(415) 555-0142", "415.555.0142", "+1 415 555 0142 ext 12"] {
        story.edit_in_insightly(&json!({ "PHONE_MOBILE": same }));
        story.is_quiet().await;
        assert_eq!(story.the_only_one_in_insightly()["PHONE_MOBILE"], same);
        assert_eq!(story.the_only_one_in_ghl()["phone"], "+14155550142");
    }
}

#[tokio::test]
async fn a_phone_that_is_none_is_held_and_the_rest_goes_on() {
    let mut story = with_ada_in_ghl(json!({ "phone": "+14155550142" })).await;
    story.edit_in_insightly(&json!({ "PHONE_MOBILE": "ask Bob", "LAST_NAME": "King" }));
    story.settle().await;
    let here = story.the_only_one_in_ghl();
    assert_eq!(
        (&here["phone"], &here["lastName"]),
        (&json!("+14155550142"), &json!("King"))
    );
    assert_eq!(story.held_fields().await, ["phone"]);
    story.is_quiet().await;
}

#[tokio::test]
async fn the_phone_stays_in_the_slot_that_it_had_first() {
    let mut story = Story::begin().await;
    let grace = json!({ "FIRST_NAME": "Grace", "EMAIL_ADDRESS": "g@example.com", "PHONE_HOME": "+14155550143" });
    story.insightly().create(&grace).unwrap();
    story.settle().await;
    story.edit_in_insightly(&json!({ "PHONE_MOBILE": "+14155550199" }));
    story.is_quiet().await;
    story.edit_in_ghl(&json!({ "phone": "+14155550150" }));
    story.settle().await;
    let there = story.the_only_one_in_insightly();
    assert_eq!(there["PHONE_HOME"], "+14155550150");
    assert_eq!(there["PHONE_MOBILE"], "+14155550199");
    story.is_quiet().await;
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
async fn a_birthday_crosses_in_each_form_that_the_search_has() {
    for form in ["epoch_ms", "date"] {
        let mut story = Story::begin().await;
        let ghl = story.world.sandbox.ghl();
        ghl.set_switch("search_birthday", form).unwrap();
        let ada =
            json!({ "firstName": "Ada", "email": "a@example.com", "dateOfBirth": "1980-02-29" });
        story.ghl().create(&ada).unwrap();
        story.settle().await;
        let there = story.the_only_one_in_insightly();
        assert_eq!(there["DATE_OF_BIRTH"], "1980-02-29 00:00:00", "{form}");
        story.edit_in_insightly(&json!({ "DATE_OF_BIRTH": "1980-03-01 00:00:00" }));
        story.settle().await;
        let here = story.the_only_one_in_ghl()["dateOfBirth"].to_string();
        assert!(here.contains("1980-03-01"), "{here}");
        story.is_quiet().await;
    }
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

#[tokio::test]
async fn text_from_all_over_the_world_arrives_as_it_was() {
    let mut story = Story::begin().await;
    for (n, name) in ["Zoë 🎻", "李小龍", "عمر", "O'Neill <b>", "Ñandú"]
        .iter()
        .enumerate()
    {
        let email = format!("{n}@example.com");
        story
            .ghl()
            .create(&json!({ "firstName": name, "email": email }))
            .unwrap();
    }
    story.settle().await;
    let mut here: Vec<String> = names(&story.ghl().all().unwrap(), "firstName");
    let mut there = names(&story.insightly().all().unwrap(), "FIRST_NAME");
    here.sort();
    there.sort();
    assert_eq!(here, there);
    story.is_quiet().await;
}

fn names(all: &[Value], member: &str) -> Vec<String> {
    let names = all
        .iter()
        .map(|one| one[member].as_str().unwrap().to_owned());
    names.collect()
}
