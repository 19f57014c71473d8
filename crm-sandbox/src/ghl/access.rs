//! Tokens, and what each of them reaches.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::routes::Need;
use super::{Ghl, refusal, switches as on};
use crate::call::Call;
use crate::reply::Reply;

/// Whose token it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Level {
    /// One sub-account.
    #[default]
    Location,
    /// The agency.
    Company,
}

impl Level {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Location => "Location",
            Self::Company => "Company",
        }
    }
}

/// What a token may do.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) level: Level,
    /// All scopes when there is no list.
    pub(super) scopes: Option<BTreeSet<String>>,
    pub(super) until: Option<Timestamp>,
    pub(super) user: String,
}

impl Grant {
    fn has(&self, scope: &str) -> bool {
        self.scopes
            .as_ref()
            .is_none_or(|scopes| scopes.contains(scope))
    }
}

/// All tokens that are good.
pub(super) type Tokens = BTreeMap<String, Grant>;

fn token_of(call: &Call) -> &str {
    let header = call.header("authorization").unwrap_or_default();
    header.strip_prefix("Bearer ").unwrap_or_default()
}

impl Ghl {
    /// The user in whose name a request is made.
    pub(super) fn caller_user(&self, call: &Call) -> &str {
        let grant = self.tokens.get(token_of(call));
        grant.map_or(&self.user, |grant| &grant.user)
    }

    /// The scopes that a request's token has.
    pub(super) fn caller_scopes(&self, call: &Call) -> BTreeSet<String> {
        let grant = self.tokens.get(token_of(call));
        grant
            .and_then(|grant| grant.scopes.clone())
            .unwrap_or_default()
    }

    pub(super) fn check_token(&self, call: &Call, now: Timestamp) -> Result<(), Reply> {
        if call.header("authorization").is_none() {
            let message = "No Authorization header found for authentication!";
            return Err(refusal::unauthorized(message));
        }
        let token = token_of(call);
        match self.tokens.get(token) {
            Some(grant) if grant.until.is_none_or(|until| now < until) => Ok(()),
            Some(_)
                if self
                    .switches
                    .is(&on::EXPIRED_TOKEN, "access_token_is_invalid") =>
            {
                Err(refusal::invalid_token())
            }
            None if token.starts_with("pit-") => {
                Err(refusal::unauthorized("Invalid Private Integration token"))
            }
            _ => Err(refusal::unauthorized("Invalid JWT")),
        }
    }

    pub(super) fn check_need(&self, call: &Call, need: Need) -> Result<(), Reply> {
        let Some(grant) = self.tokens.get(token_of(call)) else {
            return Ok(());
        };
        let (level, scope) = match need {
            Need::Nothing => return Ok(()),
            Need::Bulk if self.switches.is(&on::BULK_SCOPE, "none") => (Level::Location, None),
            Need::Bulk => (Level::Location, Some("contacts.write")),
            Need::Location(scope) => (Level::Location, Some(scope)),
            Need::Agency(scope) => (Level::Company, Some(scope)),
        };
        match (grant.level, level) {
            (Level::Location, Level::Company) => return Err(refusal::forbidden_resource()),
            (Level::Company, Level::Location) => {
                let message = "This token's user type is not yet supported!";
                return Err(refusal::unauthorized(message));
            }
            _ => {}
        }
        if scope.is_some_and(|scope| !grant.has(scope)) {
            let message = "The token is not authorized for this scope.";
            return Err(refusal::unauthorized(message));
        }
        Ok(())
    }
}
