//! A store of your own: it wraps another and counts commits; `store_contract!` proves its laws.
//! `cargo run --release -p examples --example custom_store`, and `cargo test -p examples` for the proof
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

mod counting;
mod fixture;

use sync_core::{Batch, ConnectionId, Op, Side, Store, StoreError, testing::store};

use counting::Counting;
use fixture::Fixture;

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
