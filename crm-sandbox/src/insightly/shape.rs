//! A record as reads show it.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use super::families::{FAMILIES, shelf};
use super::packed::Stored;
use super::schema::{Family, Field, Kind};
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

/// A record to be shown, member by member in the order of its family.
pub(super) struct Shape<'a> {
    pub(super) account: &'a Insightly,
    pub(super) end: End,
    pub(super) row: &'a Stored,
    pub(super) view: View,
}

/// One custom field, as records list it.
#[derive(serde::Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct CustomValue<'a> {
    field_name: &'static str,
    field_value: Option<&'a Value>,
    custom_field_id: &'static str,
}

impl Serialize for Shape<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let family = &FAMILIES[self.end.0];
        let fields = self.row.fields.open();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(family.id, &self.end.1)?;
        for field in family.fields {
            match field.kind {
                kind if self.view == View::Brief && kind.is_list() => {}
                _ if !self.shows(family, field) => {}
                Kind::CustomFields => {
                    let custom = self.account.custom_values(family, &fields);
                    map.serialize_entry(field.name, &custom)?;
                }
                _ => match fields.get(field.name) {
                    Some(stored) if self.is_plain(field) => {
                        map.serialize_entry(field.name, stored)?;
                    }
                    stored => map.serialize_entry(field.name, &self.value(field, stored))?,
                },
            }
        }
        if family.is_counted() && self.account.switches.is(&on::ETAG, "on") {
            map.serialize_entry("ETag", &etag(self.end.1, self.row))?;
        }
        map.end()
    }
}

impl Shape<'_> {
    /// E-mails may keep some of their members to themselves.
    fn shows(&self, family: &Family, field: &Field) -> bool {
        let inner = matches!(field.name, "BODY" | "EMAIL_TO" | "EMAIL_CC");
        !(inner && family.key == "emails" && self.account.switches.is(&on::EMAIL_BODY, "absent"))
    }

    /// Whether a member is shown as it is stored.
    fn is_plain(&self, field: &Field) -> bool {
        let body = field.name == "BODY" && self.view != View::Single;
        !body
            && matches!(
                field.kind,
                Kind::Text(_)
                    | Kind::Email(_)
                    | Kind::Country(_)
                    | Kind::Choice(_)
                    | Kind::Html(_)
                    | Kind::Integer
                    | Kind::Range(..)
                    | Kind::Decimal
                    | Kind::Flag
                    | Kind::Moment
                    | Kind::Of(_)
                    | Kind::User
                    | Kind::Any
                    | Kind::Links
            )
    }

    fn value(&self, field: &Field, stored: Option<&Value>) -> Value {
        let stored = stored.cloned();
        match field.kind {
            Kind::Stamp if field.name == "DATE_CREATED_UTC" => {
                json!(moment::written(self.row.created))
            }
            Kind::Stamp => json!(moment::written(self.row.updated)),
            Kind::Activity => {
                let (last, next) = self.account.activity_dates(self.end);
                json!(if field.name.starts_with("LAST") {
                    last
                } else {
                    next
                })
            }
            Kind::Day => self.account.day_shape(stored),
            Kind::Tags => {
                let names = stored.as_ref().and_then(Value::as_array);
                tags::shapes(names.map_or(&[], Vec::as_slice))
            }
            Kind::Members => self.account.members_of_team(self.end.1),
            kind if kind.is_list() => stored.unwrap_or_else(|| json!([])),
            Kind::Flag => Value::Bool(false),
            _ if field.name == "LINKED_EMAIL_ADDRESS" => json!(reference::drop_address(self.end)),
            // The list of e-mails leaves their bodies out; notes show theirs.
            Kind::Text(_) if field.name == "BODY" => match self.view {
                View::Single => stored.unwrap_or_default(),
                View::Listed | View::Brief => Value::Null,
            },
            _ => stored.unwrap_or_default(),
        }
    }
}

impl Insightly {
    pub(super) fn shape<'a>(&'a self, end: End, row: &'a Stored, view: View) -> Shape<'a> {
        Shape {
            account: self,
            end,
            row,
            view,
        }
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

    /// What is off the layout is left out unless it has a value; an image is in no record.
    fn custom_values<'a>(&self, family: &Family, fields: &'a Fields) -> Vec<CustomValue<'a>> {
        let listed = self.switches.is(&on::EMPTY_CUSTOM_FIELDS, "listed");
        let entries = custom_fields::of_family(family.key).filter_map(|field| {
            let value = fields.pair("CUSTOMFIELDS", field.name);
            let shown = listed && field.on_layout || value.is_some();
            (shown && field.kind != "IMAGE").then_some(CustomValue {
                field_name: field.name,
                field_value: value,
                custom_field_id: field.name,
            })
        });
        entries.collect()
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
