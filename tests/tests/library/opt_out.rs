//! An opt-out is law, whichever way it is told.

use serde_json::json;

use crate::story::Story;

/// One person on both sides, opted in.
async fn ada(search_rows: &str) -> Story {
    let mut story = Story::begin().await;
    let ghl = story.world.sandbox.ghl();
    ghl.set_switch("search_dnd_settings", search_rows).unwrap();
    story
        .ghl()
        .create(&json!({ "firstName": "Ada", "email": "ada@example.com" }))
        .unwrap();
    story.settle().await;
    assert_eq!(story.the_only_one_in_insightly()["EMAIL_OPTED_OUT"], false);
    story
}

fn email_status(story: &Story) -> String {
    let contact = story.the_only_one_in_ghl();
    let status = &contact["dndSettings"]["Email"]["status"];
    status.as_str().unwrap_or("none").to_owned()
}

async fn an_opt_out_in_ghl_reaches_insightly(search_rows: &str) {
    let mut story = ada(search_rows).await;
    story.edit_in_ghl(&json!({ "dndSettings": { "Email": { "status": "active" } } }));
    story.settle().await;
    assert_eq!(story.the_only_one_in_insightly()["EMAIL_OPTED_OUT"], true);
    story.edit_in_ghl(&json!({ "lastName": "King" }));
    story.settle().await;
    assert_eq!(story.the_only_one_in_insightly()["EMAIL_OPTED_OUT"], true);
    assert_eq!(email_status(&story), "active");
    story.is_quiet().await;
}

#[tokio::test]
async fn an_opt_out_in_ghl_reaches_insightly_where_rows_lack_it() {
    an_opt_out_in_ghl_reaches_insightly("absent").await;
}

#[tokio::test]
async fn an_opt_out_in_ghl_reaches_insightly_where_rows_show_it() {
    an_opt_out_in_ghl_reaches_insightly("present").await;
}

#[tokio::test]
async fn an_opt_out_in_insightly_reaches_ghl_either_way() {
    for search_rows in ["absent", "present"] {
        let mut story = ada(search_rows).await;
        story.edit_in_insightly(&json!({ "EMAIL_OPTED_OUT": true }));
        story.settle().await;
        assert_eq!(email_status(&story), "active");
        story.is_quiet().await;
    }
}

#[tokio::test]
async fn the_master_switch_of_ghl_opts_out_of_e_mail_too() {
    let mut story = ada("absent").await;
    story.edit_in_ghl(&json!({ "dnd": true }));
    story.settle().await;
    assert_eq!(story.the_only_one_in_insightly()["EMAIL_OPTED_OUT"], true);
    story.is_quiet().await;
}

#[tokio::test]
async fn opting_in_again_travels_where_nobody_disagrees() {
    let mut story = ada("absent").await;
    story.edit_in_insightly(&json!({ "EMAIL_OPTED_OUT": true }));
    story.settle().await;
    story.edit_in_insightly(&json!({ "EMAIL_OPTED_OUT": false }));
    story.settle().await;
    assert_eq!(email_status(&story), "inactive");
    story.is_quiet().await;
}
