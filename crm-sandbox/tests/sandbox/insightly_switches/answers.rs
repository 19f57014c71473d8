//! Statuses, headers, bodies and lists.

use std::time::Duration;

use axum::body::Body;
use crm_sandbox::Sandbox;
use serde_json::{Value, json};

use super::{ada, get, in_each, task};
use crate::desk::{done, empty, insightly_with, order, send, status};

#[tokio::test]
async fn switch_1_statuses_of_put_and_of_sublists() {
    let put = in_each("put_status", async |sandbox| {
        let body = json!({ "CONTACT_ID": ada(sandbox).await, "TITLE": "CEO" });
        status(sandbox, "PUT /Contacts", body).await
    });
    assert_eq!(put.await, [200, 201]);
    let sublist = in_each("sublist_status", async |sandbox| {
        let path = format!("/Contacts/{}/Tags", ada(sandbox).await);
        get(sandbox, &path).await.status.as_u16()
    });
    assert_eq!(sublist.await, [200, 201]);
}

#[tokio::test]
async fn switch_2_a_put_with_an_unknown_or_a_second_id() {
    let unknown = in_each("put_unknown_id", async |sandbox| {
        status(sandbox, "PUT /Tasks", json!({ "TASK_ID": 1 })).await
    });
    assert_eq!(unknown.await, [400, 404]);
    let two = in_each("put_two_ids", async |sandbox| {
        let id = ada(sandbox).await;
        let body = json!({ "CONTACT_ID": id + 1, "TITLE": "CEO" });
        status(sandbox, &format!("PUT /Contacts/{id}"), body).await
    });
    assert_eq!(two.await, [400, 200]);
}

#[tokio::test]
async fn switch_3_a_record_that_the_key_may_not_see() {
    let hidden = in_each("no_rights", async |sandbox| {
        let id = ada(sandbox).await;
        order(sandbox, "hide", json!({ "family": "contacts", "id": id }));
        assert_eq!(get(sandbox, "/Contacts").await.json(), json!([]));
        assert_eq!(get(sandbox, "/Contacts/Search").await.json(), json!([]));
        get(sandbox, &format!("/Contacts/{id}"))
            .await
            .status
            .as_u16()
    });
    assert_eq!(hidden.await, [403, 404]);
}

#[tokio::test]
async fn switch_4_the_form_of_refusals() {
    let forms = in_each("error_body", async |sandbox| {
        let answer = get(sandbox, "/Contacts/1").await;
        assert_eq!(answer.status, 404);
        let reason = answer.reason.as_deref();
        assert_eq!(reason, Some("No Contact with ID = 1"));
        answer.text
    });
    let text = "No Contact with ID = 1";
    let expected = [
        json!({ "Message": text }).to_string(),
        json!(text).to_string(),
        text.to_owned(),
        String::new(),
        format!("<html><body><h1>{text}</h1></body></html>"),
    ];
    assert_eq!(forms.await, expected);
}

#[tokio::test]
async fn switch_5_the_body_of_401() {
    let empties = in_each("unauthorized_body", async |sandbox| {
        let request = http::Request::get("/v3.1/Instance")
            .body(Body::empty())
            .unwrap();
        let answer = send(sandbox.insightly().router(), request).await;
        assert_eq!(answer.status, 401);
        answer.text.is_empty()
    });
    assert_eq!(empties.await, [false, true]);
}

#[tokio::test]
async fn switch_6_retry_after_and_the_end_of_a_day() {
    let told = in_each("retry_after", async |sandbox| {
        sandbox.insightly().set_rate_limits(true);
        sandbox.insightly().set_rate(0, Duration::from_secs(1), 10);
        let answer = get(sandbox, "/Instance").await;
        assert_eq!(answer.status, 429);
        answer.header("retry-after").map(str::to_owned)
    });
    assert_eq!(told.await, [Some("1".to_owned()), None]);
    let anew = in_each("day_reset", async |sandbox| {
        sandbox.insightly().set_rate_limits(true);
        sandbox.insightly().set_rate(9, Duration::from_secs(1), 1);
        assert_eq!(get(sandbox, "/Instance").await.status, 200);
        // It is noon: midnight is nearer than a day.
        sandbox.clock().advance(Duration::from_secs(13 * 3600));
        get(sandbox, "/Instance").await.status.as_u16()
    });
    assert_eq!(anew.await, [200, 429]);
}

#[tokio::test]
async fn switch_7_one_rate_for_all_keys_or_one_for_each() {
    let second = in_each("rate_scope", async |sandbox| {
        let crm = sandbox.insightly();
        let key = order(sandbox, "key", json!({ "user": 2_240_002 }))["api_key"].clone();
        crm.set_rate_limits(true);
        crm.set_rate(1, Duration::from_secs(1), 10);
        assert_eq!(get(sandbox, "/Instance").await.status, 200);
        as_user(sandbox, key.as_str().unwrap(), "GET /Instance", Value::Null).await
    });
    assert_eq!(second.await, [429, 200]);
}

