//! A request on its way through an operation.

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::refusal;
use super::schema::{self, Member, Rule};
use crate::call::{Call, Matched};
use crate::reply::Reply;

/// A request that was let in.
pub(super) struct Exchange<'a> {
    pub(super) call: &'a Call,
    pub(super) matched: &'a Matched,
    pub(super) now: Timestamp,
}

/// An answer, or a refusal that ended the operation early.
pub(super) type Outcome = Result<Reply, Reply>;

impl Exchange<'_> {
    /// The first id in the path.
    pub(super) fn id(&self) -> &str {
        self.part(0)
    }

    pub(super) fn part(&self, at: usize) -> &str {
        self.matched.part(at)
    }

    /// The object that the body must be.
    pub(super) fn object(&self) -> Result<Map<String, Value>, Reply> {
        let body = self
            .call
            .json()
            .map_err(|error| refusal::unreadable_body(&error.to_string()))?;
        refusal::object(&body).cloned()
    }

    /// The body, held to its table.
    pub(super) fn members(
        &self,
        table: &'static [Member],
        rule: impl Fn(&Member) -> Rule,
    ) -> Result<Map<String, Value>, Reply> {
        let body = self.object()?;
        checked(&schema::complaints(table, &body, rule))?;
        Ok(body)
    }

    /// A query parameter that is a number, though it is often declared a string.
    pub(super) fn number(&self, name: &str, otherwise: usize) -> Result<usize, Reply> {
        let Some(text) = self.call.query(name) else {
            return Ok(otherwise);
        };
        let complaint = || refusal::unprocessable(&[format!("{name} must be a number string")]);
        text.parse().map_err(|_| complaint())
    }

    /// `{"succeded": true}`; in v3 with the right spelling beside it.
    pub(super) fn succeeded(&self, status: StatusCode) -> Reply {
        Reply::json(status, &self.with_success(json!({})))
    }

    pub(super) fn with_success(&self, mut body: Value) -> Value {
        body["succeded"] = json!(true);
        if self.call.header("version") == Some("v3") {
            body["succeeded"] = json!(true);
        }
        body
    }
}

/// A refusal when the validator had anything to say.
pub(super) fn checked(complaints: &[String]) -> Result<(), Reply> {
    match complaints {
        [] => Ok(()),
        complaints => Err(refusal::unprocessable(complaints)),
    }
}
