//! How the laws of stores get one.

use sync_core::testing::store::StoreFixture;

use crate::counting::Counting;

pub(crate) struct Fixture;

impl StoreFixture for Fixture {
    type Store = Counting;

    async fn fresh(&self) -> Counting {
        Counting::default()
    }

    async fn reopened(&self, store: Counting) -> Counting {
        store
    }
}
