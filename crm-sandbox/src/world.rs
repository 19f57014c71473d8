//! What the two servers have in common behind their doors.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::allowance::Allowance;
use crate::call::{Call, Matched};
use crate::error::SandboxError;
use crate::outbox::Outbox;
use crate::reply::Reply;
use crate::seed::Person;
use crate::switches::Switches;

/// One CRM: its records, and how it answers.
pub(crate) trait World: Send {
    /// The operation that a request means, if it means one.
    fn find(&self, call: &Call) -> Option<Matched>;

    /// The names of all operations, as requests are counted under them.
    fn operations(&self) -> BTreeSet<String>;

    /// Does what a request asks.
    fn answer(&mut self, call: &Call, matched: Option<&Matched>, now: Timestamp) -> Reply;

    /// 429 in this CRM's words and headers.
    fn too_many_requests(
        &mut self,
        retry_after: Option<u64>,
        day_used_up: bool,
        now: Timestamp,
    ) -> Reply;

    fn switches(&mut self) -> &mut Switches;

    fn allowance(&mut self) -> &mut Allowance;

    /// The families of records, as in `/_sandbox/{family}`.
    fn families(&self) -> Vec<&'static str>;

    /// As in `/_sandbox/{name}/`.
    fn name(&self) -> &'static str;

    /// Does what was to happen by itself until now.
    fn catch_up(&mut self, _now: Timestamp) {}

    /// When something happens by itself next.
    fn next_due(&self) -> Option<Timestamp> {
        None
    }

    /// Webhooks on their way, where there are any.
    fn outbox(&mut self) -> Option<&mut Outbox> {
        None
    }

    /// Follows an order that only this CRM knows.
    fn order(
        &mut self,
        order: &str,
        _body: &Value,
        _now: Timestamp,
    ) -> Result<Value, SandboxError> {
        Err(SandboxError::UnknownOrder(order.to_owned()))
    }

    fn set_index_lag(&mut self, lag: Duration);

    /// Everything there is, in an order that depends on nothing else.
    fn state(&self) -> Value;

    /// All records of a family by ascending id, as a read by id shows them.
    fn records(&self, family: &str) -> Result<Vec<Value>, SandboxError>;

    fn record(&self, family: &str, id: &str) -> Result<Value, SandboxError>;

    /// Creates a record as a person would, past the API's rules.
    fn create(
        &mut self,
        family: &str,
        members: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Value, SandboxError>;

    /// Changes the named members; `null` blanks one.
    fn edit(
        &mut self,
        family: &str,
        id: &str,
        members: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Value, SandboxError>;

    fn delete(&mut self, family: &str, id: &str, now: Timestamp) -> Result<(), SandboxError>;

    /// Adds somebody as a contact; answers the new id.
    fn add_person(&mut self, person: &Person, at: Timestamp) -> String;
}
