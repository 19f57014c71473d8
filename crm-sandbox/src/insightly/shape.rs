//! A record as reads show it.

use serde_json::{Map, Value, json};

use super::families::{FAMILIES, shelf};
use super::packed::Stored;
use super::schema::{Family, Kind};
use super::{End, Insightly, custom_fields, moment, reference, switches as on, tags};
use crate::rows::Fields;

/// The version tag of a record.
pub(super) fn etag(id: i64, row: &Stored) -> String {
    format!("\"{id:x}-{:x}\"", row.version)
}

/// Where a record is shown.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum View {
    /// Alone.
    Single,
    /// In a list.
    Listed,
    /// In a brief list.
    Brief,
}

impl Insightly {
    pub(super) fn shape(&self, end: End, row: &Stored, view: View) -> Value {
        let family = &FAMILIES[end.0];
        let fields = row.fields.open();
        let mut shown = Map::new();
        shown.insert(family.id.to_owned(), json!(end.1));
        let mut activity = None;
        for field in family.fields {
            let stored = fields.get(field.name).cloned();
            let value = match field.kind {
                kind if view == View::Brief && kind.is_list() => continue,
                Kind::Stamp if field.name == "DATE_CREATED_UTC" => {
                    json!(moment::written(row.created))
                }
                Kind::Stamp => json!(moment::written(row.updated)),
                Kind::Activity => {
                    let (last, next) = activity.get_or_insert_with(|| self.activity_dates(end));
                    let last_one = field.name.starts_with("LAST");
                    json!(if last_one { last } else { next })
                }
                Kind::Day => self.day_shape(stored),
                Kind::CustomFields => self.custom_fields_shape(family, &fields),
                Kind::Tags => tags::shapes(fields.list("TAGS")),
                Kind::Members => self.members_of_team(end.1),
                kind if kind.is_list() => stored.unwrap_or_else(|| json!([])),
                Kind::Flag => stored.unwrap_or(Value::Bool(false)),
                _ if field.name == "LINKED_EMAIL_ADDRESS" => json!(reference::drop_address(end)),
                _ => stored.unwrap_or(Value::Null),
            };
            shown.insert(field.name.to_owned(), value);
        }
        if family.key == "emails" {
            self.trim_email(&mut shown, view);
        }
        if self.switches.is(&on::ETAG, "on") && family.is_counted() {
            shown.insert("ETag".to_owned(), json!(etag(end.1, row)));
        }
        Value::Object(shown)
    }

    /// A day has a time only because its type says so.
    fn day_shape(&self, stored: Option<Value>) -> Value {
        match stored {
            Some(Value::String(text)) if self.switches.is(&on::DATE_FORM, "date_only") => {
                json!(text.split(' ').next())
            }
            stored => stored.unwrap_or(Value::Null),
        }
    }

    fn trim_email(&self, shown: &mut Map<String, Value>, view: View) {
        if self.switches.is(&on::EMAIL_BODY, "absent") {
            for name in ["BODY", "EMAIL_TO", "EMAIL_CC"] {
                shown.remove(name);
            }
        } else if view != View::Single {
            shown.insert("BODY".to_owned(), Value::Null);
        }
    }

    fn custom_fields_shape(&self, family: &Family, fields: &Fields) -> Value {
        let listed = self.switches.is(&on::EMPTY_CUSTOM_FIELDS, "listed");
        let entries = custom_fields::of_family(family.key).filter_map(|field| {
            let value = fields.pair("CUSTOMFIELDS", field.name);
            // An image is not in lists, and what is off the layout is left out.
            let shown = listed && field.on_layout || value.is_some();
            (shown && field.kind != "IMAGE").then(|| {
                json!({
                    "FIELD_NAME": field.name,
                    "FIELD_VALUE": value,
                    "CUSTOM_FIELD_ID": field.name,
                })
            })
        });
        Value::Array(entries.collect())
    }

    /// When somebody last did something with a record, and when they next will.
    fn activity_dates(&self, end: End) -> (Option<String>, Option<String>) {
        if self.switches.is(&on::ACTIVITY_DATES, "none") {
            return (None, None);
        }
        let now = moment::written(self.now);
        let (mut last, mut next) = (None::<String>, None::<String>);
        for (key, name) in [
            ("tasks", "DUE_DATE"),
            ("events", "START_DATE_UTC"),
            ("emails", "EMAIL_DATE_UTC"),
        ] {
            for id in self.below(end, shelf(key)) {
                let Some(row) = self.live((shelf(key), id)) else {
                    continue;
                };
                let fields = row.fields.open();
                let done = fields.text("COMPLETED_DATE_UTC");
                let Some(date) = done.or(fields.text(name)).map(str::to_owned) else {
                    continue;
                };
                if date <= now {
                    last = last.max(Some(date));
                } else if next.as_ref().is_none_or(|next| date < *next) {
                    next = Some(date);
                }
            }
        }
        (last, next)
    }
}
