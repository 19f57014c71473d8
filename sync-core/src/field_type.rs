//! The Rust types that fields have.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use smol_str::{SmolStr, StrExt};

use crate::{
    id::Ref,
    partial_date::PartialDate,
    value::{Item, Shape, Value},
};

/// A type that a [`Field`](crate::Field) can have. An embedder's own enum
/// implements it in five lines.
pub trait FieldType: Sized + 'static {
    /// How its values merge.
    const SHAPE: Shape;

    /// The value to keep; `None` is blank.
    fn into_value(self) -> Option<Value>;

    /// Reads a value; `None` when it is of another shape.
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! plain_types {
    ($($type:ty => $shape:ident, $variant:ident;)*) => { $(
        impl FieldType for $type {
            const SHAPE: Shape = Shape::$shape;

            fn into_value(self) -> Option<Value> {
                Some(Value::$variant(self))
            }

            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::$variant(inner) => Some(inner.clone()),
                    _ => None,
                }
            }
        }
    )* };
}

plain_types! {
    bool => Flag, Flag;
    i64 => Int, Int;
    Timestamp => Time, Time;
    PartialDate => Date, Date;
}

/// Trimmed; blank when nothing is left.
pub(crate) fn text(raw: &str) -> Option<Value> {
    let trimmed = trimmed(raw);
    (!trimmed.is_empty()).then(|| Value::Text(trimmed.into()))
}

/// Without outer space: nearly every text has none, as its first and last letter tell.
fn trimmed(raw: &str) -> &str {
    match raw.as_bytes() {
        [b'!'..=b'~', .., b'!'..=b'~'] => raw,
        _ => raw.trim(),
    }
}

impl FieldType for String {
    const SHAPE: Shape = Shape::Text;

    fn into_value(self) -> Option<Value> {
        text(&self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        SmolStr::from_value(value).map(Into::into)
    }
}

impl FieldType for SmolStr {
    const SHAPE: Shape = Shape::Text;

    fn into_value(self) -> Option<Value> {
        text(&self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl FieldType for Ref {
    const SHAPE: Shape = Shape::Ref;

    fn into_value(self) -> Option<Value> {
        Some(Value::Ref(Arc::new(self)))
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Ref(to) => Some((**to).clone()),
            _ => None,
        }
    }
}

macro_rules! text_types {
    ($($(#[$doc:meta])* $name:ident => $shape:ident, |$raw:ident| $normal:expr;)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(SmolStr);

        impl $name {
            /// Brings the text into its one form.
            pub fn new($raw: &str) -> Self {
                Self($normal)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FieldType for $name {
            const SHAPE: Shape = Shape::$shape;

            fn into_value(self) -> Option<Value> {
                text(&self.0)
            }

            fn from_value(value: &Value) -> Option<Self> {
                SmolStr::from_value(value).map(Self)
            }
        }
    )* };
}

text_types! {
    /// An e-mail address, trimmed and lower-cased.
    Email => Text, |raw| trimmed(raw).to_lowercase_smolstr();
    /// A long text with lines; ends of line are `\n`.
    Lines => Lines, |raw| raw.trim().replace("\r\n", "\n").into();
}

/// A decimal number, kept as digits so that nothing is rounded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decimal(SmolStr);

impl Decimal {
    /// Reads plain digits with an optional sign and point; no exponent.
    pub fn parse(raw: &str) -> Option<Self> {
        let raw = raw.trim();
        let (sign, digits) = match raw.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", raw.strip_prefix('+').unwrap_or(raw)),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() && part.is_empty() || !all_digits(whole) || !all_digits(part) {
            return None;
        }
        let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
        let whole = if whole.is_empty() { "0" } else { whole };
        Some(Self(match part {
            "" if whole == "0" => "0".into(),
            "" => format!("{sign}{whole}").into(),
            _ => format!("{sign}{whole}.{part}").into(),
        }))
    }

    /// The shortest digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FieldType for Decimal {
    const SHAPE: Shape = Shape::Decimal;

    fn into_value(self) -> Option<Value> {
        Some(Value::Decimal(self.0))
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Decimal(digits) => Some(Self(digits.clone())),
            _ => None,
        }
    }
}

/// A set of names compared without case, such as tags.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tags(Vec<Item>);

impl Tags {
    /// Takes names as people typed them; blank ones are dropped.
    pub fn new(names: impl IntoIterator<Item: AsRef<str>>) -> Self {
        let item = |name: &str| Item {
            key: name.to_lowercase_smolstr(),
            shown: name.into(),
        };
        let items = names.into_iter().filter_map(|name| {
            let name = trimmed(name.as_ref());
            (!name.is_empty()).then(|| item(name))
        });
        Self(items.collect())
    }

    /// The names as typed.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|item| item.shown.as_str())
    }

    /// What they are compared by.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|item| item.key.as_str())
    }
}

impl FieldType for Tags {
    const SHAPE: Shape = Shape::Set;

