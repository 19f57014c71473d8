//! What goes over the wire, and what comes of the answers: one module for each area.

mod contacts;
mod errors;
mod search;
mod secrets;
mod server;
mod table;
