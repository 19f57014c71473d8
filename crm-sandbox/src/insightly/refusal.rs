//! Refusals. Their form is the weakest known part of the API: see `error_body`.

use http::StatusCode;
use serde_json::json;

use super::{Insightly, switches as on};
use crate::reply::Reply;

/// A status and a sentence, before the switch gives them a form.
#[derive(Debug)]
pub(super) struct Refusal(pub(super) StatusCode, pub(super) String);

pub(super) fn bad(message: impl Into<String>) -> Refusal {
    Refusal(StatusCode::BAD_REQUEST, message.into())
}

pub(super) fn missing(singular: &str, id: i64) -> Refusal {
    let message = format!("No {singular} with ID = {id}");
    Refusal(StatusCode::NOT_FOUND, message)
}

pub(super) fn not_allowed(method: &str) -> Refusal {
    let message = format!("The requested resource does not support http method '{method}'.");
    Refusal(StatusCode::METHOD_NOT_ALLOWED, message)
}

pub(super) fn no_route(path: &str) -> Refusal {
    let message = format!("No HTTP resource was found that matches the request URI '{path}'.");
    Refusal(StatusCode::NOT_FOUND, message)
}

pub(super) fn unauthorized() -> Refusal {
    let message = "Authorization has been denied for this request.";
    Refusal(StatusCode::UNAUTHORIZED, message.to_owned())
}

pub(super) fn too_many_requests() -> Refusal {
    let message = "API calls quota exceeded.";
    Refusal(StatusCode::TOO_MANY_REQUESTS, message.to_owned())
}

impl Insightly {
    pub(super) fn refuse(&self, Refusal(status, message): Refusal) -> Reply {
        let form = |choice| self.switches.is(&on::ERROR_BODY, choice);
        match () {
            () if form("json_string") => Reply::json(status, &json!(message)),
            () if form("plain_text") => Reply::text(status, "text/plain; charset=utf-8", message),
            () if form("empty") => Reply::empty(status),
            () => Reply::json(status, &json!({ "Message": message })),
        }
    }
}
