//! Shares of something, in percent.

use serde::{Deserialize, Deserializer, de::Error};

pub(super) fn percent<'de, D: Deserializer<'de>>(value: D) -> Result<u8, D::Error> {
    let share = i64::deserialize(value)?;
    let percent = u8::try_from(share).ok().filter(|share| *share <= 100);
    percent.ok_or_else(|| D::Error::custom(format!("{share} is no percentage: 0 to 100")))
}

/// Nothing could be asked with a share of zero.
pub(super) fn some_percent<'de, D: Deserializer<'de>>(value: D) -> Result<u8, D::Error> {
    match percent(value)? {
        0 => Err(D::Error::custom("0 percent is nothing at all: 1 to 100")),
        share => Ok(share),
    }
}
