//! The checks that each request passes before its operation.

use http::HeaderName;
use jiff::Timestamp;

use super::exchange::{Exchange, Outcome, checked};
use super::refusal::{self, should_not_exist};
use super::routes::{Need, ROUTES, Route};
use super::{Ghl, switches as on};
use crate::allowance::Left;
use crate::call::{Call, Case, Matched, match_path};
use crate::reply::Reply;

const VERSIONS: [&str; 4] = ["2021-07-28", "2021-04-15", "2023-02-21", "v3"];

impl Ghl {
    pub(super) fn respond(
        &mut self,
        call: &Call,
        matched: Option<&Matched>,
        now: Timestamp,
    ) -> Reply {
        let left = self.allowance.take(now);
        self.by_api = true;
        let outcome = self.run(call, matched, &left, now);
        self.by_api = false;
        self.with_rate_headers(outcome.unwrap_or_else(|refusal| refusal), &left)
    }

    /// Version, token, scope, location, body: in this order.
    fn run(
        &mut self,
        call: &Call,
        matched: Option<&Matched>,
        left: &Left,
        now: Timestamp,
    ) -> Outcome {
        let route = matched.and_then(|m| Some((m, ROUTES.get(m.route)?)));
        let need = route.map(|(_, route)| route.need);
        if need != Some(Need::Nothing) {
            check_version(call)?;
            self.check_token(call, now)?;
        }
        if left.refused {
            return Err(refusal::too_many_requests());
        }
        let Some((matched, route)) = route else {
            return Err(no_operation(call));
        };
        self.check_need(call, route.need)?;
        self.check_query(call, route)?;
        self.check_hidden(matched)?;
        (route.run)(self, &Exchange { call, matched, now })
    }

    fn check_query(&self, call: &Call, route: &Route) -> Result<(), Reply> {
        if self.switches.is(&on::UNKNOWN_QUERY, "ignored") {
            return Ok(());
        }
        let names = call.query.iter().map(|(name, _)| name.as_str());
        let strange = names.filter(|name| !route.query.contains(name));
        let complaints: Vec<String> = strange.map(should_not_exist).collect();
        checked(&complaints)
    }

    /// A record that the caller may not see, or that feigns to be gone.
    fn check_hidden(&self, matched: &Matched) -> Result<(), Reply> {
        let mut statuses = matched.parts.iter().filter_map(|id| {
            let status = self.hidden.get(id.as_str())?;
            Some((id, *status))
        });
        match statuses.next() {
            None => Ok(()),
            Some((_, 403)) => Err(refusal::foreign_location()),
            Some((_, 404)) => Err(refusal::not_found()),
            Some((id, _)) => Err(refusal::no_contact(id)),
        }
    }

    /// The location that a request names must be the token's.
    pub(super) fn check_location(&self, named: Option<&str>) -> Result<(), Reply> {
        match named {
            Some(location) if location == self.location => Ok(()),
            None if self.switches.is(&on::MISSING_LOCATION, "422") => {
                Err(refusal::unprocessable(&[
                    "locationId must be a string".to_owned()
                ]))
            }
            _ => Err(refusal::foreign_location()),
        }
    }

    pub(super) fn with_rate_headers(&self, reply: Reply, left: &Left) -> Reply {
        let figures = [
            ("x-ratelimit-max", self.allowance.burst.into()),
            ("x-ratelimit-remaining", left.burst.into()),
            (
                "x-ratelimit-interval-milliseconds",
                self.allowance.window.as_millis(),
            ),
            ("x-ratelimit-limit-daily", self.allowance.daily.into()),
            ("x-ratelimit-daily-remaining", left.daily.into()),
            ("x-ratelimit-daily-reset", left.day_ends_in.as_millis()),
        ];
        figures
            .into_iter()
            .fold(reply, |reply, (name, figure): (_, u128)| {
                reply.with(HeaderName::from_static(name), figure.to_string())
            })
    }
}

/// Checked before the token is.
fn check_version(call: &Call) -> Result<(), Reply> {
    match call.header("version") {
        None => Err(refusal::unauthorized("version header was not found.")),
        Some(version) if VERSIONS.contains(&version) => Ok(()),
        Some(_) => Err(refusal::unauthorized("version header is invalid")),
    }
}

/// 401 for a path that is only cased wrongly, 404 for any other.
fn no_operation(call: &Call) -> Reply {
    let cased_wrongly = |route: &Route| {
        match_path(route.path, &call.path, Case::Exact).is_none()
            && match_path(route.path, &call.path, Case::Ignored).is_some()
    };
    if ROUTES.iter().any(cased_wrongly) {
        let text = "This route is not yet supported by the IAM Service. \
                    Please update the IAM config.";
        return refusal::unauthorized(text);
    }
    refusal::no_route(call.method.as_str(), &call.path)
}
