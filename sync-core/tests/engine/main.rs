//! The engine over two systems in memory.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a broken story fails its test"
)]

mod edits;
mod families;
mod histories;
mod leaving;
mod lying;
mod reading;
mod running;
mod stories;
mod watched;
mod world;
