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

/// The plan holds no more of something.
pub(super) fn plan_full(what: &str) -> Refusal {
    let message = format!("{what} limit reached.");
    Refusal(StatusCode::PAYMENT_REQUIRED, message)
}

/// A sentence of its own form: see [`Insightly::refuse`].
pub(super) fn no_access(what: &str) -> Refusal {
    let message = format!("API User does not have access to {what}.");
    Refusal(StatusCode::FORBIDDEN, message)
}

pub(super) fn no_permission() -> Refusal {
    let message = "User does not have permission for this action.";
    Refusal(StatusCode::FORBIDDEN, message.to_owned())
}

pub(super) fn in_use(message: impl Into<String>) -> Refusal {
    Refusal(StatusCode::CONFLICT, message.into())
}

/// The server could not do it, and does not say why.
pub(super) fn failed(message: impl Into<String>) -> Refusal {
    Refusal(StatusCode::EXPECTATION_FAILED, message.into())
}

impl Insightly {
    /// The reason phrase of the status line carries the sentence in any form.
    pub(super) fn refuse(&self, Refusal(status, message): Refusal) -> Reply {
        let form = |choice| self.switches.is(&on::ERROR_BODY, choice);
        let plain = "text/plain; charset=utf-8";
        let reply = match status {
            StatusCode::UNAUTHORIZED if self.switches.is(&on::UNAUTHORIZED_BODY, "empty") => {
                Reply::empty(status)
            }
            // A sentence alone was seen for it, whatever the form of other refusals.
            StatusCode::FORBIDDEN if form("message_object") => Reply::json(status, &json!(message)),
            StatusCode::EXPECTATION_FAILED => Reply::empty(status),
            _ if form("json_string") => Reply::json(status, &json!(message)),
            _ if form("plain_text") => Reply::text(status, plain, message.clone()),
            _ if form("empty") => Reply::empty(status),
            _ if form("html_page") => {
                let page = format!("<html><body><h1>{message}</h1></body></html>");
                Reply::text(status, "text/html; charset=utf-8", page)
            }
            _ => Reply::json(status, &json!({ "Message": message })),
        };
        reply.reason(message)
    }
}
