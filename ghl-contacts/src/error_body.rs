//! What an answer that is not a 2xx says, whatever shape it has.

use serde_json::{Map, Value};

/// An error answer's body, read as far as it can be.
///
/// The body's own `statusCode` is left alone: it is known to differ from the real status.
#[derive(Debug, Default)]
pub(crate) struct ErrorBody {
    /// The messages; several where the API lists them.
    pub(crate) messages: Vec<String>,
    /// Whether `message` was a list, as validation writes it.
    pub(crate) listed: bool,
    /// The API's id of the request.
    pub(crate) trace_id: Option<String>,
    /// The existing contact of a duplicate.
    pub(crate) existing: Option<String>,
    /// The field that collides.
    pub(crate) matching_field: Option<String>,
}

/// Longer texts are pages of a gateway; their beginning tells enough.
const LONGEST: usize = 300;

impl ErrorBody {
    pub(crate) fn read(body: &[u8]) -> Self {
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Self::of(&members),
            Ok(Value::String(text)) => Self::plain(&text),
            _ => Self::plain(&String::from_utf8_lossy(body)),
        }
    }

    /// All messages in one line.
    pub(crate) fn message(&self) -> String {
        self.messages.join("; ")
    }

    fn of(members: &Map<String, Value>) -> Self {
        let found = ["message", "error", "msg", "detail"]
            .iter()
            .find_map(|name| members.get(*name).filter(|value| !value.is_null()));
        let meta = members.get("meta");
        Self {
            messages: found.map(texts).unwrap_or_default(),
            listed: matches!(found, Some(Value::Array(_))),
            trace_id: text(members.get("traceId")),
            existing: text(meta.and_then(|meta| meta.get("contactId"))),
            matching_field: text(meta.and_then(|meta| meta.get("matchingField"))),
        }
    }

    fn plain(text: &str) -> Self {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            messages: if line.is_empty() {
                Vec::new()
            } else {
                vec![shown(&line)]
            },
            ..Self::default()
        }
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    value?
        .as_str()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![shown(text)],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(inner) => match inner.get("message") {
            Some(message) => texts(message),
            None => vec![shown(&value.to_string())],
        },
        other => vec![shown(&other.to_string())],
    }
}

/// Shortened, and without anything that looks like a credential: gateways like to
/// echo what they were sent.
fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    let mut after_bearer = false;
    let words = short.split(' ').map(|word| {
        let bare = word.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        let secret = after_bearer || bare.starts_with("pit-") || bare.starts_with("eyJ");
        after_bearer = bare.eq_ignore_ascii_case("bearer");
        if secret { "[redacted]" } else { word }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(body: &str) -> String {
        ErrorBody::read(body.as_bytes()).message()
    }

    #[test]
    fn the_message_is_found_under_each_of_its_names() {
        assert_eq!(message(r#"{"message":"a","error":"b"}"#), "a");
        assert_eq!(message(r#"{"error":"b","status":400}"#), "b");
        assert_eq!(message(r#"{"message":["a","b"]}"#), "a; b");
        assert_eq!(message(r#"{"error":{"code":"X","message":"c"}}"#), "c");
        assert_eq!(message(r#"{"msg":"d"}"#), "d");
    }

    #[test]
    fn a_body_that_is_no_json_is_kept_on_one_line_and_cut() {
        assert_eq!(message("<html>\n<b>Bad</b>\n"), "<html> <b>Bad</b>");
        let long = "x".repeat(2000);
        assert!(message(&long).chars().count() <= LONGEST + 1);
        assert_eq!(message(""), "");
    }

    #[test]
    fn echoed_credentials_are_not_shown() {
        let echoed = r#"{"message":"bad header: Bearer s3cr3t and pit-1234 and \"eyJhbG.x.y\""}"#;
        let shown = message(echoed);
        for secret in ["s3cr3t", "pit-1234", "eyJhbG"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
