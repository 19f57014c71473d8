//! Tasks as both systems hold them.

pub(crate) mod due;
mod fields;

pub use fields::{ASSIGNEE, CONTACT_OF, DETAILS, DONE, DUE, TASK, TITLE};
