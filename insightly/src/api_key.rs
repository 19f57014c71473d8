//! The key of an Insightly user.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use api_transport::{
    Credentials, CredentialsError, ExposeSecret, HeaderValue, RotatingSecret, SecretStore,
    SecretStoreError, SecretString,
};
use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A user's API key, sent as Basic authorization with an empty password.
///
/// Insightly has no OAuth and no scopes: a key acts as its user, and never expires by itself.
/// Clones share the key: [`replace`](Self::replace) it on one and all clients built from it
/// use the new one from their next attempt on. It is never shown: `Debug` says `[redacted]`.
///
/// ```
/// use insightly::{ApiKey, SecretString};
/// let key = ApiKey::new(SecretString::from("00000000-0000-0000-0000-000000000000"));
/// assert!(!format!("{key:?}").contains("0000"));
/// ```
///
/// With a [`SecretStore`] it outlives the program, and a key that another process rotated is
/// picked up when Insightly refuses the old one:
///
/// ```
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use std::{sync::Arc, time::Duration};
/// use insightly::{ApiKey, FileSecretStore, SecretString};
/// # let directory = std::env::temp_dir();
/// let store = Arc::new(FileSecretStore::in_directory(directory)?);
/// let key = ApiKey::keep(store.clone(), "insightly", SecretString::from("first")).await?;
/// if key.age() > Duration::from_secs(90 * 24 * 3600) {
///     key.rotate(SecretString::from("second")).await?;
/// }
/// let elsewhere = ApiKey::load(store, "insightly").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ApiKey {
    secret: RotatingSecret,
    kept: Option<Arc<Kept>>,
}

/// Where a key is kept, and since when it is in use.
struct Kept {
    store: Arc<dyn SecretStore>,
    name: String,
    since: RwLock<Timestamp>,
}

/// A key as it is stored. A text that is no JSON is taken for the key itself.
#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    api_key: String,
    since: Timestamp,
}

const STORED_VERSION: u32 = 1;

impl ApiKey {
    /// The key as User Settings show it.
    pub fn new(key: SecretString) -> Self {
        Self {
            secret: RotatingSecret::new(key, basic),
            kept: None,
        }
    }

    /// Puts a key into a store, in place of what was there under this name.
    pub async fn keep(
        store: impl SecretStore,
        name: impl Into<String>,
        key: SecretString,
    ) -> Result<Self, SecretStoreError> {
        let this = Self {
            secret: RotatingSecret::new(SecretString::from(""), basic),
            kept: Some(Arc::new(Kept {
                store: Arc::new(store),
                name: name.into(),
                since: RwLock::new(Timestamp::now()),
            })),
        };
        this.rotate(key).await?;
        Ok(this)
    }

    /// Takes the key that a store has under this name, if there is one.
    pub async fn load(
        store: impl SecretStore,
        name: impl Into<String>,
    ) -> Result<Option<Self>, SecretStoreError> {
        let (store, name) = (Arc::new(store), name.into());
        let Some(text) = store.get(&name).await? else {
            return Ok(None);
        };
        let (key, since) = read(&text)?;
        Ok(Some(Self {
            secret: RotatingSecret::new(key, basic),
            kept: Some(Arc::new(Kept {
                store,
                name,
                since: RwLock::new(since),
            })),
        }))
    }

    /// Uses another key from the next attempt on, also in clients that run. A store keeps
    /// what it has: see [`rotate`](Self::rotate).
    pub fn replace(&self, key: SecretString) {
        self.take_over(key, Timestamp::now());
    }

    /// Uses another key from the next attempt on, and first puts it into the store that this
    /// key came from, if it came from one.
    pub async fn rotate(&self, key: SecretString) -> Result<(), SecretStoreError> {
        let since = Timestamp::now();
        if let Some(kept) = &self.kept {
            let new = written(&key, since)?;
            // Whoever wrote meanwhile wrote an older wish.
            loop {
                let found = kept.store.get(&kept.name).await?;
                let swap = kept
                    .store
                    .compare_and_swap(&kept.name, found.as_ref(), Some(&new));
                if swap.await? {
                    break;
                }
            }
        }
        self.take_over(key, since);
        Ok(())
    }

    /// How long this key has been in use: since it was put into its store, or since this
    /// program has it.
    pub fn age(&self) -> Duration {
        match &self.kept {
            None => self.secret.age(),
            Some(kept) => {
                let since = *kept.since.read().unwrap_or_else(PoisonError::into_inner);
                Duration::try_from(Timestamp::now().duration_since(since)).unwrap_or_default()
            }
        }
    }

    fn take_over(&self, key: SecretString, since: Timestamp) {
        self.secret.replace(key);
        if let Some(kept) = &self.kept {
            *kept.since.write().unwrap_or_else(PoisonError::into_inner) = since;
        }
    }
}

