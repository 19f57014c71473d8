//! One form for a phone number.

use std::borrow::Cow;

use phonenumber::{Mode, country::Id};

/// Reads numbers as the people of one country type them.
#[derive(Debug, Clone, Copy, Hash)]
pub struct PhoneReader {
    country: Id,
}

impl PhoneReader {
    /// Numbers without a `+` belong to this country (ISO code of two letters; the United States if unknown).
    pub fn of_country(code: Option<&str>) -> Self {
        let code = code.map(str::to_ascii_uppercase);
        Self {
            country: code.and_then(|code| code.parse().ok()).unwrap_or(Id::US),
        }
    }

    /// The number as E.164, without its extension; blank text is blank.
    ///
    /// # Errors
    ///
    /// What is no phone number, for the hold.
    pub fn read<'t>(&self, text: Option<&'t str>) -> Result<Option<Cow<'t, str>>, String> {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        if is_north_american(text) {
            return Ok(Some(text.into()));
        }
        match phonenumber::parse(Some(self.country), text) {
            Ok(number) => Ok(Some(number.format().mode(Mode::E164).to_string().into())),
            Err(_) => Err(format!("`{text}` is no phone number")),
        }
    }
}

/// Whether it is a number of the North American plan in E.164 already, as GHL keeps them: nothing
/// can change in it, and reading it takes longer than the rest of a contact.
fn is_north_american(text: &str) -> bool {
    let national = text.strip_prefix("+1").unwrap_or_default().as_bytes();
    matches!(national, [b'2'..=b'9', rest @ ..] if rest.len() == 9 && rest.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_parsed_is_what_the_parser_makes_of_it() {
        for country in [Id::US, Id::CA, Id::JM, Id::DE, Id::GB] {
            for area in 200..=999 {
                let text = format!("+1{area}5550{area}");
                assert!(is_north_american(&text), "{text}");
                let parsed = phonenumber::parse(Some(country), &text).unwrap();
                assert_eq!(parsed.format().mode(Mode::E164).to_string(), text);
            }
        }
        for other in [
            "+11155550142",
            "+1415555014",
            "+141555501421",
            "+1415555014x",
            "14155550142",
        ] {
            assert!(!is_north_american(other), "{other}");
        }
    }

    #[test]
    fn formats_and_extensions_do_not_make_another_number() {
        let reader = PhoneReader::of_country(Some("us"));
        for text in ["(415) 555-0142", "+1 415 555 0142", "415.555.0142 ext 12"] {
            assert_eq!(
                reader.read(Some(text)),
                Ok(Some("+14155550142".into())),
                "{text}"
            );
        }
        assert_eq!(reader.read(Some("  ")), Ok(None));
        assert!(reader.read(Some("call me")).is_err());
    }
}
