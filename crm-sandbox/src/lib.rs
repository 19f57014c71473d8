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
//! # Over HTTP
//!
//! What [`Crm`] can do is also a route of its server, without a key:
//!
//! | route under `/_sandbox/` | body |
//! | --- | --- |
//! | `GET state` | |
//! | `POST seed` | `{"seed": 42, "from": 0, "count": 10}` |
//! | `GET contacts`, `GET contacts/{id}` | |
//! | `POST contacts` | `{"firstName": "Ada"}`, in Insightly `{"FIRST_NAME": "Ada"}` |
//! | `PUT contacts/{id}` | `{"city": "Oslo", "phone": null}` |
//! | `DELETE contacts/{id}` | |
//! | `GET requests`, `DELETE requests` | |
//! | `GET clock` | |
//! | `POST clock` | `{"advance_ms": 5000}` or `{"set": "2026-04-09T12:00:00Z"}` |
//! | `GET faults`, `DELETE faults` | |
//! | `POST faults` | `{"operation": "contacts.create", "when": {"nth": 2}, "times": 1, "fault": "reset_after"}` |
//! | `GET switches` | |
//! | `PUT switches` | `{"email_case": "lower"}` |
//! | `PUT settings` | `{"rate_limits": true, "index_lag_ms": 5000, "rate": {"burst": 25, "window_ms": 10000, "daily": 10000}}` |
//!
//! # Operations
//!
//! Names for counts and faults.
//!
//! - GHL: `contacts.` with `list`, `create`, `search`, `find_duplicate`, `get`,
//!   `update`, `delete`, `add_tags`, `remove_tags`; `locations.get`,
//!   `custom_fields.list`, `tags.list`, `users.list`.
//! - Insightly: `contacts.` and `organisations.` with `list`, `create`, `search`,
//!   `search_by_tag`, `get`, `update`, `delete`, `get_tags`, `add_tag`, `set_tags`,
//!   `remove_tag`, `get_dates`, `set_dates`, `get_links`, `add_link`, `update_link`,
//!   `remove_link`; `instance.get`, `countries.list`, `users.list`, `users.me`,
//!   `tags.list`, `custom_fields.list`.
//! - Both: `unknown` for a request that means none of them.

mod allowance;
mod call;
mod clock;
mod control;
mod crm;
mod error;
mod faults;
mod ghl;
mod insightly;
mod letter;
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
pub use letter::WebhookFault;
pub use reply::ConnectionReset;
pub use sandbox::{Sandbox, SandboxBuilder};
pub use seed::SamePerson;
pub use servers::Servers;
pub use switches::Switch;
