//! Whole numbers that have bounds.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserializer,
    de::{Error, Unexpected, Visitor},
};

/// The longest that one thing waits for another, in milliseconds: an hour.
pub(super) const LONGEST_MS: u64 = 3_600_000;

/// A number between two others, both of them included.
pub(super) fn whole_number<'de, D, N, const LOWEST: u64, const HIGHEST: u64>(
    value: D,
) -> Result<N, D::Error>
where
    D: Deserializer<'de>,
    N: TryFrom<u64>,
{
    value.deserialize_u64(Between::<N, LOWEST, HIGHEST>(PhantomData))
}

struct Between<N, const LOWEST: u64, const HIGHEST: u64>(PhantomData<N>);

impl<N: TryFrom<u64>, const LOWEST: u64, const HIGHEST: u64> Visitor<'_>
    for Between<N, LOWEST, HIGHEST>
{
    type Value = N;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from {LOWEST} to {HIGHEST}")
    }

    fn visit_u64<E: Error>(self, found: u64) -> Result<N, E> {
        let within = (LOWEST..=HIGHEST).contains(&found);
        let number = within.then(|| N::try_from(found).ok()).flatten();
        number.ok_or_else(|| E::invalid_value(Unexpected::Unsigned(found), &self))
    }

    fn visit_i64<E: Error>(self, found: i64) -> Result<N, E> {
        match u64::try_from(found) {
            Ok(found) => self.visit_u64(found),
            Err(_) => Err(E::invalid_value(Unexpected::Signed(found), &self)),
        }
    }
}
