//! What belongs to a contact: tasks, notes, appointments.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::exchange::Exchange;
use super::family::Family;
use super::moment::{stamp, to_millisecond};
use super::{Ghl, Id, refusal, switches as on};
use crate::reply::Reply;
use crate::rows::{Fields, Row, View};
use crate::switches::Switch;

/// Those of a contact, the oldest first.
pub(super) fn of_contact(view: &View<Id>, contact: &str) -> Vec<(Id, Arc<Row>)> {
    let ids = view.find("contactId", contact).unwrap_or_default();
    let rows = ids
        .into_iter()
        .filter_map(|id| Some((id.clone(), view.get(&id)?.clone())));
    // The look-up knows no case, ids do.
    let mut own: Vec<(Id, Arc<Row>)> = rows
        .filter(|(_, row)| row.fields.text("contactId") == Some(contact))
        .collect();
    own.sort_by_key(|(_, row)| (row.created, row.version));
    own
}

impl Ghl {
    pub(super) fn children(&self, family: Family, contact: &str) -> Vec<(Id, Arc<Row>)> {
        of_contact(self.rows[family].live(), contact)
    }

    /// The child that a path names, below the contact that it names.
    pub(super) fn child(
        &self,
        family: Family,
        exchange: &Exchange<'_>,
    ) -> Result<(Id, Arc<Row>), Reply> {
        let (contact, id) = (exchange.id(), exchange.part(1));
        self.contact(contact)?;
        let row = self.row(family, id);
        let own = row.filter(|row| row.fields.text("contactId") == Some(contact));
        let row = own.ok_or_else(|| self.missing(family, id))?;
        Ok((id.into(), row.clone()))
    }

    /// The refusal of a record that is not there, contacts apart.
    pub(super) fn missing(&self, family: Family, id: &str) -> Reply {
        let status = if self.switches.is(&on::MISSING_STATUS, "404") {
            404
        } else {
            400
        };
        refusal::missing(family.noun(), id, status)
    }

    /// What a write of a child moves on its contact.
    pub(super) fn touch_contact(&mut self, switch: &Switch, contact: &str, now: Timestamp) {
        let id: Id = contact.into();
        let Some(row) = self.row(Family::Contacts, contact).cloned() else {
            return;
        };
        if self.switches.is(switch, "date_updated") {
            self.change(Family::Contacts, &id, row.fields.clone(), now);
        } else if self.switches.is(switch, "last_activity") {
            let mut fields = row.fields.clone();
            fields.set("lastActivity", stamp(to_millisecond(now)));
            self.change_unstamped(Family::Contacts, &id, fields, now);
        }
    }

    /// Brings all children of one contact to another.
    pub(super) fn move_children(&mut self, from: &str, to: &str, now: Timestamp) {
        for family in Family::CHILDREN {
            for (id, row) in self.children(family, from) {
                let mut fields: Fields = row.fields.clone();
                fields.set("contactId", json!(to));
                self.change_unstamped(family, &id, fields, now);
            }
        }
    }

    /// What goes with a contact that is deleted.
    pub(super) fn children_leave(&mut self, contact: &str, now: Timestamp) {
        for family in Family::CHILDREN {
            let kept =
                family == Family::Tasks && self.switches.is(&on::DELETED_CONTACT, "tasks_stay");
            if kept {
                continue;
            }
            for (id, _) in self.children(family, contact) {
                self.take_away(family, &id, now);
            }
        }
    }

    /// Whether a contact that is restored finds its tasks again.
    pub(super) fn restored_with_tasks(&self) -> bool {
        self.switches.is(&on::RESTORED_CONTACT, "with_tasks")
    }

    /// A new child's fields, already below its contact.
    pub(super) fn newborn(contact: &str) -> Fields {
        let mut fields = Fields::default();
        fields.set("contactId", Value::from(contact));
        fields
    }
}
