//! The closed set of values that records hold: stores, merge and digests know them all.

use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{id::Ref, partial_date::PartialDate};

/// A value. There is no blank one: a blank field is absent.
///
/// The serde form is what stores keep; a variant's tag never changes its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Value {
    /// Yes or no.
    #[serde(rename = "b")]
    Flag(bool),
    /// A whole number.
    #[serde(rename = "i")]
    Int(i64),
    /// A decimal number in its shortest form, e.g. `12.5`.
    #[serde(rename = "d")]
    Decimal(SmolStr),
    /// A text.
    #[serde(rename = "s")]
    Text(SmolStr),
    /// An instant.
    #[serde(rename = "t")]
    Time(Timestamp),
    /// A date whose year may be unknown.
    #[serde(rename = "y")]
    Date(PartialDate),
    /// Another record of the same side.
    #[serde(rename = "r")]
    Ref(Arc<Ref>),
    /// A set, ordered by key.
    #[serde(rename = "m")]
    Items(Arc<[Item]>),
    /// Named parts, such as those of an address, ordered by name.
    #[serde(rename = "c")]
    Composite(Arc<[(SmolStr, SmolStr)]>),
    /// Texts in an order that counts.
    #[serde(rename = "l")]
    List(Arc<[SmolStr]>),
    /// A text that is compared by its key, such as a company's name in any case.
    #[serde(rename = "n")]
    Name(Arc<Item>),
}

/// How values of a field merge. It belongs to the field's type, not to the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Shape {
    /// [`Value::Flag`].
    Flag,
    /// [`Value::Int`].
    Int,
    /// [`Value::Decimal`].
    Decimal,
    /// [`Value::Text`], taken as a whole.
    Text,
    /// [`Value::Text`], merged by line.
    Lines,
    /// [`Value::Time`].
    Time,
    /// [`Value::Date`].
    Date,
    /// [`Value::Ref`], translated through links.
    Ref,
    /// [`Value::Items`], merged by item.
    Set,
    /// [`Value::Composite`], taken as a whole.
    Composite,
    /// [`Value::Composite`], merged by name.
    Map,
    /// [`Value::List`], merged by entry.
    List,
    /// [`Value::Name`], taken as a whole.
    Name,
}

/// A text as typed, with what it is compared by: an item of a set, or a name. Equal if the keys
/// are: tags keep the case that a person typed.
#[derive(Debug, Clone, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What makes it the same item, e.g. a lower-cased tag.
    #[serde(rename = "k")]
    pub key: SmolStr,
    /// How it is shown, e.g. the tag as typed.
    #[serde(rename = "s")]
    pub shown: SmolStr,
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Hash for Item {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl Value {
    /// Whether it is a value of this shape.
    pub fn fits(&self, shape: Shape) -> bool {
        matches!(
            (self, shape),
            (Self::Flag(_), Shape::Flag)
                | (Self::Int(_), Shape::Int)
                | (Self::Decimal(_), Shape::Decimal)
                | (Self::Text(_), Shape::Text | Shape::Lines)
                | (Self::Time(_), Shape::Time)
                | (Self::Date(_), Shape::Date)
                | (Self::Ref(_), Shape::Ref)
                | (Self::Items(_), Shape::Set)
                | (Self::Composite(_), Shape::Composite | Shape::Map)
                | (Self::List(_), Shape::List)
                | (Self::Name(_), Shape::Name)
        )
    }

    /// Whether they differ in case and space alone, as texts that a server writes its own way.
    pub(crate) fn reads_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => letters(one).eq(letters(other)),
            (Self::Composite(one), Self::Composite(other)) => {
                let parts = |of: &'_ [(SmolStr, SmolStr)]| {
                    let parts = of.iter();
                    parts
                        .map(|(name, text)| (name.clone(), letters(text).collect::<String>()))
                        .collect::<Vec<_>>()
                };
                parts(one) == parts(other)
            }
            _ => self == other,
        }
    }

    /// The items of a set; none for other values.
    pub fn items(&self) -> &[Item] {
        match self {
            Self::Items(items) => items,
            _ => &[],
        }
    }

    /// A set of these items, ordered, each key once; `None` when empty.
    pub fn set_of(items: impl IntoIterator<Item = Item>) -> Option<Self> {
        let mut items: Vec<Item> = items.into_iter().collect();
        items.sort_by(|a, b| a.key.cmp(&b.key));
        items.dedup();
        (!items.is_empty()).then(|| Self::Items(items.into()))
    }

    /// Named parts, which come in the order of their names; `None` when there is none.
    pub(crate) fn composite_of(
        parts: impl IntoIterator<Item = (SmolStr, SmolStr)>,
    ) -> Option<Self> {
        let parts: Vec<_> = parts.into_iter().collect();
        (!parts.is_empty()).then(|| Self::Composite(parts.into()))
    }

    /// Texts in this order; `None` when there is none.
    pub(crate) fn list_of(entries: impl IntoIterator<Item = SmolStr>) -> Option<Self> {
        let entries: Vec<_> = entries.into_iter().collect();
        (!entries.is_empty()).then(|| Self::List(entries.into()))
    }
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    let text = text.chars().filter(|letter| !letter.is_whitespace());
    text.flat_map(char::to_lowercase)
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(flag) => flag.fmt(f),
            Self::Int(number) => number.fmt(f),
            Self::Decimal(text) | Self::Text(text) => text.fmt(f),
            Self::Time(time) => time.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Ref(to) => write!(f, "{} {}", to.kind, to.id),
            Self::Name(name) => name.shown.fmt(f),
            Self::Items(items) => list(f, items.iter().map(|item| &item.shown)),
            Self::List(entries) => list(f, entries.iter()),
            Self::Composite(parts) => list(f, parts.iter().map(|(_, part)| part)),
        }
    }
}

fn list<'a>(
    f: &mut std::fmt::Formatter<'_>,
    parts: impl Iterator<Item = &'a SmolStr>,
) -> std::fmt::Result {
    for (at, part) in parts.enumerate() {
        write!(f, "{}{part}", if at > 0 { ", " } else { "" })?;
    }
    Ok(())
}
