//! The custom fields of contacts that the location begins with.

use serde_json::json;

use super::Ghl;
use super::family::Family;
use crate::rows::{Fields, Stamps};

struct CustomField {
    id: &'static str,
    name: &'static str,
    key: &'static str,
    data_type: &'static str,
    options: &'static [&'static str],
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

static DEFINED: &[CustomField] = &[
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

impl Ghl {
    /// Defines them.
    pub(super) fn define_custom_fields(&mut self) {
        let at = jiff::Timestamp::UNIX_EPOCH;
        for (place, field) in DEFINED.iter().enumerate() {
            let mut fields = Fields::default();
            fields.set("name", json!(field.name));
            fields.set("fieldKey", json!(format!("contact.{}", field.key)));
            fields.set("dataType", json!(field.data_type));
            fields.set("position", json!(place * 50));
            if !field.options.is_empty() {
                fields.set("picklistOptions", json!(field.options));
            }
            self.rows[Family::CustomFields].insert(field.id.into(), fields, Stamps::new(at), at);
        }
    }
}
