//! A secret that somebody replaces while clients run.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use tokio::{sync::Mutex as Gate, time::Instant};

use crate::{
    credentials::{Authorization, Credentials, CredentialsError},
    secret_store::SecretStore,
};

/// A fixed secret that can be replaced while clients run: by hand, or in a store that is
/// looked into now and then. Clones share it.
#[derive(Clone)]
pub struct RotatingSecret(Arc<Inner>);

struct Inner {
    encode: fn(&str) -> String,
    held: RwLock<Option<Held>>,
    stored: Option<Stored>,
}

struct Held {
    /// Made once of the secret: cloning a header's value copies no byte.
    authorization: Result<Authorization, CredentialsError>,
    since: Instant,
}

impl Held {
    fn new(secret: &SecretString, encode: fn(&str) -> String) -> Self {
        Self {
            authorization: Authorization::header(&encode(secret.expose_secret()).into()),
            since: Instant::now(),
        }
    }
}

/// A place that is looked into: by one at a time.
struct Stored {
    store: Arc<dyn SecretStore>,
    key: String,
    look_every: Duration,
    last: Gate<Option<Look>>,
}

/// When the store was looked into, and what it held.
struct Look {
    at: Instant,
    found: SecretString,
}

/// A secret that was replaced in the store is used after this at the latest, or as soon as
/// the old one is refused.
const LOOK_EVERY: Duration = Duration::from_secs(60);

impl RotatingSecret {
    /// Holds `secret`; `encode` makes the header's value of it.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "who hands a secret over need not keep it"
    )]
    pub fn new(secret: SecretString, encode: fn(&str) -> String) -> Self {
        let held = Held::new(&secret, encode);
        Self(Arc::new(Inner {
            encode,
            held: RwLock::new(Some(held)),
            stored: None,
        }))
    }

    /// Takes the secret from a store: at the first call, every minute, and when it is refused.
    pub fn stored(
        store: Arc<dyn SecretStore>,
        key: impl Into<String>,
        encode: fn(&str) -> String,
    ) -> Self {
        Self(Arc::new(Inner {
            encode,
            held: RwLock::new(None),
            stored: Some(Stored {
                store,
                key: key.into(),
                look_every: LOOK_EVERY,
                last: Gate::new(None),
            }),
        }))
    }

    /// All clones use the new secret from their next attempt on. One that came from a store
    /// is replaced here only, until the store itself holds another one.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "who hands a secret over need not keep it"
    )]
    pub fn replace(&self, secret: SecretString) {
        let mut held = self.0.held.write().unwrap_or_else(PoisonError::into_inner);
        *held = Some(Held::new(&secret, self.0.encode));
    }

    /// How long this secret has been in use here; nothing before a stored one was read.
    pub fn age(&self) -> Duration {
        let held = self.0.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref()
            .map_or(Duration::ZERO, |held| held.since.elapsed())
    }

    /// Looks into the store where that is due.
    async fn look(&self, now: bool) -> Result<(), CredentialsError> {
        let Some(stored) = &self.0.stored else {
            return Ok(());
        };
        let mut last = stored.last.lock().await;
        let fresh = |look: &Look| look.at.elapsed() < stored.look_every;
        if !now && last.as_ref().is_some_and(fresh) {
            return Ok(());
        }
        let found = match stored.store.get(&stored.key).await {
            Ok(Some(found)) => found,
            // What is held may still be good.
            Ok(None) | Err(_) if last.is_some() => return Ok(()),
            Ok(None) => {
                let why = format!("the secret store holds nothing under `{}`", stored.key);
                return Err(CredentialsError::new(why));
            }
            Err(why) => return Err(CredentialsError::transient(why.to_string())),
        };
        let known = last.as_ref().map(|look| look.found.expose_secret());
        if known != Some(found.expose_secret()) {
            self.replace(found.clone());
        }
        *last = Some(Look {
            at: Instant::now(),
            found,
        });
        Ok(())
    }

    fn current(&self) -> Result<Authorization, CredentialsError> {
        let held = self.0.held.read().unwrap_or_else(PoisonError::into_inner);
        match held.as_ref() {
            Some(held) => held.authorization.clone(),
            None => Err(CredentialsError::new("no secret was read yet")),
        }
    }
}

impl fmt::Debug for RotatingSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RotatingSecret([redacted])")
    }
}

#[async_trait]
impl Credentials for RotatingSecret {
    async fn authorization(&self) -> Result<Authorization, CredentialsError> {
        self.look(false).await?;
        self.current()
    }

    /// Worth another try when another secret is held now than the one that was used.
    async fn refused(&self, used: &Authorization) -> Result<bool, CredentialsError> {
        if self.current()?.header != used.header {
            return Ok(true);
        }
        self.look(true).await?;
        Ok(self.current()?.header != used.header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemorySecretStore;

    fn encode(secret: &str) -> String {
        format!("Bearer {secret}")
    }

    async fn used(secret: &RotatingSecret) -> String {
        let header = secret.authorization().await.unwrap().header.unwrap();
        header.to_str().unwrap().to_owned()
    }

    async fn put(store: &MemorySecretStore, from: Option<&str>, to: &str) {
        let (from, to) = (from.map(SecretString::from), SecretString::from(to));
        let swap = store.compare_and_swap("k", from.as_ref(), Some(&to));
        assert!(swap.await.unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn a_stored_secret_that_was_replaced_is_used_within_a_minute() {
        let store = MemorySecretStore::new();
        put(&store, None, "old").await;
        let secret = RotatingSecret::stored(Arc::new(store.clone()), "k", encode);
        assert_eq!(used(&secret).await, "Bearer old");
        tokio::time::advance(Duration::from_secs(30)).await;
        put(&store, Some("old"), "new").await;
        assert_eq!(used(&secret).await, "Bearer old");
        assert_eq!(secret.age(), Duration::from_secs(30));
        tokio::time::advance(Duration::from_secs(31)).await;
        assert_eq!(used(&secret).await, "Bearer new");
        assert_eq!(secret.age(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_secret_is_looked_for_at_once() {
        let store = MemorySecretStore::new();
        put(&store, None, "old").await;
        let secret = RotatingSecret::stored(Arc::new(store.clone()), "k", encode);
        let old = secret.authorization().await.unwrap();
        assert!(!secret.refused(&old).await.unwrap(), "there is no other");
        put(&store, Some("old"), "new").await;
        assert!(secret.refused(&old).await.unwrap());
        assert_eq!(used(&secret).await, "Bearer new");
    }

    #[tokio::test(start_paused = true)]
    async fn a_secret_replaced_by_hand_stays_until_the_store_has_another() {
        let store = MemorySecretStore::new();
        put(&store, None, "old").await;
        let secret = RotatingSecret::stored(Arc::new(store.clone()), "k", encode);
        used(&secret).await;
        secret.replace("by hand".into());
        tokio::time::advance(LOOK_EVERY).await;
        assert_eq!(used(&secret).await, "Bearer by hand");
        put(&store, Some("old"), "new").await;
        tokio::time::advance(LOOK_EVERY).await;
        assert_eq!(used(&secret).await, "Bearer new");
    }

    #[tokio::test]
    async fn an_empty_store_is_named() {
        let store = Arc::new(MemorySecretStore::new());
        let secret = RotatingSecret::stored(store, "k", encode);
        let error = secret.authorization().await.unwrap_err();
        assert!(error.to_string().contains("`k`") && !error.is_transient());
    }
}
