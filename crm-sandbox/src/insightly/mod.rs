//! Insightly, v3.1.

mod activity_sets;
mod admission;
mod bin;
mod categories;
mod children;
mod comments;
mod conversion;
mod custom_fields;
mod custom_objects;
mod documents;
mod families;
mod files;
mod follows;
mod hand;
mod images;
mod links;
mod lists;
mod merge;
mod moment;
mod notes;
mod occasions;
mod orders;
mod packed;
mod people;
mod person;
mod pipelines;
mod plan;
mod records;
mod reference;
mod refusal;
mod routes;
mod rules;
mod schema;
mod shape;
mod start;
mod states;
mod sublists;
mod switches;
mod tags;
mod values;
mod workflow;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::allowance::Allowance;
use crate::rows::Rows;
use crate::switches::Switches;
use families::FAMILIES;
use packed::Packed;

/// The user whose key it is, unless another one calls.
const USER: i64 = 2_240_001;

/// A record: its shelf and its id.
type End = (usize, i64);

/// One family and its records.
struct Shelf {
    rows: Rows<i64, Packed>,
    next_id: i64,
}

/// One account and all it holds.
pub(crate) struct Insightly {
    /// Users by their keys.
    keys: BTreeMap<String, i64>,
    /// In the order of the table of families.
    shelves: Vec<Shelf>,
    next_part_id: i64,
    /// Notes, tasks, files and the like by the record that they belong to.
    under: BTreeMap<End, BTreeSet<End>>,
    files: BTreeMap<i64, files::File>,
    images: BTreeMap<(End, String), images::Image>,
    /// Records that a user follows.
    follows: BTreeSet<(i64, End)>,
    /// What fields offer since people have changed it, by family and name.
    options: BTreeMap<(&'static str, &'static str), Vec<String>>,
    /// Records that the API's users may not see.
    hidden: BTreeSet<End>,
    bin: BTreeMap<End, bin::Binned>,
    states: BTreeMap<i64, Vec<Value>>,
    translations: BTreeMap<(i64, String), Value>,
    /// Records whose parts changed a moment ago, as they were before.
    changing: BTreeMap<End, sublists::Before>,
    plan: plan::Plan,
    workflow: workflow::Workflow,
    switches: Switches,
    allowance: Allowance,
    /// Allowances of their own for other keys, where the rate is counted per key.
    allowances: BTreeMap<i64, Allowance>,
    lag: lists::Lag,
    /// Who calls, and when.
    caller: i64,
    now: Timestamp,
}

impl Insightly {
    pub(crate) fn new(api_key: &str) -> Self {
        let shelves = FAMILIES.iter().map(|family| Shelf {
            rows: Rows::new(family.lookups),
            next_id: family.first_id,
        });
        let mut account = Self {
            keys: BTreeMap::from([(api_key.to_lowercase(), USER)]),
            shelves: shelves.collect(),
            next_part_id: 51_000_001,
            under: BTreeMap::new(),
            files: BTreeMap::new(),
            images: BTreeMap::new(),
            follows: BTreeSet::new(),
            options: BTreeMap::new(),
            hidden: BTreeSet::new(),
            bin: BTreeMap::new(),
            states: BTreeMap::new(),
            translations: BTreeMap::new(),
            changing: BTreeMap::new(),
            plan: plan::Plan::default(),
            workflow: workflow::Workflow::default(),
            switches: Switches::new(switches::ALL),
            allowance: Allowance::new(10, Duration::from_secs(1), 100_000),
            allowances: BTreeMap::new(),
            lag: lists::Lag::default(),
            caller: USER,
            now: Timestamp::UNIX_EPOCH,
        };
        account.fill();
        account
    }

    /// Ids of links, dates and e-mail domains.
    fn new_part_id(&mut self) -> i64 {
        self.next_part_id += 1;
        self.next_part_id - 1
    }
}
