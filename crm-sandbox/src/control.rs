//! `/_sandbox/...`: the test's hand over HTTP, the same on both servers.

use std::error::Error;
use std::time::Duration;

use http::{Method, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::call::Call;
use crate::crm::Crm;
use crate::error::SandboxError;
use crate::faults::FaultRule;
use crate::reply::Reply;

/// What there is besides the families; the front page tells the bodies.
const ROUTES: [&str; 8] = [
    "state",
    "seed",
    "requests",
    "clock",
    "orders/{order}",
    "faults",
    "switches",
    "settings",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedOrder {
    #[serde(default)]
    seed: u64,
    #[serde(default)]
    from: u64,
    count: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum ClockOrder {
    AdvanceMs(u64),
    Set(Timestamp),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RateOrder {
    burst: u64,
    window_ms: u64,
    daily: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsOrder {
    rate_limits: Option<bool>,
    rate: Option<RateOrder>,
    index_lag_ms: Option<u64>,
}

/// Why an order was not followed.
enum Refusal {
    Steering(SandboxError),
    Body(serde_json::Error),
    NoSuchRoute,
}

impl From<SandboxError> for Refusal {
    fn from(error: SandboxError) -> Self {
        Self::Steering(error)
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::Body(error)
    }
}

pub(crate) fn answer(crm: &Crm, path: &str, call: &Call) -> Reply {
    let (status, message) = match follow(crm, path, call) {
        Ok(body) => return Reply::ok(&body),
        Err(Refusal::NoSuchRoute) => (StatusCode::NOT_FOUND, "no such route".to_owned()),
        Err(Refusal::Body(error)) => (StatusCode::BAD_REQUEST, error.to_string()),
        Err(Refusal::Steering(error)) => (status_of(&error), told(&error)),
    };
    Reply::json(status, &json!({ "error": message }))
}

fn told(error: &SandboxError) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn status_of(error: &SandboxError) -> StatusCode {
    match error {
        SandboxError::UnknownFamily(_)
        | SandboxError::UnknownRecord(_)
        | SandboxError::UnknownOrder(_) => StatusCode::NOT_FOUND,
        _ => StatusCode::BAD_REQUEST,
    }
}

fn follow(crm: &Crm, path: &str, call: &Call) -> Result<Value, Refusal> {
    let named = path.strip_prefix(crm.world().name());
    let path = named
        .and_then(|rest| rest.strip_prefix('/').or(rest.is_empty().then_some(rest)))
        .unwrap_or(path);
    let (first, rest) = path
        .split_once('/')
        .map_or((path, None), |(a, b)| (a, Some(b)));
    let method = call.method.as_str();
    match (method, first, rest) {
        ("GET", "", None) => Ok(json!({
            "routes": ROUTES, "families": crm.world().families(), "operations": crm.operations(),
        })),
        ("GET", "state", None) => Ok(crm.state()),
        ("POST", "seed", None) => {
            let order: SeedOrder = body(call)?;
            Ok(json!({ "ids": crm.seed(order.seed, order.from, order.count) }))
        }
        ("GET", "requests", None) => Ok(json!(crm.requests())),
        ("DELETE", "requests", None) => {
            crm.forget_requests();
            Ok(json!({}))
        }
        ("GET", "clock", None) => Ok(json!({ "now": crm.clock().now() })),
        ("POST", "clock", None) => {
            match body(call)? {
                ClockOrder::AdvanceMs(ms) => crm.clock().advance(Duration::from_millis(ms)),
                ClockOrder::Set(to) => crm.clock().set(to),
            }
            Ok(json!({ "now": crm.clock().now() }))
        }
        ("POST", "orders", Some(order)) => {
            let body = if call.body.is_empty() {
                json!({})
            } else {
                call.json()?
            };
            Ok(crm.order(order, &body)?)
        }
        (_, "faults", None) => faults(crm, call),
        (_, "switches", None) => switches(crm, call),
        ("PUT", "settings", None) => {
            settings(crm, &body(call)?);
            Ok(json!({}))
        }
        (_, family, id) => records(crm, family, id, call),
    }
}

fn body<T: DeserializeOwned>(call: &Call) -> Result<T, Refusal> {
    Ok(serde_json::from_slice(&call.body)?)
}

fn faults(crm: &Crm, call: &Call) -> Result<Value, Refusal> {
    match call.method {
        Method::GET => {}
        Method::POST => crm.add_fault(body::<FaultRule>(call)?)?,
        Method::DELETE => crm.clear_faults(),
        _ => return Err(Refusal::NoSuchRoute),
    }
    Ok(json!(crm.faults()))
}

fn switches(crm: &Crm, call: &Call) -> Result<Value, Refusal> {
    match call.method {
        Method::GET => return Ok(json!({ "set": crm.switches(), "table": crm.switch_table() })),
        Method::PUT => {}
        _ => return Err(Refusal::NoSuchRoute),
    }
    let wanted: std::collections::BTreeMap<String, String> = body(call)?;
    for (name, choice) in wanted {
        crm.set_switch(&name, &choice)?;
    }
    Ok(json!({ "set": crm.switches() }))
}

fn settings(crm: &Crm, order: &SettingsOrder) {
    if let Some(rate) = &order.rate {
        crm.set_rate(
            rate.burst,
            Duration::from_millis(rate.window_ms),
            rate.daily,
        );
    }
    if let Some(on) = order.rate_limits {
        crm.set_rate_limits(on);
    }
    if let Some(ms) = order.index_lag_ms {
        crm.set_index_lag(Duration::from_millis(ms));
    }
}

fn records(crm: &Crm, family: &str, id: Option<&str>, call: &Call) -> Result<Value, Refusal> {
    let records = crm.family(family);
    match (call.method.as_str(), id) {
        ("GET", None) => Ok(Value::Array(records.all()?)),
        ("POST", None) => Ok(records.create(&call.json()?)?),
        ("GET", Some(id)) => Ok(records.get(id)?),
        ("PUT", Some(id)) => Ok(records.edit(id, &call.json()?)?),
        ("DELETE", Some(id)) => {
            records.delete(id)?;
            Ok(json!({}))
        }
        _ => Err(Refusal::NoSuchRoute),
    }
}
