use std::time::Duration;

use axum::body::Body;
use crm_sandbox::Sandbox;
use http::Request;
use serde_json::{Value, json};

use crate::desk::{Answer, empty, ghl_as, ghl_contact, send};

async fn post_form(
    sandbox: &Sandbox,
    path: &str,
    token: Option<&str>,
    form: &[(&str, &str)],
) -> Answer {
    let form: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let mut request = Request::post(path)
        .header("version", "2021-07-28")
        .header("content-type", "application/x-www-form-urlencoded");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    send(
        sandbox.ghl().router(),
        request.body(Body::from(form)).unwrap(),
    )
    .await
}

async fn grant(sandbox: &Sandbox, kind: &str, name: &str, value: &str) -> Answer {
    let app = sandbox.ghl_app();
    let form = [
        ("client_id", app.client_id.as_str()),
        ("client_secret", app.client_secret.as_str()),
        ("grant_type", kind),
        (name, value),
    ];
    post_form(sandbox, "/oauth/token", None, &form).await
}

fn code(sandbox: &Sandbox, level: &str, scopes: &[&str]) -> String {
    let order = json!({ "level": level, "scopes": scopes });
    let answer = sandbox.ghl().order("oauth_code", &order).unwrap();
    answer["code"].as_str().unwrap().to_owned()
}

