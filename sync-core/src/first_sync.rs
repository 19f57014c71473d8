//! What happens to two records that meet for the first time.

use crate::side::{Both, Side};

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
