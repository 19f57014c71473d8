//! The sandbox as its callers meet it: mostly in process, sometimes over sockets.

#![expect(clippy::unwrap_used, reason = "a broken test ends with a panic")]

mod desk;
mod faults;
mod ghl_bulk;
mod ghl_businesses;
mod ghl_contacts;
mod ghl_location;
mod ghl_notes;
mod ghl_oauth;
mod ghl_port;
mod ghl_search;
mod ghl_steering;
mod ghl_tasks;
mod ghl_webhooks;
mod insightly_activities;
mod insightly_contacts;
mod insightly_hand;
mod insightly_lists;
mod insightly_operations;
mod insightly_shapes;
mod insightly_switches;
mod insightly_traps;
mod insightly_webhooks;
mod seeding;
mod sockets;
mod steering;
