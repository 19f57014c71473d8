//! Shares of something, in percent.

use serde::{Deserialize, Deserializer, de::Error};

pub(super) fn percent<'de, D: Deserializer<'de>>(value: D) -> Result<u8, D::Error> {
    from(0, value)
}

/// Nothing could be asked with a share of zero.
pub(super) fn some_percent<'de, D: Deserializer<'de>>(value: D) -> Result<u8, D::Error> {
    from(1, value)
}

fn from<'de, D: Deserializer<'de>>(lowest: u8, value: D) -> Result<u8, D::Error> {
    let share = i64::deserialize(value)?;
    let percent = u8::try_from(share).ok();
    let percent = percent.filter(|share| (lowest..=100).contains(share));
    percent.ok_or_else(|| {
        let wanted = format!("percent are wanted, a whole number from {lowest} to 100");
        D::Error::custom(format!("{wanted}, and it is `{share}`"))
    })
}
