//! OAuth: codes, access tokens, and refresh tokens that are good once.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::access::{Grant, Level};
use super::consent_page::proves;
use super::exchange::{Exchange, Outcome, checked};
use super::{Ghl, refusal, switches as on};
use crate::call::Call;
use crate::reply::Reply;
use crate::seed;

/// An access token lives so many seconds.
const TOKEN_LIFE: i64 = 86_399;
/// A code is good for so long; the facts only say that this is short.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);
const REFRESH_LIFE: SignedDuration = SignedDuration::from_hours(24 * 365);
/// In which the same refresh is answered the same way once more.
const GRACE: SignedDuration = SignedDuration::from_secs(30);

/// What a code or a refresh token is good for.
#[derive(Clone, Debug)]
struct Promise {
    level: Level,
    scopes: BTreeSet<String>,
    until: Timestamp,
    /// What a code's verifier must prove.
    challenge: Option<String>,
    /// When it was used, and what was answered.
    used: Option<(Timestamp, Value)>,
}

/// The promises that were made.
#[derive(Debug, Default)]
pub(super) struct Promises {
    codes: BTreeMap<String, Promise>,
    refreshes: BTreeMap<String, Promise>,
}

impl Ghl {
    /// A code, as the consent page sends it back.
    pub(super) fn consent(
        &mut self,
        level: Level,
        scopes: BTreeSet<String>,
        challenge: Option<&str>,
        now: Timestamp,
    ) -> String {
        let code = seed::letters_and_digits(&mut self.dice, 40);
        let promise = Promise {
            level,
            scopes,
            until: later(now, CODE_LIFE),
            challenge: challenge.map(str::to_owned),
            used: None,
        };
        self.promises.codes.insert(code.clone(), promise);
        code
    }

    /// The app was uninstalled: its codes and tokens are good for nothing.
    pub(super) fn forget_installations(&mut self) {
        self.promises = Promises::default();
        self.tokens.retain(|_, grant| grant.until.is_none());
    }

    pub(super) fn token(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let form = form(exchange.call)?;
        let text = |name: &str| form.get(name).map(String::as_str);
        checked(&token_complaints(&form))?;
        let known = text("client_id") == Some(&self.app.client_id)
            && text("client_secret") == Some(&self.app.client_secret);
        if !known {
            return Err(refusal::unauthorized("Invalid client credentials"));
        }
        if self.suspended {
            return Err(refusal::bad_request("Location is not active"));
        }
        let now = exchange.now;
        match text("grant_type") {
            Some("refresh_token") => self.refresh(text("refresh_token").unwrap_or_default(), now),
            Some("client_credentials") if self.switches.is(&on::CLIENT_CREDENTIALS, "granted") => {
                let answer = self.pair(Level::Company, &BTreeSet::new(), now);
                Ok(Reply::ok(&answer))
            }
            Some("authorization_code") => {
                self.redeem(text("code").unwrap_or_default(), text("code_verifier"), now)
            }
            _ => Err(refusal::bad_request("Unsupported grant type")),
        }
    }

    fn redeem(&mut self, code: &str, verifier: Option<&str>, now: Timestamp) -> Outcome {
        let promise = self.promises.codes.remove(code);
        let promise = promise.filter(|promise| now < promise.until);
        let promise = promise.filter(|promise| {
            let challenge = promise.challenge.as_deref();
            challenge.is_none_or(|challenge| proves(verifier.unwrap_or_default(), challenge))
        });
        let Some(promise) = promise else {
            return Err(refusal::bad_request("Invalid authorization code"));
        };
        Ok(Reply::ok(&self.pair(promise.level, &promise.scopes, now)))
    }

    fn refresh(&mut self, token: &str, now: Timestamp) -> Outcome {
        let promise = self.promises.refreshes.get(token).cloned();
        let promise = promise.filter(|promise| now < promise.until);
        let Some(promise) = promise else {
            return Err(self.spent_refresh());
        };
        if let Some((used, answer)) = promise.used {
            let repeated = now.duration_since(used) <= GRACE
                && self.switches.is(&on::REFRESH_GRACE, "30_seconds");
            return if repeated {
                Ok(Reply::ok(&answer))
            } else {
                Err(self.spent_refresh())
            };
        }
        let answer = self.pair(promise.level, &promise.scopes, now);
        if let Some(promise) = self.promises.refreshes.get_mut(token) {
            promise.used = Some((now, answer.clone()));
        }
        Ok(Reply::ok(&answer))
    }

    fn spent_refresh(&self) -> Reply {
        let message = "Invalid refresh token";
        if self.switches.is(&on::SPENT_REFRESH, "401") {
            return refusal::unauthorized(message);
        }
        refusal::bad_request(message)
    }

    /// A new access token with its refresh token.
    fn pair(&mut self, level: Level, scopes: &BTreeSet<String>, now: Timestamp) -> Value {
        let refresh = self.new_jwt(level);
        let promise = Promise {
            level,
            scopes: scopes.clone(),
            until: later(now, REFRESH_LIFE),
            challenge: None,
            used: None,
        };
        self.promises.refreshes.insert(refresh.clone(), promise);
        let mut answer = self.access_token(level, scopes, now);
        answer["refresh_token"] = json!(refresh);
        answer["refreshTokenId"] = json!(self.new_id());
        answer
    }

