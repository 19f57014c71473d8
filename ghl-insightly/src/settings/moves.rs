//! What becomes of tasks and notes that are put under another contact, as a file names it.

use serde::Deserialize;
use sync_core::Moves;

/// What becomes of a record where it cannot be given another contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MovePolicy {
    /// It is created anew under the other contact, and the old one is deleted.
    #[default]
    Follow,
    /// It waits for a person.
    Hold,
}

/// The `[moves]` table.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MoveSettings {
    /// Of tasks and notes in GHL, when Insightly's are put under another contact.
    pub in_ghl: MovePolicy,
}

impl From<MovePolicy> for Moves {
    fn from(policy: MovePolicy) -> Self {
        match policy {
            MovePolicy::Follow => Self::Copy,
            MovePolicy::Hold => Self::Hold,
        }
    }
}
