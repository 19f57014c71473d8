//! By whom the API is called.

use std::{sync::Arc, time::Duration};

use api_transport::{
    Authorization, Credentials, CredentialsError, Granted, RotatingSecret, SecretStore,
    SecretString,
};
use async_trait::async_trait;

/// A Private Integration Token (`pit-…`) of a sub-account or an agency.
///
/// It is static until somebody rotates it in Settings → Private Integrations;
/// "expire later" keeps the old one alive for seven days and then ends it without a
/// signal, so look at its [`age`](Self::age). Clones share the token:
/// [`replace`](Self::replace) it in one and all clients use the new one.
///
/// ```
/// use ghl_contacts::PrivateIntegrationToken;
/// let token = PrivateIntegrationToken::new("pit-0c0ffee0");
/// token.replace("pit-1c0ffee1");
/// assert!(!format!("{token:?}").contains("c0ffee"));
/// ```
///
/// An app that others install uses an `OAuthToken` instead (feature `oauth`).
#[derive(Debug, Clone)]
pub struct PrivateIntegrationToken(RotatingSecret);

impl PrivateIntegrationToken {
    /// Holds a token.
    pub fn new(token: impl Into<SecretString>) -> Self {
        Self(RotatingSecret::new(token.into(), bearer))
    }

    /// Takes the token from a secret store: at the first call, every minute, and as soon as
    /// it is refused. Whoever rotates it writes the new one into the store, and every
    /// program goes on with it.
    pub fn stored(store: impl SecretStore, key: impl Into<String>) -> Self {
        Self(RotatingSecret::stored(Arc::new(store), key, bearer))
    }

    /// All clients of this token use the new one from their next attempt on.
    pub fn replace(&self, token: impl Into<SecretString>) {
        self.0.replace(token.into());
    }

    /// How long this token has been held here.
    pub fn age(&self) -> Duration {
        self.0.age()
    }
}

fn bearer(token: &str) -> String {
    format!("Bearer {}", token.trim())
}

#[async_trait]
impl Credentials for PrivateIntegrationToken {
    async fn authorization(&self) -> Result<Authorization, CredentialsError> {
        self.0.authorization().await
    }

    async fn refused(&self, used: &Authorization) -> Result<bool, CredentialsError> {
        self.0.refused(used).await
    }
}

/// A token that is never replaced and never refreshed: for tests, and for a token that
/// somebody else looks after.
///
/// ```
/// use ghl_contacts::BearerToken;
/// let token = BearerToken::new("eyJ-c0ffee").granting("contacts.readonly");
/// assert!(!format!("{token:?}").contains("c0ffee"));
/// ```
#[derive(Clone)]
pub struct BearerToken {
    token: SecretString,
    granted: Option<Granted>,
}

impl BearerToken {
    /// Holds a token.
    pub fn new(token: impl Into<SecretString>) -> Self {
        Self {
            token: token.into(),
            granted: None,
        }
    }

    /// Tells its scopes, separated by spaces: what it lacks is refused before it is sent.
    pub fn granting(mut self, scopes: &str) -> Self {
        self.granted = Some(Granted::from_text(scopes));
        self
    }
}

impl std::fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BearerToken")
            .field("granted", &self.granted)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Credentials for BearerToken {
    async fn authorization(&self) -> Result<Authorization, CredentialsError> {
        Ok(Authorization::bearer(&self.token)?.granting(self.granted.clone()))
    }

    async fn refused(&self, _used: &Authorization) -> Result<bool, CredentialsError> {
        Ok(false)
    }
}
