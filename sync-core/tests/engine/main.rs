//! The engine over two systems in memory.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a broken story fails its test"
)]

mod edits;
mod families;
mod histories;
mod reading;
mod stories;
mod watched;
mod world;
