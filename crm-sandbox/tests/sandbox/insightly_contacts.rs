use std::time::Duration;

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use serde_json::{Value, json};

use crate::desk::{empty, insightly, insightly_contact, insightly_with, send};

#[tokio::test]
async fn the_key_works_with_and_without_a_colon() {
    let sandbox = empty();
    for (text, status) in [
        (sandbox.insightly_api_key().to_owned(), 200),
        (format!("{}:", sandbox.insightly_api_key()), 200),
        ("somebody:else".to_owned(), 401),
    ] {
        let request = Request::get("/v3.1/Users/Me")
            .header("authorization", format!("Basic {}", STANDARD.encode(text)))
            .body(Body::empty())
            .unwrap();
        let answer = send(sandbox.insightly().router(), request).await;
        assert_eq!(answer.status, status);
    }
}

#[tokio::test]
async fn paths_ignore_case_and_a_trailing_slash() {
    let sandbox = empty();
    for path in [
        "/contacts",
        "/Contacts/",
        "/CONTACTS/search/",
        "/Organizations",
    ] {
        let answer = insightly(&sandbox, &format!("GET {path}"), Value::Null).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (200, json!([])),
            "{path}"
        );
    }
    assert_eq!(
        insightly(&sandbox, "GET /Products", Value::Null)
            .await
            .status,
        405
    );
    assert_eq!(
        insightly(&sandbox, "DELETE /Contacts", Value::Null)
            .await
            .status,
        405
    );
    assert_eq!(
        insightly(&sandbox, "GET /a/b/c/d", Value::Null)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_created_contact_shows_every_member() {
    let sandbox = empty();
    let body = json!({
        "FIRST_NAME": "Ada", "EMAIL_ADDRESS": "Ada@Example.com", "DATE_OF_BIRTH": "1990-09-25",
        "CUSTOMFIELDS": [{ "FIELD_NAME": "Interests__c", "FIELD_VALUE": "Music;Travel" }],
        "TAGS": [{ "TAG_NAME": "VIP" }],
    });
    let answer = insightly(&sandbox, "POST /Contacts", body).await;
    assert_eq!(answer.status, 201);
    assert!(
        answer
            .header("location")
            .unwrap()
            .ends_with("/v3.1/Contacts/366000001")
    );
    assert!(answer.header("etag").is_some());
    let contact = answer.json();
    assert_eq!(contact["CONTACT_ID"], 366_000_001);
    assert_eq!(contact["LAST_NAME"], Value::Null);
    assert_eq!(contact["DATE_CREATED_UTC"], "2026-04-09 12:00:00");
    assert_eq!(contact["DATE_UPDATED_UTC"], "2026-04-09 12:00:01");
    assert_eq!(contact["DATE_OF_BIRTH"], "1990-09-25 00:00:00");
    assert_eq!(contact["EMAIL_OPTED_OUT"], false);
    assert_eq!(contact["TAGS"], json!([{ "TAG_NAME": "VIP" }]));
    let fields = contact["CUSTOMFIELDS"].as_array().unwrap();
    let interests = fields
        .iter()
        .find(|field| field["FIELD_NAME"] == "Interests__c")
        .unwrap();
    assert_eq!(interests["FIELD_VALUE"], "Music;Travel");
    assert_eq!(interests["CUSTOM_FIELD_ID"], "Interests__c");
    assert_eq!(contact.as_object().unwrap().len(), 44);
}

#[tokio::test]
async fn a_bad_body_is_a_400_with_a_message() {
    let sandbox = empty();
    for body in [
        json!({ "LAST_NAME": "Lovelace" }),
        json!({ "FIRST_NAME": "" }),
        json!({ "FIRST_NAME": "A".repeat(256) }),
        json!({ "FIRST_NAME": "Ada", "DATE_OF_BIRTH": "soon" }),
        json!({ "FIRST_NAME": "Ada", "EMAIL_OPTED_OUT": "yes" }),
        json!({ "FIRST_NAME": "Ada", "EMAIL_ADDRESS": "nowhere" }),
        json!({ "FIRST_NAME": "Ada", "CUSTOMFIELDS": [{ "FIELD_NAME": "No__c", "FIELD_VALUE": 1 }] }),
        json!({ "FIRST_NAME": "Ada", "CUSTOMFIELDS": [{ "FIELD_NAME": "Size__c", "FIELD_VALUE": "XXL" }] }),
    ] {
        let answer = insightly(&sandbox, "POST /Contacts", body.clone()).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.json()["Message"].is_string(), "{body}");
    }
    let stranger = json!({ "FIRST_NAME": "Ada", "SHOE_SIZE": 43 });
    assert_eq!(
        insightly(&sandbox, "POST /Contacts", stranger.clone())
            .await
            .status,
        201
    );
    sandbox
        .insightly()
        .set_switch("unknown_member", "refused")
        .unwrap();
    assert_eq!(
        insightly(&sandbox, "POST /Contacts", stranger).await.status,
        400
    );
}

