//! Insightly, v3.1.

mod custom_fields;
mod dates;
mod hand;
mod links;
mod lists;
mod moment;
mod records;
mod reference;
mod refusal;
mod routes;
mod schema;
mod shape;
mod switches;
mod tags;
mod write;

use std::time::Duration;

use crate::allowance::Allowance;
use crate::rows::Rows;
use crate::switches::Switches;
use schema::FAMILIES;

/// The user whose key it is.
const USER: i64 = 2_240_001;

/// One family and its records.
struct Shelf {
    rows: Rows<i64>,
    next_id: i64,
}

/// One account and all it holds.
pub(crate) struct Insightly {
    api_key: String,
    /// In the order of the table of families.
    shelves: Vec<Shelf>,
    next_part_id: i64,
    switches: Switches,
    allowance: Allowance,
}

impl Insightly {
    pub(crate) fn new(api_key: &str) -> Self {
        let shelves = FAMILIES.iter().map(|family| Shelf {
            rows: Rows::new(family.lookups),
            next_id: family.first_id,
        });
        Self {
            api_key: api_key.to_owned(),
            shelves: shelves.collect(),
            next_part_id: 51_000_001,
            switches: Switches::new(switches::ALL),
            allowance: Allowance::new(10, Duration::from_secs(1), 100_000),
        }
    }

    /// Ids of links and of dates.
    fn new_part_id(&mut self) -> i64 {
        self.next_part_id += 1;
        self.next_part_id - 1
    }
}
