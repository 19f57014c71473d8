//! The engine over two systems in memory.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a broken story fails its test"
)]

mod approved;
mod connectors;
mod edits;
mod forget;
mod hand;
mod histories;
mod leaving;
mod stories;
mod undo;
mod watched;
mod world;
