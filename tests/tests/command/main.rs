//! The real command, run as a process over two local servers.

#![allow(clippy::unwrap_used, reason = "a broken test ends with a panic")]

mod backlog;
mod check;
mod credentials;
mod hand;
mod holds;
mod interrupted;
mod killed;
mod planted;
mod polling;
mod said;
mod settings;
mod share_of_day;
mod store;
mod wait;
mod whole;
mod writes;
