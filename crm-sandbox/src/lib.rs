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
//! sandbox.ghl().add_fault(FaultRule::new("contacts.create", When::Nth(1), Fault::ResetAfter))?;
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
//! | to see what was written | [`Crm::keep_writes`], [`Crm::writes`] |
//! | late lists and searches | [`Crm::set_index_lag`] |
//! | a behaviour nobody confirmed | [`Crm::set_switch`] |
//! | merges, a recycle bin, workflows, webhooks, keys | [`Crm::order`] |
//!
//! # Over HTTP
//!
//! What [`Crm`] can do is also a route of its server, without a key, under
//! `/_sandbox/` and under `/_sandbox/ghl/` or `/_sandbox/insightly/`. In the place of
//! `contacts` stands any family that [`Crm::family`] knows.
//!
//! | route | body |
//! | --- | --- |
//! | `GET` | all of these, the families, and the operations |
//! | `GET state` | |
//! | `POST seed` | `{"seed": 42, "from": 0, "count": 10}` |
//! | `GET contacts`, `GET contacts/{id}` | |
//! | `POST contacts` | `{"firstName": "Ada"}`, in Insightly `{"FIRST_NAME": "Ada"}` |
//! | `PUT contacts/{id}` | `{"city": "Oslo", "phone": null}` |
//! | `DELETE contacts/{id}` | |
//! | `POST orders/{order}` | what [`Crm::order`] takes |
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
//! - GHL: `contacts.` with `list`, `create`, `search`, `find_duplicate`, `upsert`,
//!   `in_business`, `set_business`, `bulk_tags`, `get`, `update`, `delete`, `add_tags`,
//!   `remove_tags`, `add_followers`, `remove_followers`, `join_campaign`,
//!   `leave_campaign`, `leave_campaigns`, `join_workflow`, `leave_workflow`; `tasks.`,
//!   `notes.`, `businesses.`, `tags.`, `custom_fields.` with `list`, `create`, `get`,
//!   `update`, `delete`; `object_fields.` with the same, `folders.` with `create`,
//!   `update`, `delete`; `tasks.complete`, `tasks.search`, `appointments.list`,
//!   `appointments.get`, `events.list`, `calendars.list`, `locations.get`, `users.list`,
//!   `users.get`; `oauth.` with `consent`, `token`, `location_token`, `installed_locations`.
//! - Insightly: 343 operations, each named after its family and its call. The families are
//!   `contacts`, `organisations`, `leads`, `opportunities`, `projects`, `tasks`, `events`,
//!   `notes`, `emails`, `comments`, `file_attachments`, `milestones`,
//!   `opportunity_line_items`, `pricebooks`, `pipelines`, `pipeline_stages`,
//!   `task_categories`, `project_categories`, `opportunity_categories`,
//!   `file_categories`, `lead_sources`, `lead_statuses`, `users`, `teams`,
//!   `team_members`, `activity_sets`, `relationships`, `opportunity_state_reasons`,
//!   `document_templates` and the custom object `fruit__c`; the calls, where a family has
//!   them, `list`, `create`, `search`, `search_by_tag`, `get`, `update`, `delete`, and for
//!   parts `get_`, `add_`, `set_`, `update_` and `remove_` with `tags`, `dates`,
//!   `email_domains`, `links`, `notes`, `files`, `comments`, `image`, `image_field`,
//!   `line_items`, `milestones`, `member`, `pipeline`, `stage`, for example
//!   `contacts.get_tags` and `contacts.add_tag`; `get_tasks`, `get_events`, `get_emails`,
//!   `get_follow`, `follow`, `unfollow`, `assign_activity_set`, `merge_document`,
//!   `get_link_email_address`, `change_state`, `get_state_history`, `get_translations`.
//!   Besides `instance.get`, `permissions.get`, `countries.list`, `currencies.list`,
//!   `users.me`, `tags.list`, `follows.list`, `custom_fields.list`,
//!   `custom_fields.search`, `custom_objects.list`, `custom_objects.get`.
//! - Both: `unknown` for a request that means none of them.

mod allowance;
mod app;
mod call;
mod clock;
mod control;
mod crm;
mod delivery;
mod error;
mod faults;
mod ghl;
mod insightly;
mod outbox;
mod reply;
mod router;
mod rows;
mod sandbox;
mod seed;
mod servers;
mod switches;
mod world;
mod written;

pub use app::GhlApp;
pub use clock::Clock;
pub use crm::{Crm, Records};
pub use error::SandboxError;
pub use faults::{Fault, FaultRule, When};
pub use outbox::WebhookFault;
pub use reply::ConnectionReset;
pub use sandbox::{Sandbox, SandboxBuilder};
pub use seed::SamePerson;
pub use servers::Servers;
pub use switches::Switch;
pub use written::Written;
