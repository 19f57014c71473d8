//! The consent page: where a person is sent, and what comes back.

use std::fmt;

use api_transport::{ExposeSecret, SecretString};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::{
    digest,
    rand::{SecureRandom, SystemRandom},
};
use url::Url;

use crate::{oauth::app::UserType, scopes::Scope};

const STANDARD: &str = "https://marketplace.gohighlevel.com/v2/oauth/chooselocation";
const WHITE_LABEL: &str = "https://marketplace.leadconnectorhq.com/v2/oauth/chooselocation";

/// A visit of the consent page in the making; from [`OAuthApp::authorize`](crate::OAuthApp::authorize).
#[derive(Debug, Clone)]
#[must_use]
pub struct Authorize {
    client_id: String,
    redirect_uri: String,
    scopes: Vec<String>,
    page: String,
    same_tab: bool,
    pkce: bool,
}

impl Authorize {
    pub(crate) fn new(client_id: &str, redirect_uri: &str, scopes: &[Scope]) -> Self {
        Self {
            client_id: client_id.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            scopes: scopes.iter().map(ToString::to_string).collect(),
            page: STANDARD.to_owned(),
            same_tab: false,
            pkce: false,
        }
    }

    /// Shows the page without HighLevel's name.
    pub fn white_label(self) -> Self {
        self.page(WHITE_LABEL)
    }

    /// Another consent page, such as a sandbox's.
    pub fn page(mut self, url: &str) -> Self {
        url.clone_into(&mut self.page);
        self
    }

    /// Logs in in the same tab.
    pub fn same_tab(mut self) -> Self {
        self.same_tab = true;
        self
    }

    /// Asks for a scope that no operation of this crate needs.
    pub fn scope(mut self, name: &str) -> Self {
        self.scopes.push(name.to_owned());
        self
    }

    /// Sends a PKCE challenge (S256). Not by default: that HighLevel takes one is not
    /// confirmed.
    pub fn pkce(mut self) -> Self {
        self.pkce = true;
        self
    }

    /// Makes the address to send the person to, with a `state` that nobody can guess.
    ///
    /// # Errors
    ///
    /// When the system has no randomness, or the page is no URL.
    pub fn begin(self) -> Result<PendingAuthorization, CallbackError> {
        let state = random()?;
        let verifier = if self.pkce { Some(random()?) } else { None };
        let mut url = Url::parse(&self.page).map_err(|_| CallbackError::NoPage)?;
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("response_type", "code")
                .append_pair("redirect_uri", &self.redirect_uri)
                .append_pair("client_id", &self.client_id)
                .append_pair("scope", &self.scopes.join(" "))
                .append_pair("state", state.expose_secret());
            if self.same_tab {
                query.append_pair("loginWindowOpenMode", "self");
            }
            if let Some(verifier) = &verifier {
                query
                    .append_pair("code_challenge", &challenge(verifier))
                    .append_pair("code_challenge_method", "S256");
            }
        }
        Ok(PendingAuthorization {
            url: url.into(),
            state,
            verifier,
            state_may_be_missing: false,
        })
    }
}

/// A person is at the consent page. Keep it with their session until they come back.
#[derive(Clone)]
pub struct PendingAuthorization {
    url: String,
    state: SecretString,
    verifier: Option<SecretString>,
    state_may_be_missing: bool,
}

impl PendingAuthorization {
    /// The same one in another process, from what was kept of it.
    pub fn resume(state: SecretString, verifier: Option<SecretString>) -> Self {
        Self {
            url: String::new(),
            state,
            verifier,
            state_may_be_missing: false,
        }
    }

    /// Where to send the person; empty in one that was resumed.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What must come back unchanged: keep it in the person's session.
    pub fn state(&self) -> &SecretString {
        &self.state
    }

    /// What proves that the code is ours, where PKCE was asked for.
    pub fn verifier(&self) -> Option<&SecretString> {
        self.verifier.as_ref()
    }

    /// Takes a callback without `state` too. HighLevel does not document that it sends it
    /// back; without it somebody could be made to connect an account that is not theirs.
    pub fn accept_missing_state(mut self) -> Self {
        self.state_may_be_missing = true;
        self
    }

    /// Reads the code out of the address, or the query, that the person came back with.
    ///
    /// # Errors
    ///
    /// When the person refused, or the `state` is missing or another one.
    pub fn code(&self, callback: &str) -> Result<AuthorizationCode, CallbackError> {
        let query = callback
            .split_once('?')
            .map_or(callback, |(_, query)| query);
        let query = query.split('#').next().unwrap_or_default();
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
        let find = |name: &str| {
            let mut found = pairs.iter().filter(|(key, _)| key == name);
            let (_, value) = found.next()?;
            found.next().is_none().then(|| value.to_string())
        };
        match find("state") {
            Some(state) if state == self.state.expose_secret() => {}
            None if self.state_may_be_missing && !pairs.iter().any(|(key, _)| key == "state") => {}
            None => return Err(CallbackError::StateMissing),
            Some(_) => return Err(CallbackError::StateDiffers),
        }
        if let Some(error) = find("error") {
            return Err(CallbackError::Refused {
                error,
                description: find("error_description").unwrap_or_default(),
            });
        }
        match find("code").filter(|code| !code.is_empty()) {
            Some(code) => Ok(AuthorizationCode {
                code: code.into(),
                verifier: self.verifier.clone(),
                user_type: None,
            }),
            None => Err(CallbackError::NoCode),
        }
    }
}

