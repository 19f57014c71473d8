//! What a write does to the members of a record.

use serde_json::{Map, Value, json};

use super::moment::{self, Form};
use super::refusal::{Refusal, bad};
use super::schema::{Family, Field, Kind, Right};
use super::{Insightly, custom_fields, reference, switches as on};
use crate::rows::Fields;

impl Insightly {
    /// The member of a body, its name compared as the switch says.
    pub(super) fn member<'a>(&self, body: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
        let ignored = self.switches.is(&on::MEMBER_CASE, "ignored");
        body.get(name).or_else(|| {
            let mut members = body.iter().filter(|_| ignored);
            let (_, value) = members.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
            Some(value)
        })
    }

    /// Writes the members of a body; those it does not name stay.
    pub(super) fn write(
        &mut self,
        family: &'static Family,
        fields: &mut Fields,
        body: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        self.check_members(family, body)?;
        for field in family.fields {
            match self.member(body, field.name) {
                Some(value) if field.right != Right::Read => {
                    let value = value.clone();
                    self.write_member(family, fields, field, &value)?;
                }
                _ => {}
            }
            let empty = fields.text(field.name).is_none_or(str::is_empty);
            if field.right == Right::Required && empty {
                return Err(bad(format!("{} is required.", field.name)));
            }
        }
        Ok(())
    }

    fn check_members(&self, family: &Family, body: &Map<String, Value>) -> Result<(), Refusal> {
        if self.switches.is(&on::UNKNOWN_MEMBER, "ignored") {
            return Ok(());
        }
        let known = |name: &String| {
            let fields = family.fields.iter().map(|field| field.name);
            let mut names = fields.chain([family.id, "ETag"]);
            names.any(|known| known.eq_ignore_ascii_case(name))
        };
        match body.keys().find(|name| !known(name)) {
            Some(name) => Err(bad(format!(
                "The request is invalid. Unknown member {name}."
            ))),
            None => Ok(()),
        }
    }

    fn write_member(
        &mut self,
        family: &Family,
        fields: &mut Fields,
        field: &Field,
        value: &Value,
    ) -> Result<(), Refusal> {
        let name = field.name;
        match field.kind {
            Kind::CustomFields => return self.write_custom_fields(family, fields, value),
            Kind::Tags => return self.write_tags(fields, value),
            Kind::Dates => {
                let dates = self.dates(value)?;
                fields.set(name, json!(dates));
                return Ok(());
            }
            _ if value.is_null() => {
                fields.set(name, Value::Null);
                return Ok(());
            }
            Kind::Integer if !value.is_i64() => {
                return Err(bad(format!("{name} must be a number.")));
            }
            Kind::Flag if !value.is_boolean() => {
                return Err(bad(format!("{name} must be true or false.")));
            }
            _ => {}
        }
        let stored = match field.kind {
            Kind::Text(limit) | Kind::Email(limit) | Kind::Country(limit) => {
                self.text(field, value, limit)?
            }
            Kind::Moment => self.moment(name, value)?,
            _ => value.clone(),
        };
        fields.set(name, stored);
        Ok(())
    }

    fn text(&self, field: &Field, value: &Value, limit: usize) -> Result<Value, Refusal> {
        let name = field.name;
        let text = value.as_str();
        let text = text.ok_or_else(|| bad(format!("{name} must be a string.")))?;
        if text.is_empty() && self.switches.is(&on::EMPTY_WRITE, "null") {
            return Ok(Value::Null);
        }
        if text.chars().count() > limit {
            if self.switches.is(&on::LONG_TEXT, "refused") {
                return Err(bad(format!(
                    "{name} must not be longer than {limit} characters."
                )));
            }
            return Ok(json!(text.chars().take(limit).collect::<String>()));
        }
        let bad_email = matches!(field.kind, Kind::Email(_))
            && !text.is_empty()
            && !text.contains('@')
            && self.switches.is(&on::BAD_EMAIL, "refused");
        let bad_country = matches!(field.kind, Kind::Country(_))
            && !text.is_empty()
            && !reference::COUNTRIES.contains(&text)
            && self.switches.is(&on::UNKNOWN_COUNTRY, "refused");
        if bad_email || bad_country {
            Err(bad(format!("{name} is invalid.")))
        } else {
            Ok(json!(text))
        }
    }

    pub(super) fn moment(&self, name: &str, value: &Value) -> Result<Value, Refusal> {
        let invalid = || bad(format!("{name} is not a valid date."));
        let text = value.as_str().ok_or_else(invalid)?;
        if text.is_empty() {
            return Ok(Value::Null);
        }
        let (at, form) = moment::parse(text).ok_or_else(invalid)?;
        let refused = match form {
            Form::Space => false,
            Form::Iso => self.switches.is(&on::ISO_DATES, "refused"),
            Form::DateOnly => self.switches.is(&on::DATE_ONLY, "refused"),
        };
        if refused {
            Err(invalid())
        } else {
            Ok(json!(moment::written(at)))
        }
    }

    fn write_custom_fields(
        &self,
        family: &Family,
        fields: &mut Fields,
        value: &Value,
    ) -> Result<(), Refusal> {
        let entries = value.as_array();
        let entries = entries.ok_or_else(|| bad("CUSTOMFIELDS must be an array."))?;
        if self.switches.is(&on::CUSTOM_FIELDS_PUT, "replaces") {
            fields.set("CUSTOMFIELDS", Value::Null);
        }
        for entry in entries {
            let name = entry.get("FIELD_NAME").and_then(Value::as_str);
            let name = name.ok_or_else(|| bad("A custom field needs FIELD_NAME."))?;
            let defined = custom_fields::of_family(family.key).find(|field| field.name == name);
            let Some(defined) = defined else {
                if self.switches.is(&on::UNKNOWN_CUSTOM_FIELD, "ignored") {
                    continue;
                }
                return Err(bad(format!("Custom field {name} does not exist.")));
            };
            let value = entry.get("FIELD_VALUE").filter(|value| !value.is_null());
            let value = value.map(|value| self.custom_value(defined, value));
            fields.set_pair("CUSTOMFIELDS", name, value.transpose()?);
        }
        Ok(())
    }

    fn custom_value(
        &self,
        field: &custom_fields::CustomField,
        value: &Value,
    ) -> Result<Value, Refusal> {
        let name = field.name;
        if matches!(field.kind, "DATE" | "DATETIME") {
            return self.moment(name, value);
        }
        if !field.holds(value) {
            return Err(bad(format!("The value of {name} is invalid.")));
        }
        if !field.offers(value) && self.switches.is(&on::UNKNOWN_OPTION, "refused") {
            return Err(bad(format!("{name} has no such option.")));
        }
        Ok(value.clone())
    }
}
