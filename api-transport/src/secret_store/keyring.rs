//! Secrets in the keyring of the user's session.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use async_trait::async_trait;
use keyring::Error as KeyringError;
use keyring_core::Entry;
use secrecy::{ExposeSecret, SecretString};
use tokio::task::spawn_blocking;

use super::{Lease, SecretStore, SecretStoreError, lock_files::LockFiles, same};

/// Keeps secrets in the system's keyring: Keychain, Credential Manager, Secret Service.
///
/// No keyring can compare and swap, so the programs that share a service keep to locks in
/// files of one directory, which must be the same for all of them. A secret that is longer
/// than a keyring takes is kept in parts.
#[derive(Clone)]
pub struct KeyringSecretStore {
    keyring: Keyring,
    locks: LockFiles,
}

#[derive(Clone)]
struct Keyring {
    service: String,
    open: Arc<Open>,
}

type Open = dyn Fn(&str, &str) -> Result<Entry, KeyringError> + Send + Sync;

/// Credential Manager takes 2,560 bytes of UTF-16.
const LONGEST: usize = 1_200;

/// Marks an entry that holds the secret itself.
const WHOLE: &str = "=";
/// Marks an entry that names its parts: `+generation:count`.
const PARTS: &str = "+";

impl KeyringSecretStore {
    /// Keeps secrets under the name of this service; `locks` is the directory of lock files.
    ///
    /// # Errors
    ///
    /// When the directory cannot be made. A keyring that is missing or locked fails at use.
    pub fn of_service(
        service: impl Into<String>,
        locks: impl Into<PathBuf>,
    ) -> Result<Self, SecretStoreError> {
        let open = |service: &str, user: &str| Ok(keyring::Entry::new(service, user)?.inner);
        Self::over(service.into(), locks.into(), Arc::new(open))
    }

    fn over(service: String, locks: PathBuf, open: Arc<Open>) -> Result<Self, SecretStoreError> {
        Ok(Self {
            keyring: Keyring { service, open },
            locks: LockFiles::in_directory(locks)?,
        })
    }
}

impl fmt::Debug for KeyringSecretStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyringSecretStore")
            .field("service", &self.keyring.service)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl SecretStore for KeyringSecretStore {
    async fn get(&self, key: &str) -> Result<Option<SecretString>, SecretStoreError> {
        // A secret in parts is read in several steps, which no writer may cross.
        let lock = self.locks.lock(key, ".lock").await?;
        let (keyring, key) = (self.keyring.clone(), key.to_owned());
        off_the_runtime(move || {
            let read = keyring.read(&key);
            drop(lock);
            read
        })
        .await
    }

    async fn compare_and_swap(
        &self,
        key: &str,
        expected: Option<&SecretString>,
        new: Option<&SecretString>,
    ) -> Result<bool, SecretStoreError> {
        let lock = self.locks.lock(key, ".lock").await?;
        let (keyring, key) = (self.keyring.clone(), key.to_owned());
        let (expected, new) = (expected.cloned(), new.cloned());
        off_the_runtime(move || {
            let swapped = same(keyring.read(&key)?.as_ref(), expected.as_ref());
            if swapped {
                keyring.write(&key, new.as_ref())?;
            }
            drop(lock);
            Ok(swapped)
        })
        .await
    }

    async fn lease(&self, key: &str, _ttl: Duration) -> Result<Lease, SecretStoreError> {
        Ok(Lease::new(self.locks.lock(key, ".lease").await?))
    }
}

async fn off_the_runtime<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SecretStoreError> + Send + 'static,
) -> Result<T, SecretStoreError> {
    spawn_blocking(work)
        .await
        .map_err(|e| SecretStoreError::new("the runtime ended").because(e))?
}

/// Where the parts of a long secret are.
#[derive(Clone, Copy, PartialEq)]
struct Parts {
    generation: u64,
    count: usize,
}

impl Parts {
    fn of(head: &str) -> Option<Self> {
        let (generation, count) = head.strip_prefix(PARTS)?.split_once(':')?;
        Some(Self {
            generation: generation.parse().ok()?,
            count: count.parse().ok()?,
        })
    }

    fn users(self, key: &str) -> impl Iterator<Item = String> {
        (0..self.count).map(move |part| format!("{key}/{}/{part}", self.generation))
    }
}

impl Keyring {
    fn read(&self, key: &str) -> Result<Option<SecretString>, SecretStoreError> {
        let Some(head) = self.entry(key)? else {
            return Ok(None);
        };
        if let Some(whole) = head.strip_prefix(WHOLE) {
            return Ok(Some(whole.to_owned().into()));
        }
        let parts = Parts::of(&head).ok_or_else(|| failed("holds something else", key))?;
        let mut secret = String::new();
        for user in parts.users(key) {
            let part = self.entry(&user)?;
            secret += &part.ok_or_else(|| failed("lacks a part", key))?;
        }
        Ok(Some(secret.into()))
    }

