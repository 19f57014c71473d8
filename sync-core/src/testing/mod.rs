//! What an embedder proves its own parts with: laws of mappers, connectors and stores, a
//! system in memory with faults on demand, and a clock that tests own.

mod archive_laws;
mod connector_laws;
mod manual_clock;
mod mapper_laws;
mod model;
pub mod people;
mod store_laws;

pub use connector_laws::connector_laws;
pub use manual_clock::ManualClock;
pub use mapper_laws::{BrokenLaw, Server, mapper_laws};
pub use model::{Model, ModelFault};

/// The laws of [`Store`](crate::Store), one function each; run by [`store_contract!`](crate::store_contract).
pub mod store {
    pub use super::{archive_laws::*, store_laws::*};
}
