//! The fields that searches know, and what each can be compared with.

use std::{borrow::Cow, fmt, marker::PhantomData};

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::{contacts::filter::FilterValue, ids::CustomFieldId};

/// A field that searches can filter and sort by. Its kind says which operators it takes.
///
/// The constants are those seen working; the full list is not published. A text is a field
/// of [`AnyKind`], which takes every operator: `Filter::eq("city", "Paris")`. A field that
/// the API does not know is a 400.
pub struct SearchField<K = AnyKind> {
    name: Cow<'static, str>,
    kind: PhantomData<fn() -> K>,
}

/// Texts, tags and statuses: equal, contains, exists.
#[derive(Debug, Clone, Copy)]
pub enum TextKind {}
/// Yes or no: equal, exists.
#[derive(Debug, Clone, Copy)]
pub enum FlagKind {}
/// Times: range, exists.
#[derive(Debug, Clone, Copy)]
pub enum TimeKind {}
/// A field whose kind we do not know, such as a custom field: every operator.
#[derive(Debug, Clone, Copy)]
pub enum AnyKind {}

mod sealed {
    pub trait Sealed {}
}

/// What a field holds.
pub trait FieldKind: sealed::Sealed {
    /// What it is compared with.
    type Value: Into<FilterValue>;
}

/// Fields that can be equal to a value.
#[diagnostic::on_unimplemented(message = "a field of this kind takes no `eq` and no `not_eq`")]
pub trait Equals: FieldKind {}

/// Fields that can contain a text.
#[diagnostic::on_unimplemented(message = "a field of this kind takes no `contains`")]
pub trait ContainsText: FieldKind {}

/// Fields that can lie in a range.
#[diagnostic::on_unimplemented(message = "a field of this kind takes no `range`")]
pub trait Ordered: FieldKind {}

macro_rules! kinds {
    ($($kind:ident: $value:ty [$($takes:ident)*];)+) => { $(
        impl sealed::Sealed for $kind {}
        impl FieldKind for $kind {
            type Value = $value;
        }
        $( impl $takes for $kind {} )*
    )+ };
}

kinds! {
    TextKind: String [Equals ContainsText];
    FlagKind: bool [Equals];
    TimeKind: Timestamp [Ordered];
    AnyKind: FilterValue [Equals ContainsText Ordered];
}

/// What names a field: a [`SearchField`], or a text.
pub trait IntoField {
    /// The field's kind.
    type Kind: FieldKind;

    /// The field.
    fn into_field(self) -> SearchField<Self::Kind>;
}

impl<K: FieldKind> IntoField for SearchField<K> {
    type Kind = K;

    fn into_field(self) -> Self {
        self
    }
}

impl IntoField for &'static str {
    type Kind = AnyKind;

    fn into_field(self) -> SearchField {
        SearchField::named(self.into())
    }
}

impl IntoField for String {
    type Kind = AnyKind;

    fn into_field(self) -> SearchField {
        SearchField::named(self.into())
    }
}

macro_rules! search_fields {
    ($($kind:ident { $($name:ident = $text:literal),+ $(,)? })+) => { $(
        impl SearchField<$kind> { $(
            #[doc = concat!("`", $text, "`")]
            pub const $name: Self = Self::named(Cow::Borrowed($text));
        )+ }
    )+ };
}

search_fields! {
    TextKind {
        EMAIL = "email",
        PHONE = "phone",
        FIRST_NAME_LOWER_CASE = "firstNameLowerCase",
        LAST_NAME_LOWER_CASE = "lastNameLowerCase",
        TAGS = "tags",
        TYPE = "type",
        ASSIGNED_TO = "assignedTo",
        DND_EMAIL = "dndSettings.Email.status",
        DND_SMS = "dndSettings.SMS.status",
        DND_CALL = "dndSettings.Call.status",
        INBOUND_DND = "inboundDndSettings.all.status",
    }
    FlagKind {
        DND = "dnd",
    }
    TimeKind {
        DATE_ADDED = "dateAdded",
        DATE_UPDATED = "dateUpdated",
        LAST_ACTIVITY = "lastActivity",
    }
}

impl SearchField {
    /// A custom field. By its id: a label finds nothing.
    pub fn custom(id: &CustomFieldId) -> Self {
        Self::named(format!("customFields.{id}").into())
    }
}

impl<K> SearchField<K> {
    const fn named(name: Cow<'static, str>) -> Self {
        Self {
            name,
            kind: PhantomData,
        }
    }

    /// The name on the wire.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same field without its kind.
    pub fn into_any(self) -> SearchField {
        SearchField::named(self.name)
    }
}

impl<K> Clone for SearchField<K> {
    fn clone(&self) -> Self {
        Self::named(self.name.clone())
    }
}

impl<K> PartialEq for SearchField<K> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl<K> Eq for SearchField<K> {}

impl<K> fmt::Debug for SearchField<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SearchField").field(&self.name).finish()
    }
}

impl<K> fmt::Display for SearchField<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl<K> Serialize for SearchField<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}
