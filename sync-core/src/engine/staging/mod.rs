//! Making the plan: what is to be done about each dirty record, and what is not.

pub(super) mod ahead;
pub(super) mod backlog;
mod blanked;
pub(super) mod blocker;
pub(super) mod claim;
pub(super) mod entry;
pub(super) mod equal;
pub(super) mod heir;
pub(super) mod reference;
pub(super) mod rival;
pub(super) mod scope;
pub(super) mod stage;
pub(super) mod step;
pub(super) mod tombstone;
