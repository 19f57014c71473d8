//! What a write does to the members of a record.

use serde_json::{Map, Value, json};

use super::refusal::{Refusal, bad};
use super::schema::{Family, Field, Kind, Right, Start};
use super::{Insightly, custom_fields, switches as on};
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

    /// The members that the server fills in.
    pub(super) fn blank(&self, family: &Family, user: i64) -> Fields {
        let mut fields = Fields::default();
        for field in family.fields {
            let by_user = matches!(
                field.name,
                "OWNER_USER_ID" | "RESPONSIBLE_USER_ID" | "CREATED_USER_ID"
            );
            if by_user {
                fields.set(field.name, json!(user));
            }
        }
        for (name, start) in family.starts {
            let value = match start {
                Start::Text(text) => json!(text),
                Start::Number(number) => json!(number),
                Start::Flag(flag) => json!(flag),
            };
            fields.set(name, value);
        }
        self.lead_defaults(family, &mut fields);
        fields
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
                Some(value) if self.is_written(family, field) => {
                    self.write_member(family, fields, field, value)?;
                }
                _ => {}
            }
            let empty = match fields.get(field.name) {
                None => true,
                Some(Value::String(text)) => text.is_empty(),
                Some(_) => false,
            };
            if field.right == Right::Required && empty {
                return Err(bad(format!("{} is required.", field.name)));
            }
        }
        Ok(())
    }

    /// A pipeline in the body of a record may be heeded or not.
    fn is_written(&self, family: &Family, field: &Field) -> bool {
        let placed = matches!(field.name, "PIPELINE_ID" | "STAGE_ID");
        let by_call_only = placed && matches!(family.key, "opportunities" | "projects");
        let heeded = !by_call_only || self.switches.is(&on::PIPELINE_IN_BODY, "honoured");
        field.right != Right::Read && heeded
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
        field: &'static Field,
        value: &Value,
    ) -> Result<(), Refusal> {
        match field.kind {
            Kind::CustomFields => self.write_custom_fields(family, fields, value),
            Kind::Tags => self.write_tags(fields, value),
            Kind::Occasions | Kind::EmailDomains => self.write_parts(fields, field.name, value),
            // Written once the team is stored, since each has an id of its own.
            Kind::Members => Ok(()),
            _ if value.is_null() => {
                fields.set(field.name, Value::Null);
                Ok(())
            }
            _ => {
                fields.set(field.name, self.checked(field, value)?);
                Ok(())
            }
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
            if !defined.is_editable() {
                continue;
            }
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
        if !self.offers(field, value) && self.switches.is(&on::UNKNOWN_OPTION, "refused") {
            return Err(bad(format!("{name} has no such option.")));
        }
        Ok(value.clone())
    }
}
