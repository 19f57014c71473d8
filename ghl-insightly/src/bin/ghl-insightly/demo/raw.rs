//! Members of raw contacts, as the servers keep them.

use serde_json::Value;

pub(super) fn text(contact: &Value, member: &str) -> String {
    match &contact[member] {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

pub(super) fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

pub(super) fn insightly_phones(contact: &Value) -> Vec<String> {
    let slots = ["PHONE_MOBILE", "PHONE", "PHONE_HOME", "PHONE_OTHER"];
    let filled: Vec<String> = slots
        .iter()
        .map(|slot| digits(&text(contact, slot)))
        .filter(|p| !p.is_empty())
        .collect();
    if filled.is_empty() {
        vec![String::new()]
    } else {
        filled
    }
}
