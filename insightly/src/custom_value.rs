//! Custom fields by their definitions: what type a field has, and values of that type.

use jiff::{Timestamp, civil::Date};
use serde_json::Value;

use crate::{
    custom_field::CustomField,
    families::custom_field_definition::CustomFieldDefinition,
    form::{Form, date, time},
};

/// The type of a custom field.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CustomFieldType {
    /// A text of 255 characters at most.
    Text,
    /// A text of several lines, 4,000 characters at most.
    MultilineText,
    /// One of the options.
    Dropdown,
    /// Any of the options.
    MultiSelect,
    /// A checkbox.
    Flag,
    /// A number.
    Number,
    /// A percentage.
    Percent,
    /// A day.
    Date,
    /// A moment.
    DateTime,
    /// A number that the server gives; it cannot be written.
    AutoNumber,
    /// A type whose name is not known here. Its values are passed as they are.
    Other(String),
}

/// A value of a custom field, by the field's type.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CustomValue {
    /// A text, or the option of a dropdown.
    Text(String),
    /// The options of a field that takes several.
    Options(Vec<String>),
    /// A checkbox.
    Flag(bool),
    /// A number or a percentage.
    Number(f64),
    /// A day.
    Date(Date),
    /// A moment.
    DateTime(Timestamp),
    /// The id of another record: the field is a lookup.
    Record(i64),
    /// A value of a type that is not known here.
    Json(Value),
}

/// Why a custom field cannot be read or written as wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CustomFieldError {
    /// What the record holds does not fit the type.
    #[error("{field} holds `{found}`, which is no {expected}")]
    WrongType {
        /// The field's name.
        field: String,
        /// What the record holds.
        found: String,
        /// What was wanted.
        expected: &'static str,
    },
    /// The value is not of the field's type.
    #[error("{field} is of type {field_type}: it does not take this value")]
    Mismatch {
        /// The field's name.
        field: String,
        /// The field's type, as Insightly names it.
        field_type: String,
    },
    /// No option of the field is written so; their case counts.
    #[error("{field} has no option `{value}`")]
    NoSuchOption {
        /// The field's name.
        field: String,
        /// What was given.
        value: String,
    },
    /// A text over the limit of the field's type.
    #[error("{field} takes {limit} characters at most, this has {length}")]
    TooLong {
        /// The field's name.
        field: String,
        /// The characters that it takes.
        limit: usize,
        /// The characters that were given.
        length: usize,
    },
    /// The server computes it.
    #[error("{field} is computed by Insightly and cannot be written")]
    NotEditable {
        /// The field's name.
        field: String,
    },
}

impl CustomFieldDefinition {
    /// The field's type.
    pub fn kind(&self) -> CustomFieldType {
        match self.field_type.as_deref().unwrap_or_default() {
            "TEXT" => CustomFieldType::Text,
            "MULTILINETEXT" => CustomFieldType::MultilineText,
            "DROPDOWN" => CustomFieldType::Dropdown,
            "MULTISELECT" => CustomFieldType::MultiSelect,
            "BIT" => CustomFieldType::Flag,
            "NUMERIC" => CustomFieldType::Number,
            "PERCENT" => CustomFieldType::Percent,
            "DATE" => CustomFieldType::Date,
            "DATETIME" => CustomFieldType::DateTime,
            "AUTONUMBER" => CustomFieldType::AutoNumber,
            other => CustomFieldType::Other(other.to_owned()),
        }
    }

