//! Created records keep the ids of those that they were made from.

use serde_json::json;
use tests::world::{Timing, World};

use crate::story::Story;

async fn with_markers() -> Story {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let text = world.settings_text(Timing::PROMPT);
    let markers = "[markers]\nghl = \"Insightly ID\"\ninsightly = \"GHL_ID__c\"\n";
    world.write_settings(&format!("{text}\n{markers}")).unwrap();
    Story::within(world).await
}

#[tokio::test]
async fn a_lost_store_is_made_anew_from_markers_where_nothing_else_matches() {
    let mut story = with_markers().await;
    // Neither has an e-mail address or a phone.
    story.ghl().create(&json!({ "firstName": "Ada" })).unwrap();
    story
        .insightly()
        .create(&json!({ "FIRST_NAME": "Bob" }))
        .unwrap();
    story.settle().await;
    let all = story.ghl().all().unwrap();
    let ada = all
        .iter()
        .find(|contact| contact["firstName"] == "Ada")
        .unwrap();
    let copies = story.insightly().all().unwrap();
    let copy = copies
        .iter()
        .find(|contact| contact["FIRST_NAME"] == "Ada")
        .unwrap();
    let marked = json!({ "FIELD_NAME": "GHL_ID__c", "FIELD_VALUE": ada["id"] });
    let fields = copy["CUSTOMFIELDS"].as_array().unwrap();
    let marks = |field: &&serde_json::Value| field["FIELD_NAME"] == marked["FIELD_NAME"];
    assert_eq!(
        fields.iter().find(marks).unwrap()["FIELD_VALUE"],
        marked["FIELD_VALUE"]
    );

    let mut story = story.without_its_store().await;
    story.settle().await;
    assert_eq!(story.ghl().all().unwrap().len(), 2);
    assert_eq!(story.insightly().all().unwrap().len(), 2);
    let id = ada["id"].as_str().unwrap();
    story
        .ghl()
        .edit(id, &json!({ "lastName": "King" }))
        .unwrap();
    story.settle().await;
    let copy = story.insightly().get(&copy["CONTACT_ID"]).unwrap();
    assert_eq!(copy["LAST_NAME"], "King");
    story.is_quiet().await;
}

#[tokio::test]
async fn a_marker_field_that_is_not_there_is_named() {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let text = world.settings_text(Timing::PROMPT);
    let markers = "[markers]\ninsightly = \"GHL_IDD__c\"\n";
    world.write_settings(&format!("{text}\n{markers}")).unwrap();
    let said = world.engine().await.unwrap_err().to_string();
    assert!(
        said.contains("[markers]") && said.contains("`GHL_ID__c`?"),
        "{said}"
    );
}
