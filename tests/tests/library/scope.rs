//! What is synced at all: the direction, and a plan without leads. Stories 8, 32 and 38 tell more.

use serde_json::{Value, json};
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
