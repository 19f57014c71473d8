//! A sandbox on a clock that stands still, and short ways to call it.

use axum::body::Body;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crm_sandbox::{Clock, ConnectionReset, Sandbox, SandboxBuilder};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) reset: bool,
    /// What stood in the status line in the place of the usual words.
    pub(crate) reason: Option<String>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

pub(crate) fn noon() -> jiff::Timestamp {
    "2026-04-09T12:00:00.250Z".parse().unwrap()
}

pub(crate) fn builder() -> SandboxBuilder {
    Sandbox::builder().seed(42).clock(Clock::manual(noon()))
}

pub(crate) fn empty() -> Sandbox {
    builder().build()
}

pub(crate) async fn send(router: axum::Router, request: Request<Body>) -> Answer {
    let response: Response = router.oneshot(request).await.unwrap();
    let reset = response.extensions().get::<ConnectionReset>().is_some();
    let (parts, body) = response.into_parts();
    let reason = parts.extensions.get::<hyper::ext::ReasonPhrase>();
    let reason = reason.map(|words| String::from_utf8_lossy(words.as_bytes()).into_owned());
    let bytes = match body.collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(_) => "cut".into(),
    };
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(bytes.to_vec()).unwrap(),
        reset,
        reason,
    }
}

fn body_of(body: &Value) -> Body {
    match body {
        Value::Null => Body::empty(),
        body => Body::from(body.to_string()),
    }
}

/// `GET /path`, with this body, as the holder of the GHL token.
pub(crate) async fn ghl(sandbox: &Sandbox, line: &str, body: Value) -> Answer {
    ghl_as(sandbox, sandbox.ghl_token(), line, body).await
}

/// The same as the holder of another token.
pub(crate) async fn ghl_as(sandbox: &Sandbox, token: &str, line: &str, body: Value) -> Answer {
    let (method, path) = line.split_once(' ').unwrap();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("version", "2021-07-28")
        .header("authorization", format!("Bearer {token}"))
        .body(body_of(&body))
        .unwrap();
    send(sandbox.ghl().router(), request).await
}

/// `GET /path` under `/v3.1`, with this body, as the holder of the Insightly key.
pub(crate) async fn insightly(sandbox: &Sandbox, line: &str, body: Value) -> Answer {
    insightly_with(sandbox, line, body, &[]).await
}

pub(crate) async fn insightly_with(
    sandbox: &Sandbox,
    line: &str,
    body: Value,
    headers: &[(&str, &str)],
) -> Answer {
    insightly_raw(sandbox, line, body_of(&body), headers).await
}

/// The same with any body.
pub(crate) async fn insightly_raw(
    sandbox: &Sandbox,
    line: &str,
    body: Body,
    headers: &[(&str, &str)],
) -> Answer {
    let (method, path) = line.split_once(' ').unwrap();
    let key = STANDARD.encode(format!("{}:", sandbox.insightly_api_key()));
    let mut request = Request::builder()
        .method(method)
        .uri(format!("/v3.1{path}"))
        .header("authorization", format!("Basic {key}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(body).unwrap();
    send(sandbox.insightly().router(), request).await
}

/// Asks Insightly for something and expects it to be done.
pub(crate) async fn done(sandbox: &Sandbox, line: &str, body: Value) -> Value {
    let answer = insightly(sandbox, line, body).await;
    assert!(answer.status.is_success(), "{line}: {}", answer.text);
    answer.json()
}

/// Asks Insightly for something; answers the status.
pub(crate) async fn status(sandbox: &Sandbox, line: &str, body: Value) -> u16 {
    insightly(sandbox, line, body).await.status.as_u16()
}

/// Gives the Insightly side an order.
pub(crate) fn order(sandbox: &Sandbox, order: &str, body: Value) -> Value {
    sandbox.insightly().order(order, &body).unwrap()
}

/// Sets a switch of the Insightly side.
pub(crate) fn switch(sandbox: &Sandbox, name: &str, choice: &str) {
    sandbox.insightly().set_switch(name, choice).unwrap();
}

/// Creates a GHL contact through the API; answers its id.
pub(crate) async fn ghl_contact(sandbox: &Sandbox, mut members: Value) -> String {
    members["locationId"] = json!(sandbox.ghl_location_id());
    let answer = ghl(sandbox, "POST /contacts/", members).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["contact"]["id"].as_str().unwrap().to_owned()
}

/// Creates an Insightly contact through the API; answers its id.
pub(crate) async fn insightly_contact(sandbox: &Sandbox, members: Value) -> i64 {
    let answer = insightly(sandbox, "POST /Contacts", members).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["CONTACT_ID"].as_i64().unwrap()
}

/// Creates a GHL business through the API; answers its id.
pub(crate) async fn ghl_business(sandbox: &Sandbox, name: &str) -> String {
    let body = json!({ "name": name, "locationId": sandbox.ghl_location_id() });
    let answer = ghl(sandbox, "POST /businesses/", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["buiseness"]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}
