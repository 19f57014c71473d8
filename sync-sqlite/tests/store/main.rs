//! The SQLite store keeps the laws of stores, and its own promises about the file.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]

mod broken;
mod durable;
mod forgotten;
mod refused;
mod released;
mod size;
mod swept;

use std::path::PathBuf;

use sync_core::{Batch, ConnectionId, Op, Store, StoreError, testing::store::StoreFixture};
use sync_sqlite::SqliteStore;
use tempfile::TempDir;

/// A file in a folder of its own.
struct TempSqlite(TempDir);

impl TempSqlite {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("store.sqlite")
    }

    fn open(&self) -> Result<SqliteStore, StoreError> {
        SqliteStore::open(self.path())
    }
}

impl StoreFixture for TempSqlite {
    type Store = SqliteStore;

    async fn fresh(&self) -> SqliteStore {
        self.open().unwrap()
    }

    async fn reopened(&self, store: SqliteStore) -> SqliteStore {
        drop(store);
        self.open().unwrap()
    }
}

mod in_a_file {
    use super::TempSqlite;
    sync_core::store_contract!(TempSqlite::new());
}

/// What only reopening would lose is left to the file's laws.
struct InMemory;

impl StoreFixture for InMemory {
    type Store = SqliteStore;

    async fn fresh(&self) -> SqliteStore {
        SqliteStore::in_memory().unwrap()
    }

    async fn reopened(&self, store: SqliteStore) -> SqliteStore {
        store
    }
}

mod in_memory {
    use super::InMemory;
    sync_core::store_contract!(InMemory);
}

fn connection() -> ConnectionId {
    ConnectionId::new("acme")
}

/// Opens the connection and commits.
async fn commit(store: &SqliteStore, ops: Vec<Op>) {
    let epoch = Store::open(store, &connection()).await.unwrap();
    let batch = Batch { epoch, ops };
    store.commit(&connection(), batch).await.unwrap();
}
