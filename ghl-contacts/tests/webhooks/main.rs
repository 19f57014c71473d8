//! Webhooks: what is believed, what it says, what is kept, how it is answered.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of a test binary are tests too"
)]

mod deliveries;
mod events;
mod receiver;
#[cfg(feature = "axum")]
mod route;
mod signatures;
mod signer;
