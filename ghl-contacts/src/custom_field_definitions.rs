//! The custom fields of a location, to read and write values by.

use api_transport::Edit;

use crate::{
    custom_field_value::{CustomField, CustomFieldValue, CustomFieldWrite},
    locations::CustomFieldDefinition,
    typed_value::{CustomFieldType, TypedValue, bare, typed},
};

/// Why a value is not one of that custom field; nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CustomFieldError {
    /// No definition has this id, key or name, or several have this name.
    #[error("there is no one custom field `{0}`")]
    Unknown(String),
    /// The field has another type.
    #[error("the custom field `{field}` is a {expected:?}")]
    WrongType {
        /// The field, as it was asked for.
        field: String,
        /// Its type.
        expected: CustomFieldType,
    },
    /// The field offers other options.
    #[error("the custom field `{field}` has no option `{option}`")]
    UnknownOption {
        /// The field, as it was asked for.
        field: String,
        /// The option that it lacks.
        option: String,
    },
}

/// The definitions of a location's custom fields, to read and write values by.
///
/// ```
/// use ghl_contacts::{ContactUpdate, CustomFieldDefinition, CustomFieldDefinitions};
/// # let loaded: Vec<CustomFieldDefinition> = serde_json::from_value(serde_json::json!([
/// #     {"id": "f1", "name": "Member since", "fieldKey": "contact.since", "dataType": "DATE"},
/// #     {"id": "f2", "name": "Level", "fieldKey": "contact.level", "dataType": "RADIO",
/// #      "picklistOptions": ["gold", "silver"]},
/// # ])).unwrap();
/// // let loaded = client.location(&location).custom_fields().await?;
/// let fields = CustomFieldDefinitions::new(loaded);
/// let change = ContactUpdate::new()
///     .custom_field(fields.set("contact.since", jiff::civil::date(2026, 11, 24))?)
///     .custom_field(fields.set("Level", "gold")?);
/// assert!(fields.set("Level", "tin").is_err());
/// assert!(fields.set("Member since", 7).is_err());
/// # Ok::<(), ghl_contacts::CustomFieldError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct CustomFieldDefinitions(Vec<CustomFieldDefinition>);

impl CustomFieldDefinitions {
    /// Takes what [`Location::custom_fields`](crate::Location::custom_fields) gave.
    pub fn new(definitions: Vec<CustomFieldDefinition>) -> Self {
        Self(definitions)
    }

    /// The one definition with this id, key (`contact.level`) or name; an id goes before a
    /// key, and a key before a name.
    pub fn find(&self, field: &str) -> Option<&CustomFieldDefinition> {
        let by_id = self.0.iter().find(|known| known.id.as_str() == field);
        let by_key = || self.one(|known| known.field_key.as_deref() == Some(field));
        let by_name = || self.one(|known| known.name.as_deref() == Some(field));
        by_id.or_else(by_key).or_else(by_name)
    }

