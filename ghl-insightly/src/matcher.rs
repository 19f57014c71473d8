//! By what records of every kind are matched.

use sync_core::{Kind, Lines, MatchKey, Matcher, Record, Tier};

use crate::{
    company::{COMPANY, COMPANY_NAME},
    contact::{CONTACT, ContactMatcher},
    follow_up::{APPOINTMENT, FOLLOW_UP},
    lead::LEAD,
    note::{NOTE, TEXT},
    task::{DUE, TASK, TITLE},
};

/// The stock matcher.
///
/// Contacts, and the leads that may hold their creation, as [`ContactMatcher`] says; companies by their names, without case; follow-up tasks by the
/// appointment that they name. Tasks and notes
/// are never matched: their keys only find again what was created by the engine itself.
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
            let due = record.get(&DUE).map(|due| due.to_string());
            let title = record.get(&TITLE);
            title.map(|title| {
                let task = format!("{} {}", due.unwrap_or_default(), title.to_lowercase());
                MatchKey::new(Tier::Recovery, "task", task)
            })
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
