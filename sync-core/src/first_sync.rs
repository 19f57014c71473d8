//! What happens to two records that meet for the first time.

use std::time::Duration;

use crate::{
    id::Kind,
    record::Record,
    side::{Both, Side},
};

/// How fields are settled that have no shadow yet: at a new link, and after a
/// mapping changed. Whatever the policy, a blank never wins over a value, and
/// sets are united.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Differences {
    /// Real differences wait for a person.
    #[default]
    Hold,
    /// One side's value is written to the other.
    Prefer(Side),
    /// The conflict rule decides, by the stamps of the two records.
    Rule,
}

/// The policy of a first sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstSync {
    /// What a real difference becomes.
    pub differences: Differences,
    /// Where a record without a counterpart may be created.
    pub creates: Both<bool>,
}

impl Default for FirstSync {
    /// `fill-blanks`: fill what is empty, hold real differences, create on both sides.
    fn default() -> Self {
        Self {
            differences: Differences::Hold,
            creates: Both::new(true, true),
        }
    }
}

/// How much of what was there before is created on the other side: a first sync need not carry
/// over the notes of ten years. What is left alone is read and matched all the same, and is
/// created once somebody changes it, as its stamp or its fields show.
pub trait Backlog: Send + Sync + 'static {
    /// Whether a record is created that has no counterpart and that nobody has changed since the
    /// connection first read, where `age` tells how long before that it was changed last, by the
    /// server's stamps. A record without any stamp is created unasked.
    fn enters(&self, kind: &Kind, side: Side, record: &Record, age: Duration) -> bool;

    /// Another number for another answer: everything is then looked at anew.
    fn digest(&self) -> u64;
}
