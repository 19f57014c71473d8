//! Notes.

use jiff::Timestamp;

use crate::{
    client::Client,
    ids::{NoteId, UserId},
    link::Link,
    model::record,
    records::Records,
    shape::family,
    shapes::{
        changed, changed_if, commented, deleted, followed, linked, listed, read_by_id, searched,
        takes_files, with_files,
    },
};

record! {
    /// A note. What it is about shows in its links.
    Note(id: NoteId = "NOTE_ID");

    /// What a note is made of. It is made below what it is about:
    /// `client.contacts().add_note(id, &NewNote::new("Call").body("…"))`.
    NewNote;

    /// What is changed of a note.
    NoteUpdate;

    required {
        /// The title: required.
        title: String = "TITLE" [255],
    }
    writable {
        /// The text, as HTML. Whether the server tidies it is not confirmed.
        body: String = "BODY",
    }
    lists {}
    on_create {}
    read {
        /// Links to other records: what it is about.
        links: Vec<Link> = "LINKS",
        /// When it was made.
        date_created: Timestamp = "DATE_CREATED_UTC",
        /// When it was last changed, to the second.
        date_updated: Timestamp = "DATE_UPDATED_UTC",
        /// The user who owns it.
        owner_user_id: UserId = "OWNER_USER_ID",
    }
}

family!(
    Note, "notes", "/Notes":
    listed, searched, read_by_id, changed(Update = NoteUpdate), changed_if, deleted,
    linked, commented, followed, with_files, takes_files,
);

impl Client {
    /// The notes of all records; one is made below its record, e.g. by `contacts().add_note(…)`.
    pub fn notes(&self) -> Records<Note> {
        Records::new(self)
    }
}