    fn into_value(self) -> Option<Value> {
        Value::set_of(self.0)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Items(items) => Some(Self(items.to_vec())),
            _ => None,
        }
    }
}

/// A name compared without case and outer space, such as a company's. Written as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(Item);

impl Name {
    /// Takes a name as a person typed it.
    pub fn new(raw: &str) -> Self {
        let shown = trimmed(raw);
        Self(Item {
            key: shown.to_lowercase_smolstr(),
            shown: shown.into(),
        })
    }

    /// The name as typed.
    pub fn as_str(&self) -> &str {
        &self.0.shown
    }

    /// What it is compared by.
    pub fn key(&self) -> &str {
        &self.0.key
    }
}

impl FieldType for Name {
    const SHAPE: Shape = Shape::Name;

    fn into_value(self) -> Option<Value> {
        (!self.0.key.is_empty()).then(|| Value::Name(Arc::new(self.0)))
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Name(name) => Some(Self(Item::clone(name))),
            _ => None,
        }
    }
}

/// Named parts that change as one: two people who edit one address must not make a third. Ordered
/// by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parts(Vec<(SmolStr, SmolStr)>);

impl Parts {
    /// No parts yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part unless it is blank.
    pub fn with(mut self, name: &'static str, part: Option<&str>) -> Self {
        if let Some(part) = part.map(trimmed).filter(|part| !part.is_empty()) {
            let part = (SmolStr::new_static(name), part.into());
            match self.find(name) {
                Ok(at) => self.0[at] = part,
                Err(at) => self.0.insert(at, part),
            }
        }
        self
    }

    /// One part.
    pub fn get(&self, name: &str) -> Option<&str> {
        let at = self.find(name).ok()?;
        Some(&self.0[at].1)
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.0
            .binary_search_by(|(known, _)| known.as_str().cmp(name))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FieldType for Parts {
    const SHAPE: Shape = Shape::Composite;

    fn into_value(self) -> Option<Value> {
        Value::composite_of(self.0)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Composite(parts) => Some(Self(parts.to_vec())),
            _ => None,
        }
    }
}

/// Texts under names, each of which changes alone. Ordered by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Map(BTreeMap<SmolStr, SmolStr>);

impl Map {
    /// Takes texts by name; blank ones are dropped.
    pub fn new<N: AsRef<str>, T: AsRef<str>>(texts: impl IntoIterator<Item = (N, T)>) -> Self {
        let kept = texts.into_iter().filter_map(|(name, text)| {
            let text = trimmed(text.as_ref());
            (!text.is_empty()).then(|| (name.as_ref().into(), text.into()))
        });
        Self(kept.collect())
    }

    /// The text under a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(SmolStr::as_str)
    }

    /// All names and texts.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
    }
}

impl FieldType for Map {
    const SHAPE: Shape = Shape::Map;

    fn into_value(self) -> Option<Value> {
        Value::composite_of(self.0)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Composite(parts) => Some(Self(parts.iter().cloned().collect())),
            _ => None,
        }
    }
}

/// Texts in an order that counts, such as the steps of a checklist.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List(Vec<SmolStr>);

impl List {
    /// Takes texts in their order; blank ones are dropped.
    pub fn new(entries: impl IntoIterator<Item: AsRef<str>>) -> Self {
        let kept = entries.into_iter().filter_map(|entry| {
            let entry = trimmed(entry.as_ref());
            (!entry.is_empty()).then(|| entry.into())
        });
        Self(kept.collect())
    }

    /// The texts.
    pub fn entries(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(SmolStr::as_str)
    }
}

impl FieldType for List {
    const SHAPE: Shape = Shape::List;

    fn into_value(self) -> Option<Value> {
        Value::list_of(self.0)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::List(entries) => Some(Self(entries.to_vec())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_one_form() {
        for (raw, shortest) in [("012.50", "12.5"), ("-0", "0"), (".5", "0.5"), ("7.", "7")] {
            assert_eq!(Decimal::parse(raw).unwrap().as_str(), shortest);
        }
        assert!(Decimal::parse("1e3").is_none() && Decimal::parse("").is_none());
    }

    #[test]
    fn a_name_in_another_case_is_the_same_name() {
        let name = |raw| Name::new(raw).into_value();
        assert_eq!(name(" Acme "), name("ACME"));
        assert_ne!(name("Acme"), name("Acme Ltd"));
        assert_eq!(name("  "), None);
        let kept = Name::from_value(&name(" Acme ").unwrap()).unwrap();
        assert_eq!(kept.as_str(), "Acme");
    }

    #[test]
    fn tags_are_one_in_any_case_and_keep_what_was_typed() {
        let tags = Tags::new(["VIP", "vip ", "", "New"]).into_value().unwrap();
        let shown: Vec<_> = tags.items().iter().map(|i| i.shown.as_str()).collect();
        assert_eq!(shown, ["New", "VIP"]);
    }
}
