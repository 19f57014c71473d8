//! What is synced at all: directions, a filter by tags, and leads that are in the way.

use serde_json::{Value, json};
use sync_core::HoldReason;
use tests::world::{Timing, World};

use crate::story::Story;

/// A story with more in its settings file.
async fn with(more: &str) -> Story {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let text = world.settings_text(Timing::PROMPT);
    world.write_settings(&format!("{text}\n{more}\n")).unwrap();
    Story::within(world).await
}

fn ada() -> Value {
    json!({ "firstName": "Ada", "lastName": "King", "email": "ada@example.com" })
}

#[tokio::test]
async fn nothing_is_written_to_ghl_where_changes_travel_to_insightly_only() {
    let mut story = with("[sync]\ndirection = \"to-insightly\"").await;
    story.ghl().create(&ada()).unwrap();
    story
        .insightly()
        .create(&json!({ "FIRST_NAME": "Bob", "EMAIL_ADDRESS": "bob@example.com" }))
        .unwrap();
    story.settle().await;
    assert_eq!(story.ghl().all().unwrap().len(), 1);
    let all = story.insightly().all().unwrap();
    let id = all.iter().find(|c| c["FIRST_NAME"] == "Ada").unwrap()["CONTACT_ID"].clone();
    story
        .insightly()
        .edit(id.clone(), &json!({ "LAST_NAME": "Lovelace" }))
        .unwrap();
    story.settle().await;
    assert_eq!(story.the_only_one_in_ghl()["lastName"], "King");
    story.edit_in_ghl(&json!({ "lastName": "Byron" }));
    story.settle().await;
    let kept = story.insightly().get(id).unwrap();
    assert_eq!(kept["LAST_NAME"], "Byron");
    story.is_quiet().await;
}

#[tokio::test]
async fn a_stray_edit_is_written_over_where_the_file_says_so() {
    let mut story = with("[sync]\ndirection = \"to-ghl\"\nstray_edits = \"revert\"").await;
    story
        .insightly()
        .create(&json!({ "FIRST_NAME": "Bob", "EMAIL_ADDRESS": "bob@example.com" }))
        .unwrap();
    story.settle().await;
    story.edit_in_ghl(&json!({ "firstName": "Robert", "tags": ["vip"] }));
    story.settle().await;
    let shown = story.the_only_one_in_ghl();
    assert_eq!(shown["firstName"], "Bob");
    assert!(
        shown["tags"].as_array().is_none_or(Vec::is_empty),
        "{shown}"
    );
    story.is_quiet().await;
}

#[tokio::test]
async fn only_tagged_contacts_are_synced_and_one_that_comes_back_goes_on() {
    let mut story = with("[filter]\ntags = [\"Customer\"]\nwithout_tags = [\"private\"]").await;
    story.ghl().create(&ada()).unwrap();
    story.settle().await;
    assert!(story.insightly().all().unwrap().is_empty());
    story.edit_in_ghl(&json!({ "tags": ["customer"] }));
    story.settle().await;
    assert_eq!(story.the_only_one_in_insightly()["LAST_NAME"], "King");
    story.edit_in_ghl(&json!({ "tags": ["customer", "private"], "lastName": "Byron" }));
    story.settle().await;
    assert_eq!(story.the_only_one_in_insightly()["LAST_NAME"], "King");
    story.is_quiet().await;
    story.edit_in_ghl(&json!({ "tags": ["customer"] }));
    story.settle().await;
    assert_eq!(story.the_only_one_in_insightly()["LAST_NAME"], "Byron");
    story.is_quiet().await;
}

#[tokio::test]
async fn a_filter_that_is_changed_in_the_file_brings_in_those_who_pass_now() {
    let mut story = with("[filter]\ntags = [\"customer\"]").await;
    story.ghl().create(&ada()).unwrap();
    story.settle().await;
    assert!(story.insightly().all().unwrap().is_empty());
    let text = story.world.settings_text(Timing::PROMPT);
    story.world.write_settings(&text).unwrap();
    let mut story = story.restarted().await;
    story.settle().await;
    assert_eq!(story.the_only_one_in_insightly()["FIRST_NAME"], "Ada");
}

#[tokio::test]
async fn an_open_lead_holds_the_contact_until_somebody_converts_it() {
    let mut story = Story::begin().await;
    let leads = story.world.sandbox.insightly().family("leads");
    let lead = json!({ "FIRST_NAME": "Ada", "LAST_NAME": "King", "EMAIL": "ADA@example.com" });
    let lead = leads.create(&lead).unwrap();
    story.ghl().create(&ada()).unwrap();
    story.settle().await;
    assert!(story.insightly().all().unwrap().is_empty());
    let holds = story.holds().await;
    assert_eq!(holds[0].reason, HoldReason::Blocked);
    assert!(holds[0].message.contains("lead"), "{}", holds[0].message);
    let convert = json!({ "id": lead["LEAD_ID"] });
    let insightly = story.world.sandbox.insightly();
    insightly.order("convert", &convert).unwrap();
    story.settle().await;
    assert_eq!(
        story.insightly().all().unwrap().len(),
        1,
        "linked, not doubled"
    );
    assert!(story.holds().await.is_empty());
    story.edit_in_ghl(&json!({ "lastName": "Byron" }));
    story.settle().await;
    assert_eq!(story.the_only_one_in_insightly()["LAST_NAME"], "Byron");
    story.is_quiet().await;
}

#[tokio::test]
async fn a_contact_that_became_a_lead_is_not_deleted_in_ghl() {
    let mut story = with("[deletes]\nin_ghl = \"follow\"").await;
    story.ghl().create(&ada()).unwrap();
    story.settle().await;
    let contact = story.the_only_one_in_insightly();
    let insightly = story.world.sandbox.insightly();
    insightly
        .order("to_lead", &json!({ "id": contact["CONTACT_ID"] }))
        .unwrap();
    story.edit_in_ghl(&json!({ "lastName": "Byron" }));
    story.settle().await;
    assert_eq!(story.ghl().all().unwrap().len(), 1);
    assert!(story.insightly().all().unwrap().is_empty());
    assert_eq!(story.holds().await.len(), 1);
    story.is_quiet().await;
}

#[tokio::test]
async fn a_plan_without_leads_has_none_in_the_way() {
    let mut story = Story::begin().await;
    let insightly = story.world.sandbox.insightly();
    insightly
        .order("plan", &json!({ "lacks": ["leads"] }))
        .unwrap();
    story.ghl().create(&ada()).unwrap();
    story.settle().await;
    assert_eq!(story.the_only_one_in_insightly()["FIRST_NAME"], "Ada");
}
