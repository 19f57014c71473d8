//! The canonical fields of a task.

use sync_core::{Email, Field, Kind, Lines, PartialDate, Ref};

/// Tasks of contacts.
pub const TASK: Kind = Kind::from_static("task");

/// What is to be done.
pub static TITLE: Field<String> = Field::new("title");
/// More about it.
pub static DETAILS: Field<Lines> = Field::new("details");
/// Whether it is done. Never `false`: an open task is blank here.
pub static DONE: Field<bool> = Field::new("done");
/// The day it is due, in the location's zone.
pub static DUE: Field<PartialDate> = Field::new("due");
/// The e-mail address of the user who shall do it.
pub static ASSIGNEE: Field<Email> = Field::new("assignee");
/// The contact that a task or note belongs to.
pub static CONTACT_OF: Field<Ref> = Field::new("contact");