#[async_trait]
impl Credentials for ApiKey {
    async fn authorization(&self) -> Result<HeaderValue, CredentialsError> {
        self.secret.authorization().await
    }

    /// Another try is worth it when the key was replaced meanwhile, here or in the store.
    async fn refused(&self, used: &HeaderValue) -> Result<bool, CredentialsError> {
        if self.secret.refused(used).await? {
            return Ok(true);
        }
        let Some(kept) = &self.kept else {
            return Ok(false);
        };
        let unusable = |why: SecretStoreError| CredentialsError(why.to_string());
        let Some(text) = kept.store.get(&kept.name).await.map_err(unusable)? else {
            return Ok(false);
        };
        let (key, since) = read(&text).map_err(unusable)?;
        if basic(key.expose_secret()).as_bytes() == used.as_bytes() {
            return Ok(false);
        }
        self.take_over(key, since);
        Ok(true)
    }
}

fn written(key: &SecretString, since: Timestamp) -> Result<SecretString, SecretStoreError> {
    let stored = Stored {
        version: STORED_VERSION,
        api_key: key.expose_secret().to_owned(),
        since,
    };
    serde_json::to_string(&stored)
        .map(SecretString::from)
        .map_err(|why| SecretStoreError::new("the key cannot be written").because(why))
}

fn read(text: &SecretString) -> Result<(SecretString, Timestamp), SecretStoreError> {
    let text = text.expose_secret();
    if !text.trim_start().starts_with('{') {
        return Ok((SecretString::from(text.trim()), Timestamp::now()));
    }
    // The cause would repeat a part of the text.
    let stored: Stored = serde_json::from_str(text)
        .map_err(|_| SecretStoreError::new("what the store has is no Insightly key"))?;
    if stored.version > STORED_VERSION {
        let version = stored.version;
        return Err(SecretStoreError::new(format!(
            "the stored key is of version {version}; this program reads {STORED_VERSION}"
        )));
    }
    Ok((SecretString::from(stored.api_key), stored.since))
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([redacted])")
    }
}

impl From<SecretString> for ApiKey {
    fn from(key: SecretString) -> Self {
        Self::new(key)
    }
}

fn basic(key: &str) -> String {
    format!(
        "Basic {}",
        BASE64_STANDARD.encode(format!("{}:", key.trim()))
    )
}

#[cfg(test)]
mod tests {
    use api_transport::MemorySecretStore;

    use super::*;

    #[test]
    fn the_key_is_the_user_and_the_password_is_empty() {
        assert_eq!(basic("KEY\n"), "Basic S0VZOg==");
    }

    async fn header(key: &ApiKey) -> HeaderValue {
        key.authorization().await.unwrap()
    }

    #[tokio::test]
    async fn a_key_that_another_process_rotated_is_used_after_the_first_refusal() {
        let store = Arc::new(MemorySecretStore::default());
        let ours = ApiKey::keep(Arc::clone(&store), "a", SecretString::from("one"))
            .await
            .unwrap();
        let theirs = ApiKey::load(store, "a").await.unwrap().unwrap();
        let used = header(&ours).await;
        assert!(!ours.refused(&used).await.unwrap(), "nobody rotated");
        theirs.rotate(SecretString::from("two")).await.unwrap();
        assert!(ours.refused(&used).await.unwrap());
        assert_eq!(header(&ours).await, header(&theirs).await);
    }

    #[tokio::test]
    async fn the_age_of_a_kept_key_survives_the_program() {
        let store = Arc::new(MemorySecretStore::default());
        let old = r#"{"version":1,"api_key":"one","since":"2020-01-01T00:00:00Z"}"#;
        let old = SecretString::from(old);
        store.compare_and_swap("a", None, Some(&old)).await.unwrap();
        let key = ApiKey::load(Arc::clone(&store), "a")
            .await
            .unwrap()
            .unwrap();
        assert!(key.age() > Duration::from_secs(365 * 24 * 3600));
        key.rotate(SecretString::from("two")).await.unwrap();
        assert!(key.age() < Duration::from_secs(60));
    }

    #[test]
    fn a_bare_key_is_taken_and_a_newer_form_is_refused_without_a_secret_in_the_error() {
        let (key, _) = read(&SecretString::from(" bare \n")).unwrap();
        assert_eq!(key.expose_secret(), "bare");
        let newer = r#"{"version":9,"api_key":"canary","since":"2020-01-01T00:00:00Z"}"#;
        let error = read(&SecretString::from(newer)).unwrap_err();
        assert!(error.to_string().contains("version 9"));
        let odd = read(&SecretString::from(r#"{"api_key":"canary"}"#)).unwrap_err();
        assert!(!format!("{odd} {odd:?}").contains("canary"));
    }
}
