//! A record as reads show it.

use serde_json::{Map, Value, json};

use super::schema::{Family, Kind};
use super::{Insightly, custom_fields, moment, switches as on, tags};
use crate::rows::Row;

/// The version tag of a record.
pub(super) fn etag(id: i64, row: &Row) -> String {
    format!("\"{id:x}-{:x}\"", row.version)
}

impl Insightly {
    pub(super) fn shape(&self, family: &Family, id: i64, row: &Row, brief: bool) -> Value {
        let mut shown = Map::new();
        shown.insert(family.id.to_owned(), json!(id));
        for field in family.fields {
            let stored = row.fields.get(field.name).cloned();
            let value = match field.kind {
                kind if brief && kind.is_list() => continue,
                Kind::Stamp if field.name == "DATE_CREATED_UTC" => {
                    json!(moment::written(row.created))
                }
                Kind::Stamp => json!(moment::written(row.updated)),
                Kind::CustomFields => self.custom_fields_shape(family, row),
                Kind::Tags => tags::shapes(row.fields.list("TAGS")),
                kind if kind.is_list() => stored.unwrap_or_else(|| json!([])),
                Kind::Flag => stored.unwrap_or(Value::Bool(false)),
                _ => stored.unwrap_or(Value::Null),
            };
            shown.insert(field.name.to_owned(), value);
        }
        if self.switches.is(&on::ETAG, "on") {
            shown.insert("ETag".to_owned(), json!(etag(id, row)));
        }
        Value::Object(shown)
    }

    fn custom_fields_shape(&self, family: &Family, row: &Row) -> Value {
        let listed = self.switches.is(&on::EMPTY_CUSTOM_FIELDS, "listed");
        let entries = custom_fields::of_family(family.key).filter_map(|field| {
            let value = row.fields.pair("CUSTOMFIELDS", field.name);
            let shown = listed || value.is_some();
            shown.then(|| {
                json!({
                    "FIELD_NAME": field.name,
                    "FIELD_VALUE": value,
                    "CUSTOM_FIELD_ID": field.name,
                })
            })
        });
        Value::Array(entries.collect())
    }
}