    fn one(&self, is: impl Fn(&CustomFieldDefinition) -> bool) -> Option<&CustomFieldDefinition> {
        let mut found = self.0.iter().filter(|known| is(known));
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// A value to write, checked against the field's type and options.
    pub fn set(
        &self,
        field: &str,
        value: impl Into<TypedValue>,
    ) -> Result<CustomFieldWrite, CustomFieldError> {
        let unknown = || CustomFieldError::Unknown(field.to_owned());
        let definition = self.find(field).ok_or_else(unknown)?;
        let value = match definition.field_type() {
            Some(expected) => checked(field, definition, &expected, value.into())?,
            None => bare(value.into()),
        };
        Ok(CustomFieldWrite::set(&definition.id, value))
    }

    /// Sets or clears a field; `None` for one that is left alone.
    pub fn edit(
        &self,
        field: &str,
        edit: Edit<TypedValue>,
    ) -> Result<Option<CustomFieldWrite>, CustomFieldError> {
        match edit {
            Edit::Leave => Ok(None),
            Edit::Set(value) => self.set(field, value).map(Some),
            Edit::Clear => {
                let unknown = || CustomFieldError::Unknown(field.to_owned());
                let definition = self.find(field).ok_or_else(unknown)?;
                Ok(Some(CustomFieldWrite::clear(&definition.id)))
            }
        }
    }

    /// What a contact's custom field holds; `None` where it is blank. Numbers and days that
    /// come as texts are read; what does not fit the type is [`TypedValue::Other`].
    pub fn read(&self, field: &CustomField) -> Option<TypedValue> {
        let value = field.value.clone()?;
        let definition = self.0.iter().find(|known| known.id == field.id);
        let read = definition
            .and_then(CustomFieldDefinition::field_type)
            .and_then(|known| typed(&known, &value));
        Some(read.unwrap_or(TypedValue::Other(value)))
    }
}

fn checked(
    field: &str,
    definition: &CustomFieldDefinition,
    expected: &CustomFieldType,
    value: TypedValue,
) -> Result<CustomFieldValue, CustomFieldError> {
    use CustomFieldType as Type;
    use TypedValue as Is;
    let chosen: &[String] = match (expected, &value) {
        (Type::Text | Type::LargeText, Is::Text(_) | Is::Phone(_) | Is::Email(_))
        | (Type::Phone, Is::Text(_) | Is::Phone(_))
        | (Type::Email, Is::Text(_) | Is::Email(_))
        | (Type::Number | Type::Money, Is::Number(_) | Is::Money(_))
        | (Type::Date, Is::Date(_))
        | (Type::Files, Is::Files(_))
        | (Type::TextBoxes | Type::Other(_), _) => &[],
        (Type::Options, Is::Options(options)) => options,
        (Type::OneOption | Type::Options, Is::Text(option) | Is::OneOption(option)) => {
            std::slice::from_ref(option)
        }
        _ => {
            return Err(CustomFieldError::WrongType {
                field: field.to_owned(),
                expected: expected.clone(),
            });
        }
    };
    if let Some(option) = chosen.iter().find(|option| !offers(definition, option)) {
        return Err(CustomFieldError::UnknownOption {
            field: field.to_owned(),
            option: option.clone(),
        });
    }
    Ok(match (expected, value) {
        (Type::Options, Is::Text(option) | Is::OneOption(option)) => vec![option].into(),
        (_, value) => bare(value),
    })
}

/// A definition without texts to choose from cannot tell.
fn offers(definition: &CustomFieldDefinition, option: &str) -> bool {
    definition.is_allowed_custom_option == Some(true)
        || definition.options().next().is_none()
        || definition.options().any(|known| known == option)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use serde_json::{Value, json};

    fn fields() -> CustomFieldDefinitions {
        let types = [
            "TEXT",
            "NUMERICAL",
            "MONETORY",
            "DATE",
            "PHONE",
            "RADIO",
            "CHECKBOX",
            "FILE_UPLOAD",
            "NEW_TYPE",
        ];
        let all = types.map(|name| {
            let options = if matches!(name, "RADIO" | "CHECKBOX") { json!(["a", "b"]) } else { json!(null) };
            json!({"id": name, "name": format!("The {name}"), "dataType": name, "picklistOptions": options})
        });
        CustomFieldDefinitions::new(serde_json::from_value(json!(all)).unwrap())
    }

    fn read(id: &str, value: &Value) -> Option<TypedValue> {
        let field: CustomField = serde_json::from_value(json!({"id": id, "value": value})).unwrap();
        fields().read(&field)
    }

    fn written(id: &str, value: impl Into<TypedValue>) -> Result<Value, CustomFieldError> {
        let write = fields().set(id, value)?;
        Ok(serde_json::to_value(&write).unwrap()["field_value"].clone())
    }

    #[test]
    fn each_type_is_read_in_the_shapes_that_routes_show() {
        let day = date(2026, 11, 24);
        let some = |text: &str| text.to_owned();
        for (id, value, expected) in [
            ("TEXT", json!("x"), TypedValue::Text(some("x"))),
            ("NUMERICAL", json!("7"), TypedValue::Number(7.into())),
            ("MONETORY", json!(7), TypedValue::Money(7.into())),
            (
                "DATE",
                json!("2026-11-24T00:00:00.000Z"),
                TypedValue::Date(day),
            ),
            ("DATE", json!(1_795_478_400_000_i64), TypedValue::Date(day)),
            (
                "PHONE",
                json!("+15550100"),
                TypedValue::Phone(some("+15550100")),
            ),
            ("RADIO", json!("a"), TypedValue::OneOption(some("a"))),
            ("RADIO", json!(["a"]), TypedValue::OneOption(some("a"))),
            ("CHECKBOX", json!("a"), TypedValue::Options(vec![some("a")])),
            (
                "FILE_UPLOAD",
                json!({"u": {}}),
                TypedValue::Files(json!({"u": {}}).as_object().unwrap().clone()),
            ),
        ] {
            assert_eq!(read(id, &value), Some(expected), "{id} {value}");
        }
        assert_eq!(read("TEXT", &json!(null)), None);
        for (id, value) in [
            ("NUMERICAL", json!("many")),
            ("NEW_TYPE", json!(1)),
            ("gone", json!("x")),
        ] {
            assert!(
                matches!(read(id, &value), Some(TypedValue::Other(_))),
                "{id}"
            );
        }
    }

    #[test]
    fn each_type_is_written_as_the_api_takes_it_and_nothing_else_is() {
        assert_eq!(written("TEXT", "x"), Ok(json!("x")));
        assert_eq!(written("The NUMERICAL", 7), Ok(json!(7)));
        assert_eq!(written("MONETORY", 7), Ok(json!(7)));
        assert_eq!(written("DATE", date(2026, 11, 24)), Ok(json!("2026-11-24")));
        assert_eq!(written("RADIO", "a"), Ok(json!("a")));
        assert_eq!(
            written("CHECKBOX", vec!["a".to_owned(), "b".to_owned()]),
            Ok(json!(["a", "b"]))
        );
        assert_eq!(written("CHECKBOX", "a"), Ok(json!(["a"])));
        assert_eq!(written("NEW_TYPE", 7), Ok(json!(7)));
        for wrong in [
            written("NUMERICAL", "7"),
            written("DATE", "soon"),
            written("RADIO", 7),
        ] {
            assert!(
                matches!(wrong, Err(CustomFieldError::WrongType { .. })),
                "{wrong:?}"
            );
        }
        let option = written("CHECKBOX", vec!["a".to_owned(), "c".to_owned()]);
        assert!(
            matches!(option, Err(CustomFieldError::UnknownOption { option, .. }) if option == "c")
        );
        assert!(matches!(
            written("gone", "x"),
            Err(CustomFieldError::Unknown(_))
        ));
    }
}
