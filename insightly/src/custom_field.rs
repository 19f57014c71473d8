//! Custom fields: a name, and a value of the field's type.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    form::{Form, date, time},
    record::{Payload, TooLong, known_alone},
};

/// One custom field of a record: its name, e.g. `Hobby__c`, and its value.
///
/// Fields that are not on the record's page layout are missing from a record
/// altogether. What type a field has, [`Client::custom_fields`](crate::Client::custom_fields) tells.
///
/// ```
/// use insightly::CustomField;
/// let field = CustomField::options("Interests__c", ["Music", "Travel"]);
/// assert_eq!(field.as_text(), Some("Music;Travel"));
/// assert_eq!(field.as_options(), ["Music", "Travel"]);
/// assert!(CustomField::cleared("Hobby__c").is_blank());
/// ```
#[derive(Debug, Clone, PartialEq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CustomField {
    /// The field's API name; those that users made end in `__c`.
    #[serde(rename = "FIELD_NAME")]
    pub name: String,
    /// The value as JSON: a text, number, true, false or null.
    #[serde(rename = "FIELD_VALUE", default)]
    pub value: Value,
    /// Members that this crate does not know. They are kept here and never sent.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl CustomField {
    /// A value as JSON, for a type that has no function here.
    pub fn new(name: impl Into<String>, value: impl Into<Value>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            extra: Map::new(),
        }
    }

    /// A text, a text of several lines, or the option of a dropdown.
    pub fn text(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(name, text.into())
    }

    /// A number or a percentage. One that is not finite blanks the field.
    pub fn number(name: impl Into<String>, number: impl Into<f64>) -> Self {
        Self::new(name, number.into().json())
    }

    /// A checkbox.
    pub fn flag(name: impl Into<String>, flag: bool) -> Self {
        Self::new(name, flag)
    }

    /// A day.
    pub fn date(name: impl Into<String>, date: Date) -> Self {
        Self::new(name, date.json())
    }

    /// A moment.
    pub fn date_time(name: impl Into<String>, time: Timestamp) -> Self {
        Self::new(name, time.json())
    }

    /// Options of a field that takes several. They are joined with `;`.
    pub fn options<T: AsRef<str>>(
        name: impl Into<String>,
        options: impl IntoIterator<Item = T>,
    ) -> Self {
        let mut joined = String::new();
        for option in options {
            if !joined.is_empty() {
                joined.push(';');
            }
            joined.push_str(option.as_ref());
        }
        if joined.is_empty() {
            Self::cleared(name)
        } else {
            Self::new(name, joined)
        }
    }

    /// No value: sending it blanks the field.
    pub fn cleared(name: impl Into<String>) -> Self {
        Self::new(name, Value::Null)
    }

    /// Whether there is no value.
    pub fn is_blank(&self) -> bool {
        matches!(&self.value, Value::Null) || self.value.as_str() == Some("")
    }

    /// The value as text.
    pub fn as_text(&self) -> Option<&str> {
        self.value.as_str()
    }

    /// The value as a number, also when it came as text.
    pub fn as_number(&self) -> Option<f64> {
        f64::read(&self.value).ok().flatten()
    }

    /// The value as true or false, also when it came as text.
    pub fn as_flag(&self) -> Option<bool> {
        bool::read(&self.value).ok().flatten()
    }

    /// The value as a day, never shifted by a zone.
    pub fn as_date(&self) -> Option<Date> {
        date(self.as_text()?.trim())
    }

    /// The value as a moment; without a zone it is UTC.
    pub fn as_date_time(&self) -> Option<Timestamp> {
        time(self.as_text()?.trim())
    }

    /// The options of a field that takes several.
    pub fn as_options(&self) -> Vec<&str> {
        let options = self.as_text().unwrap_or_default().split(';');
        options
            .map(str::trim)
            .filter(|option| !option.is_empty())
            .collect()
    }
}

impl Payload for CustomField {
    fn check(&self) -> Result<(), TooLong> {
        Ok(())
    }

    known_alone!();
}

/// Gives a record its custom fields by their names.
macro_rules! custom_fields_of {
    ($Record:ident) => {
        impl $Record {
            /// A custom field by its name, e.g. `Hobby__c`.
            pub fn custom_field(&self, name: &str) -> Option<&$crate::CustomField> {
                let fields = self.custom_fields.as_ref()?;
                fields.iter().find(|field| field.name == name)
            }

            /// The custom fields as a struct of yours: see
            /// [`custom_fields!`](crate::custom_fields!). A record read by `brief` has none.
            pub fn custom<T: $crate::CustomFields>(&self) -> Result<T, $crate::CustomFieldError> {
                T::read(self.custom_fields.as_deref().unwrap_or_default())
            }
        }
    };
}
pub(crate) use custom_fields_of;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent(field: &CustomField) -> Value {
        serde_json::to_value(field).unwrap()["FIELD_VALUE"].clone()
    }

    #[test]
    fn each_type_is_written_in_its_own_form() {
        let day = "2026-11-24".parse().unwrap();
        let moment = "2026-11-24T10:00:00Z".parse().unwrap();
        assert_eq!(sent(&CustomField::text("A__c", "x")), json!("x"));
        assert_eq!(sent(&CustomField::number("A__c", 12)), json!(12));
        assert_eq!(sent(&CustomField::number("A__c", 3.2)), json!(3.2));
        assert_eq!(sent(&CustomField::flag("A__c", true)), json!(true));
        assert_eq!(
            sent(&CustomField::date("A__c", day)),
            json!("2026-11-24 00:00:00")
        );
        assert_eq!(
            sent(&CustomField::date_time("A__c", moment)),
            json!("2026-11-24 10:00:00")
        );
        assert_eq!(
            sent(&CustomField::options("A__c", ["a", "b"])),
            json!("a;b")
        );
        assert_eq!(sent(&CustomField::cleared("A__c")), json!(null));
        assert_eq!(CustomField::date("A__c", day).as_date(), Some(day));
        assert_eq!(
            CustomField::date_time("A__c", moment).as_date_time(),
            Some(moment)
        );
    }

    #[test]
    fn unknown_members_are_kept_and_only_name_and_value_are_sent() {
        let read = json!({"FIELD_NAME": "A__c", "FIELD_VALUE": 1, "CUSTOM_FIELD_ID": "A__c"});
        let field: CustomField = serde_json::from_value(read.clone()).unwrap();
        assert_eq!(serde_json::to_value(&field).unwrap(), read);
        let sent = serde_json::to_value(field.known()).unwrap();
        assert_eq!(sent, json!({"FIELD_NAME": "A__c", "FIELD_VALUE": 1}));
    }
}