    /// New parts go under names of their own; the head makes them count.
    fn write(&self, key: &str, new: Option<&SecretString>) -> Result<(), SecretStoreError> {
        let old = self.entry(key)?.as_deref().and_then(Parts::of);
        let secret = new.map(SecretString::expose_secret);
        match secret {
            None => self.remove(key)?,
            Some(short) if short.len() <= LONGEST => self.put(key, &format!("{WHOLE}{short}"))?,
            Some(long) => {
                let pieces = pieces(long);
                let parts = Parts {
                    generation: old.map_or(0, |old| old.generation + 1),
                    count: pieces.len(),
                };
                for (user, piece) in parts.users(key).zip(pieces) {
                    self.put(&user, piece)?;
                }
                let head = format!("{PARTS}{}:{}", parts.generation, parts.count);
                self.put(key, &head)?;
            }
        }
        old.into_iter()
            .flat_map(|old| old.users(key))
            .try_for_each(|user| self.remove(&user))
    }

    fn entry(&self, user: &str) -> Result<Option<String>, SecretStoreError> {
        match (self.open)(&self.service, user).and_then(|entry| entry.get_password()) {
            Ok(text) => Ok(Some(text)),
            Err(KeyringError::NoEntry) => Ok(None),
            Err(why) => Err(failed(reason(&why), user)),
        }
    }

    fn put(&self, user: &str, text: &str) -> Result<(), SecretStoreError> {
        (self.open)(&self.service, user)
            .and_then(|entry| entry.set_password(text))
            .map_err(|why| failed(reason(&why), user))
    }

    fn remove(&self, user: &str) -> Result<(), SecretStoreError> {
        match (self.open)(&self.service, user).and_then(|entry| entry.delete_credential()) {
            Ok(()) | Err(KeyringError::NoEntry) => Ok(()),
            Err(why) => Err(failed(reason(&why), user)),
        }
    }
}

/// Pieces that a keyring takes, cut between characters.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut ends = (1..=LONGEST.min(rest.len())).rev();
        let cut = ends.find(|at| rest.is_char_boundary(*at));
        let (piece, next) = rest.split_at(cut.unwrap_or(rest.len()));
        pieces.push(piece);
        rest = next;
    }
    pieces
}

fn failed(why: &str, key: &str) -> SecretStoreError {
    SecretStoreError::new(format!("the keyring's entry `{key}` {why}"))
}

/// Some of the keyring's errors carry what was stored, so none of them is handed on.
fn reason(why: &KeyringError) -> &'static str {
    match why {
        KeyringError::NoStorageAccess(_) => "cannot be reached: the keyring is locked or missing",
        KeyringError::NoDefaultStore => "cannot be reached: there is no keyring",
        KeyringError::TooLong(..) => "is too long",
        KeyringError::Ambiguous(_) => "is there twice",
        KeyringError::BadEncoding(_) | KeyringError::BadDataFormat(..) => "is no text",
        _ => "cannot be used: the keyring failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyring_core::mock;

    fn store() -> (KeyringSecretStore, tempfile::TempDir) {
        let directory = tempfile::tempdir().unwrap();
        let keys: Arc<keyring_core::CredentialStore> = mock::Store::new().unwrap();
        let open = move |service: &str, user: &str| Entry::new_in_store(&keys, service, user);
        let path = directory.path().to_owned();
        let store = KeyringSecretStore::over("test".to_owned(), path, Arc::new(open)).unwrap();
        (store, directory)
    }

    #[tokio::test]
    async fn a_long_secret_is_kept_in_parts_and_leaves_none_behind() {
        let (store, _directory) = store();
        let long = |letter: &str| SecretString::from(letter.repeat(2_000));
        let (first, second) = (long("é"), long("ü"));
        let swap = async |old, new| store.compare_and_swap("k", old, new).await.unwrap();
        assert!(swap(None, Some(&first)).await);
        assert!(same(store.get("k").await.unwrap().as_ref(), Some(&first)));
        assert!(swap(Some(&first), Some(&second)).await);
        assert!(same(store.get("k").await.unwrap().as_ref(), Some(&second)));
        assert_eq!(store.keyring.entry("k/0/0").unwrap(), None);
        assert!(swap(Some(&second), None).await);
        assert_eq!(store.keyring.entry("k/1/0").unwrap(), None);
    }

    #[tokio::test]
    async fn an_entry_of_somebody_else_is_refused_without_showing_it() {
        let (store, _directory) = store();
        store.keyring.put("k", "c0ffee").unwrap();
        let refused = store.get("k").await.unwrap_err();
        assert!(!format!("{refused} {refused:?}").contains("c0ffee"));
    }
}

#[cfg(all(test, feature = "testing"))]
mod laws {
    use super::*;
    use crate::testing::secret_store::SecretStoreFixture;
    use keyring_core::mock;

    struct Mock(tempfile::TempDir);

    impl SecretStoreFixture for Mock {
        type Store = KeyringSecretStore;

        async fn fresh(&self) -> Self::Store {
            let keys: Arc<keyring_core::CredentialStore> = mock::Store::new().unwrap();
            let open = move |service: &str, user: &str| Entry::new_in_store(&keys, service, user);
            let path = self.0.path().to_owned();
            KeyringSecretStore::over("test".to_owned(), path, Arc::new(open)).unwrap()
        }

        async fn again(&self, store: &Self::Store) -> Self::Store {
            store.clone()
        }
    }

    crate::secret_store_contract!(Mock(tempfile::tempdir().unwrap()));
}
