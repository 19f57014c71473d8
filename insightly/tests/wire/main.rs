//! Each operation as it goes over the wire, against a server on this machine.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the set-up of a test fails as loudly as the test"
)]

mod account;
mod contacts;
mod errors;
mod families;
mod secrets;
mod server;
mod shapes;
mod table;
mod tags;
mod traps;
mod walks;
