//! What goes over the wire, and what comes of the answers: one module for each area.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of a test binary are tests too"
)]

mod contacts;
mod errors;
mod faults;
mod neighbours;
mod parts;
mod peers;
mod schemas;
mod search;
mod secrets;
mod server;
mod table;
