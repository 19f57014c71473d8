//! The test's hand on one of the two servers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value};

use crate::call::{Call, Matched};
use crate::clock::Clock;
use crate::error::SandboxError;
use crate::faults::{FaultRule, Faults};
use crate::seed::{self, Person};
use crate::switches::Switch;
use crate::world::World;
use crate::written::Written;

/// One CRM of the sandbox; clones are the same CRM.
///
/// What is done through this handle passes by the API: no rules, no rate, no
/// faults, no counting. Stamps move as they do for a person at the screen.
#[derive(Clone)]
pub struct Crm(Arc<Inner>);

struct Inner {
    clock: Clock,
    world: Mutex<Box<dyn World>>,
    faults: Mutex<Faults>,
    requests: Mutex<BTreeMap<String, u64>>,
    written: Mutex<Option<Vec<Written>>>,
}

impl fmt::Debug for Crm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Crm").finish_non_exhaustive()
    }
}

/// What a request is counted as that means no operation.
pub(crate) const UNKNOWN: &str = "unknown";

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Crm {
    pub(crate) fn new(clock: Clock, world: Box<dyn World>) -> Self {
        Self(Arc::new(Inner {
            clock,
            world: Mutex::new(world),
            faults: Mutex::default(),
            requests: Mutex::default(),
            written: Mutex::default(),
        }))
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, Box<dyn World>> {
        let mut world = lock(&self.0.world);
        world.catch_up(self.0.clock.now());
        world
    }

    pub(crate) fn armed(&self) -> MutexGuard<'_, Faults> {
        lock(&self.0.faults)
    }

    pub(crate) fn count(&self, operation: &str) {
        *lock(&self.0.requests)
            .entry(operation.to_owned())
            .or_default() += 1;
    }

    pub(crate) fn keep_if_writing(&self, call: &Call, matched: Option<&Matched>) {
        if let Some(written) = &mut *lock(&self.0.written) {
            written.extend(Written::read(call, matched));
        }
    }

    /// The clock of the whole sandbox.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Everything this CRM holds, in a fixed order; equal states are equal values.
    pub fn state(&self) -> Value {
        self.world().state()
    }

    /// The contacts.
    pub fn contacts(&self) -> Records<'_> {
        self.family("contacts")
    }

    /// The records of a family, by its name in small letters.
    pub fn family<'a>(&'a self, name: &'a str) -> Records<'a> {
        Records {
            crm: self,
            family: name,
        }
    }

    /// How often each operation was asked for; `unknown` is a request that meant none.
    pub fn requests(&self) -> BTreeMap<String, u64> {
        lock(&self.0.requests).clone()
    }

    /// Starts counting from nothing.
    pub fn forget_requests(&self) {
        lock(&self.0.requests).clear();
    }

    /// Keeps each request from now on that asks for a write; none are kept before.
    pub fn keep_writes(&self) {
        lock(&self.0.written).get_or_insert_default();
    }

    /// The writes that were asked for since they are kept, also those that a fault kept from
    /// being done.
    pub fn writes(&self) -> Vec<Written> {
        lock(&self.0.written).clone().unwrap_or_default()
    }

    /// The names of all operations, as requests are counted and faults are put on them; `unknown` is
    /// a request that means none.
    pub fn operations(&self) -> BTreeSet<String> {
        let mut names = self.world().operations();
        names.insert(UNKNOWN.to_owned());
        names
    }

    /// Adds a rule; rules apply in the order they were added. A rule that no operation of this
    /// server is named by is refused.
    pub fn add_fault(&self, rule: FaultRule) -> Result<(), SandboxError> {
        rule.check(&self.operations())?;
        self.armed().add(rule);
        Ok(())
    }

    /// The rules that were added, spent ones too.
    pub fn faults(&self) -> Vec<FaultRule> {
        self.armed().rules()
    }

    /// Takes all rules away.
    pub fn clear_faults(&self) {
        self.armed().clear();
    }

    /// How long later writes stay out of lists and searches.
    pub fn set_index_lag(&self, lag: Duration) {
        self.world().set_index_lag(lag);
    }

    /// Whether requests above the published limits are refused. The headers
    /// count in any case.
    pub fn set_rate_limits(&self, on: bool) {
        self.world().allowance().enforced = on;
    }

    /// Sets the limits: so many requests in a window, so many in a day.
    pub fn set_rate(&self, burst: u64, window: Duration, daily: u64) {
        let mut world = self.world();
        let allowance = world.allowance();
        allowance.burst = burst;
        allowance.window = window;
        allowance.daily = daily;
    }

    /// How each switch is set.
    pub fn switches(&self) -> BTreeMap<&'static str, &'static str> {
        self.world().switches().all()
    }

    /// What each switch means and can be set to.
    pub fn switch_table(&self) -> &'static [&'static Switch] {
        self.world().switches().table()
    }

    /// The switches that an answer has depended on so far: no other one could have mattered.
    pub fn switches_asked(&self) -> BTreeSet<&'static str> {
        self.world().switches().asked()
    }

    /// Sets a switch.
    pub fn set_switch(&self, name: &str, choice: &str) -> Result<(), SandboxError> {
        self.world().switches().set(name, choice)
    }

    /// Gives an order that only this CRM knows, as `POST /_sandbox/orders/{order}` does.
    ///
    /// | order of GHL | body | answer |
    /// | --- | --- | --- |
    /// | `merge` | `{"survivor": id, "absorbed": id}` | the survivor |
    /// | `restore` | `{"id": id}`: a contact deleted in the last 60 days | the contact |
    /// | `hide` | `{"id": id, "status": 403}`, also 404 or 400 | |
    /// | `show` | `{"id": id}` | |
    /// | `options` | `{"id": id, "options": ["S", "M"]}`: what a custom field offers from now on | |
    /// | `token` | `{"scopes": [...], "level": "Location"}` or `"Company"` | `{"token": ...}` |
    /// | `revoke` | `{"token": ...}` | |
    /// | `oauth_code` | `{"scopes": [...], "level": "Company"}` or `"Location"` | `{"code": ...}` |
    /// | `uninstall` | `{}`: the codes and tokens of the app are good for nothing | |
    /// | `suspend` | `{"on": true}`: the location is not active | |
    /// | `workflow` | `{"when": "contact_created", "after_ms": 800, "add_tags": ["new"], "set": {"source": "w"}}` | |
    /// | `workflow` | `{"when": {"written": "city"}, "rewrite": "upper"}`, `"lower"` or `{"append": "!"}` | |
    /// | `clear_workflows` | | |
    /// | `webhooks` | `{"url": "http://127.0.0.1:9000/hook"}`, `null` for none | |
    /// | `webhook_fault` | `{"operation": "Contact*", "when": {"nth": 2}, "fault": "lost"}`, see [`WebhookFault`](crate::WebhookFault) | |
    /// | `clear_webhook_faults` | | |
    /// | `people` | `{"seed": 1, "count": 20}`: edits of all kinds, as people make them | `{"edits": [...]}` |
    ///
    /// | order of Insightly | body | answer |
    /// | --- | --- | --- |
    /// | `restore` | `{"family": "contacts", "id": id}`: deleted in the last 30 days | the record |
    /// | `merge` | `{"family": "contacts", "id": id, "into": id}` | the master |
    /// | `convert` | `{"id": id, "opportunity": true}`: a lead | ids of what it became |
    /// | `to_lead` | `{"id": id}`: a contact, which is deleted | the lead |
    /// | `hide`, `show` | `{"family": "contacts", "id": id}`: for all keys | |
    /// | `attach` | `{"family": "contacts", "id": id, "name": "a.txt", "text": "..."}` | the file |
    /// | `recurring_tasks` | `{"task": {...}, "every_days": 7, "times": 5}` | `{"ids": [...]}` |
    /// | `options` | `{"family": "contacts", "field": "Size__c", "options": ["S", "M"]}`: what it offers from now on | |
    /// | `key` | `{"user": id}`: a key of that user's own | `{"api_key": ...}` |
    /// | `plan` | `{"lacks": ["leads"], "records": 2500, "storage": 1000}` | |
    /// | `workflow_rule` | `{"family": "contacts", "on": ["create"], "url": ..., "user": ..., "password": ...}` | |
    /// | `clear_workflow_rules` | | |
    /// | `webhook_fault` | `{"operation": "contacts", "when": {"nth": 2}, "fault": "lost"}`, see [`WebhookFault`](crate::WebhookFault) | |
    /// | `clear_webhook_faults` | | |
    /// | `people` | `{"seed": 1, "count": 20}`: edits of all kinds, as people make them | `{"edits": [...]}` |
    pub fn order(&self, order: &str, body: &Value) -> Result<Value, SandboxError> {
        let now = self.0.clock.now();
        self.world().order(order, body, now)
    }

    /// Adds the people `from..from + count` of a seed as contacts; answers
    /// their ids. The same number of the same seed is the same person on both sides.
    pub fn seed(&self, seed: u64, from: u64, count: u64) -> Vec<String> {
        let now = self.0.clock.now();
        let mut world = self.world();
        let people = (from..from + count).map(|number| Person::new(seed, number));
        people
            .map(|person| world.add_person(&person, seed::joined_at(&person, now)))
            .collect()
    }
}

