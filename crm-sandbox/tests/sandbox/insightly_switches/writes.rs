//! What a write does.

use std::time::Duration;

use axum::body::Body;
use serde_json::{Value, json};

use super::{AFTER, BEFORE, ada, get, in_each, stamp_after, task};
use crate::desk::{done, insightly_contact, insightly_raw, status};

#[tokio::test]
async fn switch_13_what_writes_of_collections_replace() {
    let fields = in_each("custom_fields_put", async |sandbox| {
        let field = |name: &str| json!([{ "FIELD_NAME": name, "FIELD_VALUE": "x" }]);
        let body = json!({ "FIRST_NAME": "Ada", "CUSTOMFIELDS": field("Hobby__c") });
        let id = insightly_contact(sandbox, body).await;
        let body = json!({ "CONTACT_ID": id, "CUSTOMFIELDS": field("Story__c") });
        let put = done(sandbox, "PUT /Contacts", body).await;
        let fields = put["CUSTOMFIELDS"].as_array().unwrap().iter();
        fields.filter(|field| field["FIELD_VALUE"] == "x").count()
    });
    assert_eq!(fields.await, [2, 1]);
    let tags = in_each("tags_in_parent", async |sandbox| {
        let id = ada(sandbox).await;
        let tag = json!({ "TAG_NAME": "a" });
        done(sandbox, &format!("POST /Contacts/{id}/Tags"), tag).await;
        let body = json!({ "CONTACT_ID": id, "TAGS": [{ "TAG_NAME": "b" }] });
        let put = done(sandbox, "PUT /Contacts", body).await;
        let tags = put["TAGS"].as_array().unwrap().iter();
        tags.map(|tag| tag["TAG_NAME"].as_str().unwrap().to_owned())
            .collect::<String>()
    });
    assert_eq!(tags.await, ["b", "ab", "a"]);
    let links = in_each("links_in_body", async |sandbox| {
        let link = json!([{ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": ada(sandbox).await }]);
        let task = task(sandbox, json!({ "TITLE": "Call", "LINKS": link })).await;
        task["LINKS"].as_array().unwrap().len()
    });
    assert_eq!(links.await, [0, 1]);
    let dates = in_each("parts_put", async |sandbox| {
        let line = format!("PUT /Contacts/{}/Dates", ada(sandbox).await);
        done(sandbox, &line, json!([{ "OCCASION_NAME": "a" }])).await;
        let dates = done(sandbox, &line, json!([{ "OCCASION_NAME": "b" }])).await;
        dates.as_array().unwrap().len()
    });
    assert_eq!(dates.await, [1, 2]);
}

#[tokio::test]
async fn switch_14_what_moves_the_stamp_of_a_contact() {
    let tag = in_each("tag_bump", async |sandbox| {
        let path = format!("/Contacts/{}", ada(sandbox).await);
        let line = format!("POST {path}/Tags");
        stamp_after(sandbox, &path, &line, json!({ "TAG_NAME": "a" })).await
    });
    assert_eq!(tag.await, [AFTER, BEFORE]);
    let link = in_each("link_bump", async |sandbox| {
        let path = format!("/Contacts/{}", ada(sandbox).await);
        let other = json!({ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": ada(sandbox).await });
        stamp_after(sandbox, &path, &format!("POST {path}/Links"), other).await
    });
    assert_eq!(link.await, [BEFORE, AFTER]);
    let note = in_each("note_bump", async |sandbox| {
        let path = format!("/Contacts/{}", ada(sandbox).await);
        let line = format!("POST {path}/Notes");
        stamp_after(sandbox, &path, &line, json!({ "TITLE": "Note" })).await
    });
    assert_eq!(note.await, [BEFORE, AFTER]);
    let task_bump = in_each("task_bump", async |sandbox| {
        let id = ada(sandbox).await;
        let task = task(sandbox, json!({ "TITLE": "Call" })).await["TASK_ID"].clone();
        let link = json!({ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": id });
        let line = format!("POST /Tasks/{task}/Links");
        stamp_after(sandbox, &format!("/Contacts/{id}"), &line, link).await
    });
    assert_eq!(task_bump.await, [BEFORE, AFTER]);
    let image = in_each("image_bump", async |sandbox| {
        let path = format!("/Contacts/{}", ada(sandbox).await);
        sandbox.clock().advance(Duration::from_secs(60));
        let line = format!("PUT {path}/Image/a.gif");
        insightly_raw(sandbox, &line, Body::from("GIF89a"), &[]).await;
        get(sandbox, &path).await.json()["DATE_UPDATED_UTC"].clone()
    });
    assert_eq!(image.await, [BEFORE, AFTER]);
    let dates = in_each("activity_dates", async |sandbox| {
        let id = ada(sandbox).await;
        let body = json!({ "TITLE": "Call", "DUE_DATE": "2026-05-01 00:00:00" });
        let task = task(sandbox, body).await["TASK_ID"].clone();
        let link = json!({ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": id });
        done(sandbox, &format!("POST /Tasks/{task}/Links"), link).await;
        get(sandbox, &format!("/Contacts/{id}")).await.json()["NEXT_ACTIVITY_DATE_UTC"].clone()
    });
    assert_eq!(dates.await, [json!("2026-05-01 00:00:00"), Value::Null]);
}

#[tokio::test]
async fn switch_15_names_of_tags() {
    let kept = in_each("tag_case", async |sandbox| {
        let tags = json!([{ "TAG_NAME": "VIP" }, { "TAG_NAME": "vip" }]);
        let line = format!("PUT /Contacts/{}/Tags", ada(sandbox).await);
        done(sandbox, &line, tags).await.as_array().unwrap().len()
    });
    assert_eq!(kept.await, [1, 2]);
    let comma = in_each("tag_characters", async |sandbox| {
        let line = format!("POST /Contacts/{}/Tags", ada(sandbox).await);
        status(sandbox, &line, json!({ "TAG_NAME": "a, b" })).await
    });
    assert_eq!(comma.await, [201, 400]);
}

/// The status of a create with one more member, in each position of a switch.
async fn created_with(name: &str, more: Value) -> Vec<u16> {
    let created = in_each(name, async |sandbox| {
        let mut body = json!({ "FIRST_NAME": "Ada" });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        status(sandbox, "POST /Contacts", body).await
    });
    created.await
}

fn custom(name: &str, value: &str) -> Value {
    json!({ "CUSTOMFIELDS": [{ "FIELD_NAME": name, "FIELD_VALUE": value }] })
}

#[tokio::test]
async fn switch_16_what_no_schema_knows() {
    assert_eq!(
        created_with("unknown_member", json!({ "SHOE_SIZE": 43 })).await,
        [201, 400]
    );
    assert_eq!(
        created_with("unknown_custom_field", custom("No__c", "x")).await,
        [400, 201]
    );
    assert_eq!(
        created_with("unknown_option", custom("Size__c", "XXL")).await,
        [400, 201]
    );
    let listed = in_each("empty_custom_fields", async |sandbox| {
        let read = get(sandbox, &format!("/Contacts/{}", ada(sandbox).await))
            .await
            .json();
        read["CUSTOMFIELDS"].as_array().unwrap().is_empty()
    });
    assert_eq!(listed.await, [false, true]);
}

#[tokio::test]
async fn switch_17_text_that_does_not_fit() {
    let long = json!({ "TITLE": "x".repeat(256) });
    assert_eq!(created_with("long_text", long).await, [400, 201]);
    assert_eq!(
        created_with("bad_email", json!({ "EMAIL_ADDRESS": "x" })).await,
        [400, 201]
    );
    let country = json!({ "ADDRESS_MAIL_COUNTRY": "Atlantis" });
    assert_eq!(created_with("unknown_country", country).await, [201, 400]);
}

#[tokio::test]
async fn switch_18_an_empty_string() {
    let stored = in_each("empty_write", async |sandbox| {
        let body = json!({ "FIRST_NAME": "Ada", "TITLE": "" });
        done(sandbox, "POST /Contacts", body).await["TITLE"].clone()
    });
    assert_eq!(stored.await, [json!(""), Value::Null]);
}

#[tokio::test]
async fn switch_19_forms_of_dates() {
    let iso = json!({ "DATE_OF_BIRTH": "1990-09-25T00:00:00Z" });
    assert_eq!(created_with("iso_dates", iso).await, [201, 400]);
    let day = json!({ "DATE_OF_BIRTH": "1990-09-25" });
    assert_eq!(created_with("date_only", day).await, [201, 400]);
    let read = in_each("date_form", async |sandbox| {
        let body = json!({ "TITLE": "Call", "DUE_DATE": "2026-05-01 00:00:00" });
        task(sandbox, body).await["DUE_DATE"].clone()
    });
    assert_eq!(read.await, ["2026-05-01 00:00:00", "2026-05-01"]);
}

#[tokio::test]
async fn switch_20_html_of_notes() {
    for (sent, read) in [
        ("a\nb", ["a\nb", "a\nb", "<p>a<br />b</p>"]),
        (
            "<p class=\"x\">a</p>",
            ["<p class=\"x\">a</p>", "<p>a</p>", "<p class=\"x\">a</p>"],
        ),
    ] {
        let bodies = in_each("html", async |sandbox| {
            let line = format!("POST /Contacts/{}/Notes", ada(sandbox).await);
            done(sandbox, &line, json!({ "TITLE": "Note", "BODY": sent })).await["BODY"].clone()
        });
        assert_eq!(bodies.await, read);
    }
}
