//! HighLevel (GHL) and Insightly as local HTTP servers, with faults on demand.
//!
//! Both are written from what is known of the APIs, not from any client of
//! theirs. Where a behaviour is not known for certain it is a named switch:
//! see [`Crm::switch_table`].
//!
//! ```
//! use crm_sandbox::{Fault, FaultRule, Sandbox, When};
//!
//! # async fn example() -> Result<(), crm_sandbox::SandboxError> {
//! let sandbox = Sandbox::builder().seed(42).ghl_contacts(10).build();
//! sandbox.ghl().add_fault(FaultRule::new("contacts.create", When::Nth(1), Fault::ResetAfter));
//! let servers = sandbox.serve(0, 0).await?;
//! println!("{} {}", servers.ghl_url(), sandbox.ghl_token());
//! # servers.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! | you want | use |
//! | --- | --- |
//! | both servers on ports | [`Sandbox::serve`] |
//! | a server in process | [`Crm::router`] and [`ConnectionReset`] |
//! | to edit as a person would | [`Crm::contacts`] |
//! | something to go wrong | [`Crm::add_fault`] |
//! | to own the time | [`Clock::manual`] |
//! | late lists and searches | [`Crm::set_index_lag`] |
//! | a behaviour nobody confirmed | [`Crm::set_switch`] |
//!
//! Every method of [`Crm`] is also a route under `/_sandbox/` of its server.

mod allowance;
mod call;
mod clock;
mod control;
mod crm;
mod error;
mod faults;
mod ghl;
mod insightly;
mod reply;
mod router;
mod rows;
mod sandbox;
mod seed;
mod servers;
mod switches;
mod world;

pub use clock::Clock;
pub use crm::{Crm, Records};
pub use error::SandboxError;
pub use faults::{Fault, FaultRule, When};
pub use reply::ConnectionReset;
pub use sandbox::{Sandbox, SandboxBuilder};
pub use seed::SamePerson;
pub use servers::Servers;
pub use switches::Switch;
