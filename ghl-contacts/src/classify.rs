//! Status and body of a refusal → what it means.

use api_transport::{Definition, Effect, Response, StatusCode, Verdict};

use crate::{
    error::ErrorKind, error_body::ErrorBody, ids::ContactId, operation::operation, rate_headers,
};

pub(crate) fn classify(definition: &Definition, response: &Response) -> Verdict<ErrorKind> {
    let body = ErrorBody::read(&response.body);
    let kind = kind(definition, response, &body);
    let message = match body.message() {
        empty if empty.is_empty() => reason(response.status),
        message => message,
    };
    Verdict {
        effect: effect(definition, response.status, &kind, &body),
        transient: matches!(
            kind,
            ErrorKind::RateLimited | ErrorKind::Timeout | ErrorKind::Unavailable
        ),
        credential_refused: kind == ErrorKind::Unauthorized,
        kind,
        message,
        request_id: body.trace_id,
    }
}

fn kind(definition: &Definition, response: &Response, body: &ErrorBody) -> ErrorKind {
    let message = body.message().to_lowercase();
    match response.status {
        StatusCode::BAD_REQUEST => bad_request(definition, body, &message),
        StatusCode::UNAUTHORIZED => unauthorized(definition, &message),
        StatusCode::FORBIDDEN if message.contains("access to this location") => {
            ErrorKind::WrongLocation
        }
        StatusCode::FORBIDDEN if message.contains("scope") => missing_scope(definition),
        StatusCode::FORBIDDEN => ErrorKind::Forbidden,
        StatusCode::NOT_FOUND => not_found(definition, &message),
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => ErrorKind::Timeout,
        StatusCode::UNPROCESSABLE_ENTITY => invalid(body),
        StatusCode::TOO_MANY_REQUESTS => too_many(response),
        status if status.is_server_error() => ErrorKind::Unavailable,
        _ => ErrorKind::Other,
    }
}

fn bad_request(definition: &Definition, body: &ErrorBody, message: &str) -> ErrorKind {
    match &body.existing {
        Some(existing) => ErrorKind::Duplicate {
            existing: ContactId::new(existing),
            field: body.matching_field.clone().unwrap_or_default(),
        },
        None if names_missing_record(definition, message) => ErrorKind::NotFound,
        None if body.listed => invalid(body),
        None => ErrorKind::BadRequest,
    }
}

/// "… not found" counts only when it speaks of something in the path: an update that
/// assigns a missing *user* must not look like a missing contact.
fn names_missing_record(definition: &Definition, message: &str) -> bool {
    let Some((what, _)) = message.split_once("not found") else {
        return false;
    };
    let path = definition.path().to_lowercase();
    let literal = |word: &str| {
        path.split('/')
            .any(|part| !part.starts_with('{') && part.contains(word))
    };
    what.trim().is_empty()
        || what
            .split_whitespace()
            .any(|word| word.len() > 2 && literal(word))
}

/// The framework's own 404 and an empty one speak of the path, not of a record.
fn not_found(definition: &Definition, message: &str) -> ErrorKind {
    let of_framework = ["cannot get", "cannot post", "cannot put", "cannot delete"]
        .iter()
        .any(|start| message.starts_with(start));
    if message.is_empty() || of_framework || !names_missing_record(definition, message) {
        ErrorKind::UnknownRoute
    } else {
        ErrorKind::NotFound
    }
}

fn unauthorized(definition: &Definition, message: &str) -> ErrorKind {
    if message.contains("timed out") {
        ErrorKind::Timeout
    } else if message.contains("version header") {
        ErrorKind::Version
    } else if message.contains("not authorized for this scope") {
        missing_scope(definition)
    } else if of_a_path(message) {
        // A path in the wrong case, in the words of its access check.
        ErrorKind::UnknownRoute
    } else if message.contains("user type is not") {
        ErrorKind::Forbidden
    } else {
        ErrorKind::Unauthorized
    }
}

fn missing_scope(definition: &Definition) -> ErrorKind {
    let needed = operation(definition.name()).and_then(|op| op.scopes().first());
    ErrorKind::MissingScope {
        operation: definition.name(),
        scope: needed.copied(),
    }
}

fn of_a_path(message: &str) -> bool {
    let words = || message.split(|c: char| !c.is_ascii_alphanumeric());
    words().any(|word| word == "iam") || words().any(|word| word == "route")
}

fn too_many(response: &Response) -> ErrorKind {
    let read = rate_headers::read(&response.headers);
    match read.daily_remaining {
        Some(0) => ErrorKind::DayExhausted {
            resets_in: read.daily_resets_in,
        },
        _ => ErrorKind::RateLimited,
    }
}

fn invalid(body: &ErrorBody) -> ErrorKind {
    let mut fields: Vec<String> = body.messages.iter().filter_map(|m| field_of(m)).collect();
    fields.dedup();
    ErrorKind::InvalidField {
        fields,
        messages: body.messages.clone(),
    }
}

/// `dndSettings.property email should not exist` → `dndSettings.email`;
/// `email must be an email` → `email`; `each value in tags must be a string` → `tags`.
fn field_of(message: &str) -> Option<String> {
    let message = message.trim_start_matches("each value in ");
    let words: Vec<&str> = message.split_whitespace().collect();
    match words.as_slice() {
        [start, field, "should", "not", "exist", ..] if start.ends_with("property") => {
            Some(format!("{}{field}", start.trim_end_matches("property")))
        }
        [field, "must" | "should", ..] => Some((*field).to_owned()),
        _ => None,
    }
}

/// A refusal is certain where the request was not looked at, or validation named its reasons.
///
/// One report tells of a 422 after which the contact existed all the same (issue 64),
/// so a 422 that is no list of validation messages leaves a write open.
fn effect(
    definition: &Definition,
    status: StatusCode,
    kind: &ErrorKind,
    body: &ErrorBody,
) -> Effect {
    let open = matches!(kind, ErrorKind::Timeout | ErrorKind::Unavailable)
        || !(status.is_client_error() || status.is_redirection())
        || (status == StatusCode::UNPROCESSABLE_ENTITY && !body.listed);
    if open && !definition.is_read() {
        Effect::Unknown
    } else {
        Effect::NotApplied
    }
}

fn reason(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or("unknown status");
    format!("no message ({reason})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validation_messages_name_their_field() {
        for (message, field) in [
            ("property gender should not exist", Some("gender")),
            (
                "dndSettings.property email should not exist",
                Some("dndSettings.email"),
            ),
            ("email must be an email", Some("email")),
            ("each value in tags must be a string", Some("tags")),
            ("pageLimit should not be empty", Some("pageLimit")),
            ("Something else happened", None),
        ] {
            assert_eq!(field_of(message).as_deref(), field, "{message}");
        }
    }

    #[test]
    fn only_what_the_path_names_can_be_missing() {
        static UPDATE: Definition = Definition::put("contacts.update", "/contacts/{contactId}");
        static FIELD: Definition =
            Definition::get("x", "/locations/{locationId}/customFields/{id}");
        for (definition, message, missing) in [
            (&UPDATE, "contact with id sed4 not found", true),
            (&UPDATE, "not found", true),
            (&UPDATE, "user not found", false),
            (&UPDATE, "location with id x not found", false),
            (&FIELD, "custom field not found", true),
            (&UPDATE, "contact is deleted", false),
        ] {
            assert_eq!(
                names_missing_record(definition, message),
                missing,
                "{message}"
            );
        }
    }
}
