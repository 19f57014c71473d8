//! What every request passes before its operation: the key, the limits, the plan.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use http::{HeaderName, header};
use jiff::Timestamp;

use super::refusal::{self, Refusal};
use super::routes::{Exchange, Outcome, ROUTES, no_operation};
use super::{Insightly, switches as on};
use crate::allowance::{Allowance, Left};
use crate::call::{Call, Matched};
use crate::reply::Reply;

impl Insightly {
    pub(super) fn respond(
        &mut self,
        call: &Call,
        matched: Option<&Matched>,
        now: Timestamp,
    ) -> Reply {
        self.begin(now);
        let user = self.user_of(call);
        let left = self.take(user);
        let reply = match self.run(call, matched, user, &left) {
            Ok(reply) => reply,
            Err(refusal) => self.refuse(refusal),
        };
        let burst = left.refused && self.switches.is(&on::RETRY_AFTER, "1");
        let reply = if burst {
            reply.with(header::RETRY_AFTER, "1")
        } else {
            reply
        };
        self.with_headers(reply, &left)
    }

    /// Takes the time of a request, and what the switches say of lag.
    pub(super) fn begin(&mut self, now: Timestamp) {
        self.now = now;
        self.allowance.rolling = self.switches.is(&on::DAY_RESET, "rolling");
        self.apply_lag();
    }

    fn take(&mut self, user: Option<i64>) -> Left {
        let (now, main) = (self.now, &self.allowance);
        let own = user.filter(|user| *user != super::USER);
        match own.filter(|_| self.switches.is(&on::RATE_SCOPE, "key")) {
            Some(user) => {
                let fresh = || Allowance::new(main.burst, main.window, main.daily);
                let allowance = self.allowances.entry(user).or_insert_with(fresh);
                allowance.enforced = main.enforced;
                allowance.rolling = main.rolling;
                allowance.take(now)
            }
            None => self.allowance.take(now),
        }
    }

    /// The rate headers speak of the day only.
    pub(super) fn with_headers(&self, reply: Reply, left: &Left) -> Reply {
        let limit = HeaderName::from_static("x-ratelimit-limit");
        let remaining = HeaderName::from_static("x-ratelimit-remaining");
        let reply = reply
            .with(limit, self.allowance.daily.to_string())
            .with(remaining, left.daily.to_string());
        if self.switches.is(&on::SESSION_COOKIE, "present") {
            reply.with(header::SET_COOKIE, "snaptid=sandbox-web-1; path=/")
        } else {
            reply
        }
    }

    fn run(
        &mut self,
        call: &Call,
        matched: Option<&Matched>,
        user: Option<i64>,
        left: &Left,
    ) -> Outcome {
        self.caller = user.ok_or_else(refusal::unauthorized)?;
        if left.refused {
            return Err(refusal::too_many_requests());
        }
        self.check_plan(call)?;
        let route = matched.and_then(|m| Some((&m.parts, ROUTES.get(m.route)?)));
        let Some((parts, route)) = route else {
            return Err(no_operation(call));
        };
        let exchange = Exchange { call, parts };
        self.check_rights(&exchange, route)?;
        (route.run)(self, &exchange)
    }

    /// The user name is the key; a password is passed over, and so is a missing colon.
    fn user_of(&self, call: &Call) -> Option<i64> {
        let header = call.header("authorization").unwrap_or_default();
        let (scheme, encoded) = header.split_once(' ')?;
        let encoded = encoded.trim();
        let decoded = [STANDARD, STANDARD_NO_PAD, URL_SAFE]
            .iter()
            .find_map(|engine| engine.decode(encoded).ok())?;
        let text = String::from_utf8(decoded).ok()?;
        let key = text.split(':').next().unwrap_or_default().to_lowercase();
        let user = *self.keys.get(&key)?;
        let known = scheme.eq_ignore_ascii_case("basic") && self.is_active(user);
        known.then_some(user)
    }

    /// Some families are written by administrators only.
    fn check_rights(
        &self,
        exchange: &Exchange<'_>,
        route: &super::routes::Route,
    ) -> Result<(), Refusal> {
        let guarded = route.has_family() && exchange.family().1.guarded;
        if guarded && route.writes() && !self.is_administrator(self.caller) {
            return Err(refusal::no_permission());
        }
        Ok(())
    }
}
