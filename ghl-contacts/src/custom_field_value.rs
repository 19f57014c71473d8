//! What a custom field of a contact holds, and how it is written.

use serde::Serialize;
use serde_json::{Map, Number, Value};

use crate::{
    borrowed_json::Json,
    ids::CustomFieldId,
    record::{Member, nested, record},
};

/// The value of a custom field. Its type follows the field's definition
/// ([`CustomFieldDefinition::data_type`](crate::CustomFieldDefinition)); reads are not
/// always strings, whatever the schema says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum CustomFieldValue {
    /// Text, one option, a date.
    Text(String),
    /// A number or an amount of money.
    Number(Number),
    /// Several options.
    List(Vec<String>),
    /// Files: from a file's uuid to its `meta`, `url` and `documentId`.
    Files(Map<String, Value>),
    /// Anything else, as it came.
    Other(Value),
}

impl CustomFieldValue {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The options, if there are several; one text counts as one option.
    pub fn as_list(&self) -> Option<&[String]> {
        match self {
            Self::List(items) => Some(items),
            Self::Text(text) => Some(std::slice::from_ref(text)),
            _ => None,
        }
    }
}

impl From<Value> for CustomFieldValue {
    fn from(value: Value) -> Self {
        match value {
            Value::String(text) => Self::Text(text),
            Value::Number(number) => Self::Number(number),
            Value::Object(files) => Self::Files(files),
            Value::Array(items) => list(items),
            other => Self::Other(other),
        }
    }
}

fn list(items: Vec<Value>) -> CustomFieldValue {
    let texts: Option<Vec<String>> = items
        .iter()
        .map(|item| item.as_str().map(str::to_owned))
        .collect();
    match texts {
        Some(texts) => CustomFieldValue::List(texts),
        None => CustomFieldValue::Other(Value::Array(items)),
    }
}

macro_rules! from {
    ($($from:ty => $variant:ident),+) => { $(
        impl From<$from> for CustomFieldValue {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )+ };
}
from!(&str => Text, String => Text, i64 => Number, Vec<String> => List, Number => Number);

impl Member for CustomFieldValue {
    fn read(value: Json<'_>) -> Result<Option<Self>, Json<'_>> {
        Ok((!value.is_null()).then(|| match value {
            Json::Text(text) => Self::Text(text.into_owned()),
            other => Value::from(other).into(),
        }))
    }

    fn is_readable(_: &Json<'_>) -> bool {
        true
    }
}

record! {
    /// A custom field as a contact shows it. There is no name or key here: look the id
    /// up in [`Location::custom_fields`](crate::Location::custom_fields).
    pub struct CustomField {
        /// The definition's id.
        pub id: CustomFieldId = "id",
        /// What it holds.
        pub value: Option<CustomFieldValue> = "value" from ["value", "field_value", "fieldValue"],
    }
}
nested!(CustomField);

/// A custom field as it is written: `{"id", "field_value"}`. A field that is read
/// cannot be posted back as it is. Fields that are not named stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct CustomFieldWrite {
    /// The definition's id.
    pub id: CustomFieldId,
    /// What it becomes.
    #[serde(rename = "field_value")]
    pub value: CustomFieldValue,
}

impl CustomFieldWrite {
    /// Sets a custom field.
    pub fn set(id: impl Into<CustomFieldId>, value: impl Into<CustomFieldValue>) -> Self {
        Self {
            id: id.into(),
            value: value.into(),
        }
    }

    /// Clears a custom field, by an empty text. That this clears is not confirmed.
    pub fn clear(id: impl Into<CustomFieldId>) -> Self {
        Self::set(id, "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_value_is_found_under_each_of_its_names() {
        for name in ["value", "field_value", "fieldValue"] {
            let field: CustomField = serde_json::from_value(json!({"id": "f", name: "x"})).unwrap();
            assert_eq!(field.value, Some("x".into()));
        }
    }

    #[test]
    fn a_write_goes_under_field_value() {
        let write = CustomFieldWrite::set("f", vec!["a".to_owned()]);
        assert_eq!(
            serde_json::to_value(&write).unwrap(),
            json!({"id": "f", "field_value": ["a"]})
        );
    }

    #[test]
    fn values_keep_their_shape() {
        for value in [
            json!("a"),
            json!(1.5),
            json!(["a"]),
            json!({"u": {}}),
            json!([1]),
            json!(true),
        ] {
            let read = CustomFieldValue::from(value.clone());
            assert_eq!(serde_json::to_value(&read).unwrap(), value);
        }
    }
}
