//! Which appointments are followed up, as a file tells it.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error};

/// The `[follow_ups]` table: each appointment in GHL gets one task in Insightly.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUpSettings {
    /// The ids of the calendars.
    pub calendars: Vec<String>,
    /// The first day, in the location's zone; appointments before it are not followed up.
    #[serde(deserialize_with = "day")]
    pub from: Date,
}

fn day<'de, D: Deserializer<'de>>(value: D) -> Result<Date, D::Error> {
    let day = String::deserialize(value)?;
    let wrong = |_| {
        let wanted = "a day is wanted, as \"2026-12-01\"";
        D::Error::custom(format!("{wanted}, and it is `{day}`"))
    };
    day.parse().map_err(wrong)
}