async fn login(sandbox: &Sandbox, level: &str, scopes: &[&str]) -> Value {
    let code = code(sandbox, level, scopes);
    let answer = grant(sandbox, "authorization_code", "code", &code).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

#[tokio::test]
async fn a_code_is_good_once_and_not_for_long() {
    let sandbox = empty();
    let good = code(&sandbox, "Location", &["contacts.readonly"]);
    let pair = grant(&sandbox, "authorization_code", "code", &good)
        .await
        .json();
    assert_eq!(pair["expires_in"], 86399);
    assert_eq!(pair["locationId"], sandbox.ghl_location_id());
    assert_eq!(pair["userType"], "Location");
    assert_eq!(
        grant(&sandbox, "authorization_code", "code", &good)
            .await
            .status,
        400
    );
    let late = code(&sandbox, "Location", &[]);
    sandbox.clock().advance(Duration::from_secs(601));
    assert_eq!(
        grant(&sandbox, "authorization_code", "code", &late)
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn an_access_token_ends_with_its_day() {
    let sandbox = empty();
    let pair = login(&sandbox, "Location", &["contacts.readonly"]).await;
    let token = text(&pair, "access_token");
    let get = || ghl_as(&sandbox, token, "GET /contacts/x", Value::Null);
    sandbox.clock().advance(Duration::from_secs(86_398));
    assert_eq!(get().await.status, 400);
    sandbox.clock().advance(Duration::from_secs(1));
    assert_eq!(
        get().await.json(),
        json!({ "statusCode": 401, "message": "Invalid JWT" })
    );
    sandbox
        .ghl()
        .set_switch("expired_token", "access_token_is_invalid")
        .unwrap();
    assert_eq!(
        get().await.json()["message"],
        "Invalid token: access token is invalid"
    );
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_the_same_answer_comes_for_30_seconds() {
    let sandbox = empty();
    let first = login(&sandbox, "Location", &["contacts.readonly"]).await;
    let old = text(&first, "refresh_token");
    let refresh = |token: String| {
        let sandbox = &sandbox;
        async move { grant(sandbox, "refresh_token", "refresh_token", &token).await }
    };
    let second = refresh(old.to_owned()).await.json();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    sandbox.clock().advance(Duration::from_secs(30));
    assert_eq!(refresh(old.to_owned()).await.json(), second);
    sandbox.clock().advance(Duration::from_secs(1));
    assert_eq!(refresh(old.to_owned()).await.status, 400);
    sandbox.ghl().set_switch("spent_refresh", "401").unwrap();
    assert_eq!(refresh(old.to_owned()).await.status, 401);
    sandbox.ghl().set_switch("refresh_grace", "none").unwrap();
    let new = text(&second, "refresh_token").to_owned();
    let third = refresh(new.clone()).await;
    assert_eq!(third.status, 200);
    assert_eq!(refresh(new).await.status, 401);
    let scope = third.json()["scope"].clone();
    assert_eq!(scope, "contacts.readonly");
}

#[tokio::test]
async fn a_wrong_client_a_missing_member_and_a_suspended_location_are_told_apart() {
    let sandbox = empty();
    let form = [
        ("client_id", "x"),
        ("client_secret", "y"),
        ("grant_type", "refresh_token"),
        ("refresh_token", "z"),
    ];
    let wrong = post_form(&sandbox, "/oauth/token", None, &form).await;
    assert_eq!(wrong.status, 401);
    let short = post_form(&sandbox, "/oauth/token", None, &form[..3]).await;
    assert_eq!(
        short.json()["message"],
        json!(["refresh_token must be a string"])
    );
    sandbox
        .ghl()
        .order("suspend", &json!({ "on": true }))
        .unwrap();
    let code = code(&sandbox, "Location", &[]);
    let suspended = grant(&sandbox, "authorization_code", "code", &code).await;
    assert_eq!(
        (suspended.status.as_u16(), &suspended.json()["message"]),
        (400, &json!("Location is not active"))
    );
}

#[tokio::test]
async fn a_token_does_what_its_scopes_allow_and_no_more() {
    let sandbox = empty();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    let token = sandbox
        .ghl()
        .order("token", &json!({ "scopes": ["contacts.readonly"] }))
        .unwrap();
    let token = text(&token, "token");
    let call = |line: String, body: Value| {
        let sandbox = &sandbox;
        async move { ghl_as(sandbox, token, &line, body).await }
    };
    let search = json!({ "locationId": sandbox.ghl_location_id(), "pageLimit": 1 });
    assert_eq!(
        call("POST /contacts/search".to_owned(), search)
            .await
            .status,
        200
    );
    assert_eq!(
        call(format!("GET /contacts/{ada}/appointments"), Value::Null)
            .await
            .status,
        200
    );
    for line in [
        format!("DELETE /contacts/{ada}"),
        "POST /contacts/bulk/business".to_owned(),
        "GET /businesses/".to_owned(),
    ] {
        let answer = call(line, json!({})).await;
        let body =
            json!({ "statusCode": 401, "message": "The token is not authorized for this scope." });
        assert_eq!((answer.status.as_u16(), answer.json()), (401, body));
    }
    sandbox.ghl().set_switch("bulk_scope", "none").unwrap();
    assert_eq!(
        call("POST /contacts/bulk/business".to_owned(), json!({}))
            .await
            .status,
        403
    );
    sandbox
        .ghl()
        .order("revoke", &json!({ "token": token }))
        .unwrap();
    let answer = call(format!("GET /contacts/{ada}"), Value::Null).await;
    assert_eq!(
        answer.json()["message"],
        "Invalid Private Integration token"
    );
}

#[tokio::test]
async fn an_agency_makes_tokens_of_its_location_and_no_location_does() {
    let sandbox = empty();
    let scopes = ["oauth.write", "oauth.readonly", "contacts.readonly"];
    let agency = login(&sandbox, "Company", &scopes).await;
    assert_eq!(
        agency["approvedLocations"],
        json!([sandbox.ghl_location_id()])
    );
    let token = text(&agency, "access_token");
    let on_contacts = ghl_as(&sandbox, token, "GET /contacts/x", Value::Null).await;
    assert_eq!(
        on_contacts.json()["message"],
        "This token's user type is not yet supported!"
    );
    let app = sandbox.ghl_app();
    let form = [
        ("companyId", app.company_id.as_str()),
        ("locationId", sandbox.ghl_location_id()),
    ];
    let made = post_form(&sandbox, "/oauth/locationToken", Some(token), &form).await;
    assert_eq!(made.status, 200, "{}", made.text);
    let made = made.json();
    assert_eq!(made["appId"], json!(app.app_id));
    let location = text(&made, "access_token");
    assert_eq!(
        ghl_as(&sandbox, location, "GET /contacts/x", Value::Null)
            .await
            .status,
        400
    );
    assert!(made["refresh_token"].is_string());
    let by_location = post_form(&sandbox, "/oauth/locationToken", Some(location), &form).await;
    assert_eq!(by_location.status, 403);
    assert_eq!(by_location.json()["message"], "Forbidden resource");
    let path = format!("GET /oauth/installedLocations?companyId={}", app.company_id);
    let missing = ghl_as(&sandbox, token, &path, Value::Null).await;
    assert_eq!(missing.json()["message"], json!(["appId must be a string"]));
    let installed = ghl_as(
        &sandbox,
        token,
        &format!("{path}&appId={}", app.app_id),
        Value::Null,
    )
    .await
    .json();
    assert_eq!(
        (&installed["count"], &installed["locations"][0]["_id"]),
        (&json!(1), &json!(sandbox.ghl_location_id()))
    );
}
