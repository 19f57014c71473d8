//! Created records keep the ids of those that they were made from; story 39 tells what for.

use tests::world::{Timing, World};

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
