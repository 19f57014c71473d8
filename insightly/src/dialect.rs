//! What Insightly's answers mean.

use api_transport::{
    Definition, Dialect, Effect, LimitReading, Method, Request, Response, StatusCode, Verdict,
};

use crate::{answer_text::answer_text, day::Day, error::ErrorKind};

/// Insightly's rules for the transport.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Insightly;

impl Dialect for Insightly {
    type Kind = ErrorKind;

    fn prepare(&self, _request: &mut Request) {}

    fn limits(&self, response: &Response) -> LimitReading {
        Day::of(&response.headers).reading(&response.headers)
    }

    fn classify(&self, definition: &Definition, response: &Response) -> Verdict<ErrorKind> {
        let message = answer_text(response);
        let kind = kind(definition, response, &message);
        Verdict {
            effect: effect(definition, response.status),
            transient: is_transient(&kind, response.status),
            credential_refused: kind == ErrorKind::Unauthorized,
            kind,
            message,
            request_id: None,
        }
    }
}

fn kind(definition: &Definition, response: &Response, message: &str) -> ErrorKind {
    match response.status.as_u16() {
        400 if is_about_if_match(message) => ErrorKind::ChangedMeanwhile,
        400 => ErrorKind::Invalid,
        401 => ErrorKind::Unauthorized,
        402 => ErrorKind::PlanFull,
        403 if lacks_family(definition, message) => ErrorKind::FamilyNotAvailable,
        403 => ErrorKind::Forbidden,
        404 if is_of_no_record(definition) => ErrorKind::FamilyNotAvailable,
        404 => ErrorKind::NotFound,
        405 => ErrorKind::WrongResource,
        408 => ErrorKind::Timeout,
        409 => ErrorKind::InUse,
        412 => ErrorKind::ChangedMeanwhile,
        417 => ErrorKind::DeleteFailed,
        429 => too_many(response),
        500..=599 => ErrorKind::Unavailable,
        _ => ErrorKind::Other,
    }
}

/// A stale `If-Match` is answered with 400, not with the documented 412.
fn is_about_if_match(message: &str) -> bool {
    message.to_ascii_lowercase().contains("if-match")
}

/// A burst passes; a used-up day does not.
fn too_many(response: &Response) -> ErrorKind {
    let day = Day::of(&response.headers);
    if day.is_used_up() {
        ErrorKind::DayExhausted {
            ask_again_in: day.reading(&response.headers).daily_resets_in,
        }
    } else {
        ErrorKind::RateLimited
    }
}

/// "… does not have access to Ticket." against "… does not have access to Record."
fn lacks_family(definition: &Definition, message: &str) -> bool {
    match message.split_once("does not have access to ") {
        Some((_, what)) => !what.to_ascii_lowercase().starts_with("record"),
        None => definition.is_read() && is_of_no_record(definition),
    }
}

/// Lists, searches and creates: nothing in them that could be missing but the family itself.
fn is_of_no_record(definition: &Definition) -> bool {
    let path = definition.path();
    let names_record = path.contains("{id}") || *definition.method() == Method::PUT;
    !names_record && *definition.method() != Method::DELETE
}

fn effect(definition: &Definition, status: StatusCode) -> Effect {
    let undecided = status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT;
    if undecided && !definition.is_read() {
        Effect::Unknown
    } else {
        Effect::NotApplied
    }
}

fn is_transient(kind: &ErrorKind, status: StatusCode) -> bool {
    let lasting = [
        StatusCode::NOT_IMPLEMENTED,
        StatusCode::HTTP_VERSION_NOT_SUPPORTED,
    ];
    match kind {
        ErrorKind::RateLimited | ErrorKind::Timeout => true,
        ErrorKind::Unavailable => !lasting.contains(&status),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use api_transport::{Bytes, HeaderMap, HeaderValue};

    use super::*;

    static LIST: Definition = Definition::get("tickets.list", "/Ticket");
    static GET: Definition = Definition::get("contacts.get", "/Contacts/{id}");
    static CREATE: Definition = Definition::post("contacts.create", "/Contacts");
    static UPDATE: Definition = Definition::put("contacts.update", "/Contacts");

    fn verdict(
        op: &Definition,
        status: u16,
        body: &str,
        left: Option<&'static str>,
    ) -> Verdict<ErrorKind> {
        let mut headers = HeaderMap::new();
        if let Some(left) = left {
            headers.insert("x-ratelimit-remaining", HeaderValue::from_static(left));
        }
        Insightly.classify(
            op,
            &Response {
                status: StatusCode::from_u16(status).unwrap(),
                reason: None,
                headers,
                body: Bytes::from(body.to_owned()),
            },
        )
    }

    #[test]
    fn a_burst_passes_and_a_used_up_day_does_not() {
        let burst = verdict(&GET, 429, "", Some("17"));
        assert_eq!(burst.kind, ErrorKind::RateLimited);
        assert!(burst.transient);
        let day = verdict(&GET, 429, "", Some("0"));
        assert!(matches!(
            day.kind,
            ErrorKind::DayExhausted {
                ask_again_in: Some(_)
            }
        ));
        assert!(!day.transient);
        assert_eq!(day.effect, Effect::NotApplied);
    }

    #[test]
    fn a_missing_family_is_told_from_a_missing_record() {
        let no_access = "API User does not have access to";
        let of = |op, status, body: &str| verdict(op, status, body, None).kind;
        assert_eq!(
            of(&LIST, 403, &format!("{no_access} Ticket.")),
            ErrorKind::FamilyNotAvailable
        );
        assert_eq!(
            of(&GET, 403, &format!("{no_access} Prospect.")),
            ErrorKind::FamilyNotAvailable
        );
        assert_eq!(
            of(&GET, 403, &format!("{no_access} Record.")),
            ErrorKind::Forbidden
        );
        assert_eq!(
            of(&CREATE, 403, "Administrator required"),
            ErrorKind::Forbidden
        );
        assert_eq!(of(&LIST, 404, ""), ErrorKind::FamilyNotAvailable);
        assert_eq!(of(&GET, 404, ""), ErrorKind::NotFound);
        assert_eq!(of(&UPDATE, 404, ""), ErrorKind::NotFound);
    }

    #[test]
    fn a_stale_if_match_is_a_change_by_somebody_else() {
        let stale = "The If-Match header value is not valid.";
        assert_eq!(
            verdict(&UPDATE, 400, stale, None).kind,
            ErrorKind::ChangedMeanwhile
        );
        assert_eq!(
            verdict(&UPDATE, 412, "", None).kind,
            ErrorKind::ChangedMeanwhile
        );
        assert_eq!(verdict(&UPDATE, 400, "bad", None).kind, ErrorKind::Invalid);
    }

    #[test]
    fn a_5xx_on_a_write_may_have_been_done() {
        assert_eq!(verdict(&CREATE, 500, "", None).effect, Effect::Unknown);
        assert_eq!(verdict(&GET, 500, "", None).effect, Effect::NotApplied);
        assert_eq!(verdict(&CREATE, 402, "", None).effect, Effect::NotApplied);
        assert!(verdict(&CREATE, 503, "", None).transient);
        assert!(!verdict(&CREATE, 501, "", None).transient);
    }
}
