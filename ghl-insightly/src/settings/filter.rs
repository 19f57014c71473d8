//! Which contacts are synced, as a file tells it.

use serde::Deserialize;
use sync_core::OutOfScope;

use crate::filter::TagFilter;

/// What becomes of a pair that does not pass the filter any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftOutPolicy {
    /// Both stay as they are; edits wait until it passes again.
    #[default]
    Freeze,
    /// Both stay as they are, and are not synced any more.
    Unlink,
}

/// The `[filter]` table. A contact must pass on each side that has it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FilterSettings {
    /// Contacts with one of these tags; all, if none is named.
    pub tags: Vec<String>,
    /// But without any of these.
    pub without_tags: Vec<String>,
    /// What becomes of pairs that do not pass any more.
    pub left_out: LeftOutPolicy,
}

impl FilterSettings {
    /// The filter, if there is one.
    pub fn filter(&self) -> Option<TagFilter> {
        let all = self.tags.is_empty() && self.without_tags.is_empty();
        (!all).then(|| TagFilter::new(&self.tags, &self.without_tags))
    }
}

impl From<LeftOutPolicy> for OutOfScope {
    fn from(policy: LeftOutPolicy) -> Self {
        match policy {
            LeftOutPolicy::Freeze => Self::Freeze,
            LeftOutPolicy::Unlink => Self::Unlink,
        }
    }
}
