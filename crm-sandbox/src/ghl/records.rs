//! Every write of a record, whoever asked for it, passes through here.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::family::Family;
use super::moment::to_millisecond;
use super::refusal;
use super::{Ghl, Id};
use crate::reply::Reply;
use crate::rows::{Fields, Row, Stamps};
use crate::seed;

/// A record before and after a write.
pub(super) struct Change {
    pub(super) family: Family,
    pub(super) id: Id,
    pub(super) before: Option<Arc<Row>>,
    pub(super) after: Option<Arc<Row>>,
    pub(super) at: Timestamp,
}

impl Ghl {
    /// Ids of businesses have 24 hexadecimal digits, all others 20 letters and digits.
    fn new_id_in(&mut self, family: Family) -> Id {
        match family {
            Family::Businesses => {
                format!("{:016x}{:08x}", self.dice.u64(..), self.dice.u32(..)).into()
            }
            _ => seed::letters_and_digits(&mut self.dice, 20).into(),
        }
    }

    pub(super) fn row(&self, family: Family, id: &str) -> Option<&Arc<Row>> {
        self.rows[family].live().get(&id.into())
    }

    /// The contact, or the refusal that says it is not there.
    pub(super) fn contact(&self, id: &str) -> Result<&Arc<Row>, Reply> {
        let row = self.row(Family::Contacts, id);
        row.ok_or_else(|| refusal::no_contact(id))
    }

    /// A new record.
    pub(super) fn add(&mut self, family: Family, mut fields: Fields, now: Timestamp) -> Id {
        fields.fit();
        let id = self.new_id_in(family);
        let stamps = Stamps::new(to_millisecond(now));
        self.write_row(family, &id, now, |rows| {
            rows.insert(id.clone(), fields, stamps, now);
        });
        id
    }

    /// A record of the seed, which nobody hears of.
    pub(super) fn plant(&mut self, family: Family, mut fields: Fields, at: Timestamp) -> Id {
        fields.fit();
        let id = self.new_id_in(family);
        let at = to_millisecond(at);
        if family == Family::Contacts {
            self.know_tags(&fields, at);
        }
        self.rows[family].insert(id.clone(), fields, Stamps::new(at), at);
        id
    }

    /// Replaces what a record holds and moves its stamp.
    pub(super) fn change(&mut self, family: Family, id: &Id, fields: Fields, now: Timestamp) {
        self.write_row(family, id, now, |rows| {
            rows.replace(id, fields, to_millisecond(now), now);
        });
    }

    /// Replaces what a record holds and leaves its stamp.
    pub(super) fn change_unstamped(
        &mut self,
        family: Family,
        id: &Id,
        fields: Fields,
        now: Timestamp,
    ) {
        let Some(stamp) = self.row(family, id).map(|row| row.updated) else {
            return;
        };
        self.write_row(family, id, now, |rows| {
            rows.replace(id, fields, stamp, now);
        });
    }

    /// Stores a record under an id that it had before.
    pub(super) fn bring_back(&mut self, id: &Id, fields: Fields, stamps: Stamps, now: Timestamp) {
        self.write_row(Family::Contacts, id, now, |rows| {
            rows.insert(id.clone(), fields, stamps, now);
        });
    }

    /// Takes a record away; whether there was one.
    pub(super) fn take_away(&mut self, family: Family, id: &Id, now: Timestamp) -> bool {
        let known = self.row(family, id).is_some();
        self.write_row(family, id, now, |rows| {
            rows.remove(id, now);
        });
        known
    }

    fn write_row(
        &mut self,
        family: Family,
        id: &Id,
        now: Timestamp,
        write: impl FnOnce(&mut crate::rows::Rows<Id>),
    ) {
        let before = self.row(family, id).cloned();
        write(&mut self.rows[family]);
        let after = self.row(family, id).cloned();
        if let (Family::Contacts, Some(row)) = (family, &after) {
            self.know_tags(&row.fields, now);
        }
        let change = Change {
            family,
            id: id.clone(),
            before,
            after,
            at: now,
        };
        self.happened(&change);
    }

    /// What is known of a record as its family's reads show it.
    pub(super) fn shape_of(&self, family: Family, id: &str, row: &Row) -> Value {
        match family {
            Family::Contacts => self.read_shape(id, row),
            Family::Tasks => Self::task_shape(id, row),
            Family::Notes => Self::note_shape(id, row),
            Family::Appointments => self.event_shape(id, row),
            Family::Businesses => self.business_shape(id, row),
            Family::Users => self.user_shape(id, row),
            Family::Tags => self.tag_shape(id, row),
            Family::CustomFields => self.custom_field_shape(id, row),
            Family::ObjectFields => self.object_field_shape(id, row),
            Family::Folders => self.folder_shape(id, row),
        }
    }

    /// All records of a family by ascending id.
    pub(super) fn shapes(&self, family: Family) -> Vec<Value> {
        let rows = self.rows[family].live().iter();
        rows.map(|(id, row)| self.shape_of(family, id, row))
            .collect()
    }

    /// The stored members with the id, as most reads show them.
    pub(super) fn plain_shape(id: &str, row: &Row) -> Map<String, Value> {
        let stored = row.fields.iter();
        let mut shown: Map<String, Value> = stored
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect();
        shown.insert("id".to_owned(), Value::from(id));
        shown
    }
}
