//! The custom fields that people have defined in the web app.

use serde_json::{Value, json};

use super::Insightly;
use crate::error::SandboxError;

/// A definition.
#[derive(Debug)]
pub(super) struct CustomField {
    /// The family that has it, by its key.
    pub(super) family: &'static str,
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: &'static str,
    pub(super) options: &'static [&'static str],
    /// What is off the page layout is shown only where it has a value.
    pub(super) on_layout: bool,
}

const fn field(
    family: &'static str,
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    options: &'static [&'static str],
) -> CustomField {
    CustomField {
        family,
        name,
        label,
        kind,
        options,
        on_layout: true,
    }
}

pub(super) static DEFINED: &[CustomField] = &[
    field("contacts", "GHL_ID__c", "GHL ID", "TEXT", &[]),
    field("contacts", "Hobby__c", "Hobby", "TEXT", &[]),
    field(
        "contacts",
        "Interests__c",
        "Interests",
        "MULTISELECT",
        &["Music", "Sports", "Travel"],
    ),
    field("contacts", "Second_Email__c", "Second e-mail", "TEXT", &[]),
    field("contacts", "Size__c", "Size", "DROPDOWN", &["S", "M", "L"]),
    field("contacts", "Newsletter__c", "Newsletter", "BIT", &[]),
    field("contacts", "Seats__c", "Seats", "NUMERIC", &[]),
    field("contacts", "Renewal__c", "Renewal", "DATE", &[]),
    field("contacts", "Story__c", "Story", "MULTILINETEXT", &[]),
    field("contacts", "Photo__c", "Photo", "IMAGE", &[]),
    field("contacts", "Number__c", "Number", "AUTONUMBER", &[]),
    CustomField {
        on_layout: false,
        ..field("contacts", "Legacy__c", "Legacy", "TEXT", &[])
    },
    field("organisations", "GHL_ID__c", "GHL ID", "TEXT", &[]),
    field("organisations", "Logo__c", "Logo", "IMAGE", &[]),
    field("leads", "GHL_ID__c", "GHL ID", "TEXT", &[]),
    field("leads", "Badge__c", "Badge", "IMAGE", &[]),
    field("opportunities", "GHL_ID__c", "GHL ID", "TEXT", &[]),
    field("opportunities", "Sketch__c", "Sketch", "IMAGE", &[]),
    field("projects", "GHL_ID__c", "GHL ID", "TEXT", &[]),
    field("projects", "Plan__c", "Plan", "IMAGE", &[]),
    field("tasks", "GHL_ID__c", "GHL ID", "TEXT", &[]),
    field("tasks", "Screenshot__c", "Screenshot", "IMAGE", &[]),
    field("events", "GHL_ID__c", "GHL ID", "TEXT", &[]),
    field("events", "Poster__c", "Poster", "IMAGE", &[]),
    field(
        "fruit__c",
        "Colour__c",
        "Colour",
        "DROPDOWN",
        &["Red", "Green"],
    ),
    field("fruit__c", "Weight__c", "Weight", "NUMERIC", &[]),
];

pub(super) fn of_family(family: &str) -> impl Iterator<Item = &'static CustomField> {
    DEFINED.iter().filter(move |field| field.family == family)
}

impl CustomField {
    /// `CustomFieldMetadata`, with what it offers by now.
    pub(super) fn shape(&self, order: usize, field_for: &str, options: &[&str]) -> Value {
        let options = options.iter().enumerate();
        let options: Vec<Value> = options
            .map(|(at, value)| {
                json!({ "OPTION_ID": at + 1, "OPTION_VALUE": value, "OPTION_DEFAULT": false })
            })
            .collect();
        json!({
            "FIELD_NAME": self.name,
            "FIELD_ORDER": order,
            "FIELD_FOR": field_for,
            "FIELD_LABEL": self.label,
            "FIELD_TYPE": self.kind,
            "FIELD_HELP_TEXT": null,
            "DEFAULT_VALUE": if self.kind == "BIT" { json!("False") } else { Value::Null },
            "EDITABLE": self.is_editable(),
            "VISIBLE": true,
            "CUSTOM_FIELD_OPTIONS": options,
            "DEPENDENCY": null,
            "JOIN_OBJECT": null,
        })
    }

    /// What the server numbers by itself is passed over in a body.
    pub(super) fn is_editable(&self) -> bool {
        self.kind != "AUTONUMBER"
    }

    /// Whether a value is of the field's type.
    pub(super) fn holds(&self, value: &Value) -> bool {
        match self.kind {
            "BIT" => value.is_boolean(),
            "NUMERIC" | "PERCENT" => value.is_number(),
            "TEXT" => value
                .as_str()
                .is_some_and(|text| text.chars().count() <= 255),
            "MULTILINETEXT" => value
                .as_str()
                .is_some_and(|text| text.chars().count() <= 4000),
            _ => value.is_string(),
        }
    }
}

impl Insightly {
    /// What a field offers by now.
    pub(super) fn options(&self, field: &CustomField) -> Vec<&str> {
        match self.options.get(&(field.family, field.name)) {
            Some(options) => options.iter().map(String::as_str).collect(),
            None => field.options.to_vec(),
        }
    }

    /// Whether a dropdown offers what a value asks for.
    pub(super) fn offers(&self, field: &CustomField, value: &Value) -> bool {
        let options = self.options(field);
        let Some(text) = value.as_str().filter(|_| !options.is_empty()) else {
            return true;
        };
        let mut parts = text.split(';').filter(|part| !part.is_empty());
        parts.all(|part| options.contains(&part))
    }

    /// People change what a field offers. Records keep what they have.
    pub(super) fn offer(
        &mut self,
        family: &str,
        name: &str,
        options: Vec<String>,
    ) -> Result<(), SandboxError> {
        let field = of_family(family).find(|field| field.name == name);
        let field = field.ok_or_else(|| SandboxError::UnknownField(name.to_owned()))?;
        self.options.insert((field.family, field.name), options);
        Ok(())
    }
}
