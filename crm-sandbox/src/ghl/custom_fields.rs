//! Custom fields of contacts and opportunities: `/locations/{id}/customFields`.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::exchange::{Exchange, Outcome};
use super::family::Family;
use super::members::CUSTOM_FIELD;
use super::{Ghl, Id, refusal};
use crate::reply::Reply;
use crate::rows::{Fields, Row};

/// What a write and a read call the same thing.
const RENAMED: [(&str, &str); 3] = [
    ("textBoxListOptions", "picklistOptions"),
    ("isMultipleFile", "isMultiFileAllowed"),
    ("maxNumberOfFiles", "maxFileLimit"),
];

impl Ghl {
    pub(super) fn list_custom_fields(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.check_location(Some(exchange.id()))?;
        let model = exchange.call.query("model").unwrap_or("contact");
        if !["contact", "opportunity", "all"].contains(&model) {
            let message = "model must be one of the following values: contact, opportunity, all";
            return Err(refusal::unprocessable(&[message.to_owned()]));
        }
        let mut fields = self.shapes(Family::CustomFields);
        fields.retain(|field| model == "all" || field["model"] == model);
        fields.sort_by_key(|field| field["position"].as_u64());
        Ok(Reply::ok(&json!({ "customFields": fields })))
    }

    /// By id or by key, such as `contact.hobby`.
    pub(super) fn get_custom_field(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.check_location(Some(exchange.id()))?;
        let view = self.rows[Family::CustomFields].live();
        let by_key = view.find("fieldKey", exchange.part(1)).unwrap_or_default();
        match by_key.first() {
            Some(id) => self.custom_field_reply(StatusCode::OK, id),
            None => self.custom_field_reply(StatusCode::OK, exchange.part(1)),
        }
    }

    pub(super) fn create_custom_field(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.check_location(Some(exchange.id()))?;
        let body = exchange.members(CUSTOM_FIELD, |member| member.create)?;
        let mut fields = self.definition(Fields::default(), body);
        let model = fields.text("model").unwrap_or("contact");
        let key = format!("{model}.{}", slug(fields.text("name").unwrap_or_default()));
        let view = self.rows[Family::CustomFields].live();
        if view
            .find("fieldKey", &key)
            .is_some_and(|ids| !ids.is_empty())
        {
            let message = format!("A custom field with the key {key} already exists");
            return Err(refusal::bad_request(&message));
        }
        fields.set("fieldKey", json!(key));
        if fields.get("position").is_none() {
            fields.set("position", json!(view.len() * 50));
        }
        let id = self.add(Family::CustomFields, fields, exchange.now);
        self.custom_field_reply(StatusCode::CREATED, &id)
    }

    pub(super) fn update_custom_field(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let id = self.location_part(Family::CustomFields, exchange)?;
        let body = exchange.members(CUSTOM_FIELD, |member| member.update)?;
        let row = self.row(Family::CustomFields, &id);
        let old = row.map(|row| row.fields.clone()).unwrap_or_default();
        let fields = self.definition(old, body);
        self.change(Family::CustomFields, &id, fields, exchange.now);
        self.custom_field_reply(StatusCode::OK, &id)
    }

    /// The values go from what contacts show.
    pub(super) fn delete_custom_field(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let id: Id = self.location_part(Family::CustomFields, exchange)?;
        self.take_away(Family::CustomFields, &id, exchange.now);
        Ok(exchange.succeeded(StatusCode::OK))
    }

    /// Writes a body under the names of reads.
    fn definition(&self, mut fields: Fields, mut body: Map<String, Value>) -> Fields {
        for (written, read) in RENAMED {
            if let Some(value) = body.remove(written) {
                body.insert(read.to_owned(), option_names(value));
            }
        }
        self.write(&mut fields, CUSTOM_FIELD, &body);
        fields
    }

    fn custom_field_reply(&self, status: StatusCode, id: &str) -> Outcome {
        let row = self.row(Family::CustomFields, id);
        let row = row.ok_or_else(|| self.missing(Family::CustomFields, id))?;
        let shown = self.custom_field_shape(id, row);
        Ok(Reply::json(status, &json!({ "customField": shown })))
    }

    pub(super) fn custom_field_shape(&self, id: &str, row: &Row) -> Value {
        let mut shown = Self::plain_shape(id, row);
        shown.remove("acceptedFormat");
        shown.insert("locationId".to_owned(), json!(self.location));
        shown.entry("placeholder").or_insert_with(|| json!(""));
        shown.entry("model").or_insert_with(|| json!("contact"));
        Value::Object(shown)
    }
}

/// Options are objects with a label, or plain texts, on the way in.
fn option_names(value: Value) -> Value {
    let Value::Array(options) = value else {
        return value;
    };
    let names = options.into_iter().map(|option| match option {
        Value::Object(mut option) => option.remove("label").unwrap_or_default(),
        text => text,
    });
    names.collect()
}

fn slug(name: &str) -> String {
    let letters = name.to_lowercase();
    let letters = letters
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' });
    letters.collect()
}
