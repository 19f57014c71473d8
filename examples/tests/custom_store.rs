//! The example's store keeps the laws of stores.
#![allow(dead_code, reason = "the example counts, its laws do not")]

#[path = "../examples/custom_store/counting.rs"]
mod counting;
#[path = "../examples/custom_store/fixture.rs"]
mod fixture;

sync_core::store_contract!(fixture::Fixture);
