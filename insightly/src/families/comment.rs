//! Comments on tasks, notes and e-mails.

use jiff::Timestamp;

use crate::{
    client::Client,
    ids::{CommentId, EmailId, NoteId, TaskId, UserId},
    model::record,
    records::Records,
    shape::family,
    shapes::{changed, deleted, takes_files, with_files},
};

record! {
    /// A comment. It is read and made below what it is about.
    Comment(id: CommentId = "COMMENT_ID");

    /// What a comment is made of: `client.tasks().add_comment(id, &NewComment::new("Done"))`.
    NewComment;

    /// What is changed of a comment.
    CommentUpdate;

    required {
        /// The text.
        body: String = "BODY",
    }
    writable {
        /// The user who wrote it.
        owner_user_id: UserId = "OWNER_USER_ID",
    }
    lists {}
    on_create {}
    read {
        /// When it was made.
        date_created: Timestamp = "DATE_CREATED_UTC",
        /// When it was last changed.
        date_updated: Timestamp = "DATE_UPDATED_UTC",
        /// The note it is about.
        note_id: NoteId = "NOTE_ID",
        /// The task it is about.
        task_id: TaskId = "TASK_ID",
        /// The e-mail it is about.
        email_id: EmailId = "EMAIL_ID",
    }
}

family!(
    Comment, "comments", "/Comments":
    changed(Update = CommentUpdate), deleted, with_files, takes_files,
);

impl Client {
    /// Comments by their ids; they are listed and made below what they are about.
    pub fn comments(&self) -> Records<Comment> {
        Records::new(self)
    }
}
