//! Where secrets that change are kept.

mod file;
#[cfg(feature = "keyring")]
mod keyring;
mod lock_files;
mod memory;

pub use file::FileSecretStore;
#[cfg(feature = "keyring")]
pub use keyring::KeyringSecretStore;
pub use memory::MemorySecretStore;

use std::{any::Any, error::Error as StdError, fmt, time::Duration};

use async_trait::async_trait;
use secrecy::SecretString;

/// Keeps secrets by key, for any number of tasks and processes.
///
/// Stock ones are [`MemorySecretStore`], [`FileSecretStore`] and, by the feature `keyring`,
/// `KeyringSecretStore`. Prove one of your own with `secret_store_contract!` (feature
/// `testing`).
///
/// A key is any text; keys that differ in the case of a letter only are two keys.
#[async_trait]
pub trait SecretStore: Send + Sync + 'static {
    /// The secret, if there is one.
    async fn get(&self, key: &str) -> Result<Option<SecretString>, SecretStoreError>;

    /// Writes `new` if the store holds `expected` now; `None` is "nothing there". True when
    /// it was written, and then it is kept: it survives the program and the machine. False
    /// when the store holds something else, which stays.
    async fn compare_and_swap(
        &self,
        key: &str,
        expected: Option<&SecretString>,
        new: Option<&SecretString>,
    ) -> Result<bool, SecretStoreError>;

    /// Waits until nobody else holds the lease of this key, and takes it. Reads and writes
    /// are possible without it: it only keeps two from doing the same work.
    ///
    /// Dropping the lease gives it back, dropping the future ends the waiting. A store that
    /// cannot see that a holder died gives its lease to another after `ttl`.
    async fn lease(&self, key: &str, ttl: Duration) -> Result<Lease, SecretStoreError>;
}

#[async_trait]
impl<S: SecretStore + ?Sized> SecretStore for std::sync::Arc<S> {
    async fn get(&self, key: &str) -> Result<Option<SecretString>, SecretStoreError> {
        (**self).get(key).await
    }

    async fn compare_and_swap(
        &self,
        key: &str,
        expected: Option<&SecretString>,
        new: Option<&SecretString>,
    ) -> Result<bool, SecretStoreError> {
        (**self).compare_and_swap(key, expected, new).await
    }

    async fn lease(&self, key: &str, ttl: Duration) -> Result<Lease, SecretStoreError> {
        (**self).lease(key, ttl).await
    }
}

/// The right to be the one who works on a secret; dropping it gives it back.
#[must_use = "dropping it gives the lease back"]
pub struct Lease {
    _guard: Box<dyn Any + Send + Sync>,
}

impl Lease {
    /// A lease that lasts as long as `guard` is not dropped.
    pub fn new(guard: impl Send + Sync + 'static) -> Self {
        Self {
            _guard: Box::new(guard),
        }
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lease")
    }
}

/// Why a store could not be used. Never holds a secret.
#[derive(Debug)]
pub struct SecretStoreError {
    what: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl SecretStoreError {
    /// Says what could not be done, and where.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            source: None,
        }
    }

    /// Adds the cause.
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for SecretStoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl StdError for SecretStoreError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Whether two places hold the same.
fn same(left: Option<&SecretString>, right: Option<&SecretString>) -> bool {
    use secrecy::ExposeSecret;
    left.map(SecretString::expose_secret) == right.map(SecretString::expose_secret)
}
