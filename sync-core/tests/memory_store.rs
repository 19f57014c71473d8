//! The memory store keeps the laws of stores.

use sync_core::{MemoryStore, testing::store::StoreFixture};

struct Memory;

impl StoreFixture for Memory {
    type Store = MemoryStore;

    async fn fresh(&self) -> MemoryStore {
        MemoryStore::new()
    }

    async fn reopened(&self, store: MemoryStore) -> MemoryStore {
        store
    }
}

sync_core::store_contract!(Memory);
