use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use crate::desk::{empty, ghl, ghl_contact, send};

#[tokio::test]
async fn the_version_header_is_checked_before_the_token() {
    let sandbox = empty();
    let bare = Request::get("/contacts/x").body(Body::empty()).unwrap();
    let answer = send(sandbox.ghl().router(), bare).await;
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.json(),
        json!({ "statusCode": 401, "message": "version header was not found." })
    );
    for (token, message) in [
        ("Bearer garbage", "Invalid JWT"),
        ("Bearer pit-wrong", "Invalid Private Integration token"),
    ] {
        let request = Request::get("/contacts/x")
            .header("version", "2021-07-28")
            .header("authorization", token)
            .body(Body::empty())
            .unwrap();
        let answer = send(sandbox.ghl().router(), request).await;
        assert_eq!(answer.json()["message"], message);
    }
}

#[tokio::test]
async fn a_wrongly_cased_path_is_401_and_an_unknown_one_404() {
    let sandbox = empty();
    let path = format!("GET /locations/{}/customfields", sandbox.ghl_location_id());
    assert_eq!(ghl(&sandbox, &path, Value::Null).await.status, 401);
    let answer = ghl(&sandbox, "GET /nothing", Value::Null).await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.json()["message"], "Cannot GET /nothing");
}

#[tokio::test]
async fn a_created_contact_is_normalised_and_can_be_read() {
    let sandbox = empty();
    let id = ghl_contact(
        &sandbox,
        json!({
            "firstName": "Ada", "lastName": "Lovelace", "email": "Ada@Example.com",
            "phone": "+1 888-888-8888", "tags": ["VIP", "vip"], "dateOfBirth": "09/25/1990",
            "address1": "1 Main St",
            "customFields": [{ "key": "hobby", "field_value": "Chess" }],
        }),
    )
    .await;
    let contact = &ghl(&sandbox, &format!("GET /contacts/{id}"), Value::Null)
        .await
        .json()["contact"];
    assert_eq!(contact["phone"], "+18888888888");
    assert_eq!(contact["tags"], json!(["vip"]));
    assert_eq!(contact["email"], "Ada@Example.com");
    assert_eq!(contact["emailLowerCase"], "ada@example.com");
    assert_eq!(contact["dateOfBirth"], "1990-09-25");
    assert_eq!(contact["dateAdded"], "2026-04-09T12:00:00.250Z");
    assert_eq!(contact["customFields"][0]["value"], "Chess");
    assert_eq!(contact["address1"], "1 Main St");
    let path = format!("GET /locations/{}/tags", sandbox.ghl_location_id());
    assert_eq!(
        ghl(&sandbox, &path, Value::Null).await.json()["tags"][0]["name"],
        "vip"
    );
}

#[tokio::test]
async fn an_undeclared_member_is_a_422_that_names_it() {
    let sandbox = empty();
    let id = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    let path = format!("PUT /contacts/{id}");
    for (body, message) in [
        (
            json!({ "gender": "female" }),
            "property gender should not exist",
        ),
        (
            json!({ "companyName": "X" }),
            "property companyName should not exist",
        ),
        (
            json!({ "locationId": "X" }),
            "property locationId should not exist",
        ),
        (json!({ "firstName": 5 }), "firstName must be a string"),
        (
            json!({ "dndSettings": { "email": { "status": "active" } } }),
            "dndSettings.property email should not exist",
        ),
    ] {
        let answer = ghl(&sandbox, &path, body).await;
        assert_eq!(answer.status, 422);
        assert_eq!(answer.json()["message"], json!([message]));
    }
}

#[tokio::test]
async fn a_contact_without_a_name_or_address_is_a_400_that_says_422() {
    let sandbox = empty();
    let body = json!({ "locationId": sandbox.ghl_location_id() });
    let answer = ghl(&sandbox, "POST /contacts/", body).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["statusCode"], 422);
    let foreign = json!({ "firstName": "Ada", "locationId": "elsewhere" });
    assert_eq!(ghl(&sandbox, "POST /contacts/", foreign).await.status, 403);
}

#[tokio::test]
async fn a_duplicate_is_refused_with_the_id_of_the_other() {
    let sandbox = empty();
    let ada = ghl_contact(
        &sandbox,
        json!({ "firstName": "Ada", "phone": "+14155550142" }),
    )
    .await;
    let eve = ghl_contact(
        &sandbox,
        json!({ "firstName": "Eve", "email": "eve@example.com" }),
    )
    .await;
    let body = json!({ "phone": "(415) 555-0142" });
    let answer = ghl(&sandbox, &format!("PUT /contacts/{eve}"), body).await;
    assert_eq!(answer.status, 400);
    let meta = &answer.json()["meta"];
    assert_eq!(
        meta,
        &json!({ "contactId": ada, "matchingField": "phone", "contactName": "Ada" })
    );
    sandbox.ghl().set_switch("duplicates", "allowed").unwrap();
    ghl_contact(&sandbox, json!({ "email": "EVE@example.com" })).await;
}

