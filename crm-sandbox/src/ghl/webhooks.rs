//! What GHL tells an app of each change, as its webhooks put it.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::family::Family;
use super::moment::{parse, stamp, with_offset};
use super::records::Change;
use super::shape::full_name;
use super::{Ghl, switches as on};
use crate::rows::Row;

const CONTACT: [&str; 16] = [
    "address1",
    "city",
    "companyName",
    "country",
    "source",
    "dnd",
    "email",
    "firstName",
    "lastName",
    "phone",
    "postalCode",
    "state",
    "tags",
    "website",
    "assignedTo",
    "dateOfBirth",
];

impl Ghl {
    /// Everything that follows from a change: webhooks, then workflows.
    pub(super) fn happened(&mut self, change: &Change) {
        self.announce(change);
        self.workflows.see(change);
        self.outbox.stir();
    }

    fn announce(&mut self, change: &Change) {
        let own = self.by_api && self.switches.is(&on::OWN_WRITES, "silent");
        if own || self.muted || !self.outbox.is_on() {
            return;
        }
        let row = change.after.as_ref().or(change.before.as_ref()).cloned();
        let Some(row) = row else { return };
        for kind in self.events(change) {
            let payload = self.payload(kind, change, &row);
            self.outbox.put(kind, payload, change.at);
        }
    }

    /// There is no event of a business, of a definition, or of a merge.
    fn events(&self, change: &Change) -> Vec<&'static str> {
        let kinds = match change.family {
            Family::Contacts => ["ContactCreate", "ContactDelete"],
            Family::Notes => ["NoteCreate", "NoteDelete"],
            Family::Tasks => ["TaskCreate", "TaskDelete"],
            Family::Appointments => ["AppointmentCreate", "AppointmentDelete"],
            _ => return Vec::new(),
        };
        let (before, after) = match (&change.before, &change.after) {
            (None, None) => return Vec::new(),
            (None, Some(_)) => return vec![kinds[0]],
            (Some(_), None) => return vec![kinds[1]],
            (Some(before), Some(after)) => (before, after),
        };
        match change.family {
            Family::Contacts => self.contact_events(before, after),
            Family::Notes => vec!["NoteUpdate"],
            Family::Tasks => task_events(before, after),
            _ => vec!["AppointmentUpdate"],
        }
    }

    fn contact_events(&self, before: &Row, after: &Row) -> Vec<&'static str> {
        let differ = |name: &str| before.fields.get(name) != after.fields.get(name);
        let mut events = Vec::new();
        let custom = differ("customFields") && self.switches.is(&on::CUSTOM_FIELD_EVENT, "yes");
        let others = CONTACT
            .iter()
            .filter(|name| !["tags", "dnd"].contains(name));
        if custom || others.chain(&["timezone"]).any(|name| differ(name)) {
            events.push("ContactUpdate");
        }
        if differ("tags") {
            events.push("ContactTagUpdate");
        }
        if differ("dnd") || differ("dndSettings") {
            events.push("ContactDndUpdate");
        }
        events
    }

    fn payload(&self, kind: &str, change: &Change, row: &Arc<Row>) -> Map<String, Value> {
        let mut payload = Map::new();
        payload.insert("type".to_owned(), json!(kind));
        payload.insert("locationId".to_owned(), json!(self.location));
        payload.insert("appId".to_owned(), json!(self.app.app_id));
        payload.insert("versionId".to_owned(), json!(self.app.app_id));
        if change.family == Family::Appointments {
            let appointment = appointment(&change.id, row);
            payload.insert("appointment".to_owned(), appointment);
            return payload;
        }
        payload.insert("id".to_owned(), json!(&*change.id));
        payload.insert("dateAdded".to_owned(), stamp(row.created));
        let members: &[&str] = match change.family {
            Family::Contacts => &CONTACT,
            Family::Notes => &["body", "contactId"],
            _ if kind == "TaskCreate" && self.switches.is(&on::TASK_CREATE_EVENT, "bare") => {
                &["assignedTo", "title", "dueDate"]
            }
            _ => &["assignedTo", "body", "contactId", "title", "dueDate"],
        };
        for name in members {
            if let Some(value) = row.fields.get(name) {
                payload.insert((*name).to_owned(), value.clone());
            }
        }
        if change.family == Family::Contacts {
            contact_extras(kind, row, &mut payload);
        }
        payload
    }
}

fn contact_extras(kind: &str, row: &Row, payload: &mut Map<String, Value>) {
    payload.entry("dnd").or_insert_with(|| json!(false));
    payload.entry("tags").or_insert_with(|| json!([]));
    payload.insert("name".to_owned(), json!(full_name(&row.fields)));
    payload.insert("attachments".to_owned(), json!([]));
    if let Some(day) = row.fields.text("dateOfBirth") {
        let midnight = json!(format!("{day}T00:00:00.000Z"));
        payload.insert("dateOfBirth".to_owned(), midnight);
    }
    let custom = row.fields.pairs("customFields");
    let custom = custom.map(|(id, value)| json!({ "id": id, "value": value }));
    payload.insert("customFields".to_owned(), custom.collect());
    if kind == "ContactDndUpdate" {
        let settings = row.fields.get("dndSettings").cloned();
        let settings = settings.unwrap_or_else(|| json!({}));
        payload.insert("dndSettings".to_owned(), settings);
    }
}

/// There is no event of an update; a task that lingers after its delete is gone.
fn task_events(before: &Row, after: &Row) -> Vec<&'static str> {
    let turned = |name: &str| {
        let on = Some(&json!(true));
        before.fields.get(name) != on && after.fields.get(name) == on
    };
    let mut events = Vec::new();
    if turned("completed") {
        events.push("TaskComplete");
    }
    if turned("deleted") {
        events.push("TaskDelete");
    }
    events
}

fn appointment(id: &str, row: &Row) -> Value {
    let mut shown = Ghl::plain_shape(id, row);
    for name in ["startTime", "endTime"] {
        if let Some(at) = row.fields.text(name).and_then(parse) {
            shown.insert(name.to_owned(), with_offset(at));
        }
    }
    shown.insert("dateAdded".to_owned(), with_offset(row.created));
    shown.insert("dateUpdated".to_owned(), with_offset(row.updated));
    shown.insert("source".to_owned(), json!("booking_widget"));
    shown.remove("description");
    shown.remove("assignedResources");
    Value::Object(shown)
}
