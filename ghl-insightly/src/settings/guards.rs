//! How much one run may do, as a file tells it.

use serde::Deserialize;
use sync_core::Guards;

use super::whole_number::whole_number;

/// How much one run may do before it asks.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GuardSettings {
    /// The most creates on one side.
    pub creates: u64,
    /// The most updates on one side.
    pub updates: u64,
    /// The most deletes on one side.
    pub deletes: u64,
    /// The largest share of the links, in percent, that may be missing or change at once.
    #[serde(deserialize_with = "whole_number::<_, _, 0, 100>")]
    pub share: u8,
}

impl Default for GuardSettings {
    fn default() -> Self {
        let guards = Guards::default();
        Self {
            creates: guards.creates.unwrap_or(u64::MAX),
            updates: guards.updates.unwrap_or(u64::MAX),
            deletes: guards.deletes.unwrap_or(u64::MAX),
            share: guards.share.unwrap_or(100),
        }
    }
}

impl From<GuardSettings> for Guards {
    fn from(settings: GuardSettings) -> Self {
        Self {
            creates: Some(settings.creates),
            updates: Some(settings.updates),
            deletes: Some(settings.deletes),
            share: Some(settings.share),
        }
    }
}
