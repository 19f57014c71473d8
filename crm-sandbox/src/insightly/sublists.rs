//! What belongs to a record, and its lists.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::families::{FAMILIES, shelf};
use super::lists::Found;
use super::packed::{Packed, Stored};
use super::refusal::Refusal;
use super::routes::{Exchange, Outcome};
use super::{End, Insightly, switches as on};

/// A record before its tags or links changed, and when that was.
pub(super) struct Before {
    at: Timestamp,
    row: Arc<Stored>,
}

impl Insightly {
    /// Ids of one family that belong to a record, ascending.
    pub(super) fn below(&self, parent: End, at: usize) -> Vec<i64> {
        let all = self.under.get(&parent);
        let all = all.map(|all| all.range((at, i64::MIN)..=(at, i64::MAX)));
        all.into_iter().flatten().map(|end| end.1).collect()
    }

    /// Takes a record out of what belongs to another.
    pub(super) fn leave(&mut self, parent: End, child: End) {
        if let Some(all) = self.under.get_mut(&parent) {
            all.remove(&child);
            if all.is_empty() {
                self.under.remove(&parent);
            }
        }
    }

    /// The rows of one family that belong to a record, as lists see them.
    pub(super) fn rows_below(&mut self, parent: End, at: usize) -> Found {
        let ids = self.below(parent, at);
        let hidden = &self.hidden;
        let seen = self.shelves[at].rows.seen(self.now);
        ids.into_iter()
            .filter(|id| !hidden.contains(&(at, *id)))
            .filter_map(|id| Some((id, seen.get(&id)?.clone())))
            .collect()
    }

    /// The list of one family below the record that the path names.
    pub(super) fn sublist(&mut self, exchange: &Exchange<'_>, key: &str) -> Outcome {
        let (parent, _) = self.row(exchange)?;
        let page = self.page(exchange)?;
        let at = shelf(key);
        let found = self.rows_below(parent, at);
        let found = self.updated_after(exchange, found)?;
        Ok(self.page_reply(exchange, at, found, page))
    }

    pub(super) fn get_notes(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.sublist(exchange, "notes")
    }

    pub(super) fn get_events(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.sublist(exchange, "events")
    }

    pub(super) fn get_emails(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.sublist(exchange, "emails")
    }

    /// A task shows on an opportunity or a project only if its member says so too.
    pub(super) fn get_tasks(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (parent, _) = self.row(exchange)?;
        let page = self.page(exchange)?;
        let at = shelf("tasks");
        let mut found = self.rows_below(parent, at);
        let family = &FAMILIES[parent.0];
        if matches!(family.key, "opportunities" | "projects") {
            found.retain(|(_, row)| {
                let fields = row.fields.open();
                let named = fields.get(family.id).and_then(serde_json::Value::as_i64);
                named == Some(parent.1)
            });
        }
        let found = self.updated_after(exchange, found)?;
        Ok(self.page_reply(exchange, at, found, page))
    }

    /// Keeps what a record shows for a read by id that comes too early.
    pub(super) fn remember_parts(&mut self, end: End, row: &Arc<Stored>) {
        let before = Before {
            at: self.now,
            row: row.clone(),
        };
        self.changing.insert(end, before);
    }

    /// The row as a read by id shows it: tags and links can be a second old.
    pub(super) fn as_read_by_id(&mut self, end: End) -> Result<Arc<Stored>, Refusal> {
        let row = self.visible(end)?;
        let now = self.now;
        let soon = SignedDuration::from_secs(1);
        self.changing
            .retain(|_, before| now.duration_since(before.at) < soon);
        let Some(before) = self.changing.get(&end) else {
            return Ok(row);
        };
        if self.switches.is(&on::PART_LAG, "none") {
            return Ok(row);
        }
        let (old, mut fields) = (before.row.fields.open(), row.fields.open());
        for name in ["TAGS", "LINKS"] {
            let shown = old.get(name).cloned().unwrap_or_default();
            if let Some(field) = FAMILIES[end.0].field(name) {
                fields.set(field.name, shown);
            }
        }
        Ok(Arc::new(Stored {
            fields: Packed::new(&FAMILIES[end.0], &fields),
            ..Stored::clone(&row)
        }))
    }
}
