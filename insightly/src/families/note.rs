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
    #[derive(Hash)]
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

/// A comment as the older way to comment on notes shows it. What it shows is not
/// confirmed: the description says a note, its words say a comment.
#[cfg(feature = "comments")]
mod older_comment {
    use jiff::Timestamp;

    use crate::{
        ids::{CommentId, NoteId, UserId},
        model::part,
    };

    part! {
        /// A comment on a note, read by the older calls.
        NoteComment
        {
            /// Its id, where told.
            id: CommentId = "COMMENT_ID",
            /// The note, or an id of the comment's own.
            note_id: NoteId = "NOTE_ID",
            /// A title, where there is one.
            title: String = "TITLE",
            /// The text.
            body: String = "BODY",
            /// The user who wrote it.
            owner_user_id: UserId = "OWNER_USER_ID",
            /// When it was made.
            date_created: Timestamp = "DATE_CREATED_UTC",
            /// When it was last changed.
            date_updated: Timestamp = "DATE_UPDATED_UTC",
        }
    }
}

#[cfg(feature = "comments")]
pub use older_comment::NoteComment;

#[cfg(feature = "comments")]
pub(crate) mod older_comments {
    use super::{Note, NoteComment};
    use crate::{
        error::Result,
        families::comment::{CommentUpdate, NewComment},
        ids::{CommentId, NoteId},
        one_or_many,
        records::Records,
        shape::calls,
    };

    calls! { "notes":
        LIST: get "older_comments" "/Notes/{id}/Comment" [400 401 403 404];
        ADD: post "add_older_comment" "/Notes/{id}/Comment" [400 401 403 404];
        UPDATE: put "update_older_comment" "/Notes/{id}/Comment" [400 401 403 404];
        DELETE: delete "delete_older_comment" "/Notes/{id}/Comment/{childEntityId}" [401 403 404 417];
    }

    impl Records<Note> {
        /// The comments on a note, by the older of two ways; prefer
        /// [`comments`](Records::comments).
        pub async fn older_comments(&self, id: NoteId) -> Result<Vec<NoteComment>> {
            let op = self.op(&LIST, &[&id.to_string()]);
            self.client().send(op).await
        }

        /// Comments on a note by the older way; prefer [`add_comment`](Records::add_comment).
        pub async fn add_older_comment(
            &self,
            id: NoteId,
            comment: &NewComment,
        ) -> Result<Vec<NoteComment>> {
            let op = self.op_with(&ADD, &[&id.to_string()], comment)?;
            self.client().send(op).await.map(one_or_many::into_vec)
        }

        /// Changes a comment by the older way; prefer `client.comments().update(…)`.
        pub async fn update_older_comment(
            &self,
            id: NoteId,
            update: &CommentUpdate,
        ) -> Result<Vec<NoteComment>> {
            let op = self.op_with(&UPDATE, &[&id.to_string()], update)?;
            self.client().send(op).await.map(one_or_many::into_vec)
        }

        /// Deletes a comment by the older way; prefer `client.comments().delete(…)`.
        pub async fn delete_older_comment(&self, id: NoteId, comment: CommentId) -> Result<()> {
            let op = self.op(&DELETE, &[&id.to_string(), &comment.to_string()]);
            self.client().send_unit(op).await
        }
    }
}

impl Client {
    /// The notes of all records; one is made below its record, e.g. by `contacts().add_note(…)`.
    pub fn notes(&self) -> Records<Note> {
        Records::new(self)
    }
}
