//! The types of custom fields, and values of those types.

use jiff::civil::Date;
use serde_json::{Map, Number, Value};

use crate::{
    custom_field_value::CustomFieldValue, locations::CustomFieldDefinition, record::Member,
};

/// The type of a custom field, fixed when it is created.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CustomFieldType {
    /// A line of text: `TEXT`.
    Text,
    /// Many lines of text: `LARGE_TEXT`.
    LargeText,
    /// A number: `NUMERICAL`.
    Number,
    /// An amount of money, without a currency: `MONETORY` (sic).
    Money,
    /// A day: `DATE`.
    Date,
    /// A phone number: `PHONE`.
    Phone,
    /// An e-mail address: `EMAIL`.
    Email,
    /// One option: `SINGLE_OPTIONS` and `RADIO`.
    OneOption,
    /// Several options: `MULTIPLE_OPTIONS` and `CHECKBOX`.
    Options,
    /// Files: `FILE_UPLOAD`.
    Files,
    /// A list of labelled texts: `TEXTBOX_LIST`.
    TextBoxes,
    /// A type that this release does not know, as the API writes it.
    Other(String),
}

impl CustomFieldType {
    fn of(name: &str) -> Self {
        match name {
            "TEXT" => Self::Text,
            "LARGE_TEXT" => Self::LargeText,
            "NUMERICAL" => Self::Number,
            "MONETORY" | "MONETARY" => Self::Money,
            "DATE" => Self::Date,
            "PHONE" => Self::Phone,
            "EMAIL" => Self::Email,
            "SINGLE_OPTIONS" | "RADIO" => Self::OneOption,
            "MULTIPLE_OPTIONS" | "CHECKBOX" => Self::Options,
            "FILE_UPLOAD" => Self::Files,
            "TEXTBOX_LIST" => Self::TextBoxes,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl CustomFieldDefinition {
    /// The field's type; `None` where the definition does not tell.
    pub fn field_type(&self) -> Option<CustomFieldType> {
        self.data_type.as_deref().map(CustomFieldType::of)
    }
}

/// What a custom field holds, as its definition has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TypedValue {
    /// A text.
    Text(String),
    /// A number.
    Number(Number),
    /// An amount of money, without a currency.
    Money(Number),
    /// A day.
    Date(Date),
    /// A phone number; in E.164 form it is found again.
    Phone(String),
    /// An e-mail address.
    Email(String),
    /// One of the options.
    OneOption(String),
    /// Several options, as a list or as checkboxes.
    Options(Vec<String>),
    /// Files: from a file's uuid to its `meta`, `url` and `documentId`.
    Files(Map<String, Value>),
    /// Of another type, or not what the type says.
    Other(CustomFieldValue),
}

macro_rules! from {
    ($($from:ty => $variant:ident),+) => { $(
        impl From<$from> for TypedValue {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )+ };
}
from!(&str => Text, String => Text, i64 => Number, i32 => Number, Number => Number, Date => Date,
    Vec<String> => Options);

/// As it is written, whatever the type.
pub(crate) fn bare(value: TypedValue) -> CustomFieldValue {
    match value {
        TypedValue::Text(text)
        | TypedValue::Phone(text)
        | TypedValue::Email(text)
        | TypedValue::OneOption(text) => text.into(),
        TypedValue::Number(number) | TypedValue::Money(number) => number.into(),
        TypedValue::Date(date) => date.to_string().into(),
        TypedValue::Options(options) => options.into(),
        TypedValue::Files(files) => CustomFieldValue::Files(files),
        TypedValue::Other(value) => value,
    }
}

pub(crate) fn typed(known: &CustomFieldType, value: &CustomFieldValue) -> Option<TypedValue> {
    use CustomFieldType as Type;
    let text = || value.as_text().map(str::to_owned);
    Some(match known {
        Type::Text | Type::LargeText => TypedValue::Text(text()?),
        Type::Phone => TypedValue::Phone(text()?),
        Type::Email => TypedValue::Email(text()?),
        Type::OneOption => TypedValue::OneOption(match value.as_list()? {
            [one] => one.clone(),
            _ => return None,
        }),
        Type::Number => TypedValue::Number(number(value)?),
        Type::Money => TypedValue::Money(number(value)?),
        Type::Date => TypedValue::Date(Date::read(serde_json::to_value(value).ok()?.into()).ok()??),
        Type::Options => TypedValue::Options(value.as_list()?.to_vec()),
        Type::Files => match value {
            CustomFieldValue::Files(files) => TypedValue::Files(files.clone()),
            _ => return None,
        },
        Type::TextBoxes | Type::Other(_) => return None,
    })
}

fn number(value: &CustomFieldValue) -> Option<Number> {
    match value {
        CustomFieldValue::Number(number) => Some(number.clone()),
        other => other.as_text()?.trim().parse().ok(),
    }
}
