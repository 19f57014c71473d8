//! What an embedder proves its own parts with: laws of mappers, matchers, conflict
//! rules, connectors and stores, a system in memory with faults on demand, a store at whose commits
//! a cycle can be dropped, and a clock that tests own.

mod archive_laws;
mod connector_laws;
mod given;
mod halting;
mod law;
mod manual_clock;
mod mapper_laws;
mod matcher_laws;
mod model;
pub mod people;
mod rule_laws;
mod store_laws;

pub use connector_laws::connector_laws;
pub use halting::{Halting, halt};
pub use manual_clock::ManualClock;
pub use mapper_laws::{BrokenLaw, Server, mapper_laws};
pub use matcher_laws::matcher_laws;
pub use model::{Model, ModelFault, Paging};
pub use rule_laws::{rule_is_symmetric, rule_laws};

/// The laws of [`Store`](crate::Store), one function each; run by [`store_contract!`](crate::store_contract).
pub mod store {
    pub use super::{archive_laws::*, store_laws::*};
}
