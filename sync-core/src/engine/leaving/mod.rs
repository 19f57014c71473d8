//! Records that are missing, and what follows from it.

pub(super) mod absence;
pub(super) mod below;
pub(super) mod delete;
pub(super) mod with_parent;
