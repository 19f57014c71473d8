//! What an error answer says, whatever form it came in.

use api_transport::Response;
use serde_json::{Map, Value};

/// Longer bodies are pages, not messages.
const LONGEST: usize = 500;

/// The message of an answer that is not a 2xx: text, a JSON string, an object
/// with a message in it, or an HTML page, of which the title is kept. With no
/// body the reason phrase is the message.
pub(crate) fn answer_text(response: &Response) -> String {
    let body = String::from_utf8_lossy(&response.body);
    let said = match serde_json::from_str::<Value>(&body) {
        Ok(Value::String(text)) => text,
        Ok(Value::Object(object)) => of_object(&object).unwrap_or_else(|| body.trim().to_owned()),
        _ if body.trim_start().starts_with('<') => title(&body).unwrap_or_default().to_owned(),
        _ => body.trim().to_owned(),
    };
    let reason = reason(response);
    if said.is_empty() {
        return reason;
    }
    let said = cut(&said);
    match &response.reason {
        Some(reason) if !said.contains(reason.as_str()) => format!("{said} ({reason})"),
        _ => said,
    }
}

fn reason(response: &Response) -> String {
    response
        .reason
        .clone()
        .or_else(|| response.status.canonical_reason().map(str::to_owned))
        .unwrap_or_else(|| "no message".to_owned())
}

fn of_object(object: &Map<String, Value>) -> Option<String> {
    let message = ["Message", "message", "ErrorMessage", "error"]
        .iter()
        .find_map(|name| object.get(*name)?.as_str())?;
    let details: Vec<String> = object
        .get("ModelState")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(
            |(field, why)| match why.as_array().and_then(|all| all.first()?.as_str()) {
                Some(why) => format!("{field}: {why}"),
                None => format!("{field}: {why}"),
            },
        )
        .collect();
    if details.is_empty() {
        Some(message.to_owned())
    } else {
        Some(format!("{message} {}", details.join("; ")))
    }
}

fn title(page: &str) -> Option<&str> {
    let start = page.find("<title>")? + "<title>".len();
    let title = page[start..].split('<').next()?.trim();
    (!title.is_empty()).then_some(title)
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use api_transport::{Bytes, HeaderMap, StatusCode};

    use super::*;

    fn said(body: &str, reason: Option<&str>) -> String {
        answer_text(&Response {
            status: StatusCode::NOT_FOUND,
            reason: reason.map(str::to_owned),
            headers: HeaderMap::new(),
            body: Bytes::from(body.to_owned()),
        })
    }

    #[test]
    fn every_form_of_body_gives_its_message() {
        assert_eq!(said("No Lead with ID = 123", None), "No Lead with ID = 123");
        assert_eq!(said(r#""no access""#, None), "no access");
        for name in ["Message", "message", "ErrorMessage", "error"] {
            assert_eq!(said(&format!(r#"{{"{name}":"bad"}}"#), None), "bad");
        }
        assert_eq!(said(r#"{"code":7}"#, None), r#"{"code":7}"#);
        assert_eq!(
            said("<html><head><title>502 Bad Gateway</title>", None),
            "502 Bad Gateway"
        );
        assert_eq!(said("", None), "Not Found");
    }

    #[test]
    fn the_fields_of_an_invalid_model_are_named() {
        let body =
            r#"{"Message":"The request is invalid.","ModelState":{"contact.PHONE":["too long"]}}"#;
        assert_eq!(
            said(body, None),
            "The request is invalid. contact.PHONE: too long"
        );
    }

    #[test]
    fn an_own_reason_phrase_is_kept() {
        assert_eq!(said("", Some("Lead Not Found")), "Lead Not Found");
        assert_eq!(
            said("No Lead", Some("Lead Not Found")),
            "No Lead (Lead Not Found)"
        );
        assert_eq!(
            said("Lead Not Found!", Some("Lead Not Found")),
            "Lead Not Found!"
        );
    }

    #[test]
    fn a_long_body_is_cut() {
        assert_eq!(said(&"ä".repeat(9000), None).chars().count(), LONGEST + 1);
    }
}
