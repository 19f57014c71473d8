//! What can go wrong when a test steers the sandbox.

use std::io;

/// Why the sandbox could not do what its owner asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// There is no family of records with this name on this server.
    #[error("there is no family {0:?} here")]
    UnknownFamily(String),
    /// There is no record with this id.
    #[error("there is no record {0:?}")]
    UnknownRecord(String),
    /// The record has no member with this name, or the server alone sets it.
    #[error("no person can set the field {0:?}")]
    UnknownField(String),
    /// A record is a JSON object.
    #[error("a record must be a JSON object")]
    NotAnObject,
    /// This server knows no order of this name.
    #[error("there is no order {0:?} here")]
    UnknownOrder(String),
    /// No request of this server means an operation of this name, so no fault can strike one.
    #[error("there is no operation {name:?} here; near it are {near:?}")]
    UnknownOperation {
        /// The name, perhaps with `*` at its end.
        name: String,
        /// Operations that are called nearly so.
        near: Vec<String>,
    },
    /// The order's body is not what it must be.
    #[error("the order cannot be read")]
    Order(#[source] serde_json::Error),
    /// Webhooks are sent to this machine only.
    #[error("{0:?} is no http address of this machine")]
    NotLoopback(String),
    /// There is no switch with this name on this server.
    #[error("there is no switch {0:?} here")]
    UnknownSwitch(String),
    /// The switch cannot be set to this.
    #[error("switch {switch} knows {choices:?}, not {choice:?}")]
    UnknownChoice {
        /// The switch.
        switch: &'static str,
        /// What it was to be set to.
        choice: String,
        /// What it can be set to.
        choices: &'static [&'static str],
    },
    /// The port is taken by another program.
    #[error("port {port} on 127.0.0.1 is in use; choose another with --{flag}, or 0 for any")]
    PortInUse {
        /// The port that was asked for.
        port: u16,
        /// The option of the command that chooses it.
        flag: &'static str,
    },
    /// The port could not be listened on for another reason.
    #[error("cannot listen on port {port} of 127.0.0.1")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}
