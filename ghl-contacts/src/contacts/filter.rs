//! What a search asks for.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::ids::CustomFieldId;

/// A field that searches can filter and sort by.
///
/// The constants are those seen working; the full list is not published. For another one:
/// `SearchField::from("city")`. An unknown field is a 400.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SearchField(Cow<'static, str>);

macro_rules! search_fields {
    ($($name:ident = $text:literal),+ $(,)?) => {
        impl SearchField { $(
            #[doc = concat!("`", $text, "`")]
            pub const $name: Self = Self(Cow::Borrowed($text));
        )+ }
    };
}

search_fields! {
    EMAIL = "email",
    PHONE = "phone",
    FIRST_NAME_LOWER_CASE = "firstNameLowerCase",
    LAST_NAME_LOWER_CASE = "lastNameLowerCase",
    TAGS = "tags",
    DND = "dnd",
    TYPE = "type",
    DATE_ADDED = "dateAdded",
    DATE_UPDATED = "dateUpdated",
    LAST_ACTIVITY = "lastActivity",
    ASSIGNED_TO = "assignedTo",
    DND_EMAIL = "dndSettings.Email.status",
    DND_SMS = "dndSettings.SMS.status",
    DND_CALL = "dndSettings.Call.status",
    INBOUND_DND = "inboundDndSettings.all.status",
}

impl SearchField {
    /// A custom field. By its id: a label finds nothing.
    pub fn custom(id: &CustomFieldId) -> Self {
        Self(format!("customFields.{id}").into())
    }
}

impl From<&'static str> for SearchField {
    fn from(name: &'static str) -> Self {
        Self(name.into())
    }
}

impl From<String> for SearchField {
    fn from(name: String) -> Self {
        Self(name.into())
    }
}

/// What a field is compared with. Texts of more than 75 characters are refused.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum FilterValue {
    /// A text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// Yes or no.
    Flag(bool),
    /// A time, written as ISO 8601 in UTC to the millisecond.
    #[serde(serialize_with = "iso")]
    Time(Timestamp),
}

fn iso<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{at:.3}"))
}

macro_rules! from {
    ($($from:ty => $variant:ident),+) => { $(
        impl From<$from> for FilterValue {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )+ };
}
from!(&str => Text, String => Text, i64 => Int, i32 => Int, bool => Flag, Timestamp => Time);

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    NotEq,
    /// Contains the text; no special characters.
    Contains,
    /// Does not contain the text.
    NotContains,
    /// Has a value.
    Exists,
    /// Has none.
    NotExists,
    /// Lies in a [`Range`].
    Range,
}

/// Bounds of a range; each may be left out.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Range {
    #[serde(skip_serializing_if = "Option::is_none")]
    gte: Option<FilterValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gt: Option<FilterValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lte: Option<FilterValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lt: Option<FilterValue>,
}

impl Range {
    /// No bounds yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// This or more.
    pub fn at_least(mut self, value: impl Into<FilterValue>) -> Self {
        self.gte = Some(value.into());
        self
    }

    /// More than this.
    pub fn above(mut self, value: impl Into<FilterValue>) -> Self {
        self.gt = Some(value.into());
        self
    }

    /// This or less.
    pub fn at_most(mut self, value: impl Into<FilterValue>) -> Self {
        self.lte = Some(value.into());
        self
    }

    /// Less than this.
    pub fn below(mut self, value: impl Into<FilterValue>) -> Self {
        self.lt = Some(value.into());
        self
    }
}

