//! The engine over two systems in memory.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a broken story fails its test"
)]

mod approved;
mod backlog;
mod broken;
mod claims;
mod connectors;
mod direction;
mod families;
mod forget;
mod hand;
mod heirs;
mod key_look_up;
mod leaving;
mod look_alikes;
mod lost_creates;
mod lying;
mod moving;
mod reading;
mod running;
mod stories;
mod undo;
mod world;
