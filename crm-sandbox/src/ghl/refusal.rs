//! GHL's refusals, word for word where the words are known.

use http::StatusCode;
use serde_json::{Value, json};

use crate::reply::Reply;

pub(super) fn unauthorized(message: &str) -> Reply {
    let body = json!({ "statusCode": 401, "message": message });
    Reply::json(StatusCode::UNAUTHORIZED, &body)
}

pub(super) fn foreign_location() -> Reply {
    let body = json!({
        "statusCode": 403,
        "message": "The token does not have access to this location.",
        "error": "Forbidden",
    });
    Reply::json(StatusCode::FORBIDDEN, &body)
}

/// An agency's operation with the token of a location.
pub(super) fn forbidden_resource() -> Reply {
    let body = json!({
        "message": "Forbidden resource",
        "error": "Forbidden",
        "statusCode": 403,
    });
    Reply::json(StatusCode::FORBIDDEN, &body)
}

/// `UnauthorizedDTO`, as the specification has it.
pub(super) fn invalid_token() -> Reply {
    let body = json!({
        "statusCode": 401,
        "message": "Invalid token: access token is invalid",
        "error": "Unauthorized",
    });
    Reply::json(StatusCode::UNAUTHORIZED, &body)
}

/// `NotFoundDTO`.
pub(super) fn not_found() -> Reply {
    let body = json!({ "statusCode": 404, "message": "Not Found" });
    Reply::json(StatusCode::NOT_FOUND, &body)
}

pub(super) fn bad_request(message: &str) -> Reply {
    let body = json!({ "statusCode": 400, "message": message, "error": "Bad Request" });
    Reply::json(StatusCode::BAD_REQUEST, &body)
}

/// The only refusal with `status` for its number and `error` for its text.
pub(super) fn no_contact(id: &str) -> Reply {
    missing("Contact", id, 400)
}

/// Any other record, in the same form.
pub(super) fn missing(noun: &str, id: &str, status: u16) -> Reply {
    let body = json!({ "error": format!("{noun} with id {id} not found"), "status": status });
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    Reply::json(status, &body)
}

pub(super) fn unprocessable(messages: &[String]) -> Reply {
    let body = json!({
        "message": messages,
        "error": "Unprocessable Entity",
        "statusCode": 422,
    });
    Reply::json(StatusCode::UNPROCESSABLE_ENTITY, &body)
}

pub(super) fn duplicate(id: &str, field: &str, name: &str) -> Reply {
    let body = json!({
        "statusCode": 400,
        "message": "This location does not allow duplicated contacts.",
        "meta": { "contactId": id, "matchingField": field, "contactName": name },
    });
    Reply::json(StatusCode::BAD_REQUEST, &body)
}

/// The status and the body disagree on the live server too.
pub(super) fn nobody() -> Reply {
    let body = json!({
        "statusCode": 422,
        "message": "Pass at least one of name, firstName, lastName, email, phone",
        "error": "Unprocessable Entity",
    });
    Reply::json(StatusCode::BAD_REQUEST, &body)
}

pub(super) fn no_route(method: &str, path: &str) -> Reply {
    let body = json!({
        "message": format!("Cannot {method} {path}"),
        "error": "Not Found",
        "statusCode": 404,
    });
    Reply::json(StatusCode::NOT_FOUND, &body)
}

/// No `error` member and never a `Retry-After` of its own.
pub(super) fn too_many_requests() -> Reply {
    let body = json!({ "statusCode": 429, "message": "Too Many Requests" });
    Reply::json(StatusCode::TOO_MANY_REQUESTS, &body)
}

/// A body that is not a JSON object.
pub(super) fn unreadable_body(error: &str) -> Reply {
    bad_request(error)
}

/// One message of the validator about a member that is not declared.
pub(super) fn should_not_exist(name: &str) -> String {
    format!("property {name} should not exist")
}

/// The object that a body must be.
pub(super) fn object(body: &Value) -> Result<&serde_json::Map<String, Value>, Reply> {
    body.as_object()
        .ok_or_else(|| unreadable_body("Unexpected token in JSON at position 0"))
}
