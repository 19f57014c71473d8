//! What an update does to one field.

use serde::{Serialize, Serializer};

/// Leave a field as it is, set it, or clear it. What is left is not sent.
///
/// In a struct: `#[serde(skip_serializing_if = "Edit::is_leave")]`. `Clear` is
/// written as `null`; an API that clears otherwise says so in its own struct.
///
/// ```
/// use api_transport::Edit;
/// let mut phone: Edit<String> = Edit::Leave;
/// assert!(phone.is_leave());
/// phone = "+15550100".to_owned().into();
/// assert_eq!(phone, Edit::Set("+15550100".to_owned()));
/// assert_eq!(Edit::from_option(None::<String>), Edit::Clear);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Edit<T> {
    /// Not sent; the server keeps what it has.
    #[default]
    Leave,
    /// Becomes this.
    Set(T),
    /// Becomes empty.
    Clear,
}

impl<T> Edit<T> {
    /// Whether the field is left alone.
    pub const fn is_leave(&self) -> bool {
        matches!(self, Self::Leave)
    }

    /// `Some` sets, `None` clears.
    pub fn from_option(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }

    /// The same edit of a converted value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Edit<U> {
        match self {
            Self::Leave => Edit::Leave,
            Self::Set(value) => Edit::Set(convert(value)),
            Self::Clear => Edit::Clear,
        }
    }
}

impl<T> From<T> for Edit<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl From<&str> for Edit<String> {
    fn from(value: &str) -> Self {
        Self::Set(value.to_owned())
    }
}

impl<T: Serialize> Serialize for Edit<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Set(value) => value.serialize(serializer),
            Self::Leave | Self::Clear => serializer.serialize_none(),
        }
    }
}
