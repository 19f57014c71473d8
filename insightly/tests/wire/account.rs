use futures_util::TryStreamExt;
use insightly::{Client, Tag, TaggedRecords, UserId};
use serde_json::json;

use crate::server::{Server, json, query};

#[tokio::test]
async fn a_check_tells_user_rights_and_the_day() {
    let answer = json(
        200,
        json!({"USER_ID": 3, "ADMINISTRATOR": true, "EMAIL_ADDRESS": "a@b.c"}),
    )
    .insert_header("x-ratelimit-limit", "60000")
    .insert_header("x-ratelimit-remaining", "59990")
    .insert_header("date", "Tue, 24 Nov 2026 10:00:00 GMT");
    let server = Server::on("GET", "/Users/Me", answer).await;
    let check = server.client.check().await.unwrap();
    assert_eq!(check.user.id, UserId(3));
    assert!(check.is_administrator());
    assert_eq!(check.pod, None, "a server of our own");
    assert_eq!(check.day.limit, Some(60_000));
    assert_eq!(check.day.remaining, Some(59_990));
    assert_eq!(server.client.budget().daily_remaining, Some(59_990));
}

#[tokio::test]
async fn custom_fields_are_defined_per_family() {
    let answer = json(
        200,
        json!([{"FIELD_NAME": "Hobby__c", "FIELD_ORDER": 1, "FIELD_FOR": "CONTACT", "FIELD_LABEL": "Hobby",
          "FIELD_TYPE": "DROPDOWN", "FIELD_HELP_TEXT": null, "DEFAULT_VALUE": null, "EDITABLE": true,
          "VISIBLE": true, "CUSTOM_FIELD_OPTIONS": [{"OPTION_ID": 1, "OPTION_VALUE": "Chess", "OPTION_DEFAULT": false}],
          "DEPENDENCY": null, "JOIN_OBJECT": null}]),
    );
    let server = Server::on("GET", "/CustomFields/Contacts", answer).await;
    let fields = server.client.custom_fields("Contacts").await.unwrap();
    assert_eq!(fields[0].name, "Hobby__c");
    assert_eq!(fields[0].options.as_ref().unwrap()[0].value, "Chess");
}

#[tokio::test]
async fn tags_in_use_are_listed_for_a_family() {
    let answer = json(200, json!([{"TAG_NAME": "vip"}, {"TAG_NAME": "new"}]));
    let server = Server::on("GET", "/Tags", answer.insert_header("x-total-count", "2")).await;
    let tags: Vec<_> = server
        .client
        .tags(TaggedRecords::Contacts)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(tags, [Tag::new("vip"), Tag::new("new")]);
    let asked = query(&server.request().await);
    assert!(
        asked.contains(&"record_type=contacts".to_owned()),
        "{asked:?}"
    );
}

#[tokio::test]
async fn small_lists_are_read_at_once() {
    let server = Server::on(
        "GET",
        "/Countries",
        json(200, json!([{"COUNTRY_NAME": "Chad"}])),
    )
    .await;
    assert_eq!(server.client.countries().await.unwrap()[0].name, "Chad");
    let server = Server::on("GET", "/Instance", json(200, json!({"PLAN_NAME": "Plus"}))).await;
    assert_eq!(
        server.client.instance().await.unwrap().plan_name.as_deref(),
        Some("Plus")
    );
}

#[test]
fn a_client_needs_a_place() {
    let key = || insightly::SecretString::from("k");
    assert!(Client::builder(key()).build().is_err());
    assert!(Client::builder(key()).pod("na1").build().is_ok());
    assert!(
        Client::builder(key())
            .pod("https://api.example.com")
            .build()
            .is_err()
    );
    assert!(
        Client::builder(key())
            .base_url("http://example.com/v3.1")
            .build()
            .is_err()
    );
}
