//! What becomes of records whose counterparts were deleted, as a file names it.

use serde::Deserialize;
use sync_core::{Deletes, Leaving, Side};

/// What becomes of the records of a system when their counterparts are deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeletePolicy {
    /// They wait for a person.
    #[default]
    Hold,
    /// They are deleted, too.
    Follow,
    /// They stay, and are not synced any more.
    Keep,
}

/// What becomes of deletes.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeleteSettings {
    /// Of records in GHL, when Insightly's are deleted.
    pub in_ghl: DeletePolicy,
    /// Of records in Insightly, when GHL's are deleted.
    pub in_insightly: DeletePolicy,
}

impl From<DeletePolicy> for Deletes {
    fn from(policy: DeletePolicy) -> Self {
        match policy {
            DeletePolicy::Hold => Self::Hold,
            DeletePolicy::Follow => Self::Follow,
            DeletePolicy::Keep => Self::Keep,
        }
    }
}

impl From<DeleteSettings> for Leaving {
    fn from(settings: DeleteSettings) -> Self {
        Self::default()
            .deletes(Side::Left, settings.in_ghl.into())
            .deletes(Side::Right, settings.in_insightly.into())
    }
}
