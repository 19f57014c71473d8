//! A contact as each route shows it.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::family::Family;
use super::moment::stamp;
use super::{Ghl, switches as on};
use crate::rows::{Fields, Row};

/// Lists of objects that mostly have one member.
const FURTHER: [(&str, &str); 2] = [("additionalEmails", "email"), ("additionalPhones", "phone")];

/// Keeps such an object as its text: the object takes ten times the room.
pub(super) fn pack_further(fields: &mut Fields) {
    for (list, name) in FURTHER {
        let entries = fields.list(list).iter().map(|entry| match entry {
            Value::Object(object) if object.len() == 1 => object.get(name).unwrap_or(entry).clone(),
            entry => entry.clone(),
        });
        let entries: Vec<Value> = entries.collect();
        if !entries.is_empty() {
            fields.set(list, Value::Array(entries));
        }
    }
}

/// First and last name with a space between.
pub(super) fn full_name(fields: &Fields) -> String {
    let parts = [fields.text("firstName"), fields.text("lastName")];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    parts.join(" ")
}

impl Ghl {
    /// What all routes show.
    fn common(&self, id: &str, row: &Row) -> Map<String, Value> {
        let mut shown = Self::plain_shape(id, row);
        let custom = row.fields.pairs("customFields");
        let defined = self.rows[Family::CustomFields].live();
        let custom = custom.filter(|(id, _)| defined.get(&(*id).into()).is_some());
        let custom = custom.map(|(id, value)| json!({ "id": id, "value": value }));
        shown.insert("customFields".to_owned(), custom.collect());
        for (list, name) in FURTHER {
            if let Some(Value::Array(entries)) = shown.get_mut(list) {
                for entry in entries.iter_mut().filter(|entry| entry.is_string()) {
                    *entry = json!({ name: entry.take() });
                }
            }
        }
        shown.entry("tags").or_insert_with(|| json!([]));
        shown.entry("type").or_insert_with(|| json!("lead"));
        shown.entry("dnd").or_insert_with(|| json!(false));
        shown.insert("locationId".to_owned(), json!(self.location));
        shown.insert("dateAdded".to_owned(), stamp(row.created));
        shown.insert("dateUpdated".to_owned(), stamp(row.updated));
        shown
    }

    /// `GetContectByIdSchema` (sic).
    pub(super) fn read_shape(&self, id: &str, row: &Row) -> Value {
        let mut shown = self.common(id, row);
        lower_case_twins(&mut shown, &row.fields);
        let name = full_name(&row.fields);
        if !name.is_empty() && self.switches.is(&on::READ_NAME, "present") {
            shown.insert("name".to_owned(), json!(name));
        }
        for list in ["additionalEmails", "additionalPhones", "followers"] {
            shown.entry(list).or_insert_with(|| json!([]));
        }
        Value::Object(shown)
    }

    /// `CreateContactSchema`.
    pub(super) fn create_shape(&self, id: &str, row: &Row) -> Value {
        let mut shown = self.common(id, row);
        lower_case_twins(&mut shown, &row.fields);
        shown.remove("timezone");
        for flag in ["deleted", "bounceEmail", "unsubscribeEmail"] {
            shown.insert(flag.to_owned(), json!(false));
        }
        if let Some(day) = row.fields.text("dateOfBirth") {
            let mut parts = day.split('-').skip(1).filter_map(|n| n.parse::<i8>().ok());
            shown.insert("birthMonth".to_owned(), json!(parts.next()));
            shown.insert("birthDay".to_owned(), json!(parts.next()));
            shown.insert(
                "dateOfBirth".to_owned(),
                json!(format!("{day}T00:00:00.000Z")),
            );
        }
        Value::Object(shown)
    }

    /// A row of `GET /contacts/`: names in lower case, the typed ones beside them.
    pub(super) fn list_shape(&self, id: &str, row: &Row) -> Value {
        let mut shown = self.common(id, row);
        for (name, raw) in [("firstName", "firstNameRaw"), ("lastName", "lastNameRaw")] {
            let text = row.fields.text(name);
            shown.insert(raw.to_owned(), json!(text));
            shown.insert(name.to_owned(), json!(text.map(str::to_lowercase)));
        }
        shown.remove("dndSettings");
        shown.remove("inboundDndSettings");
        shown.remove("gender");
        let name = full_name(&row.fields).to_lowercase();
        shown.insert("contactName".to_owned(), json!(name));
        let cursor = json!([row.created.as_millisecond(), id]);
        shown.insert("startAfter".to_owned(), cursor);
        Value::Object(shown)
    }

    /// A row of `POST /contacts/search`.
    pub(super) fn search_shape(&self, id: &str, row: &Row, cursor: Value) -> Value {
        let mut shown = self.common(id, row);
        for name in ["firstName", "lastName"] {
            let lower = row.fields.text(name).map(str::to_lowercase);
            shown.insert(format!("{name}LowerCase"), json!(lower));
        }
        shown.insert("contactName".to_owned(), json!(full_name(&row.fields)));
        for name in ["phoneLabel", "validEmail", "businessName"] {
            shown.insert(name.to_owned(), Value::Null);
        }
        for list in ["additionalEmails", "additionalPhones"] {
            shown.entry(list).or_insert_with(|| json!([]));
        }
        shown.remove("gender");
        shown.remove("inboundDndSettings");
        if self.switches.is(&on::SEARCH_DND, "absent") {
            shown.remove("dndSettings");
        }
        if self.switches.is(&on::SEARCH_STREET, "address")
            && let Some(street) = shown.remove("address1")
        {
            shown.insert("address".to_owned(), street);
        }
        if self.switches.is(&on::SEARCH_BIRTHDAY, "epoch_ms")
            && let Some(day) = row.fields.text("dateOfBirth")
        {
            shown.insert("dateOfBirth".to_owned(), json!(midnight(day)));
        }
        shown.insert("searchAfter".to_owned(), cursor);
        Value::Object(shown)
    }
}

fn lower_case_twins(shown: &mut Map<String, Value>, fields: &Fields) {
    let pairs = [
        ("firstName", "firstNameLowerCase"),
        ("lastName", "lastNameLowerCase"),
        ("email", "emailLowerCase"),
    ];
    for (name, twin) in pairs {
        if let Some(text) = fields.text(name) {
            shown.insert(twin.to_owned(), json!(text.to_lowercase()));
        }
    }
    let name = full_name(fields).to_lowercase();
    shown.insert("fullNameLowerCase".to_owned(), json!(name));
}

fn midnight(day: &str) -> Option<i64> {
    let at: Timestamp = format!("{day}T00:00:00Z").parse().ok()?;
    Some(at.as_millisecond())
}
