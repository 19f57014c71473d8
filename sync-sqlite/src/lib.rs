//! The embedded store of [`sync_core`]: one SQLite file for any number of connections.
//!
//! You get a [`Store`](sync_core::Store) that needs no server, keeps what it promised when
//! the program is killed or the power fails, and can be copied while it is in use.
//!
//! ```
//! use sync_core::{Batch, ConnectionId, Op, Side, Store, StoreError};
//! use sync_sqlite::SqliteStore;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), StoreError> {
//! # let folder = tempfile::tempdir().map_err(|e| StoreError::Backend(e.to_string()))?;
//! # let path = folder.path().join("sync.sqlite");
//! let store = SqliteStore::open(&path)?;
//!
//! let acme = ConnectionId::new("acme");
//! let epoch = Store::open(&store, &acme).await?;
//! let ops = vec![Op::Pin(Side::Left, "location-1".into())];
//! store.commit(&acme, Batch { epoch, ops }).await?;
//!
//! assert_eq!(store.pin(&acme, Side::Left).await?, Some("location-1".into()));
//! # Ok(())
//! # }
//! ```
//!
//! # Guarantees
//!
//! - A commit is whole or not there, and is on disk before it is answered
//!   (`synchronous=FULL`): an intent is kept before the request that it announces is sent.
//! - A commit that has been polled once completes, also when its future is dropped.
//! - One process writes: the lock beside the file (`<path>.lock`) names it, and the system
//!   lets go of it however that process ends. The lock file itself stays.
//! - Only the user who runs the program can read the file.
//! - What [`forget`](sync_core::Engine::forget) erases is gone from the file and its log: deleted
//!   content is overwritten, and the log is cut. Backups that were made before keep it.
//! - The file of a newer release, or of another program, is refused and left as it is.
//!
//! # How to
//!
//! | you want | use |
//! | --- | --- |
//! | the store of a program | [`SqliteStore::open`] |
//! | to look into it while another program writes | [`SqliteStore::look`] |
//! | a store for a test | [`SqliteStore::in_memory`] |
//! | a copy while it runs | [`SqliteStore::backup`] |
//! | to know whether the disk has done harm | [`SqliteStore::check`] |
//!
//! # Errors
//!
//! All are [`StoreError`](sync_core::StoreError)s. A full disk, a lock that another program
//! holds and a read-only folder are [`Backend`](sync_core::StoreError::Backend) errors that
//! say what to do; the commit that met one is not done, and the store goes on as before.
//!
//! # Known limits
//!
//! - Calls need a tokio runtime: they run on its blocking threads, one at a time.
//! - Keep the file on a local disk. Locks of network folders cannot be trusted.
//! - A process that is to be refused must use the same path, up to symbolic links: a hard
//!   link to the file has a lock of its own.

mod archive;
mod commit;
mod erase;
mod failure;
mod file;
mod hold;
mod imprint;
mod imprint_cache;
mod link;
mod link_form;
mod lock_file;
mod observe;
mod part;
mod private_file;
mod read;
mod record_form;
mod schema;
mod sqlite_store;
mod store;
mod tombstone;

pub use sqlite_store::SqliteStore;
