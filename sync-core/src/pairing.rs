//! The fields of a kind that both sides hold.

use std::{cmp::Ordering, iter::Peekable};

use crate::{
    field::FieldKey,
    fields::{Access, FieldUse, Fields},
    id::Kind,
    link::Link,
    one_way::OneWay,
    reading::Reading,
    side::{Both, Side},
    value::Shape,
};

/// What is synced of one kind.
#[derive(Debug, Clone)]
pub struct Pairing {
    /// The kind.
    pub kind: Kind,
    /// Its fields, in the order of their keys.
    pub fields: Vec<FieldPair>,
    /// The direction, where changes travel in one only.
    pub way: Option<OneWay>,
    /// A number for what both mappers were given.
    pub(crate) given: u64,
}

/// One field as both sides hold it.
#[derive(Debug, Clone)]
pub struct FieldPair {
    /// The field.
    pub key: FieldKey,
    /// How its values merge.
    pub shape: Shape,
    /// How each side holds it.
    pub uses: Both<FieldUse>,
}

/// The two sides hold a field in different shapes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the field `{field}` of `{kind}` is {left:?} on the left and {right:?} on the right; the two mappers must use one type"
)]
pub struct ShapeMismatch {
    /// The kind.
    pub kind: Kind,
    /// The field.
    pub field: FieldKey,
    /// Its left shape.
    pub left: Shape,
    /// Its right shape.
    pub right: Shape,
}

impl Pairing {
    /// Pairs what two sides hold. A field that only one side holds, or that neither writes, is not synced.
    pub fn new(kind: Kind, left: &Fields, right: &Fields) -> Result<Self, ShapeMismatch> {
        let mut fields = Vec::new();
        for one in left.iter() {
            let Some(other) = right.get(&one.key) else {
                continue;
            };
            if one.shape != other.shape {
                return Err(ShapeMismatch {
                    kind,
                    field: one.key.clone(),
                    left: one.shape,
                    right: other.shape,
                });
            }
            if one.access != Access::ReadOnly || other.access != Access::ReadOnly {
                fields.push(FieldPair {
                    key: one.key.clone(),
                    shape: one.shape,
                    uses: Both::new(one.clone(), other.clone()),
                });
            }
        }
        Ok(Self {
            kind,
            fields,
            way: None,
            given: left.all_given() ^ right.all_given().rotate_left(32),
        })
    }

    /// Another number for another set of fields or revisions, or where a mapper was given something
    /// else: what was read under the old one is read again.
    pub(crate) fn mapping(&self) -> u64 {
        let fields = self.fields.iter();
        fields.fold(self.given, |digest: u64, pair| {
            let Both { left, right } = pair.revisions();
            let revisions = u64::from(left) << 32 | u64::from(right);
            digest.rotate_left(7) ^ FieldKey::digest(&pair.key).wrapping_add(revisions)
        })
    }

    /// Whether a reading shows nothing new: each field equals its shadow, or was not observed.
    ///
    /// What is compared is all in the order of its keys, so that one walk over it is enough.
    pub(crate) fn unchanged(&self, link: &Link, side: Side, reading: &Reading) -> bool {
        if !reading.unfit.is_empty() {
            return false;
        }
        let mut shown = reading.record.iter().peekable();
        let mut shadow = link.sides[side].shadow.iter().peekable();
        let mut agreed = link.agreed.iter().peekable();
        self.fields.iter().all(|pair| {
            let key = &pair.key;
            reading.unseen.contains(key)
                || at(&mut agreed, key) == Some(&pair.revisions())
                    && at(&mut shown, key) == at(&mut shadow, key)
        })
    }

    /// Whether a reading shows something else than the shadow of a field that has agreed.
    pub(crate) fn contradicts(&self, link: &Link, side: Side, reading: &Reading) -> bool {
        let shadow = &link.sides[side].shadow;
        self.fields.iter().any(|pair| {
            reading.shows(&pair.key)
                && pair.has_agreed(link)
                && reading.record.value(&pair.key) != shadow.value(&pair.key)
        })
    }
}

/// What stands under a key, after the keys that come before it.
fn at<'v, V>(
    fields: &mut Peekable<impl Iterator<Item = (&'v FieldKey, &'v V)>>,
    wanted: &FieldKey,
) -> Option<&'v V> {
    while let Some((key, value)) = fields.peek() {
        match (*key).cmp(wanted) {
            Ordering::Less => drop(fields.next()),
            Ordering::Equal => return Some(value),
            Ordering::Greater => return None,
        }
    }
    None
}

impl FieldPair {
    pub(crate) fn revisions(&self) -> Both<u32> {
        self.uses.as_ref().map(FieldUse::mapping)
    }

    /// Whether the field has shadows that were made under today's mapping.
    pub(crate) fn has_agreed(&self, link: &Link) -> bool {
        link.agreed.get(&self.key) == Some(&self.revisions())
    }
}
