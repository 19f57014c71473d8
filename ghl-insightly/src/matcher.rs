//! By what records of every kind are matched.

use sync_core::{Kind, Lines, MatchKey, Matcher, Record, Tier};

use crate::{
    company::{COMPANY, COMPANY_NAME},
    contact::{CONTACT, ContactMatcher},
    follow_up::{APPOINTMENT, FOLLOW_UP},
    lead::LEAD,
    note::{NOTE, TEXT},
    task::{TASK, TITLE},
};

/// The stock matcher.
///
/// Contacts, and the leads that may hold their creation, as [`ContactMatcher`] says; companies by
/// their names, without case; follow-up tasks by the appointment that they name. Tasks and notes
/// only where they show the same under one linked contact: after a store was lost. Their keys else
/// find again what the engine created.
#[derive(Debug, Clone, Copy, Default)]
pub struct StockMatcher;

/// As much of a note as tells it from others.
const BEGINNING: usize = 200;

impl Matcher for StockMatcher {
    fn keys(&self, kind: &Kind, record: &Record) -> Vec<MatchKey> {
        if *kind == CONTACT || *kind == LEAD {
            return ContactMatcher.keys(kind, record);
        }
        let key = if *kind == COMPANY {
            let name = record.get(&COMPANY_NAME);
            name.map(|name| MatchKey::new(Tier::First, "name", name.key()))
        } else if *kind == FOLLOW_UP {
            let id = record.get(&APPOINTMENT);
            id.map(|id| MatchKey::new(Tier::First, "appointment", id))
        } else if *kind == TASK {
            let title = record.get(&TITLE);
            title.map(|title| MatchKey::new(Tier::Recovery, "task", title.to_lowercase()))
        } else if *kind == NOTE {
            record.get(&TEXT).map(|text| recovery_of_note(&text))
        } else {
            None
        };
        key.into_iter().collect()
    }

    fn agree(&self, kind: &Kind, key: &MatchKey, left: &Record, right: &Record) -> bool {
        *kind != CONTACT || ContactMatcher.agree(kind, key, left, right)
    }
}

fn recovery_of_note(text: &Lines) -> MatchKey {
    let beginning: String = text.as_str().chars().take(BEGINNING).collect();
    MatchKey::new(Tier::Recovery, "note", beginning.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::{EMAIL, FIRST_NAME, GHL_ID, LAST_NAME, OTHER_EMAILS, OTHER_PHONES, PHONE};
    use crate::task::DUE;
    use sync_core::{Email, Field, Name, PartialDate, Tags, testing::matcher_laws};

    fn with<T: sync_core::FieldType>(field: &Field<T>, value: T) -> Record {
        let mut record = Record::default();
        record.set(field, value);
        record
    }

    fn person(first: &str, last: &str, email: Option<&str>) -> Record {
        let mut person = with(&PHONE, "+14155550142".to_owned());
        person
            .set(&FIRST_NAME, first.to_owned())
            .set(&LAST_NAME, last.to_owned())
            .set(&EMAIL, email.map(Email::new));
        person
    }

    /// A family with one phone, a person in two spellings, and one with much to be found by.
    fn people() -> Vec<Record> {
        let mut much = person("Ada", "King", Some("Ada@Example.com"));
        much.set(&GHL_ID, "c0ffee".to_owned())
            .set(
                &OTHER_EMAILS,
                Tags::new(["Countess@Example.com", "ada@example.com"]),
            )
            .set(&OTHER_PHONES, Tags::new(["+14155550142", "+14155550143"]));
        vec![
            person("Ada", "King", None),
            person("ADA", "king", Some("ada@example.com")),
            person("", "King", Some("ada.king@example.com")),
            person("Ben", "King", None),
            much,
        ]
    }

    /// Somebody may give it another day before it is found again, which is a question then.
    #[test]
    fn a_lost_task_is_found_again_under_another_due_date() {
        let mut task = with(&TITLE, "Call Ada".to_owned());
        let keys = StockMatcher.keys(&TASK, &task);
        task.set(&DUE, PartialDate::without_year(12, 1));
        assert_eq!((StockMatcher.keys(&TASK, &task), keys.len()), (keys, 1));
    }

    #[test]
    fn the_stock_matcher_keeps_the_laws_of_matchers() {
        let names = ["Acme", " ACME ", "Acme Ltd"];
        let companies = names.map(|name| with(&COMPANY_NAME, Name::new(name)));
        let mut call = with(&TITLE, "Call Ada".to_owned());
        let undated = call.clone();
        call.set(&DUE, PartialDate::without_year(12, 1));
        let notes = ["Spoke to Ada.\nShe will call.", &"long ".repeat(99)];
        let notes = notes.map(|text| with(&TEXT, Lines::new(text)));
        let visit = with(&APPOINTMENT, "a1".to_owned());
        let of_kinds = [
            (CONTACT, people()),
            (LEAD, people()),
            (COMPANY, companies.into()),
            (TASK, vec![call, undated]),
            (NOTE, notes.into()),
            (FOLLOW_UP, vec![visit]),
        ];
        for (kind, records) in of_kinds {
            let proved = matcher_laws(&StockMatcher, &kind, records);
            assert_eq!(proved, Ok(()), "{kind}");
        }
    }
}