    /// This field's value among a record's custom fields. `None` if the field is blank
    /// or not on the record's page layout.
    ///
    /// ```
    /// use insightly::{CustomField, CustomFieldDefinition, CustomValue};
    /// let definition: CustomFieldDefinition = serde_json::from_str(
    ///     r#"{"FIELD_NAME": "Score__c", "FIELD_TYPE": "NUMERIC"}"#,
    /// )?;
    /// let fields = [CustomField::text("Score__c", "12")];
    /// assert_eq!(definition.get(&fields)?, Some(CustomValue::Number(12.0)));
    /// assert!(definition.set("twelve").is_err());
    /// assert_eq!(definition.set(12.0)?, CustomField::number("Score__c", 12));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get(&self, fields: &[CustomField]) -> Result<Option<CustomValue>, CustomFieldError> {
        let field = fields.iter().find(|field| field.name == self.name);
        let Some(field) = field.filter(|field| !field.is_blank()) else {
            return Ok(None);
        };
        let (value, expected) = match self.kind() {
            _ if self.join_object.is_some() => (
                i64::read(&field.value)
                    .ok()
                    .flatten()
                    .map(CustomValue::Record),
                "id",
            ),
            CustomFieldType::Text | CustomFieldType::MultilineText | CustomFieldType::Dropdown => (
                String::read(&field.value)
                    .ok()
                    .flatten()
                    .map(CustomValue::Text),
                "text",
            ),
            CustomFieldType::MultiSelect => (
                field.as_text().map(|_| {
                    let options = field.as_options().into_iter();
                    CustomValue::Options(options.map(str::to_owned).collect())
                }),
                "list of options",
            ),
            CustomFieldType::Flag => (field.as_flag().map(CustomValue::Flag), "true or false"),
            CustomFieldType::Number | CustomFieldType::Percent => {
                (field.as_number().map(CustomValue::Number), "number")
            }
            CustomFieldType::Date => (field.as_date().map(CustomValue::Date), "day"),
            CustomFieldType::DateTime => {
                (field.as_date_time().map(CustomValue::DateTime), "moment")
            }
            CustomFieldType::AutoNumber | CustomFieldType::Other(_) => {
                (Some(CustomValue::Json(field.value.clone())), "value")
            }
        };
        value.map(Some).ok_or_else(|| CustomFieldError::WrongType {
            field: self.name.clone(),
            found: field.value.to_string(),
            expected,
        })
    }

    /// A value for this field, to be put into `custom_fields` of what is sent. Refused
    /// here is what Insightly would refuse: another type, an option that it has not, a text
    /// over its limit, a field that is computed.
    pub fn set(&self, value: impl Into<CustomValue>) -> Result<CustomField, CustomFieldError> {
        self.check_editable()?;
        let value = value.into();
        self.check_text(&value)?;
        if !self.takes(&value) {
            return Err(CustomFieldError::Mismatch {
                field: self.name.clone(),
                field_type: self.field_type.clone().unwrap_or_default(),
            });
        }
        Ok(match value {
            CustomValue::Text(text) => CustomField::text(&self.name, text),
            CustomValue::Options(options) => CustomField::options(&self.name, options),
            CustomValue::Flag(flag) => CustomField::flag(&self.name, flag),
            CustomValue::Number(number) => CustomField::number(&self.name, number),
            CustomValue::Date(date) => CustomField::date(&self.name, date),
            CustomValue::DateTime(time) => CustomField::date_time(&self.name, time),
            CustomValue::Record(id) => CustomField::new(&self.name, id),
            CustomValue::Json(value) => CustomField::new(&self.name, value),
        })
    }

    /// No value for this field: sending it blanks the field.
    pub fn clear(&self) -> Result<CustomField, CustomFieldError> {
        self.check_editable()?;
        Ok(CustomField::cleared(&self.name))
    }

    fn takes(&self, value: &CustomValue) -> bool {
        use CustomFieldType as Type;
        match (self.kind(), value) {
            (_, CustomValue::Record(_)) => self.join_object.is_some(),
            (Type::Text | Type::MultilineText | Type::Dropdown, CustomValue::Text(_))
            | (Type::MultiSelect, CustomValue::Options(_))
            | (Type::Flag, CustomValue::Flag(_))
            | (Type::Date, CustomValue::Date(_))
            | (Type::DateTime, CustomValue::DateTime(_)) => self.join_object.is_none(),
            (Type::Number | Type::Percent, CustomValue::Number(number)) => number.is_finite(),
            (Type::Other(_), _) => true,
            _ => false,
        }
    }

    fn check_editable(&self) -> Result<(), CustomFieldError> {
        if self.editable == Some(false) || self.kind() == CustomFieldType::AutoNumber {
            return Err(CustomFieldError::NotEditable {
                field: self.name.clone(),
            });
        }
        Ok(())
    }

    fn check_text(&self, value: &CustomValue) -> Result<(), CustomFieldError> {
        let limit = match self.kind() {
            CustomFieldType::Text => 255,
            CustomFieldType::MultilineText => 4000,
            CustomFieldType::Dropdown | CustomFieldType::MultiSelect => {
                return self.check_options(value);
            }
            _ => return Ok(()),
        };
        match value {
            CustomValue::Text(text) if text.chars().count() > limit => {
                Err(CustomFieldError::TooLong {
                    field: self.name.clone(),
                    limit,
                    length: text.chars().count(),
                })
            }
            _ => Ok(()),
        }
    }

    fn check_options(&self, value: &CustomValue) -> Result<(), CustomFieldError> {
        let given = match value {
            CustomValue::Text(option) => std::slice::from_ref(option),
            CustomValue::Options(options) => options,
            _ => return Ok(()),
        };
        let Some(known) = &self.options else {
            return Ok(());
        };
        match given
            .iter()
            .find(|given| known.iter().all(|option| option.value != **given))
        {
            Some(value) => Err(CustomFieldError::NoSuchOption {
                field: self.name.clone(),
                value: value.clone(),
            }),
            None => Ok(()),
        }
    }
}

/// A Rust type that the value of a custom field can be read as and written from, for
/// [`custom_fields!`](crate::custom_fields!).
pub trait CustomFieldValue: Sized {
    /// What it is, for errors.
    const EXPECTED: &'static str;

