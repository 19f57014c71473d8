//! A struct of the caller's own for the custom fields of a family.

use crate::{
    custom_field::CustomField,
    custom_value::{CustomFieldError, CustomFieldValue},
};

/// A struct whose fields are custom fields. Write it by [`custom_fields!`](crate::custom_fields!).
pub trait CustomFields: Sized {
    /// The fields' names, e.g. `Hobby__c`.
    const NAMES: &'static [&'static str];

    /// Reads a record's custom fields. What is blank or missing is `None`.
    fn read(fields: &[CustomField]) -> Result<Self, CustomFieldError>;

    /// Every field that has a value: for a new record.
    fn filled(&self) -> Vec<CustomField>;

    /// What makes `before` into this: for an update. A value that went is cleared.
    fn changes_since(&self, before: &Self) -> Vec<CustomField>;
}

/// Declares a struct for the custom fields of a family, and implements
/// [`CustomFields`] for it. Each field becomes an `Option` of its type.
///
/// | Insightly's type | Rust's |
/// | --- | --- |
/// | text, dropdown | `String` |
/// | multi-select | `Vec<String>` |
/// | checkbox | `bool` |
/// | number, percent | `f64` |
/// | day | `jiff::civil::Date` |
/// | moment | `jiff::Timestamp` |
/// | lookup | `i64`, the other record's id |
///
/// ```
/// use insightly::{CustomField, CustomFields};
///
/// insightly::custom_fields! {
///     /// What our contacts have besides.
///     #[derive(Debug, Clone, Default, PartialEq)]
///     pub struct Extras {
///         pub hobby: String = "Hobby__c",
///         pub newsletter: bool = "Newsletter__c",
///     }
/// }
///
/// let read = [CustomField::text("Hobby__c", "Chess"), CustomField::flag("Newsletter__c", true)];
/// let before = Extras::read(&read)?; // or: let before: Extras = contact.custom()?;
/// let after = Extras { newsletter: None, ..before.clone() };
/// assert_eq!(after.changes_since(&before), [CustomField::cleared("Newsletter__c")]);
/// assert_eq!(after.filled(), [CustomField::text("Hobby__c", "Chess")]);
/// # Ok::<(), insightly::CustomFieldError>(())
/// ```
#[macro_export]
macro_rules! custom_fields {
    (
        $(#[$meta:meta])*
        $vis:vis struct $Struct:ident {
            $( $(#[$field_meta:meta])* $field_vis:vis $field:ident: $Type:ty = $name:literal ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        $vis struct $Struct {
            $( $(#[$field_meta])* $field_vis $field: Option<$Type>, )*
        }

        impl $crate::CustomFields for $Struct {
            const NAMES: &'static [&'static str] = &[$( $name ),*];

            fn read(fields: &[$crate::CustomField]) -> Result<Self, $crate::CustomFieldError> {
                Ok(Self { $( $field: $crate::read_custom_field(fields, $name)?, )* })
            }

            fn filled(&self) -> Vec<$crate::CustomField> {
                let fields = [$( $crate::changed_custom_field($name, self.$field.as_ref(), None) ),*];
                fields.into_iter().flatten().collect()
            }

            fn changes_since(&self, before: &Self) -> Vec<$crate::CustomField> {
                let fields = [$(
                    $crate::changed_custom_field($name, self.$field.as_ref(), before.$field.as_ref())
                ),*];
                fields.into_iter().flatten().collect()
            }
        }
    };
}

#[doc(hidden)]
pub fn read_custom_field<T: CustomFieldValue>(
    fields: &[CustomField],
    name: &str,
) -> Result<Option<T>, CustomFieldError> {
    let field = fields.iter().find(|field| field.name == name);
    let Some(field) = field.filter(|field| !field.is_blank()) else {
        return Ok(None);
    };
    T::from_field(field)
        .map(Some)
        .ok_or_else(|| CustomFieldError::WrongType {
            field: name.to_owned(),
            found: field.value.to_string(),
            expected: T::EXPECTED,
        })
}

#[doc(hidden)]
pub fn changed_custom_field<T: CustomFieldValue>(
    name: &str,
    now: Option<&T>,
    before: Option<&T>,
) -> Option<CustomField> {
    let now = now.map(T::to_value);
    (now != before.map(T::to_value)).then(|| CustomField::new(name, now.unwrap_or_default()))
}
