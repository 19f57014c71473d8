//! Addresses, as long as their parts may be.

use sync_core::Parts;

use super::SHORT_TEXT;
use crate::{
    contact::{CITY, COUNTRY, POSTCODE, STATE, STREET},
    limit::cut,
};

/// The parts of an address, and how many characters each holds. A country is one of a list.
const LIMITS: [(&str, usize); 5] = [
    (STREET, SHORT_TEXT),
    (CITY, SHORT_TEXT),
    (STATE, SHORT_TEXT),
    (POSTCODE, 128),
    (COUNTRY, SHORT_TEXT),
];

/// What is shown of an address.
#[expect(
    clippy::unnecessary_wraps,
    reason = "what a side shows of a value may be nothing"
)]
pub(super) fn held(address: Parts) -> Option<Parts> {
    let part = |held: Parts, (name, limit): (&'static str, usize)| {
        let part = held.get(name).map(|part| cut(part, limit).to_owned());
        held.with(name, part.as_deref())
    };
    Some(LIMITS.into_iter().fold(address, part))
}
