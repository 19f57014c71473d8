//! Members of raw records.

use serde_json::Value;

/// A member's text, without outer space; nothing for what is no text or number.
pub fn text(record: &Value, member: &str) -> String {
    match &record[member] {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// The digits of a phone.
pub fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// The letters and digits of a text in small letters: without white space, markup, and the footer
/// of a copy.
pub fn letters(text: &str) -> String {
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    let footers = ["[GHL · ", "[Insightly · "];
    let ends = footers.iter().filter_map(|footer| text.find(footer)).min();
    let text = ends.map_or(text.as_str(), |end| &text[..end]);
    let mut inside = false;
    let mut kept = String::new();
    for letter in text.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            letter if !inside && letter.is_alphanumeric() => kept.extend(letter.to_lowercase()),
            _ => {}
        }
    }
    kept
}
