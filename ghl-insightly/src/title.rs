//! What people call a record.

use std::fmt::Write;

use sync_core::{FieldKey, Kind, Record};

use crate::{
    company::{COMPANY, COMPANY_NAME},
    contact::{CONTACT, EMAIL, FIRST_NAME, LAST_NAME, PHONE},
    note::{NOTE, NOTE_TITLE, TEXT},
    task::TITLE,
};

/// A longer title is cut.
const LONGEST: usize = 60;

/// What people call a record of a stock kind, by what it [showed](sync_core::Archive::shown): one
/// line of at most 60 characters. `None` where it showed nothing of that sort.
///
/// A contact goes by its name, else its e-mail address, else its phone number; a company by its
/// name; a note by its title, else the first line of its text; all others by their title.
///
/// ```
/// use ghl_insightly::{contact::{CONTACT, FIRST_NAME, LAST_NAME}, title};
/// use sync_core::Record;
///
/// let mut ada = Record::default();
/// ada.set(&FIRST_NAME, "Ada".to_owned());
/// ada.set(&LAST_NAME, "Lovelace".to_owned());
/// assert_eq!(title(&CONTACT, &ada).as_deref(), Some("Ada Lovelace"));
/// assert_eq!(title(&CONTACT, &Record::default()), None);
/// ```
pub fn title(kind: &Kind, shown: &Record) -> Option<String> {
    let whole = |keys: &[&FieldKey]| {
        let mut whole = String::new();
        for value in keys.iter().filter_map(|key| shown.value(key)) {
            let _ = write!(whole, "{value} ");
        }
        one_line(&whole)
    };
    if *kind == CONTACT {
        whole(&[FIRST_NAME.key(), LAST_NAME.key()])
            .or_else(|| whole(&[EMAIL.key()]))
            .or_else(|| whole(&[PHONE.key()]))
    } else if *kind == COMPANY {
        whole(&[COMPANY_NAME.key()])
    } else if *kind == NOTE {
        whole(&[NOTE_TITLE.key()]).or_else(|| whole(&[TEXT.key()]))
    } else {
        whole(&[TITLE.key()])
    }
}

/// The first line that is not blank, without what would move a terminal's cursor.
fn one_line(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let mut plain = line.chars().filter(|letter| !letter.is_control());
    let mut title: String = plain.by_ref().take(LONGEST).collect();
    if plain.next().is_some() {
        title.pop();
        title.push('…');
    }
    Some(title)
}

#[cfg(test)]
mod tests {
    use sync_core::{Email, Lines, Name};

    use super::*;

    fn said(kind: &Kind, set: impl FnOnce(&mut Record)) -> Option<String> {
        let mut record = Record::default();
        set(&mut record);
        title(kind, &record)
    }

    #[test]
    fn a_record_goes_by_the_first_that_it_shows() {
        let only_last = said(&CONTACT, |r| {
            r.set(&LAST_NAME, "Lovelace".to_owned());
            r.set(&EMAIL, Email::new("ada@example.com"));
        });
        assert_eq!(only_last.as_deref(), Some("Lovelace"));
        let nameless = said(&CONTACT, |r| {
            r.set(&EMAIL, Email::new("ada@example.com"));
            r.set(&PHONE, "+12025550123".to_owned());
        });
        assert_eq!(nameless.as_deref(), Some("ada@example.com"));
        let phone = said(&CONTACT, |r| {
            r.set(&PHONE, "+12025550123".to_owned());
        });
        assert_eq!(phone.as_deref(), Some("+12025550123"));
        let company = said(&COMPANY, |r| {
            r.set(&COMPANY_NAME, Name::new("Analytical Engines"));
        });
        assert_eq!(company.as_deref(), Some("Analytical Engines"));
    }

    #[test]
    fn a_note_goes_by_one_line_of_its_text() {
        let note = said(&NOTE, |r| {
            r.set(&TEXT, Lines::new("\n Call\x1b[2J her \nbefore noon"));
        });
        assert_eq!(note.as_deref(), Some("Call[2J her"));
        let long = said(&NOTE, |r| {
            r.set(&TEXT, Lines::new(&"ä".repeat(61)));
        });
        assert_eq!(long, Some("ä".repeat(59) + "…"));
    }
}
