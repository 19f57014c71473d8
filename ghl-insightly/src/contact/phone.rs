//! One form for a phone number.

use phonenumber::{Mode, country::Id};

/// Reads numbers as the people of one country type them.
#[derive(Debug, Clone, Copy)]
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
    pub fn read(&self, text: Option<&str>) -> Result<Option<String>, String> {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        match phonenumber::parse(Some(self.country), text) {
            Ok(number) => Ok(Some(number.format().mode(Mode::E164).to_string())),
            Err(_) => Err(format!("`{text}` is no phone number")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
