//! What holds for every input: models, pages, filters, and bytes that nobody promised.
//!
//! `PROPERTIES_CASES=20000 cargo test -p ghl-contacts --all-features --test properties` looks
//! longer; a failure names its seed, and `PROPERTIES_SEED` runs it again.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of a test binary are tests too"
)]

mod any;
mod bytes;
mod filters;
mod pager;
mod round_trips;
#[path = "../webhooks/signer.rs"]
mod signer;
mod targets;
