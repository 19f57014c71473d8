//! What a write does to the members of a record.

use serde_json::{Map, Value, json};

use super::family::Family;
use super::schema::{self, Kind, Member};
use super::{Ghl, Id, birthday, moment, phone, switches as on};
use crate::rows::Fields;

impl Ghl {
    /// Writes the members of a checked body, by the table of its family.
    pub(super) fn write(
        &self,
        fields: &mut Fields,
        table: &'static [Member],
        body: &Map<String, Value>,
    ) {
        for (name, value) in body {
            if let Some(member) = schema::find(table, name) {
                self.write_member(fields, member, value, body);
            }
        }
    }

    fn write_member(
        &self,
        fields: &mut Fields,
        member: &Member,
        value: &Value,
        body: &Map<String, Value>,
    ) {
        if value.is_null() {
            if self.switches.is(&on::NULL_WRITE, "clears") {
                clear(fields, member);
            }
            return;
        }
        if value.as_str() == Some("") {
            if self.switches.is(&on::EMPTY_WRITE, "clears") {
                clear(fields, member);
                return;
            }
            if self.switches.is(&on::EMPTY_WRITE, "ignored") {
                return;
            }
        }
        let text = value.as_str().unwrap_or_default();
        match member.kind {
            Kind::Name => {
                let (first, last) = text.split_once(' ').unwrap_or((text, ""));
                for (part, value) in [("firstName", first), ("lastName", last)] {
                    if body.get(part).is_none() {
                        fields.set(part, blank_is_null(value));
                    }
                }
            }
            Kind::Email if self.switches.is(&on::EMAIL_CASE, "lower") => {
                fields.set(member.name, json!(text.to_lowercase()));
            }
            Kind::Phone => fields.set(member.name, json!(self.phone(text))),
            Kind::Date => {
                let day = birthday::parse(text).map(|day| day.to_string());
                fields.set(member.name, json!(day));
            }
            Kind::Moment => {
                let at = moment::parse(text).map(moment::to_millisecond);
                fields.set(member.name, at.map_or_else(|| value.clone(), moment::stamp));
            }
            Kind::Tags => {
                let tags = applied_tags(value);
                fields.set(member.name, json!(tags));
            }
            Kind::CustomFields => self.write_custom_fields(fields, value),
            Kind::Dnd | Kind::InboundDnd => merge(fields, member.name, value),
            _ => fields.set(member.name, value.clone()),
        }
    }

    /// The stored form of a phone.
    pub(super) fn phone(&self, text: &str) -> String {
        let normal = phone::e164(text).filter(|_| self.switches.is(&on::PHONES, "e164"));
        normal.unwrap_or_else(|| text.to_owned())
    }

    /// Entries that are not named keep their values; a blank value takes an entry away.
    fn write_custom_fields(&self, fields: &mut Fields, entries: &Value) {
        for entry in entries.as_array().into_iter().flatten() {
            let Some(id) = self.custom_field_of(entry) else {
                continue;
            };
            let names = ["field_value", "fieldValue", "value"];
            let value = names.iter().find_map(|name| entry.get(*name));
            let value = value.filter(|value| !value.is_null() && value.as_str() != Some(""));
            fields.set_pair("customFields", &id, value.cloned());
        }
    }

    /// The defined field that an entry names by id or by key.
    pub(super) fn custom_field_of(&self, entry: &Value) -> Option<Id> {
        let text = |name: &str| entry.get(name).and_then(Value::as_str);
        let defined = self.rows[Family::CustomFields].live();
        let by_id = text("id").filter(|id| defined.get(&(*id).into()).is_some());
        by_id.map(Id::from).or_else(|| {
            let key = text("key")?.trim_start_matches("contact.");
            let found = defined.find("fieldKey", &format!("contact.{key}"))?;
            found.into_iter().next()
        })
    }
}

/// Tags in the lower case in which a contact carries them, each once.
pub(super) fn applied_tags(tags: &Value) -> Vec<String> {
    let mut applied: Vec<String> = Vec::new();
    let tags = tags.as_array().into_iter().flatten();
    for tag in tags.filter_map(Value::as_str) {
        let tag = tag.to_lowercase();
        if !applied.contains(&tag) {
            applied.push(tag);
        }
    }
    applied
}

fn clear(fields: &mut Fields, member: &Member) {
    match member.kind {
        Kind::Name => {
            fields.set("firstName", Value::Null);
            fields.set("lastName", Value::Null);
        }
        _ => fields.set(member.name, Value::Null),
    }
}

fn blank_is_null(text: &str) -> Value {
    match text {
        "" => Value::Null,
        text => json!(text),
    }
}

fn merge(fields: &mut Fields, name: &'static str, value: &Value) {
    let mut stored = fields.get(name).cloned().unwrap_or_else(|| json!({}));
    if let (Some(stored), Some(value)) = (stored.as_object_mut(), value.as_object()) {
        stored.extend(value.clone());
    }
    fields.set(name, stored);
}
