//! Telephone numbers in E.164.

/// `+` and digits, or nothing when the text is no number.
///
/// Without a `+` the number is one of the location's country, the United States.
pub(super) fn e164(text: &str) -> Option<String> {
    let text = text.trim();
    let strange = |c: char| !(c.is_ascii_digit() || " +-().\u{a0}/".contains(c));
    if text.chars().any(strange) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let with_country = match (text.starts_with('+'), digits.len()) {
        (true, 7..=15) => digits,
        (false, 10) => format!("1{digits}"),
        (false, 11) if digits.starts_with('1') => digits,
        _ => return None,
    };
    Some(format!("+{with_country}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_numbers_become_plus_and_digits() {
        assert_eq!(e164("+1 888-888-8888").as_deref(), Some("+18888888888"));
        assert_eq!(e164("(415) 555-0142").as_deref(), Some("+14155550142"));
        assert_eq!(e164("+49 (415) 555-0142").as_deref(), Some("+494155550142"));
        assert_eq!(e164("call me"), None);
        assert_eq!(e164("123"), None);
    }
}
