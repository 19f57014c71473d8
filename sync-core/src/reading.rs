//! A record as a mapper read it from one route.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{
    field::{Field, FieldKey, FieldSet},
    field_type::{FieldType, text},
    record::Record,
    value::Value,
};

/// A record as one route showed it, with what that route does not show and what could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reading {
    /// What was read. A field that is absent here and not in `unseen` is blank.
    pub record: Record,
    /// Fields that the route does not carry: not observed, and not blank.
    #[serde(default, skip_serializing_if = "FieldSet::is_empty")]
    pub unseen: FieldSet,
    /// Fields that could not be read; each is held, not the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unfit: Vec<Unfit>,
    /// What to remember once the record is linked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memo: Option<Memo>,
    /// How else the record could be read, as long as its memo does not say how.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
}

/// Another value that a record could show in a field, such as the number in another phone slot.
/// It is taken when the record is linked to one that shows this very value, or when it is what the
/// record itself showed when its link last agreed: the number was only moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// The field.
    pub field: FieldKey,
    /// What it could show.
    pub value: Value,
    /// What to remember then.
    pub memo: Memo,
}

impl Reading {
    /// A reading with room for so many fields, which saves time where there are many.
    pub fn with_room(fields: usize) -> Self {
        Self {
            record: Record::with_room(fields),
            ..Self::default()
        }
    }

    /// Sets a field; `None` is blank.
    pub fn set<T: FieldType>(
        &mut self,
        field: &Field<T>,
        value: impl Into<Option<T>>,
    ) -> &mut Self {
        self.record.set(field, value);
        self
    }

    /// Sets a text from a borrowed one, which is copied once; `None` is blank.
    pub fn set_text(&mut self, field: &Field<String>, value: Option<&str>) -> &mut Self {
        self.record.put(field.key().clone(), value.and_then(text));
        self
    }

    /// Sets a field, or notes why it cannot be read.
    pub fn try_set<T: FieldType>(
        &mut self,
        field: &Field<T>,
        value: Result<Option<T>, String>,
    ) -> &mut Self {
        match value {
            Ok(value) => self.set(field, value),
            Err(reason) => self.is_unfit(field, reason),
        }
    }

    /// Sets a text, or notes why it cannot be read.
    pub fn try_set_text(
        &mut self,
        field: &Field<String>,
        value: Result<Option<impl AsRef<str>>, String>,
    ) -> &mut Self {
        match value {
            Ok(value) => self.set_text(field, value.as_ref().map(AsRef::as_ref)),
            Err(reason) => self.is_unfit(field, reason),
        }
    }

    fn is_unfit<T: FieldType>(&mut self, field: &Field<T>, reason: String) -> &mut Self {
        self.unfit.push(Unfit::new(field, reason));
        self
    }

    /// Notes that the route does not show a field.
    pub fn unseen<T: FieldType>(&mut self, field: &Field<T>) -> &mut Self {
        self.unseen.insert(field.key().clone());
        self
    }

    /// Offers another value for a field, with what to remember if it is taken.
    pub fn or_else<T: FieldType>(&mut self, field: &Field<T>, value: T, memo: Memo) -> &mut Self {
        let field = field.key().clone();
        let value = value.into_value();
        self.alternatives
            .extend(value.map(|value| Alternative { field, value, memo }));
        self
    }

    /// Takes the alternatives that another record shows: the counterpart, or the shadow.
    pub(crate) fn agree_with(&mut self, other: &Record) {
        for offered in std::mem::take(&mut self.alternatives) {
            if other.value(&offered.field) == Some(&offered.value) {
                self.record.put(offered.field, Some(offered.value));
                self.memo = Some(offered.memo);
            } else {
                self.alternatives.push(offered);
            }
        }
    }

    /// Whether the field was observed, blank or not.
    pub fn shows(&self, key: &FieldKey) -> bool {
        !self.unseen.contains(key) && !self.unfit.iter().any(|unfit| unfit.field == *key)
    }
}

/// A field that cannot be read or written, and why. Holds one field, not the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfit {
    /// The field.
    pub field: FieldKey,
    /// Why, for a person.
    pub reason: String,
}

impl Unfit {
    /// A field and the reason.
    pub fn new<T: FieldType>(field: &Field<T>, reason: impl Into<String>) -> Self {
        Self {
            field: field.key().clone(),
            reason: reason.into(),
        }
    }
}

/// What a mapper remembers for one side of a link, such as the phone slot that it pinned.
///
/// Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "Names", into = "Names")]
pub struct Memo(
    // `None` where there are no names, so that what is equal has one form.
    Option<Arc<Names>>,
);

type Names = BTreeMap<SmolStr, SmolStr>;

impl From<Names> for Memo {
    fn from(names: Names) -> Self {
        Self((!names.is_empty()).then(|| Arc::new(names)))
    }
}

impl From<Memo> for Names {
    fn from(memo: Memo) -> Self {
        memo.0.map(Arc::unwrap_or_clone).unwrap_or_default()
    }
}

impl Memo {
    /// What is remembered under a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.as_ref()?.get(name).map(SmolStr::as_str)
    }

    /// The memo with a name remembered, or forgotten.
    pub fn with(self, name: &'static str, text: Option<&str>) -> Self {
        if self.get(name) == text {
            return self;
        }
        let mut names = Names::from(self);
        match text {
            Some(text) => names.insert(SmolStr::new_static(name), text.into()),
            None => names.remove(name),
        };
        names.into()
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

/// Which of a native record's members a route shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Coverage {
    missing: &'static [&'static str],
}

impl Coverage {
    /// The route shows everything, as a read by id does.
    pub const WHOLE: Self = Self { missing: &[] };

    /// The route leaves out these members of the native record.
    pub const fn without(missing: &'static [&'static str]) -> Self {
        Self { missing }
    }

    /// Whether a member that is null, empty or absent is blank (rather than not shown).
    pub fn shows(&self, member: &str) -> bool {
        !self.missing.contains(&member)
    }
}