#[tokio::test]
async fn a_put_changes_only_what_it_names() {
    let sandbox = empty();
    let id = insightly_contact(
        &sandbox,
        json!({ "FIRST_NAME": "Ada", "PHONE": "1", "TITLE": "CEO",
            "CUSTOMFIELDS": [{ "FIELD_NAME": "Hobby__c", "FIELD_VALUE": "Chess" }] }),
    )
    .await;
    sandbox.clock().advance(Duration::from_secs(60));
    let body = json!({ "CONTACT_ID": id, "PHONE": null, "DATE_CREATED_UTC": "2000-01-01 00:00:00",
        "CUSTOMFIELDS": [{ "FIELD_NAME": "Seats__c", "FIELD_VALUE": 3 }] });
    let answer = insightly(&sandbox, "PUT /Contacts", body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let contact = answer.json();
    assert_eq!(contact["PHONE"], Value::Null);
    assert_eq!(contact["TITLE"], "CEO");
    assert_eq!(contact["DATE_CREATED_UTC"], "2026-04-09 12:00:00");
    assert_eq!(contact["DATE_UPDATED_UTC"], "2026-04-09 12:01:00");
    let values: Vec<_> = contact["CUSTOMFIELDS"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|field| !field["FIELD_VALUE"].is_null())
        .collect();
    assert_eq!(values.len(), 2);
    let path = format!("PUT /Contacts/{id}");
    assert_eq!(
        insightly(&sandbox, &path, json!({ "PHONE": "2" }))
            .await
            .json()["PHONE"],
        "2"
    );
    let two = json!({ "CONTACT_ID": id + 1, "PHONE": "3" });
    assert_eq!(insightly(&sandbox, &path, two).await.status, 400);
    assert_eq!(
        insightly(&sandbox, "PUT /Contacts", json!({ "PHONE": "3" }))
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn a_stale_etag_is_refused_with_400() {
    let sandbox = empty();
    let id = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Ada" })).await;
    let read = insightly(&sandbox, &format!("GET /Contacts/{id}"), Value::Null).await;
    let tag = read.json()["ETag"].as_str().unwrap().to_owned();
    assert_eq!(read.header("etag"), Some(tag.as_str()));
    let body = json!({ "CONTACT_ID": id, "TITLE": "CEO" });
    let headers = [("if-match", tag.as_str())];
    assert_eq!(
        insightly_with(&sandbox, "PUT /Contacts", body.clone(), &headers)
            .await
            .status,
        200
    );
    assert_eq!(
        insightly_with(&sandbox, "PUT /Contacts", body.clone(), &headers)
            .await
            .status,
        400
    );
    sandbox
        .insightly()
        .set_switch("stale_if_match", "412")
        .unwrap();
    assert_eq!(
        insightly_with(&sandbox, "PUT /Contacts", body, &headers)
            .await
            .status,
        412
    );
}

#[tokio::test]
async fn a_deleted_contact_is_gone() {
    let sandbox = empty();
    let id = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Ada" })).await;
    let path = format!("/Contacts/{id}");
    let answer = insightly(&sandbox, &format!("DELETE {path}"), Value::Null).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (202, ""));
    assert_eq!(
        insightly(&sandbox, &format!("GET {path}"), Value::Null)
            .await
            .status,
        404
    );
    assert_eq!(
        insightly(&sandbox, &format!("DELETE {path}"), Value::Null)
            .await
            .status,
        404
    );
    let put = json!({ "CONTACT_ID": id, "TITLE": "CEO" });
    assert_eq!(insightly(&sandbox, "PUT /Contacts", put).await.status, 400);
}

#[tokio::test]
async fn tags_are_added_replaced_and_removed() {
    let sandbox = empty();
    let id = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Ada" })).await;
    let path = format!("/Contacts/{id}/Tags");
    let tag = |name: &str| json!({ "TAG_NAME": name });
    assert_eq!(
        insightly(&sandbox, &format!("POST {path}"), tag("VIP"))
            .await
            .status,
        201
    );
    insightly(&sandbox, &format!("POST {path}"), tag("vip")).await;
    let read = insightly(&sandbox, &format!("GET {path}"), Value::Null).await;
    assert_eq!(read.json(), json!([tag("VIP")]));
    insightly(
        &sandbox,
        &format!("PUT {path}"),
        json!([tag("a"), tag("b")]),
    )
    .await;
    let answer = insightly(&sandbox, &format!("DELETE {path}"), tag("A")).await;
    assert_eq!(answer.status, 202);
    let used = insightly(&sandbox, "GET /Tags?record_type=contacts", Value::Null).await;
    assert_eq!(used.json(), json!([tag("b")]));
}

#[tokio::test]
async fn a_link_is_seen_from_both_sides() {
    let sandbox = empty();
    let id = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Ada" })).await;
    let org = json!({ "ORGANISATION_NAME": "Engines" });
    let org =
        insightly(&sandbox, "POST /Organisations", org).await.json()["ORGANISATION_ID"].clone();
    let link = json!({ "LINK_OBJECT_NAME": "Organisation", "LINK_OBJECT_ID": org, "ROLE": "CEO" });
    let path = format!("POST /Contacts/{id}/Links");
    assert_eq!(insightly(&sandbox, &path, link.clone()).await.status, 201);
    assert_eq!(insightly(&sandbox, &path, link).await.status, 400);
    let links = insightly(
        &sandbox,
        &format!("GET /Organisations/{org}/Links"),
        Value::Null,
    )
    .await
    .json();
    assert_eq!(links[0]["LINK_OBJECT_ID"], json!(id));
    assert_eq!(links[0]["LINK_OBJECT_NAME"], "Contact");
    insightly(&sandbox, &format!("DELETE /Contacts/{id}"), Value::Null).await;
    let links = insightly(
        &sandbox,
        &format!("GET /Organisations/{org}/Links"),
        Value::Null,
    )
    .await
    .json();
    assert_eq!(links, json!([]));
}
