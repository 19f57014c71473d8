//! The library pieces between two local servers: stories over HTTP, and the
//! laws of the stock mappers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a broken story fails its test"
)]

mod calibration;
mod company_laws;
mod connector_laws;
mod cost;
mod crossing;
mod faults;
mod fields;
mod follow_ups;
mod histories;
mod mapper_laws;
mod markers;
mod moving_lists;
mod mutants;
mod note_laws;
mod notes;
mod opt_out;
mod scenarios;
mod scope;
mod story;
mod table;
mod task_laws;
mod tasks;
mod webhooks;
