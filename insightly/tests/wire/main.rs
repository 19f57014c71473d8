//! Each operation as it goes over the wire, against a server on this machine.

mod account;
mod contacts;
mod errors;
mod secrets;
mod server;
mod table;
mod tags;
mod walks;
