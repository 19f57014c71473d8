//! What is taken in of what workflow rules send.

#![allow(
    clippy::unwrap_used,
    reason = "the set-up of a test fails as loudly as the test"
)]

mod hints;
#[cfg(feature = "axum")]
mod route;
