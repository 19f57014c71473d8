//! Locks between processes: one file for each, locked by the system.

use std::{
    fmt::Write,
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::time::sleep;

use super::SecretStoreError;

/// A directory of lock files. The system frees a lock when its holder ends, however it ends.
#[derive(Debug, Clone)]
pub(super) struct LockFiles(PathBuf);

/// The longest name that every file system takes, less our longest ending.
const LONGEST_NAME: usize = 240;

/// How often a lock is tried that somebody else holds: held for a request at most.
const FIRST_TRY: Duration = Duration::from_millis(2);
const LAST_TRY: Duration = Duration::from_millis(50);

impl LockFiles {
    /// Makes the directory if it is not there; nobody else may enter it.
    pub(super) fn in_directory(path: impl Into<PathBuf>) -> Result<Self, SecretStoreError> {
        let path = path.into();
        private_directory(&path)
            .map_err(|e| failed("the directory cannot be made", &path).because(e))?;
        Ok(Self(path))
    }

    /// The path of the file of `key` with this ending.
    pub(super) fn path(&self, key: &str, ending: &str) -> Result<PathBuf, SecretStoreError> {
        Ok(self.0.join(file_name(key)? + ending))
    }

    /// Waits for the lock of that file. Dropping what comes back frees it.
    pub(super) async fn lock(&self, key: &str, ending: &str) -> Result<File, SecretStoreError> {
        let path = self.path(key, ending)?;
        let file = private_file()
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|e| failed("the lock cannot be opened", &path).because(e))?;
        let mut wait = FIRST_TRY;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => sleep(wait).await,
                Err(TryLockError::Error(e)) => {
                    return Err(failed("the lock cannot be taken", &path).because(e));
                }
            }
            wait = (wait * 2).min(LAST_TRY);
        }
    }
}

pub(super) fn failed(what: &str, path: &Path) -> SecretStoreError {
    SecretStoreError::new(format!("{what}: {}", path.display()))
}

/// Lower case letters and digits stay; the rest is written as hex, so that keys that differ
/// in case stay apart where file names do not.
fn file_name(key: &str) -> Result<String, SecretStoreError> {
    let mut name = String::with_capacity(key.len());
    for byte in key.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => name.push(char::from(byte)),
            other => {
                let _ = write!(name, "%{other:02x}");
            }
        }
    }
    match name.len() {
        0 => Err(SecretStoreError::new("the key of a secret cannot be empty")),
        long if long > LONGEST_NAME => Err(SecretStoreError::new(format!(
            "the key `{key}` makes too long a file name"
        ))),
        _ => Ok(name),
    }
}

/// To read and write, by nobody else where the system knows such a thing.
pub(super) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn private_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_apart_and_inside_the_directory() {
        assert_eq!(file_name("ab/../C").unwrap(), "ab%2f%2e%2e%2f%43");
        assert_ne!(file_name("A").unwrap(), file_name("a").unwrap());
        assert!(file_name("").is_err());
        assert!(file_name(&"x".repeat(241)).is_err());
    }
}
