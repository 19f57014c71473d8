//! What people do and ask for beside the cycles.

pub(super) mod approved;
pub(super) mod forget;
pub(super) mod hand;
pub(super) mod twins;
pub(super) mod undo;