/// The records of one family, under the hand of a person.
#[derive(Clone, Copy, Debug)]
pub struct Records<'a> {
    crm: &'a Crm,
    family: &'a str,
}

impl Records<'_> {
    /// All of them by ascending id, each as a read by id shows it.
    pub fn all(&self) -> Result<Vec<Value>, SandboxError> {
        self.crm.world().records(self.family)
    }

    /// One of them, as a read by id shows it.
    pub fn get(&self, id: impl fmt::Display) -> Result<Value, SandboxError> {
        self.crm.world().record(self.family, &id.to_string())
    }

    /// Creates one from members named as in a read; answers it with its id.
    ///
    /// Past the API's rules: a duplicate or a record without a name is taken.
    /// What the server alone sets, such as ids and stamps, cannot be given.
    pub fn create(&self, record: &Value) -> Result<Value, SandboxError> {
        let now = self.crm.clock().now();
        self.crm.world().create(self.family, members(record)?, now)
    }

    /// Changes the named members and the stamp; `null` blanks a member.
    pub fn edit(&self, id: impl fmt::Display, changes: &Value) -> Result<Value, SandboxError> {
        let now = self.crm.clock().now();
        self.crm
            .world()
            .edit(self.family, &id.to_string(), members(changes)?, now)
    }

    /// Deletes one.
    pub fn delete(&self, id: impl fmt::Display) -> Result<(), SandboxError> {
        let now = self.crm.clock().now();
        self.crm.world().delete(self.family, &id.to_string(), now)
    }
}

fn members(record: &Value) -> Result<&Map<String, Value>, SandboxError> {
    record.as_object().ok_or(SandboxError::NotAnObject)
}
