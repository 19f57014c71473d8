//! Companies, and the contacts that work there.

use serde_json::{Value, json};

use crate::story::Story;

fn one(story: &Story, family: &str) -> Value {
    let sandbox = &story.world.sandbox;
    let crm = match family {
        "businesses" => sandbox.ghl(),
        _ => sandbox.insightly(),
    };
    let all = crm.family(family).all().unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].clone()
}

/// Ada works for Acme, on both sides.
async fn acme() -> Story {
    let mut story = Story::of_all_kinds().await;
    let sandbox = &story.world.sandbox;
    let names = json!({ "ORGANISATION_NAME": "ACME " });
    sandbox
        .insightly()
        .family("organisations")
        .create(&names)
        .unwrap();
    let acme = sandbox
        .ghl()
        .family("businesses")
        .create(&json!({ "name": "Acme" }));
    let ada = json!({
        "firstName": "Ada", "email": "ada@example.com", "businessId": acme.unwrap()["id"],
    });
    story.ghl().create(&ada).unwrap();
    story.settle().await;
    story
}

#[tokio::test]
async fn companies_meet_by_name_and_their_people_with_them() {
    let mut story = acme().await;
    let company = one(&story, "organisations");
    assert_eq!(
        company["ORGANISATION_NAME"], "ACME ",
        "a name in another case is no rename"
    );
    one(&story, "businesses");
    let ada = story.the_only_one_in_insightly();
    assert_eq!(ada["ORGANISATION_ID"], company["ORGANISATION_ID"]);
    story.is_quiet().await;
}

#[tokio::test]
async fn a_rename_touches_the_company_only() {
    let mut story = acme().await;
    let before = story.world.counted("contacts.update");
    let id = one(&story, "organisations")["ORGANISATION_ID"].clone();
    let organisations = story.world.sandbox.insightly().family("organisations");
    organisations
        .edit(id, &json!({ "ORGANISATION_NAME": "Acme Ltd" }))
        .unwrap();
    story.settle().await;
    assert_eq!(one(&story, "businesses")["name"], "Acme Ltd");
    assert_eq!(story.world.counted("contacts.update"), before);
    story.is_quiet().await;
}

#[tokio::test]
async fn somebody_who_changes_the_company_does_so_on_both_sides() {
    let mut story = acme().await;
    let bolt = json!({ "ORGANISATION_NAME": "Bolt" });
    let organisations = story.world.sandbox.insightly().family("organisations");
    let bolt = organisations.create(&bolt).unwrap()["ORGANISATION_ID"].clone();
    story.edit_in_insightly(&json!({ "ORGANISATION_ID": bolt }));
    story.settle().await;
    let businesses = story
        .world
        .sandbox
        .ghl()
        .family("businesses")
        .all()
        .unwrap();
    let bolt = businesses
        .iter()
        .find(|business| business["name"] == "Bolt");
    assert_eq!(
        story.the_only_one_in_ghl()["businessId"],
        bolt.unwrap()["id"]
    );
    story.is_quiet().await;
}
