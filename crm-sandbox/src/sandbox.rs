//! The whole sandbox: both CRMs on one clock.

use std::time::Duration;

use crate::app::GhlApp;
use crate::clock::Clock;
use crate::crm::Crm;
use crate::error::SandboxError;
use crate::ghl::Ghl;
use crate::insightly::Insightly;
use crate::seed::{self, SamePerson};
use crate::servers::Servers;

/// Both CRMs, filled from a seed; clones are the same sandbox.
///
/// ```
/// use crm_sandbox::Sandbox;
///
/// let sandbox = Sandbox::builder().ghl_contacts(3).insightly_contacts(2).shared(1).build();
/// assert_eq!(sandbox.same_people().len(), 1);
/// assert_eq!(sandbox.ghl().contacts().all()?.len(), 3);
/// # Ok::<(), crm_sandbox::SandboxError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sandbox {
    ghl: Crm,
    insightly: Crm,
    clock: Clock,
    keys: Keys,
    same_people: Vec<SamePerson>,
}

#[derive(Clone, Debug)]
struct Keys {
    ghl_token: String,
    ghl_location_id: String,
    ghl_calendar_id: String,
    ghl_app: GhlApp,
    insightly_api_key: String,
}

/// What a sandbox is to be; every setting has a default.
#[derive(Clone, Debug)]
pub struct SandboxBuilder {
    seed: u64,
    clock: Clock,
    ghl_contacts: u64,
    insightly_contacts: u64,
    shared: u64,
    index_lag: Duration,
    rate_limits: bool,
}

impl Sandbox {
    /// An empty sandbox on the computer's time, without lag and limits, unless said otherwise.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder {
            seed: 0,
            clock: Clock::real(),
            ghl_contacts: 0,
            insightly_contacts: 0,
            shared: 0,
            index_lag: Duration::ZERO,
            rate_limits: false,
        }
    }

    /// The GHL server.
    pub fn ghl(&self) -> &Crm {
        &self.ghl
    }

    /// The Insightly server.
    pub fn insightly(&self) -> &Crm {
        &self.insightly
    }

    /// The clock of both servers.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The private integration token that the GHL server knows.
    pub fn ghl_token(&self) -> &str {
        &self.keys.ghl_token
    }

    /// The location that the token reaches.
    pub fn ghl_location_id(&self) -> &str {
        &self.keys.ghl_location_id
    }

    /// The location's calendar.
    pub fn ghl_calendar_id(&self) -> &str {
        &self.keys.ghl_calendar_id
    }

    /// The app that GHL's OAuth and webhooks know.
    pub fn ghl_app(&self) -> &GhlApp {
        &self.keys.ghl_app
    }

    /// The API key that the Insightly server knows.
    pub fn insightly_api_key(&self) -> &str {
        &self.keys.insightly_api_key
    }

    /// The people of the seed who are contacts on both sides.
    pub fn same_people(&self) -> &[SamePerson] {
        &self.same_people
    }

    /// Sets a switch of whichever server has it, or of both.
    pub fn set_switch(&self, name: &str, choice: &str) -> Result<(), SandboxError> {
        let has = |crm: &&Crm| crm.switch_table().iter().any(|switch| switch.name == name);
        let mut having = [&self.ghl, &self.insightly].into_iter().filter(has);
        let first = having.next();
        let first = first.ok_or_else(|| SandboxError::UnknownSwitch(name.to_owned()))?;
        first.set_switch(name, choice)?;
        having.try_for_each(|crm| crm.set_switch(name, choice))
    }

    /// Listens with both servers on 127.0.0.1; port 0 takes any free one.
    pub async fn serve(&self, ghl_port: u16, insightly_port: u16) -> Result<Servers, SandboxError> {
        let ghl = (self.ghl.router(), ghl_port);
        let insightly = (self.insightly.router(), insightly_port);
        let webhooks = [self.ghl.clone(), self.insightly.clone()];
        Servers::start(ghl, insightly, webhooks).await
    }
}

impl SandboxBuilder {
    /// Draws ids, keys and people; the same seed draws the same ones.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The time both servers live by.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// How many contacts GHL begins with.
    pub fn ghl_contacts(mut self, count: u64) -> Self {
        self.ghl_contacts = count;
        self
    }

    /// How many contacts Insightly begins with.
    pub fn insightly_contacts(mut self, count: u64) -> Self {
        self.insightly_contacts = count;
        self
    }

    /// How many of them are the same people, at most the smaller of the two counts.
    pub fn shared(mut self, count: u64) -> Self {
        self.shared = count;
        self
    }

    /// How long writes stay out of lists and searches.
    pub fn index_lag(mut self, lag: Duration) -> Self {
        self.index_lag = lag;
        self
    }

    /// Whether requests above the published limits are refused.
    pub fn rate_limits(mut self, on: bool) -> Self {
        self.rate_limits = on;
        self
    }

    /// The sandbox, with its people in place and nothing waiting for the index.
    pub fn build(self) -> Sandbox {
        let mut dice = fastrand::Rng::with_seed(self.seed);
        let ghl_token = format!("pit-{}", seed::guid(&mut dice));
        let ghl_location_id = seed::letters_and_digits(&mut dice, 20);
        let insightly_api_key = seed::guid(&mut dice);
        let ghl = Ghl::new(&ghl_token, &ghl_location_id, dice.fork());
        let keys = Keys {
            ghl_token,
            ghl_location_id,
            ghl_calendar_id: ghl.calendar().to_owned(),
            ghl_app: ghl.app().clone(),
            insightly_api_key,
        };
        let insightly = Insightly::new(&keys.insightly_api_key);
        let ghl = Crm::new(self.clock.clone(), Box::new(ghl));
        let insightly = Crm::new(self.clock.clone(), Box::new(insightly));
        let same_people = self.settle(&ghl, &insightly);
        for crm in [&ghl, &insightly] {
            crm.set_index_lag(self.index_lag);
            crm.set_rate_limits(self.rate_limits);
        }
        Sandbox {
            ghl,
            insightly,
            clock: self.clock,
            keys,
            same_people,
        }
    }

    /// GHL takes the first people of the seed; Insightly the shared ones of
    /// those and then the people after them.
    fn settle(&self, ghl: &Crm, insightly: &Crm) -> Vec<SamePerson> {
        let shared = self
            .shared
            .min(self.ghl_contacts)
            .min(self.insightly_contacts);
        let in_ghl = ghl.seed(self.seed, 0, self.ghl_contacts);
        let in_insightly = insightly.seed(self.seed, 0, shared);
        insightly.seed(
            self.seed,
            self.ghl_contacts,
            self.insightly_contacts - shared,
        );
        let pairs = in_ghl.into_iter().zip(in_insightly);
        pairs
            .filter_map(|(ghl, insightly)| {
                let insightly = insightly.parse().ok()?;
                Some(SamePerson { ghl, insightly })
            })
            .collect()
    }
}
