//! Kinds whose changes travel in one direction only.

use crate::{fields::Access, pairing::Pairing, side::Side};

/// What becomes of an edit on the side that is only written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[non_exhaustive]
pub enum StrayEdits {
    /// It stays until the same field is changed on the source side; of two edits the conflict
    /// rule says which one stands.
    #[default]
    Keep,
    /// The source side's value is written over it. The history keeps what was there.
    Revert,
    /// A person decides.
    Hold,
}

/// A kind whose changes travel in one direction only: nothing is created, written or deleted on
/// the source side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OneWay {
    /// The source side.
    pub from: Side,
    /// What becomes of edits on the other side.
    pub stray: StrayEdits,
}

impl Pairing {
    /// With changes that travel in one direction only.
    pub(crate) fn one_way(mut self, way: OneWay) -> Self {
        for pair in &mut self.fields {
            pair.uses[way.from].access = Access::ReadOnly;
        }
        self.fields
            .retain(|pair| pair.uses[!way.from].access != Access::ReadOnly);
        self.way = Some(way);
        self
    }

    /// Whether records may be created or deleted on a side.
    pub(crate) fn may_change(&self, side: Side) -> bool {
        self.way.is_none_or(|way| way.from != side)
    }
}
