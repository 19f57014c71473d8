//! One process at a time writes to a store.

use std::{
    fs::{File, TryLockError},
    io::{Read, Seek, Write},
    path::Path,
    process, thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use sync_core::StoreError;

use crate::{file::beside, private_file};

/// A holder that is just ending, or an engine of this process whose last commit is still being
/// written, lets go of it within this.
const PATIENCE: Duration = Duration::from_secs(2);
const GLANCE: Duration = Duration::from_millis(10);

/// Held until it is dropped; the system lets go of it also when the process is killed.
/// The file itself stays: removing it would let two processes lock two files of one name.
#[derive(Debug)]
pub(crate) struct LockFile {
    _locked: File,
}

impl LockFile {
    /// Takes the lock of a store, or says who has it and keeps it.
    pub(crate) fn take(store: &Path) -> Result<Self, StoreError> {
        let path = beside(store, ".lock");
        let failed = |error| private_file::failed(&path, &error);
        let mut file = private_file::open(&path).map_err(failed)?;
        let asked = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if asked.elapsed() < PATIENCE => {
                    thread::sleep(GLANCE);
                }
                Err(TryLockError::WouldBlock) => return Err(StoreError::InUse(holder(&mut file))),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
        note(&mut file).map_err(failed)?;
        Ok(Self { _locked: file })
    }
}

fn note(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    let since = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ");
    write!(file, "process {}, since {since}", process::id())
}

fn holder(file: &mut File) -> String {
    let mut note = String::new();
    // It has just been taken, or the system does not let others read a locked file.
    if file.read_to_string(&mut note).is_err() || note.is_empty() {
        "another process".clone_into(&mut note);
    }
    note
}
