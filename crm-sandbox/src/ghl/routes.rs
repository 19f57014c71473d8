//! The table of operations, and the checks before each of them.

use http::{HeaderName, Method};
use jiff::Timestamp;
use serde_json::Value;

use super::{Ghl, refusal, switches as on};
use crate::allowance::Left;
use crate::call::{Call, Case, Matched, match_path};
use crate::reply::Reply;

/// A request on its way through an operation.
pub(super) struct Exchange<'a> {
    pub(super) call: &'a Call,
    matched: &'a Matched,
    pub(super) now: Timestamp,
}

/// An answer, or a refusal that ended the operation early.
pub(super) type Outcome = Result<Reply, Reply>;

struct Route {
    method: Method,
    path: &'static str,
    operation: &'static str,
    run: fn(&mut Ghl, &Exchange<'_>) -> Outcome,
}

macro_rules! routes {
    ($($method:ident $path:literal $operation:literal $run:path;)*) => {
        static ROUTES: &[Route] = &[$(Route {
            method: Method::$method,
            path: $path,
            operation: $operation,
            run: $run,
        }),*];
    };
}

// A fixed word stands before a placeholder in the same place: the first match is taken.
routes! {
    GET "/contacts/" "contacts.list" Ghl::list_contacts;
    POST "/contacts/" "contacts.create" Ghl::create_contact;
    POST "/contacts/search" "contacts.search" Ghl::search_contacts;
    GET "/contacts/search/duplicate" "contacts.find_duplicate" Ghl::find_duplicate;
    POST "/contacts/{id}/tags" "contacts.add_tags" Ghl::add_tags;
    DELETE "/contacts/{id}/tags" "contacts.remove_tags" Ghl::remove_tags;
    GET "/contacts/{id}" "contacts.get" Ghl::get_contact;
    PUT "/contacts/{id}" "contacts.update" Ghl::update_contact;
    DELETE "/contacts/{id}" "contacts.delete" Ghl::delete_contact;
    GET "/locations/{id}" "locations.get" Ghl::get_location;
    GET "/locations/{id}/customFields" "custom_fields.list" Ghl::list_custom_fields;
    GET "/locations/{id}/tags" "tags.list" Ghl::list_tags;
    GET "/users/" "users.list" Ghl::list_users;
}

const VERSIONS: [&str; 4] = ["2021-07-28", "2021-04-15", "2023-02-21", "v3"];

impl Exchange<'_> {
    /// The id in the path.
    pub(super) fn id(&self) -> &str {
        self.matched.part(0)
    }

    pub(super) fn body(&self) -> Result<Value, Reply> {
        self.call
            .json()
            .map_err(|error| refusal::unreadable_body(&error.to_string()))
    }
}

impl Ghl {
    pub(super) fn matched(call: &Call) -> Option<Matched> {
        let routes = ROUTES.iter().enumerate();
        let mut fitting = routes.filter(|(_, route)| route.method == call.method);
        fitting.find_map(|(at, route)| {
            let parts = match_path(route.path, &call.path, Case::Exact)?;
            Some(Matched {
                operation: route.operation.to_owned(),
                route: at,
                parts,
            })
        })
    }

    pub(super) fn respond(
        &mut self,
        call: &Call,
        matched: Option<&Matched>,
        now: Timestamp,
    ) -> Reply {
        let left = self.allowance.take(now);
        let outcome = self.run(call, matched, &left, now);
        self.with_rate_headers(outcome.unwrap_or_else(|refusal| refusal), &left)
    }

    fn run(
        &mut self,
        call: &Call,
        matched: Option<&Matched>,
        left: &Left,
        now: Timestamp,
    ) -> Outcome {
        check_version(call)?;
        self.check_token(call)?;
        if left.refused {
            return Err(refusal::too_many_requests());
        }
        let route = matched.and_then(|m| Some((m, ROUTES.get(m.route)?)));
        let Some((matched, route)) = route else {
            return Err(no_operation(call));
        };
        (route.run)(self, &Exchange { call, matched, now })
    }

    fn check_token(&self, call: &Call) -> Result<(), Reply> {
        let Some(header) = call.header("authorization") else {
            let message = "No Authorization header found for authentication!";
            return Err(refusal::unauthorized(message));
        };
        let token = header.strip_prefix("Bearer ").unwrap_or_default();
        match token {
            token if token == self.token => Ok(()),
            token if token.starts_with("pit-") => {
                Err(refusal::unauthorized("Invalid Private Integration token"))
            }
            _ => Err(refusal::unauthorized("Invalid JWT")),
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
