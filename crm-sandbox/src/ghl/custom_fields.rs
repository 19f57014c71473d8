//! The custom fields that the location has defined.

use serde_json::{Value, json};

/// A definition, as `GET /locations/{id}/customFields` shows it.
#[derive(Debug)]
pub(super) struct CustomField {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) key: &'static str,
    pub(super) data_type: &'static str,
    pub(super) options: &'static [&'static str],
}

const fn field(
    id: &'static str,
    name: &'static str,
    key: &'static str,
    data_type: &'static str,
    options: &'static [&'static str],
) -> CustomField {
    CustomField {
        id,
        name,
        key,
        data_type,
        options,
    }
}

pub(super) static HOBBY: &str = "hB7kQ2mXw9TzLr4NcV1a";
pub(super) static INTERESTS: &str = "iN5tP8sDf3GhJk6LzX2b";

pub(super) static DEFINED: &[CustomField] = &[
    field(
        "xI1dR9eFq7WsEd4RfT5c",
        "Insightly ID",
        "insightly_id",
        "TEXT",
        &[],
    ),
    field(HOBBY, "Hobby", "hobby", "TEXT", &[]),
    field(
        INTERESTS,
        "Interests",
        "interests",
        "MULTIPLE_OPTIONS",
        &["Music", "Sports", "Travel"],
    ),
    field(
        "bG3nD6vCx8ZaSd1FgH4d",
        "Background",
        "background",
        "LARGE_TEXT",
        &[],
    ),
    field(
        "tT2jL5bEo9PoIu7YtR6e",
        "Job title",
        "job_title",
        "TEXT",
        &[],
    ),
    field(
        "sZ4wC1qNm8VbCx3ZlK7f",
        "Size",
        "size",
        "SINGLE_OPTIONS",
        &["S", "M", "L"],
    ),
    field(
        "cN6eS3tYu0IoPa5SdF8g",
        "Consents",
        "consents",
        "CHECKBOX",
        &["Mail", "Phone"],
    ),
    field("sE8aT5sHj2KlZx7CvB9h", "Seats", "seats", "NUMERICAL", &[]),
    field("bU0dG7eRt4YuIo9PaS1i", "Budget", "budget", "MONETORY", &[]),
    field("rE2nW9aLk6JhGf1DsA3j", "Renewal", "renewal", "DATE", &[]),
    field(
        "pH4oN1eMn8BvCx3ZqW5k",
        "Second phone",
        "second_phone",
        "PHONE",
        &[],
    ),
];

impl CustomField {
    pub(super) fn shape(&self, location: &str, position: usize) -> Value {
        let mut shown = json!({
            "id": self.id,
            "name": self.name,
            "fieldKey": format!("contact.{}", self.key),
            "placeholder": "",
            "dataType": self.data_type,
            "position": position * 50,
            "locationId": location,
            "model": "contact",
        });
        if !self.options.is_empty() {
            shown["picklistOptions"] = json!(self.options);
        }
        shown
    }
}