/// One condition, or a group of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Filter(Node);

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
enum Node {
    Group {
        group: Group,
        filters: Vec<Filter>,
    },
    Compare {
        field: SearchField,
        operator: Operator,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<FilterValue>,
    },
    Range {
        field: SearchField,
        operator: Operator,
        value: Range,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum Group {
    And,
    Or,
}

impl Filter {
    /// All of these hold.
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::group(Group::And, filters)
    }

    /// At least one of these holds.
    pub fn any(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::group(Group::Or, filters)
    }

    /// The field equals the value.
    pub fn eq(field: impl Into<SearchField>, value: impl Into<FilterValue>) -> Self {
        Self::compare(field, Operator::Eq, Some(value.into()))
    }

    /// The field does not equal the value.
    pub fn not_eq(field: impl Into<SearchField>, value: impl Into<FilterValue>) -> Self {
        Self::compare(field, Operator::NotEq, Some(value.into()))
    }

    /// The field contains the text; no special characters.
    pub fn contains(field: impl Into<SearchField>, text: impl Into<String>) -> Self {
        Self::compare(
            field,
            Operator::Contains,
            Some(FilterValue::Text(text.into())),
        )
    }

    /// The field does not contain the text.
    pub fn not_contains(field: impl Into<SearchField>, text: impl Into<String>) -> Self {
        let text = FilterValue::Text(text.into());
        Self::compare(field, Operator::NotContains, Some(text))
    }

    /// The field has a value.
    pub fn exists(field: impl Into<SearchField>) -> Self {
        Self::compare(field, Operator::Exists, None)
    }

    /// The field has no value.
    pub fn not_exists(field: impl Into<SearchField>) -> Self {
        Self::compare(field, Operator::NotExists, None)
    }

    /// The field lies between bounds.
    pub fn range(field: impl Into<SearchField>, range: Range) -> Self {
        Self(Node::Range {
            field: field.into(),
            operator: Operator::Range,
            value: range,
        })
    }

    /// Changed at this time or later.
    pub fn updated_at_least(at: Timestamp) -> Self {
        Self::range(SearchField::DATE_UPDATED, Range::new().at_least(at))
    }

    /// Changed before this time.
    pub fn updated_before(at: Timestamp) -> Self {
        Self::range(SearchField::DATE_UPDATED, Range::new().below(at))
    }

    fn group(group: Group, filters: impl IntoIterator<Item = Self>) -> Self {
        let filters = filters.into_iter().collect();
        Self(Node::Group { group, filters })
    }

    fn compare(
        field: impl Into<SearchField>,
        operator: Operator,
        value: Option<FilterValue>,
    ) -> Self {
        let field = field.into();
        Self(Node::Compare {
            field,
            operator,
            value,
        })
    }

    /// The first text that is longer than the API takes.
    pub(crate) fn too_long(&self, limit: usize) -> Option<&str> {
        match &self.0 {
            Node::Group { filters, .. } => filters.iter().find_map(|f| f.too_long(limit)),
            Node::Compare {
                value: Some(FilterValue::Text(text)),
                ..
            } => (text.chars().count() > limit).then_some(text),
            Node::Compare { .. } | Node::Range { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn filters_are_written_in_the_documented_grammar() {
        let at: Timestamp = "2026-11-24T10:00:00.1239Z".parse().unwrap();
        let filter = Filter::any([
            Filter::eq(SearchField::DND, true),
            Filter::all([
                Filter::exists(SearchField::custom(&"f1".into())),
                Filter::updated_at_least(at),
            ]),
        ]);
        let written = json!({"group": "OR", "filters": [
            {"field": "dnd", "operator": "eq", "value": true},
            {"group": "AND", "filters": [
                {"field": "customFields.f1", "operator": "exists"},
                {"field": "dateUpdated", "operator": "range",
                 "value": {"gte": "2026-11-24T10:00:00.123Z"}},
            ]},
        ]});
        assert_eq!(serde_json::to_value(&filter).unwrap(), written);
    }

    #[test]
    fn a_long_text_is_found_at_any_depth() {
        let long = "x".repeat(76);
        let filter = Filter::any([Filter::all([Filter::contains("email", &long)])]);
        assert_eq!(filter.too_long(75), Some(long.as_str()));
        assert_eq!(filter.too_long(76), None);
    }
}
