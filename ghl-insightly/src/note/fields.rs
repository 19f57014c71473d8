//! The canonical fields of a note. Whose it is says [`CONTACT_OF`](crate::task::CONTACT_OF).

use sync_core::{Field, Kind, Lines, PartialDate};

/// Notes of contacts.
pub const NOTE: Kind = Kind::from_static("note");

/// The text, without markup and without the footer of a copy.
pub static TEXT: Field<Lines> = Field::new("text");
/// The title.
pub static NOTE_TITLE: Field<String> = Field::new("note_title");
/// The name of who wrote it. Told to a new copy, in its footer.
pub static AUTHOR: Field<String> = Field::new("author");
/// The day it was written, in the location's zone. Told to a new copy, in its footer.
pub static WRITTEN: Field<PartialDate> = Field::new("written");
/// The system in which it was written, where the day is known: what shows another one than was sent
/// is no copy of ours. Told to a new copy, in its footer.
pub static WRITTEN_IN: Field<String> = Field::new("written_in");
