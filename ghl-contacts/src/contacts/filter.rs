//! What a search asks for.

use std::fmt;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::contacts::search_field::{
    ContainsText, Equals, FieldKind, IntoField, Ordered, SearchField,
};

/// What a field of this kind is compared with.
type ValueOf<F> = <<F as IntoField>::Kind as FieldKind>::Value;

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
#[derive(Debug, Clone, PartialEq)]
pub struct Range<V = FilterValue> {
    gte: Option<V>,
    gt: Option<V>,
    lte: Option<V>,
    lt: Option<V>,
}

impl<V> Default for Range<V> {
    fn default() -> Self {
        Self {
            gte: None,
            gt: None,
            lte: None,
            lt: None,
        }
    }
}

impl<V> Range<V> {
    /// No bounds yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// This or more.
    pub fn at_least(mut self, value: impl Into<V>) -> Self {
        self.gte = Some(value.into());
        self
    }

    /// More than this.
    pub fn above(mut self, value: impl Into<V>) -> Self {
        self.gt = Some(value.into());
        self
    }

    /// This or less.
    pub fn at_most(mut self, value: impl Into<V>) -> Self {
        self.lte = Some(value.into());
        self
    }

    /// Less than this.
    pub fn below(mut self, value: impl Into<V>) -> Self {
        self.lt = Some(value.into());
        self
    }
}

/// The bounds of a range as they are written.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Bounds {
    #[serde(skip_serializing_if = "Option::is_none")]
    gte: Option<FilterValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gt: Option<FilterValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lte: Option<FilterValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lt: Option<FilterValue>,
}

impl<V: Into<FilterValue>> From<Range<V>> for Bounds {
    fn from(range: Range<V>) -> Self {
        Self {
            gte: range.gte.map(Into::into),
            gt: range.gt.map(Into::into),
            lte: range.lte.map(Into::into),
            lt: range.lt.map(Into::into),
        }
    }
}

/// One condition, or a group of them. `Display` is a text for logs.
///
/// A field takes only the operators of its kind:
///
/// ```compile_fail
/// # use ghl_contacts::{Filter, SearchField};
/// let _ = Filter::contains(SearchField::DATE_ADDED, "2026");
/// ```
///
/// ```
/// # use ghl_contacts::{Filter, SearchField};
/// let filter = Filter::any([
///     Filter::eq(SearchField::TAGS, "vip"),
///     Filter::all([Filter::exists("phone"), Filter::eq(SearchField::DND, false)]),
/// ]);
/// assert_eq!(filter.to_string(), r#"(tags = "vip" OR (phone exists AND dnd = false))"#);
/// ```
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
        value: Bounds,
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
    pub fn eq<F: IntoField>(field: F, value: impl Into<ValueOf<F>>) -> Self
    where
        F::Kind: Equals,
    {
        Self::compare(field, Operator::Eq, Some(value.into().into()))
    }

    /// The field does not equal the value.
    pub fn not_eq<F: IntoField>(field: F, value: impl Into<ValueOf<F>>) -> Self
    where
        F::Kind: Equals,
    {
        Self::compare(field, Operator::NotEq, Some(value.into().into()))
    }

    /// The field contains the text; no special characters.
    pub fn contains<F: IntoField>(field: F, text: impl Into<String>) -> Self
    where
        F::Kind: ContainsText,
    {
        let text = FilterValue::Text(text.into());
        Self::compare(field, Operator::Contains, Some(text))
    }

    /// The field does not contain the text.
    pub fn not_contains<F: IntoField>(field: F, text: impl Into<String>) -> Self
    where
        F::Kind: ContainsText,
    {
        let text = FilterValue::Text(text.into());
        Self::compare(field, Operator::NotContains, Some(text))
    }

    /// The field has a value.
    pub fn exists(field: impl IntoField) -> Self {
        Self::compare(field, Operator::Exists, None)
    }

    /// The field has no value.
    pub fn not_exists(field: impl IntoField) -> Self {
        Self::compare(field, Operator::NotExists, None)
    }

    /// The field lies between bounds.
    pub fn range<F: IntoField>(field: F, range: Range<ValueOf<F>>) -> Self
    where
        F::Kind: Ordered,
    {
        Self(Node::Range {
            field: field.into_field().into_any(),
            operator: Operator::Range,
            value: range.into(),
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

    fn compare(field: impl IntoField, operator: Operator, value: Option<FilterValue>) -> Self {
        Self(Node::Compare {
            field: field.into_field().into_any(),
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

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Node::Group { group, filters } => {
                let word = match group {
                    Group::And => "AND",
                    Group::Or => "OR",
                };
                write_joined(f, filters, word)
            }
            Node::Compare {
                field,
                operator,
                value,
            } => {
                write!(f, "{field} {}", operator.text())?;
                value.iter().try_for_each(|value| write!(f, " {value}"))
            }
            Node::Range { field, value, .. } => write!(f, "{field} {value}"),
        }
    }
}

/// `(a AND b)`
fn write_joined(f: &mut fmt::Formatter<'_>, filters: &[Filter], word: &str) -> fmt::Result {
    f.write_str("(")?;
    for (place, filter) in filters.iter().enumerate() {
        if place > 0 {
            write!(f, " {word} ")?;
        }
        write!(f, "{filter}")?;
    }
    f.write_str(")")
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bounds = [
            (">=", &self.gte),
            (">", &self.gt),
            ("<=", &self.lte),
            ("<", &self.lt),
        ];
        let mut first = true;
        for (sign, value) in bounds {
            if let Some(value) = value {
                let and = if first { "" } else { " and " };
                write!(f, "{and}{sign} {value}")?;
                first = false;
            }
        }
        Ok(())
    }
}

impl fmt::Display for FilterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Time(at) => write!(f, "{at:.3}"),
        }
    }
}

impl Operator {
    const fn text(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::NotEq => "!=",
            Self::Contains => "contains",
            Self::NotContains => "does not contain",
            Self::Exists => "exists",
            Self::NotExists => "does not exist",
            Self::Range => "lies",
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
