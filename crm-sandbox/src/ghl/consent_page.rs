//! The consent page, where a person says yes at once.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{StatusCode, header};
use ring::digest;
use url::Url;

use super::access::Level;
use super::exchange::{Exchange, Outcome, checked};
use super::oauth::must_be_text;
use super::{Ghl, refusal, switches as on};
use crate::reply::Reply;

impl Ghl {
    /// Sends the person back with a code: for the location, or for the agency where the
    /// address says `choose=Company`.
    pub(super) fn consent_page(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let call = exchange.call;
        let needed = ["response_type", "client_id", "redirect_uri", "scope"].into_iter();
        let missing = needed.filter(|name| call.query(name).is_none());
        checked(&missing.map(must_be_text).collect::<Vec<_>>())?;
        if call.query("client_id") != Some(&self.app.client_id) {
            return Err(refusal::bad_request("Invalid client"));
        }
        let target = call.query("redirect_uri").unwrap_or_default();
        let mut target =
            Url::parse(target).map_err(|_| refusal::bad_request("Invalid redirect_uri"))?;
        let level = match call.query("choose") {
            Some("Company") => Level::Company,
            _ => Level::Location,
        };
        let scopes = call.query("scope").unwrap_or_default();
        let scopes = scopes.split_whitespace().map(str::to_owned).collect();
        let challenge = call.query("code_challenge");
        let challenge = challenge.filter(|_| self.switches.is(&on::PKCE, "checked"));
        let code = self.consent(level, scopes, challenge, exchange.now);
        target.query_pairs_mut().append_pair("code", &code);
        if let Some(state) = call.query("state")
            && self.switches.is(&on::STATE_ECHO, "yes")
        {
            target.query_pairs_mut().append_pair("state", state);
        }
        Ok(Reply::empty(StatusCode::FOUND).with(header::LOCATION, target))
    }
}

/// Whether this is what the challenge (S256) was made of.
pub(super) fn proves(verifier: &str, challenge: &str) -> bool {
    let hash = digest::digest(&digest::SHA256, verifier.as_bytes());
    URL_SAFE_NO_PAD.encode(hash) == challenge
}
