//! HighLevel, `Version: 2021-07-28`.

mod access;
mod appointments;
mod birthday;
mod bulk_tags;
mod businesses;
mod children;
mod consent_page;
mod contacts;
mod custom_fields;
mod door;
mod enrolments;
mod exchange;
mod family;
mod filter;
mod first_fields;
mod hand;
mod list;
mod location;
mod location_tags;
mod members;
mod moment;
mod notes;
mod oauth;
mod object_fields;
mod orders;
mod people;
mod phone;
mod records;
mod refusal;
mod routes;
mod schema;
mod search;
mod shape;
mod switches;
mod tags;
mod task_search;
mod tasks;
mod upsert;
mod webhooks;
mod workflows;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::allowance::Allowance;
use crate::app::GhlApp;
use crate::outbox::Outbox;
use crate::rows::Row;
use crate::seed;
use crate::switches::Switches;

/// A record's id.
type Id = Arc<str>;

/// One location and all it holds.
pub(crate) struct Ghl {
    tokens: access::Tokens,
    promises: oauth::Promises,
    app: GhlApp,
    /// Whether the location is suspended.
    suspended: bool,
    location: String,
    /// The user whose the tokens are.
    user: String,
    calendar: String,
    rows: family::Families,
    /// Deleted contacts, and when they went.
    bin: BTreeMap<Id, (Arc<Row>, Timestamp)>,
    /// Records that nobody may see, and the status that says so.
    hidden: BTreeMap<Id, u16>,
    enrolments: BTreeSet<enrolments::Enrolment>,
    workflows: workflows::Workflows,
    outbox: Outbox,
    /// Whether a request of the API is being answered.
    by_api: bool,
    /// Whether webhooks keep silent about what is being done.
    muted: bool,
    switches: Switches,
    allowance: Allowance,
    dice: fastrand::Rng,
}

impl Ghl {
    pub(crate) fn new(token: &str, location: &str, mut dice: fastrand::Rng) -> Self {
        let mut ghl = Self {
            tokens: access::Tokens::new(),
            promises: oauth::Promises::default(),
            app: GhlApp::new(&mut dice),
            suspended: false,
            location: location.to_owned(),
            user: String::new(),
            calendar: seed::letters_and_digits(&mut dice, 20),
            rows: family::Families::new(),
            bin: BTreeMap::new(),
            hidden: BTreeMap::new(),
            enrolments: BTreeSet::new(),
            workflows: workflows::Workflows::default(),
            outbox: Outbox::new(dice.fork()),
            by_api: false,
            muted: false,
            switches: Switches::new(switches::ALL),
            allowance: Allowance::new(100, Duration::from_secs(10), 200_000),
            dice,
        };
        ghl.app.webhook_public_key = ghl.outbox.public_key();
        ghl.staff();
        ghl.define_custom_fields();
        let everything = access::Grant {
            level: access::Level::Location,
            scopes: None,
            until: None,
            user: ghl.user.clone(),
        };
        ghl.tokens.insert(token.to_owned(), everything);
        ghl
    }

    /// The app that OAuth and webhooks know.
    pub(crate) fn app(&self) -> &GhlApp {
        &self.app
    }

    pub(crate) fn calendar(&self) -> &str {
        &self.calendar
    }

    fn new_id(&mut self) -> String {
        seed::letters_and_digits(&mut self.dice, 20)
    }
}