impl fmt::Debug for PendingAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingAuthorization")
            .field("pkce", &self.verifier.is_some())
            .finish_non_exhaustive()
    }
}

/// A code that can be exchanged for tokens, once.
#[derive(Clone)]
pub struct AuthorizationCode {
    pub(crate) code: SecretString,
    pub(crate) verifier: Option<SecretString>,
    pub(crate) user_type: Option<UserType>,
}

impl AuthorizationCode {
    /// A code that came by another way, such as an install link without a `state`.
    pub fn new(code: impl Into<SecretString>) -> Self {
        Self {
            code: code.into(),
            verifier: None,
            user_type: None,
        }
    }

    /// Asks for tokens of this level; otherwise the API decides.
    pub fn of(mut self, user_type: UserType) -> Self {
        self.user_type = Some(user_type);
        self
    }
}

impl fmt::Debug for AuthorizationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationCode")
            .field("user_type", &self.user_type)
            .finish_non_exhaustive()
    }
}

/// Why a person could not be sent, or why what they came back with is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// There is no `state`, or two of them.
    #[error("the callback has no `state`, so it may not be the answer to our question")]
    StateMissing,
    /// The `state` is not ours.
    #[error("the callback has the `state` of another question")]
    StateDiffers,
    /// The person or the page said no.
    #[error("access was refused: {error} {description}")]
    Refused {
        /// The page's word for it, e.g. `access_denied`.
        error: String,
        /// The page's own words.
        description: String,
    },
    /// There is no code.
    #[error("the callback has no `code`")]
    NoCode,
    /// The consent page has no URL.
    #[error("the consent page is no URL")]
    NoPage,
    /// The system has no randomness.
    #[error("the system has no randomness to make a `state` from")]
    NoRandomness,
}

/// 256 bits, as a text that every URL carries.
fn random() -> Result<SecretString, CallbackError> {
    let mut bytes = [0; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| CallbackError::NoRandomness)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes).into())
}

fn challenge(verifier: &SecretString) -> String {
    let hash = digest::digest(&digest::SHA256, verifier.expose_secret().as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn authorize() -> Authorize {
        let scopes = [Scope::ContactsReadonly, Scope::ContactsWrite];
        Authorize::new("app-1", "https://a.example/back?x=1", &scopes)
    }

    fn query(pending: &PendingAuthorization) -> HashMap<String, String> {
        let url = Url::parse(pending.url()).unwrap();
        url.query_pairs().into_owned().collect()
    }

    #[test]
    fn the_address_carries_what_the_page_needs_and_a_state() {
        let pending = authorize()
            .scope("opportunities.readonly")
            .same_tab()
            .begin();
        let pending = pending.unwrap();
        assert!(pending.url().starts_with(STANDARD));
        let query = query(&pending);
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["redirect_uri"], "https://a.example/back?x=1");
        let scopes = "contacts.readonly contacts.write opportunities.readonly";
        assert_eq!(query["scope"], scopes);
        assert_eq!(query["state"], pending.state().expose_secret());
        assert_eq!(query["loginWindowOpenMode"], "self");
        assert!(!query.contains_key("code_challenge"));
        let other = authorize().white_label().begin().unwrap();
        assert!(other.url().starts_with(WHITE_LABEL));
        assert_ne!(
            other.state().expose_secret(),
            pending.state().expose_secret()
        );
    }

    #[test]
    fn a_challenge_is_the_hash_of_its_verifier() {
        // The example of RFC 7636, appendix B.
        let verifier = SecretString::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        let expected = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert_eq!(challenge(&verifier), expected);
        let pending = authorize().pkce().begin().unwrap();
        let sent = &query(&pending)["code_challenge"];
        assert_eq!(*sent, challenge(pending.verifier().unwrap()));
    }

    #[test]
    fn only_a_callback_with_our_state_gives_a_code() {
        let pending = PendingAuthorization::resume("s1".to_owned().into(), None);
        let code = |callback: &str| {
            pending
                .code(callback)
                .map(|c| c.code.expose_secret().to_owned())
        };
        assert_eq!(
            code("https://a.example/back?code=c%2F1&state=s1#x").unwrap(),
            "c/1"
        );
        assert_eq!(code("code=c1&state=s1").unwrap(), "c1");
        for (callback, why) in [
            ("code=c1", CallbackError::StateMissing),
            ("code=c1&state=s1&state=s1", CallbackError::StateMissing),
            ("code=c1&state=s2", CallbackError::StateDiffers),
            ("code=c1&state=", CallbackError::StateDiffers),
            ("state=s1", CallbackError::NoCode),
            ("state=s1&code=", CallbackError::NoCode),
        ] {
            assert_eq!(code(callback).unwrap_err(), why, "{callback}");
        }
        let no = code("state=s1&error=access_denied").unwrap_err();
        assert!(matches!(no, CallbackError::Refused { .. }));
    }

    #[test]
    fn a_missing_state_is_taken_by_name_only_and_a_wrong_one_never() {
        let pending = PendingAuthorization::resume("s1".to_owned().into(), None);
        let pending = pending.accept_missing_state();
        assert!(pending.code("code=c1").is_ok());
        assert!(pending.code("code=c1&state=s2").is_err());
        assert!(pending.code("code=c1&state=s2&state=s2").is_err());
    }
}
