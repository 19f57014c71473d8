//! People who look like life, the same for the same seed.

mod locales;
mod person;

pub(crate) use person::{Difference, Person, Phone};

use jiff::{SignedDuration, Timestamp};

/// One person who is a contact on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamePerson {
    /// Contact id in GHL.
    pub ghl: String,
    /// `CONTACT_ID` in Insightly.
    pub insightly: i64,
}

/// When somebody became a contact; the later their number, the later they came.
pub(crate) fn joined_at(person: &Person, now: Timestamp) -> Timestamp {
    let longest = SignedDuration::from_hours(24 * 400);
    let start = now.checked_sub(longest).unwrap_or(now);
    // Some share a stamp, as after an import.
    let step = SignedDuration::from_millis(257_003);
    let steps = i32::try_from(person.number / 3 * 3 % 120_000).unwrap_or(0);
    start.checked_add(step * steps).unwrap_or(start)
}

/// Twenty letters and digits, or any other number of them.
pub(crate) fn letters_and_digits(dice: &mut fastrand::Rng, count: usize) -> String {
    (0..count).map(|_| dice.alphanumeric()).collect()
}

/// 8-4-4-4-12 hexadecimal digits.
pub(crate) fn guid(dice: &mut fastrand::Rng) -> String {
    let (high, low) = (dice.u64(..), dice.u64(..));
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}
