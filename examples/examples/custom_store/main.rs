//! A store of your own: it wraps another and counts commits; `store_contract!` proves its laws.
//! `cargo run --release -p examples --example custom_store`, and `cargo test` for the proof
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

mod counting;

use sync_core::{
    Batch, ConnectionId, Op, Side, Store, StoreError,
    testing::store::{self, StoreFixture},
};

use counting::Counting;

struct Fixture;

impl StoreFixture for Fixture {
    type Store = Counting;

    async fn fresh(&self) -> Counting {
        Counting::default()
    }

    async fn reopened(&self, store: Counting) -> Counting {
        store
    }
}

mod laws {
    sync_core::store_contract!(super::Fixture);
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), StoreError> {
    let (counting, here) = (Counting::default(), ConnectionId::new("acme"));
    let epoch = Store::open(&counting, &here).await?;
    let ops = vec![Op::Pin(Side::Left, "location".into())];
    counting.commit(&here, Batch { epoch, ops }).await?;
    println!("commits: {}", counting.commits());
    store::an_erased_record_leaves_only_its_hash(&Fixture).await;
    println!("a law holds; cargo test proves them all");
    Ok(())
}