    fn access_token(&mut self, level: Level, scopes: &BTreeSet<String>, now: Timestamp) -> Value {
        let token = self.new_jwt(level);
        let grant = Grant {
            level,
            scopes: Some(scopes.clone()),
            until: Some(later(now, SignedDuration::from_secs(TOKEN_LIFE))),
            user: self.user.clone(),
        };
        self.tokens.insert(token.clone(), grant);
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let mut answer = json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFE,
            "scope": scopes.join(" "),
            "userType": level.name(),
            "companyId": self.app.company_id,
            "userId": self.user,
            "isBulkInstallation": false,
            "traceId": self.new_id(),
        });
        if level == Level::Location {
            answer["locationId"] = json!(self.location);
        } else {
            answer["approvedLocations"] = json!([self.location]);
            answer["installToFutureLocations"] = json!(false);
            answer["approveAllLocations"] = json!(true);
        }
        answer
    }

    /// Three parts that look like a signed token; only the sandbox knows it.
    fn new_jwt(&mut self, level: Level) -> String {
        let head = URL_SAFE_NO_PAD.encode(br#"{"alg":"RS256","typ":"JWT"}"#);
        let claims = json!({ "authClass": level.name(), "jti": self.new_id() });
        let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
        let signature = seed::letters_and_digits(&mut self.dice, 86);
        format!("{head}.{claims}.{signature}")
    }

    /// A token of the location from one of the agency.
    pub(super) fn location_token(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let form = form(exchange.call)?;
        checked(&text_complaints(&form, &["companyId", "locationId"]))?;
        let asked = |name: &str| form.get(name).map(String::as_str);
        if asked("companyId") != Some(&self.app.company_id) {
            return Err(refusal::forbidden_resource());
        }
        self.check_location(asked("locationId"))?;
        let scopes = self.caller_scopes(exchange.call);
        let mut answer = if self.switches.is(&on::LOCATION_REFRESH, "present") {
            self.pair(Level::Location, &scopes, exchange.now)
        } else {
            self.access_token(Level::Location, &scopes, exchange.now)
        };
        answer["appId"] = json!(self.app.app_id);
        answer["versionId"] = json!(self.app.app_id);
        Ok(Reply::ok(&answer))
    }

    /// Where the app is installed: in the one location there is.
    pub(super) fn installed_locations(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let call = exchange.call;
        let missing = ["companyId", "appId"].into_iter();
        let missing = missing.filter(|name| call.query(name).is_none());
        let complaints: Vec<String> = missing.map(must_be_text).collect();
        checked(&complaints)?;
        if call.query("companyId") != Some(&self.app.company_id) {
            return Err(refusal::forbidden_resource());
        }
        let (skip, limit) = (exchange.number("skip", 0)?, exchange.number("limit", 20)?);
        let shown = json!({
            "_id": self.location,
            "name": "Sandbox",
            "address": "1 Main St, Chicago, IL",
            "isInstalled": true,
            "versionId": self.app.app_id,
        });
        let wanted = call.query("appId") == Some(&self.app.app_id)
            && call.query("isInstalled") != Some("false")
            && call
                .query("locationId")
                .is_none_or(|id| id == self.location)
            && call
                .query("query")
                .is_none_or(|text| "sandbox".contains(&text.to_lowercase()));
        let all: Vec<Value> = wanted.then_some(shown).into_iter().collect();
        let page: Vec<&Value> = all.iter().skip(skip).take(limit).collect();
        Ok(Reply::ok(&json!({
            "locations": page,
            "count": all.len(),
            "installToFutureLocations": false,
        })))
    }
}

fn later(from: Timestamp, by: SignedDuration) -> Timestamp {
    from.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// The members of a form, or of a JSON object where that is what came.
fn form(call: &Call) -> Result<BTreeMap<String, String>, Reply> {
    let json = call
        .header("content-type")
        .is_some_and(|kind| kind.contains("json"));
    if !json {
        return Ok(url::form_urlencoded::parse(&call.body)
            .into_owned()
            .collect());
    }
    let body: Map<String, Value> = serde_json::from_slice(&call.body)
        .map_err(|error| refusal::unreadable_body(&error.to_string()))?;
    let texts = body.into_iter().filter_map(|(name, value)| {
        let value = value.as_str()?.to_owned();
        Some((name, value))
    });
    Ok(texts.collect())
}

pub(super) fn must_be_text(name: &str) -> String {
    format!("{name} must be a string")
}

fn text_complaints(form: &BTreeMap<String, String>, needed: &[&str]) -> Vec<String> {
    let missing = needed.iter().filter(|name| !form.contains_key(**name));
    missing.map(|name| must_be_text(name)).collect()
}

fn token_complaints(form: &BTreeMap<String, String>) -> Vec<String> {
    let mut complaints = text_complaints(form, &["client_id", "client_secret"]);
    let grant = form.get("grant_type").map(String::as_str);
    match grant {
        Some("authorization_code") => complaints.extend(text_complaints(form, &["code"])),
        Some("refresh_token") => complaints.extend(text_complaints(form, &["refresh_token"])),
        Some("client_credentials") => {}
        _ => complaints.push(
            "grant_type must be one of the following values: \
             authorization_code, refresh_token, client_credentials"
                .to_owned(),
        ),
    }
    complaints
}
