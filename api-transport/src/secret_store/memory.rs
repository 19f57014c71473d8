//! Secrets that end with the program.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use secrecy::SecretString;
use tokio::sync::Mutex as Gate;

use super::{Lease, SecretStore, SecretStoreError, same};

/// Keeps secrets in memory: for tests, and for programs that can begin anew. Clones share
/// what is kept.
#[derive(Clone, Default)]
pub struct MemorySecretStore(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    secrets: HashMap<String, SecretString>,
    leases: HashMap<String, Arc<Gate<()>>>,
}

impl MemorySecretStore {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemorySecretStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secrets = self.kept().secrets.len();
        f.debug_struct("MemorySecretStore")
            .field("secrets", &secrets)
            .finish()
    }
}

#[async_trait]
impl SecretStore for MemorySecretStore {
    async fn get(&self, key: &str) -> Result<Option<SecretString>, SecretStoreError> {
        Ok(self.kept().secrets.get(key).cloned())
    }

    async fn compare_and_swap(
        &self,
        key: &str,
        expected: Option<&SecretString>,
        new: Option<&SecretString>,
    ) -> Result<bool, SecretStoreError> {
        let mut kept = self.kept();
        if !same(kept.secrets.get(key), expected) {
            return Ok(false);
        }
        match new {
            Some(new) => kept.secrets.insert(key.to_owned(), new.clone()),
            None => kept.secrets.remove(key),
        };
        Ok(true)
    }

    async fn lease(&self, key: &str, _ttl: Duration) -> Result<Lease, SecretStoreError> {
        let gate = Arc::clone(self.kept().leases.entry(key.to_owned()).or_default());
        Ok(Lease::new(gate.lock_owned().await))
    }
}
