//! The store, and how its calls are run.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection;
use sync_core::{Archive, ConnectionId, StoreError};
use tokio::runtime::Handle;

use crate::{failure::Failure, file, imprint_cache::ImprintCache, lock_file::LockFile, part::Part};

/// A [`Store`](sync_core::Store) in one SQLite file. Clones share it.
///
/// The file is closed, and free for another program, when the last clone is dropped and
/// the last call has ended.
#[derive(Debug, Clone)]
pub struct SqliteStore(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    opened: Mutex<Opened>,
    /// After the connection, because members are dropped in order: unlocked means closed.
    _lock: Option<LockFile>,
}

/// What one call at a time has.
#[derive(Debug)]
struct Opened {
    db: Connection,
    imprints: ImprintCache,
}

impl SqliteStore {
    /// Opens the store at a path; creates it, for this user only, if there is none.
    ///
    /// Reads and writes the disk before it returns, and waits up to two seconds for another program
    /// to let go of the store: open stores before serving requests.
    ///
    /// # Errors
    ///
    /// [`InUse`](StoreError::InUse) tells which process has it;
    /// [`Newer`](StoreError::Newer) a file of a later release;
    /// [`Damaged`](StoreError::Damaged) a file that is broken or another program's;
    /// [`Backend`](StoreError::Backend) all else, such as a missing folder.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let (db, lock) = file::open(path.as_ref())?;
        Ok(Self::over(db, Some(lock)))
    }

    /// What people read of the store at a path, while any program may be writing to it. Makes and
    /// writes nothing.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), but that it never is in use; [`Backend`](StoreError::Backend) also
    /// where there is no store yet, or one of an older release.
    pub fn look(path: impl AsRef<Path>) -> Result<impl Archive, StoreError> {
        Ok(Self::over(file::look(path.as_ref())?, None))
    }

    /// Copies the store at a path to a new file, while any program may be writing to it. The copy
    /// is what [`backup`](Self::backup) makes.
    ///
    /// # Errors
    ///
    /// As [`look`](Self::look) and `backup`.
    pub fn copy(path: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<(), StoreError> {
        Ok(file::copy_to(&file::look(path.as_ref())?, to.as_ref())?)
    }

    /// A store that is gone with its last clone.
    pub fn in_memory() -> Result<Self, StoreError> {
        let db = Connection::open_in_memory().map_err(Failure::from)?;
        Ok(Self::over(file::ready(db)?, None))
    }

    /// Copies the store to a new file while it is in use; other calls wait meanwhile.
    ///
    /// The copy is whole or not there. To restore it, stop the program, remove the store
    /// with the `-wal` and `-shm` files beside it, and put the copy in its place.
    ///
    /// # Errors
    ///
    /// [`FileExists`](StoreError::FileExists); [`Backend`](StoreError::Backend).
    pub async fn backup(&self, path: impl Into<PathBuf>) -> Result<(), StoreError> {
        let path = path.into();
        self.call(move |db| file::copy_to(db, &path)).await
    }

    /// Reads the whole file to see whether it is sound: seconds for a large store.
    ///
    /// # Errors
    ///
    /// [`Damaged`](StoreError::Damaged) with the first fault found.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.call(|db| {
            let found: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
            match found.as_str() {
                "ok" => Ok(()),
                _ => Err(StoreError::Damaged(found).into()),
            }
        })
        .await
    }

    /// A copy that is gone with its last clone. SQLite keeps what is large in a private file.
    pub(crate) async fn scratch(&self) -> Result<Self, StoreError> {
        self.call(|db| {
            let mut copy = Connection::open("")?;
            file::copy(db, &mut copy)?;
            Ok(Self::over(file::ready(copy)?, None))
        })
        .await
    }

    /// Reads one connection's part.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        connection: &ConnectionId,
        look: impl FnOnce(&Part<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let connection = connection.clone();
        self.call_with(move |db, imprints| {
            // Else each statement takes and frees the file's lock.
            let reading = db.transaction()?;
            let found = look(&Part::of(&reading, &connection, imprints)?)?;
            reading.commit()?;
            Ok(found)
        })
        .await
    }

    /// Hands work to a thread that may block. It is handed over before the first await:
    /// dropping the future afterwards does not stop it.
    pub(crate) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.call_with(move |db, _| work(db)).await
    }

    /// The same, with what was read before.
    pub(crate) async fn call_with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection, &ImprintCache) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let shared = Arc::clone(&self.0);
        let backend = |why: String| StoreError::Backend(why);
        let runtime = Handle::try_current().map_err(|error| backend(error.to_string()))?;
        let task = runtime.spawn_blocking(move || {
            let mut opened = shared.opened.lock().unwrap_or_else(PoisonError::into_inner);
            let Opened { db, imprints } = &mut *opened;
            work(db, imprints)
        });
        let done = task.await.map_err(|error| backend(error.to_string()))?;
        Ok(done?)
    }

    fn over(db: Connection, lock: Option<LockFile>) -> Self {
        Self(Arc::new(Shared {
            opened: Mutex::new(Opened {
                db,
                imprints: ImprintCache::default(),
            }),
            _lock: lock,
        }))
    }
}

#[cfg(test)]
mod tests {
    use sync_core::{AccountId, Batch, Op, Side, Store};

    use super::*;

    #[tokio::test]
    async fn it_is_looked_into_while_another_writes_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.sqlite");
        let why = |refused: Result<_, StoreError>| refused.err().unwrap().to_string();
        assert!(why(SqliteStore::look(&path).map(drop)).contains("is not there yet"));
        assert!(!path.exists());

        let store = SqliteStore::open(&path).unwrap();
        let here = ConnectionId::new("acme");
        let epoch = Store::open(&store, &here).await.unwrap();
        let archive = SqliteStore::look(&path).unwrap();
        for fact in ["one", "two"] {
            let ops = vec![Op::Know("fact".to_owned(), Some(fact.to_owned()))];
            store.commit(&here, Batch { epoch, ops }).await.unwrap();
            let known = archive.known(&here, "fact").await.unwrap();
            assert_eq!(known.as_deref(), Some(fact));
        }

        let older = store.call(|db| Ok(db.pragma_update(None, "user_version", 1)?));
        older.await.unwrap();
        assert!(why(SqliteStore::look(&path).map(drop)).contains("older release"));
    }

    #[tokio::test]
    async fn a_full_disk_fails_the_commit_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path().join("store.sqlite")).unwrap();
        let limit = |pages: i64| {
            store.call(move |db| {
                let set = format!("PRAGMA max_page_count = {pages}");
                Ok(db.query_row(&set, [], |_| Ok(()))?)
            })
        };
        let here = ConnectionId::new("acme");
        let epoch = Store::open(&store, &here).await.unwrap();
        let commit = |account: &str| {
            let ops = vec![Op::Pin(Side::Left, AccountId::new(account))];
            store.commit(&here, Batch { epoch, ops })
        };
        commit("small").await.unwrap();
        limit(1).await.unwrap();
        let refused = commit(&"large".repeat(100_000)).await.unwrap_err();
        assert!(
            matches!(&refused, StoreError::Backend(why) if why.contains("the disk is full")),
            "{refused}"
        );
        let pin = async || store.pin(&here, Side::Left).await.unwrap();
        assert_eq!(pin().await, Some("small".into()));
        limit(1_000_000).await.unwrap();
        commit("other").await.unwrap();
        assert_eq!(pin().await, Some("other".into()));
    }
}