#[tokio::test]
async fn an_unknown_contact_is_a_400_with_status_and_error() {
    let sandbox = empty();
    for line in ["GET /contacts/nobody", "DELETE /contacts/nobody"] {
        let answer = ghl(&sandbox, line, Value::Null).await;
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.json(),
            json!({ "error": "Contact with id nobody not found", "status": 400 })
        );
    }
}

#[tokio::test]
async fn an_update_changes_only_what_it_names() {
    let sandbox = empty();
    let fields = json!([
        { "key": "hobby", "field_value": "Chess" }, { "key": "seats", "field_value": 3 },
    ]);
    let id = ghl_contact(
        &sandbox,
        json!({ "firstName": "Ada", "city": "Austin", "tags": ["a"], "customFields": fields }),
    )
    .await;
    sandbox.clock().advance(std::time::Duration::from_millis(7));
    let body = json!({
        "city": null, "tags": ["b"], "customFields": [{ "key": "contact.hobby", "field_value": "" }],
    });
    let answer = ghl(&sandbox, &format!("PUT /contacts/{id}"), body).await;
    assert_eq!(answer.json()["succeded"], true);
    let contact = &answer.json()["contact"];
    assert_eq!(contact["firstName"], "Ada");
    assert_eq!(contact.get("city"), None);
    assert_eq!(contact["tags"], json!(["b"]));
    assert_eq!(contact["customFields"].as_array().unwrap().len(), 1);
    assert_eq!(contact["dateUpdated"], "2026-04-09T12:00:00.257Z");
}

#[tokio::test]
async fn tags_are_added_and_removed_by_bodies() {
    let sandbox = empty();
    let id = ghl_contact(&sandbox, json!({ "firstName": "Ada", "tags": ["a"] })).await;
    let add = format!("POST /contacts/{id}/tags");
    let answer = ghl(&sandbox, &add, json!({ "tags": ["B", "a"] })).await;
    assert_eq!(answer.status, 201);
    assert_eq!(
        answer.json(),
        json!({ "tags": ["a", "b"], "tagsAdded": ["b"] })
    );
    let answer = ghl(
        &sandbox,
        &format!("DELETE /contacts/{id}/tags"),
        json!({ "tags": ["A"] }),
    )
    .await;
    assert_eq!(answer.json()["tags"], json!(["b"]));
    let answer = ghl(&sandbox, &add, json!({ "tags": [], "locationId": "x" })).await;
    assert_eq!(
        answer.json()["message"],
        json!(["property locationId should not exist"])
    );
}

#[tokio::test]
async fn a_duplicate_is_found_by_email_or_number() {
    let sandbox = empty();
    let id = ghl_contact(
        &sandbox,
        json!({ "email": "ada@example.com", "phone": "+14155550142" }),
    )
    .await;
    let at = format!(
        "GET /contacts/search/duplicate?locationId={}",
        sandbox.ghl_location_id()
    );
    let found = ghl(
        &sandbox,
        &format!("{at}&number=%2B14155550142"),
        Value::Null,
    )
    .await;
    assert_eq!(found.json()["contact"]["id"], json!(id));
    let none = ghl(
        &sandbox,
        &format!("{at}&email=eve@example.com"),
        Value::Null,
    )
    .await;
    assert_eq!(none.json(), json!({ "contact": null }));
    assert_eq!(ghl(&sandbox, &at, Value::Null).await.status, 400);
}

#[tokio::test]
async fn the_limits_refuse_only_when_they_are_on() {
    let sandbox = empty();
    sandbox
        .ghl()
        .set_rate(2, std::time::Duration::from_secs(10), 100);
    let get = || ghl(&sandbox, "GET /contacts/x", Value::Null);
    for _ in 0..3 {
        assert_eq!(get().await.status, 400);
    }
    sandbox.ghl().set_rate_limits(true);
    let answer = get().await;
    assert_eq!(answer.status, 429);
    assert_eq!(
        answer.json(),
        json!({ "statusCode": 429, "message": "Too Many Requests" })
    );
    assert_eq!(answer.header("retry-after"), None);
    assert_eq!(answer.header("x-ratelimit-remaining"), Some("0"));
    assert_eq!(answer.header("x-ratelimit-daily-remaining"), Some("97"));
    assert_eq!(answer.header("x-ratelimit-daily-reset"), Some("43199750"));
    sandbox.clock().advance(std::time::Duration::from_secs(10));
    assert_eq!(get().await.status, 400);
}
