//! The table of operations, and the checks before each of them.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use http::{HeaderName, Method};
use jiff::Timestamp;
use serde_json::Value;

use super::refusal::{self, Refusal};
use super::schema::{FAMILIES, Family};
use super::{Insightly, switches as on};
use crate::allowance::Left;
use crate::call::{Call, Case, Matched, match_path};
use crate::reply::Reply;

/// A request on its way through an operation.
pub(super) struct Exchange<'a> {
    pub(super) call: &'a Call,
    pub(super) parts: &'a [String],
    pub(super) now: Timestamp,
}

/// An answer, or a refusal that ended the operation early.
pub(super) type Outcome = Result<Reply, Refusal>;

struct Route {
    method: Method,
    path: &'static str,
    /// The family's key goes before it when the path has a family.
    operation: &'static str,
    run: fn(&mut Insightly, &Exchange<'_>) -> Outcome,
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
    GET "/v3.1/Instance" "instance.get" Insightly::get_instance;
    GET "/v3.1/Countries" "countries.list" Insightly::list_countries;
    GET "/v3.1/Users" "users.list" Insightly::list_users;
    GET "/v3.1/Users/Me" "users.me" Insightly::get_me;
    GET "/v3.1/Tags" "tags.list" Insightly::list_tags;
    GET "/v3.1/CustomFields/{object}" "custom_fields.list" Insightly::list_custom_fields;
    GET "/v3.1/{family}" "list" Insightly::list;
    POST "/v3.1/{family}" "create" Insightly::create_record;
    PUT "/v3.1/{family}" "update" Insightly::update_record;
    GET "/v3.1/{family}/Search" "search" Insightly::search;
    GET "/v3.1/{family}/SearchByTag" "search_by_tag" Insightly::search_by_tag;
    GET "/v3.1/{family}/{id}" "get" Insightly::get_record;
    PUT "/v3.1/{family}/{id}" "update" Insightly::update_record;
    DELETE "/v3.1/{family}/{id}" "delete" Insightly::delete_record;
    GET "/v3.1/{family}/{id}/Tags" "get_tags" Insightly::get_tags;
    POST "/v3.1/{family}/{id}/Tags" "add_tag" Insightly::add_tag;
    PUT "/v3.1/{family}/{id}/Tags" "set_tags" Insightly::set_tags;
    DELETE "/v3.1/{family}/{id}/Tags" "remove_tag" Insightly::remove_tag;
    GET "/v3.1/{family}/{id}/Dates" "get_dates" Insightly::get_dates;
    PUT "/v3.1/{family}/{id}/Dates" "set_dates" Insightly::set_dates;
    GET "/v3.1/{family}/{id}/Links" "get_links" Insightly::get_links;
    POST "/v3.1/{family}/{id}/Links" "add_link" Insightly::add_link;
    PUT "/v3.1/{family}/{id}/Links" "update_link" Insightly::update_link;
    DELETE "/v3.1/{family}/{id}/Links/{link}" "remove_link" Insightly::remove_link;
}

/// Place of a family in the table, by its name in a path.
fn family_at(name: &str) -> Option<usize> {
    let is = |spelling: &str| spelling.eq_ignore_ascii_case(name);
    FAMILIES.iter().position(|f| is(f.name) || is(f.alias))
}

impl Route {
    /// The parts of the path, when it is this route's and means a family that is served.
    fn parts(&self, call: &Call) -> Option<Vec<String>> {
        let path = call.path.trim_end_matches('/');
        let parts = match_path(self.path, path, Case::Ignored)?;
        if self.path.contains("{family}") {
            family_at(parts.first()?)?;
        }
        Some(parts)
    }
}

impl Exchange<'_> {
    /// Place of the family that the path names, and the family.
    pub(super) fn family(&self) -> (usize, &'static Family) {
        let name = self.parts.first().map_or("", String::as_str);
        let at = family_at(name).unwrap_or(0);
        (at, &FAMILIES[at])
    }

    /// The id in the path.
    pub(super) fn id(&self) -> Result<i64, Refusal> {
        self.number(1)
    }

    pub(super) fn number(&self, at: usize) -> Result<i64, Refusal> {
        let text = self.parts.get(at).map_or("", String::as_str);
        let invalid = || refusal::bad("The request is invalid.");
        text.parse().map_err(|_| invalid())
    }

    pub(super) fn body(&self) -> Result<Value, Refusal> {
        self.call
            .json()
            .map_err(|error| refusal::bad(format!("The request is invalid. {error}")))
    }
}

impl Insightly {
    pub(super) fn matched(call: &Call) -> Option<Matched> {
        let routes = ROUTES.iter().enumerate();
        let mut fitting = routes.filter(|(_, route)| route.method == call.method);
        fitting.find_map(|(at, route)| {
            let parts = route.parts(call)?;
            let operation = if route.path.contains("{family}") {
                let family = &FAMILIES[family_at(parts.first()?)?];
                format!("{}.{}", family.key, route.operation)
            } else {
                route.operation.to_owned()
            };
            Some(Matched {
                operation,
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
        let reply = match self.run(call, matched, &left, now) {
            Ok(reply) => reply,
            Err(refusal) => self.refuse(refusal),
        };
        let burst = left.refused && self.switches.is(&on::RETRY_AFTER, "1");
        let reply = if burst {
            reply.with(http::header::RETRY_AFTER, "1")
        } else {
            reply
        };
        self.with_rate_headers(reply, &left)
    }

    /// They speak of the day only.
    pub(super) fn with_rate_headers(&self, reply: Reply, left: &Left) -> Reply {
        let limit = HeaderName::from_static("x-ratelimit-limit");
        let remaining = HeaderName::from_static("x-ratelimit-remaining");
        reply
            .with(limit, self.allowance.daily.to_string())
            .with(remaining, left.daily.to_string())
    }

    fn run(
        &mut self,
        call: &Call,
        matched: Option<&Matched>,
        left: &Left,
        now: Timestamp,
    ) -> Outcome {
        self.check_key(call)?;
        if left.refused {
            return Err(refusal::too_many_requests());
        }
        let route = matched.and_then(|m| Some((&m.parts, ROUTES.get(m.route)?)));
        let Some((parts, route)) = route else {
            return Err(no_operation(call));
        };
        (route.run)(self, &Exchange { call, parts, now })
    }

    /// The user name is the key; a password is passed over, and so is a missing colon.
    fn check_key(&self, call: &Call) -> Result<(), Refusal> {
        let header = call.header("authorization").unwrap_or_default();
        let (scheme, encoded) = header.split_once(' ').unwrap_or_default();
        let encoded = encoded.trim();
        let decoded = [STANDARD, STANDARD_NO_PAD, URL_SAFE]
            .iter()
            .find_map(|engine| engine.decode(encoded).ok());
        let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        let text = text.unwrap_or_default();
        let key = text.split(':').next().unwrap_or_default();
        let known = scheme.eq_ignore_ascii_case("basic") && key.eq_ignore_ascii_case(&self.api_key);
        known.then_some(()).ok_or_else(refusal::unauthorized)
    }
}

/// A name that nothing has falls into the route of custom objects: 405, not 404.
fn no_operation(call: &Call) -> Refusal {
    let path = call.path.trim_end_matches('/');
    let other_method = ROUTES.iter().any(|route| route.parts(call).is_some());
    let one_name = match_path("/v3.1/{name}", path, Case::Ignored).is_some();
    if other_method || one_name {
        refusal::not_allowed(call.method.as_str())
    } else {
        refusal::no_route(&call.path)
    }
}
