//! HighLevel, `Version: 2021-07-28`.

mod birthday;
mod contacts;
mod custom_fields;
mod filter;
mod hand;
mod list;
mod location;
mod phone;
mod refusal;
mod routes;
mod schema;
mod search;
mod shape;
mod switches;
mod tags;
mod write;

use std::sync::Arc;
use std::time::Duration;

use crate::allowance::Allowance;
use crate::rows::Rows;
use crate::seed;
use crate::switches::Switches;

/// A contact's id.
type Id = Arc<str>;

/// A tag that the location knows.
struct LocationTag {
    id: String,
    name: String,
}

/// One location and all it holds.
pub(crate) struct Ghl {
    token: String,
    location: String,
    contacts: Rows<Id>,
    tags: Vec<LocationTag>,
    custom_fields: &'static [custom_fields::CustomField],
    user: String,
    switches: Switches,
    allowance: Allowance,
    dice: fastrand::Rng,
}

impl Ghl {
    pub(crate) fn new(token: &str, location: &str, mut dice: fastrand::Rng) -> Self {
        Self {
            token: token.to_owned(),
            location: location.to_owned(),
            contacts: Rows::new(&["email", "phone"]),
            tags: Vec::new(),
            custom_fields: custom_fields::DEFINED,
            user: seed::letters_and_digits(&mut dice, 20),
            switches: Switches::new(switches::ALL),
            allowance: Allowance::new(100, Duration::from_secs(10), 200_000),
            dice,
        }
    }

    fn new_id(&mut self) -> String {
        seed::letters_and_digits(&mut self.dice, 20)
    }
}
