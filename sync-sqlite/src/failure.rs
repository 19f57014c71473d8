//! What can go wrong inside a call, and what a person is told about it.

use rusqlite::{Error, ErrorCode};
use sync_core::StoreError;

/// A refusal of ours, or SQLite's.
#[derive(Debug)]
pub(crate) enum Failure {
    Store(StoreError),
    Sqlite(Error),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Store(error) => error,
            Failure::Sqlite(error) => explained(&error),
        }
    }
}

fn explained(error: &Error) -> StoreError {
    let advice = match error {
        Error::FromSqlConversionFailure(..)
        | Error::InvalidColumnType(..)
        | Error::IntegralValueOutOfRange(..) => return StoreError::Damaged(error.to_string()),
        _ => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                return StoreError::Damaged(error.to_string());
            }
            Some(ErrorCode::DiskFull) => "the disk is full, free some space",
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                "another program, such as a database shell or a backup tool, has it locked; close that program"
            }
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                "its file or its folder is read-only; let this user write to both"
            }
            Some(ErrorCode::CannotOpen) => {
                "its file, or one beside it, cannot be opened; look at the folder's rights and free space"
            }
            Some(ErrorCode::SystemIoFailure) => "the disk failed to read or write",
            _ => return StoreError::Backend(error.to_string()),
        },
    };
    StoreError::Backend(format!("{advice} ({error})"))
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    fn told(code: std::ffi::c_int) -> StoreError {
        Failure::from(Error::SqliteFailure(ffi::Error::new(code), None)).into()
    }

    #[test]
    fn a_full_disk_a_lock_and_a_read_only_file_are_told_apart() {
        for (code, words) in [
            (ffi::SQLITE_FULL, "the disk is full"),
            (ffi::SQLITE_BUSY, "another program"),
            (ffi::SQLITE_READONLY, "read-only"),
            (ffi::SQLITE_IOERR, "the disk failed"),
        ] {
            assert!(
                matches!(told(code), StoreError::Backend(text) if text.starts_with(words) || text.contains(words))
            );
        }
        assert!(matches!(told(ffi::SQLITE_CORRUPT), StoreError::Damaged(_)));
    }
}
