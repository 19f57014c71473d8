//! By whom a call is made.

use std::sync::{Arc, RwLock};

use async_trait::async_trait;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

/// Why there is no `authorization` header to send.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CredentialsError(pub String);

/// Gives the `authorization` header of each attempt.
#[async_trait]
pub trait Credentials: Send + Sync + 'static {
    /// The header's value, refreshed when it is stale.
    async fn authorization(&self) -> Result<HeaderValue, CredentialsError>;

    /// The server refused `used` as a credential. True when another try with a
    /// fresh one is worth it; called at most once for each call.
    async fn refused(&self, used: &HeaderValue) -> Result<bool, CredentialsError>;
}

/// A fixed secret that can be replaced while clients run.
#[derive(Clone)]
pub struct RotatingSecret {
    held: Arc<RwLock<Held>>,
    encode: fn(&str) -> String,
}

struct Held {
    secret: SecretString,
    since: Instant,
}

impl RotatingSecret {
    /// Holds `secret`; `encode` makes the header's value of it.
    pub fn new(secret: SecretString, encode: fn(&str) -> String) -> Self {
        let held = Held {
            secret,
            since: Instant::now(),
        };
        Self {
            held: Arc::new(RwLock::new(held)),
            encode,
        }
    }

    /// All clones use the new secret from their next attempt on.
    pub fn replace(&self, secret: SecretString) {
        let mut held = self
            .held
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        held.secret = secret;
        held.since = Instant::now();
    }

    /// How long this secret has been in use here.
    pub fn age(&self) -> std::time::Duration {
        self.read(|held| held.since.elapsed())
    }

    fn read<T>(&self, look: impl FnOnce(&Held) -> T) -> T {
        look(
            &self
                .held
                .read()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
    }

    fn header(&self) -> Result<HeaderValue, CredentialsError> {
        let text = self.read(|held| (self.encode)(held.secret.expose_secret()));
        let mut value = HeaderValue::try_from(text).map_err(|_| {
            CredentialsError("the secret has characters that no header can carry".into())
        })?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl std::fmt::Debug for RotatingSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RotatingSecret([redacted])")
    }
}

#[async_trait]
impl Credentials for RotatingSecret {
    async fn authorization(&self) -> Result<HeaderValue, CredentialsError> {
        self.header()
    }

    async fn refused(&self, used: &HeaderValue) -> Result<bool, CredentialsError> {
        Ok(self.header()? != *used)
    }
}