    /// Reads a value that is not blank.
    fn from_field(field: &CustomField) -> Option<Self>;

    /// The value as it is sent.
    fn to_value(&self) -> Value;
}

macro_rules! values {
    ($( $Type:ty, $Variant:ident, $expected:literal, |$field:ident| $read:expr; )+) => { $(
        impl From<$Type> for CustomValue {
            fn from(value: $Type) -> Self {
                Self::$Variant(value)
            }
        }

        impl CustomFieldValue for $Type {
            const EXPECTED: &'static str = $expected;

            fn from_field($field: &CustomField) -> Option<Self> {
                $read
            }

            fn to_value(&self) -> Value {
                self.json()
            }
        }
    )+ };
}

values! {
    String, Text, "text", |field| String::read(&field.value).ok().flatten();
    bool, Flag, "true or false", |field| field.as_flag();
    f64, Number, "number", |field| field.as_number();
    Date, Date, "day", |field| date(field.as_text()?.trim());
    Timestamp, DateTime, "moment", |field| time(field.as_text()?.trim());
    i64, Record, "whole number", |field| i64::read(&field.value).ok().flatten();
}

impl CustomFieldValue for Vec<String> {
    const EXPECTED: &'static str = "list of options";

    fn from_field(field: &CustomField) -> Option<Self> {
        field.as_text()?;
        Some(field.as_options().into_iter().map(str::to_owned).collect())
    }

    fn to_value(&self) -> Value {
        CustomField::options("", self).value
    }
}

impl From<&str> for CustomValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Vec<String>> for CustomValue {
    fn from(options: Vec<String>) -> Self {
        Self::Options(options)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(definition: Value) -> CustomFieldDefinition {
        serde_json::from_value(definition).unwrap()
    }

    fn of_type(field_type: &str) -> CustomFieldDefinition {
        field(json!({"FIELD_NAME": "A__c", "FIELD_TYPE": field_type}))
    }

    #[test]
    fn each_type_is_read_and_written_as_itself() {
        let day: Date = "2026-11-24".parse().unwrap();
        let moment: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        for (field_type, value) in [
            ("TEXT", CustomValue::from("x")),
            ("MULTILINETEXT", "x\ny".into()),
            ("DROPDOWN", "x".into()),
            ("MULTISELECT", vec!["a".to_owned(), "b".to_owned()].into()),
            ("BIT", true.into()),
            ("NUMERIC", 12.0.into()),
            ("PERCENT", 3.2.into()),
            ("DATE", day.into()),
            ("DATETIME", moment.into()),
            ("COLOUR", CustomValue::Json(json!({"r": 1}))),
        ] {
            let definition = of_type(field_type);
            let sent = definition.set(value.clone()).unwrap();
            assert_eq!(definition.get(&[sent]), Ok(Some(value)), "{field_type}");
        }
        let lookup =
            field(json!({"FIELD_NAME": "A__c", "FIELD_TYPE": "TEXT", "JOIN_OBJECT": "Contact"}));
        let sent = lookup.set(7_i64).unwrap();
        assert_eq!(sent.value, json!(7));
        assert_eq!(lookup.get(&[sent]), Ok(Some(CustomValue::Record(7))));
    }

    #[test]
    fn what_insightly_would_refuse_is_refused_here_by_name() {
        let say = |error: CustomFieldError| error.to_string();
        assert_eq!(
            say(of_type("TEXT").set("x".repeat(256)).unwrap_err()),
            "A__c takes 255 characters at most, this has 256"
        );
        assert_eq!(
            say(of_type("BIT").set("x").unwrap_err()),
            "A__c is of type BIT: it does not take this value"
        );
        let options = json!({"FIELD_NAME": "A__c", "FIELD_TYPE": "DROPDOWN",
            "CUSTOM_FIELD_OPTIONS": [{"OPTION_VALUE": "Red"}]});
        assert_eq!(
            say(field(options).set("red").unwrap_err()),
            "A__c has no option `red`"
        );
        assert!(of_type("AUTONUMBER").clear().is_err());
        let computed = json!({"FIELD_NAME": "A__c", "FIELD_TYPE": "TEXT", "EDITABLE": false});
        assert!(field(computed).set("x").is_err());
    }

    #[test]
    fn a_value_of_another_type_is_an_error_and_a_blank_is_none() {
        let flag = of_type("BIT");
        assert_eq!(flag.get(&[]), Ok(None));
        assert_eq!(flag.get(&[CustomField::cleared("A__c")]), Ok(None));
        assert_eq!(
            flag.get(&[CustomField::text("A__c", "perhaps")])
                .unwrap_err()
                .to_string(),
            "A__c holds `\"perhaps\"`, which is no true or false"
        );
    }
}
