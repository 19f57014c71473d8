//! Secrets in files of their own.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use tokio::task::spawn_blocking;

use super::{
    Lease, SecretStore, SecretStoreError,
    lock_files::{LockFiles, failed, private_file},
    same,
};

/// Keeps each secret in a file of its own below one directory, for all processes of this
/// machine.
///
/// The directory is made with mode 0700 and each file with 0600; one that others may read is
/// refused. A secret is replaced by a rename after it is on disk, so a reader sees the old
/// one or the new one, and a crash loses neither. Locks are the system's: they end with their
/// holder. The directory must lie on a local disk: network file systems lock as they please.
#[derive(Debug, Clone)]
pub struct FileSecretStore {
    files: LockFiles,
}

const LOCK: &str = ".lock";
const LEASE: &str = ".lease";
const SECRET: &str = ".secret";
const NEW: &str = ".new";

impl FileSecretStore {
    /// Uses this directory, and makes it if it is not there.
    ///
    /// # Errors
    ///
    /// When the directory cannot be made.
    pub fn in_directory(path: impl Into<PathBuf>) -> Result<Self, SecretStoreError> {
        LockFiles::in_directory(path).map(|files| Self { files })
    }
}

#[async_trait]
impl SecretStore for FileSecretStore {
    async fn get(&self, key: &str) -> Result<Option<SecretString>, SecretStoreError> {
        let path = self.files.path(key, SECRET)?;
        off_the_runtime(move || read(&path)).await
    }

    async fn compare_and_swap(
        &self,
        key: &str,
        expected: Option<&SecretString>,
        new: Option<&SecretString>,
    ) -> Result<bool, SecretStoreError> {
        let lock = self.files.lock(key, LOCK).await?;
        let path = self.files.path(key, SECRET)?;
        let fresh = self.files.path(key, NEW)?;
        let (expected, new) = (expected.cloned(), new.cloned());
        // The lock goes along: a caller that gives up does not free it in the middle.
        off_the_runtime(move || {
            let swapped = same(read(&path)?.as_ref(), expected.as_ref());
            if swapped {
                replace(&path, &fresh, new.as_ref())?;
            }
            drop(lock);
            Ok(swapped)
        })
        .await
    }

    async fn lease(&self, key: &str, _ttl: Duration) -> Result<Lease, SecretStoreError> {
        Ok(Lease::new(self.files.lock(key, LEASE).await?))
    }
}

async fn off_the_runtime<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SecretStoreError> + Send + 'static,
) -> Result<T, SecretStoreError> {
    spawn_blocking(work)
        .await
        .map_err(|e| SecretStoreError::new("the runtime ended").because(e))?
}

fn read(path: &Path) -> Result<Option<SecretString>, SecretStoreError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(failed("the secret cannot be read", path).because(e)),
    };
    if others_may_read(&file) {
        return Err(failed("others may read the secret; `chmod 600` it", path));
    }
    io::read_to_string(file)
        .map(|text| Some(text.into()))
        .map_err(|e| failed("the secret cannot be read", path).because(e))
}

#[cfg(unix)]
fn others_may_read(file: &File) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_file: &File) -> bool {
    false
}

fn replace(path: &Path, fresh: &Path, new: Option<&SecretString>) -> Result<(), SecretStoreError> {
    let done = match new {
        Some(new) => write(fresh, new).and_then(|()| fs::rename(fresh, path)),
        None => match fs::remove_file(path) {
            Err(e) if e.kind() != ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        },
    };
    done.and_then(|()| sync_directory(path))
        .map_err(|e| failed("the secret cannot be written", path).because(e))
}

/// What a crash left behind is removed first: an existing file would keep its own mode.
fn write(fresh: &Path, secret: &SecretString) -> io::Result<()> {
    match fs::remove_file(fresh) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let mut file = private_file().create_new(true).open(fresh)?;
    file.write_all(secret.expose_secret().as_bytes())?;
    file.sync_all()
}

/// A rename is on disk once its directory is.
#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(directory) => File::open(directory)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(not(unix))]
fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}
