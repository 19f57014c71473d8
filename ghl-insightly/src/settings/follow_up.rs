//! Which appointments are followed up, as a file tells it.

use jiff::civil::Date;
use serde::Deserialize;

/// The `[follow_ups]` table: each appointment in GHL gets one task in Insightly.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUpSettings {
    /// The ids of the calendars.
    pub calendars: Vec<String>,
    /// The first day, in the location's zone; appointments before it are not followed up.
    pub from: Date,
}