/// Asks as the holder of another key; answers the status.
async fn as_user(sandbox: &Sandbox, key: &str, line: &str, body: Value) -> u16 {
    let (method, path) = line.split_once(' ').unwrap();
    let key = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, key);
    let request = http::Request::builder()
        .method(method)
        .uri(format!("/v3.1{path}"))
        .header("authorization", format!("Basic {key}"))
        .body(Body::from(body.to_string()))
        .unwrap();
    let answer = send(sandbox.insightly().router(), request).await;
    answer.status.as_u16()
}

#[tokio::test]
async fn only_an_administrator_writes_choices() {
    let sandbox = empty();
    let key = order(&sandbox, "key", json!({ "user": 2_240_002 }))["api_key"].clone();
    let key = key.as_str().unwrap();
    let source = json!({ "LEAD_SOURCE": "Fair" });
    assert_eq!(
        as_user(&sandbox, key, "POST /LeadSources", source.clone()).await,
        403
    );
    assert_eq!(
        as_user(&sandbox, key, "GET /LeadSources", Value::Null).await,
        200
    );
    assert_eq!(status(&sandbox, "POST /LeadSources", source).await, 201);
    let ivo = order(&sandbox, "key", json!({ "user": 2_240_003 }))["api_key"].clone();
    assert_eq!(
        as_user(
            &sandbox,
            ivo.as_str().unwrap(),
            "GET /Instance",
            Value::Null
        )
        .await,
        401
    );
}

#[tokio::test]
async fn switch_8_top_above_500() {
    let large = in_each("large_top", async |sandbox| {
        get(sandbox, "/Contacts?top=501").await.status.as_u16()
    });
    assert_eq!(large.await, [200, 400]);
}

#[tokio::test]
async fn switch_9_the_second_itself_and_two_filters() {
    let found = in_each("updated_after", async |sandbox| {
        ada(sandbox).await;
        let path = "/Contacts/Search?updated_after_utc=2026-04-09T12:00:01Z";
        get(sandbox, path).await.json().as_array().unwrap().len()
    });
    assert_eq!(found.await, [1, 0]);
    let both = in_each("two_filters", async |sandbox| {
        ada(sandbox).await;
        let path = "/Contacts/Search?field_name=FIRST_NAME&field_value=Ada&updated_after_utc=2030-01-01T00:00:00Z";
        let answer = get(sandbox, path).await;
        (
            answer.status.as_u16(),
            answer.json().as_array().map(Vec::len),
        )
    });
    assert_eq!(both.await, [(200, Some(0)), (400, None), (200, Some(1))]);
}

#[tokio::test]
async fn switch_10_lag_of_lists_and_of_parts() {
    let listed = in_each("list_lag", async |sandbox| {
        ada(sandbox).await;
        get(sandbox, "/Contacts")
            .await
            .json()
            .as_array()
            .unwrap()
            .len()
    });
    assert_eq!(listed.await, [1, 0]);
    let linked = in_each("part_lag", async |sandbox| {
        let (ada, eve) = (ada(sandbox).await, ada(sandbox).await);
        let link = json!({ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": eve });
        done(sandbox, &format!("POST /Contacts/{ada}/Links"), link).await;
        let read = get(sandbox, &format!("/Contacts/{ada}")).await.json();
        read["LINKS"].as_array().unwrap().len()
    });
    assert_eq!(linked.await, [1, 0]);
}

#[tokio::test]
async fn switch_11_the_second_touch() {
    let stamps = in_each("second_touch", async |sandbox| {
        task(sandbox, json!({ "TITLE": "Call" })).await["DATE_UPDATED_UTC"].clone()
    });
    assert_eq!(stamps.await, ["2026-04-09 12:00:01", "2026-04-09 12:00:00"]);
}

#[tokio::test]
async fn switch_12_etags_and_stale_ones() {
    let tagged = in_each("etag", async |sandbox| {
        let answer = get(sandbox, &format!("/Contacts/{}", ada(sandbox).await)).await;
        (
            answer.json().get("ETag").is_some(),
            answer.header("etag").is_some(),
        )
    });
    assert_eq!(tagged.await, [(true, true), (false, false)]);
    let stale = in_each("stale_if_match", async |sandbox| {
        let body = json!({ "CONTACT_ID": ada(sandbox).await, "TITLE": "CEO" });
        let old = [("if-match", "\"old\"")];
        let answer = insightly_with(sandbox, "PUT /Contacts", body, &old).await;
        answer.status.as_u16()
    });
    assert_eq!(stale.await, [400, 412]);
}
