//! Notes of a contact.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    contacts::{Contacts, operations},
    error::Result,
    ids::{ContactId, NoteId, UserId},
    record::{nested, record},
    succeeded::Succeeded,
};

record! {
    /// A note. It carries no stamp of its last change.
    pub struct Note {
        /// The id.
        pub id: NoteId = "id" from ["id", "_id"],
        /// The text. May hold markup when it was written in the dashboard: not confirmed.
        pub body: Option<String> = "body",
        /// The author.
        pub user_id: Option<UserId> = "userId",
        /// When it was written.
        pub date_added: Option<Timestamp> = "dateAdded",
        /// The contact.
        pub contact_id: Option<ContactId> = "contactId",
        /// The title.
        pub title: Option<String> = "title",
        /// The colour, e.g. `#FFAA00`.
        pub color: Option<String> = "color",
        /// Whether it is kept on top.
        pub pinned: Option<bool> = "pinned",
    }
}
nested!(Note);

/// A note to create or to change; in a change, what is not set stays.
///
/// ```
/// use ghl_contacts::NoteEdit;
/// let note = NoteEdit::body("Called, will call back").title("Follow-up").pinned(true);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NoteEdit {
    /// The text; required in a new note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The author; the owner of the token if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The colour, e.g. `#FFAA00`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Whether it is kept on top.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned: Option<bool>,
}

impl NoteEdit {
    /// Changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A note with this text.
    pub fn body(body: impl Into<String>) -> Self {
        Self {
            body: Some(body.into()),
            ..Self::default()
        }
    }

    /// Sets the author.
    pub fn user_id(mut self, user: impl Into<UserId>) -> Self {
        self.user_id = Some(user.into());
        self
    }

    /// Sets the title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Sets the colour, e.g. `#FFAA00`.
    pub fn color(mut self, color: impl Into<String>) -> Self {
        self.color = Some(color.into());
        self
    }

    /// Keeps it on top, or not.
    pub fn pinned(mut self, pinned: bool) -> Self {
        self.pinned = Some(pinned);
        self
    }
}

#[derive(Deserialize)]
struct Reply {
    note: Note,
}

#[derive(Deserialize)]
struct ListReply {
    #[serde(default)]
    notes: Vec<Note>,
}

impl Contacts {
    /// All notes of a contact, newest first, in one answer. There is no list of a
    /// location's notes.
    ///
    /// Scope: `contacts.readonly`.
    pub async fn notes(&self, contact: &ContactId) -> Result<Vec<Note>> {
        let op = operations::NOTES.of([contact.as_str()]);
        Ok(self.client.send::<ListReply>(op).await?.notes)
    }

    /// Reads a note.
    ///
    /// Scope: `contacts.readonly`.
    pub async fn note(&self, contact: &ContactId, id: &NoteId) -> Result<Note> {
        let op = operations::NOTE.of([contact.as_str(), id.as_str()]);
        Ok(self.client.send::<Reply>(op).await?.note)
    }

    /// Creates a note.
    ///
    /// Scope: `contacts.write`. Not repeatable.
    pub async fn create_note(&self, contact: &ContactId, note: &NoteEdit) -> Result<Note> {
        let op = operations::CREATE_NOTE.of([contact.as_str()]).json(note);
        Ok(self.client.send::<Reply>(op).await?.note)
    }

    /// Changes a note.
    ///
    /// Scope: `contacts.write`. Repeatable.
    pub async fn update_note(
        &self,
        contact: &ContactId,
        id: &NoteId,
        note: &NoteEdit,
    ) -> Result<Note> {
        let op = operations::UPDATE_NOTE
            .of([contact.as_str(), id.as_str()])
            .json(note);
        Ok(self.client.send::<Reply>(op).await?.note)
    }

    /// Deletes a note.
    ///
    /// Scope: `contacts.write`. Repeatable.
    pub async fn delete_note(&self, contact: &ContactId, id: &NoteId) -> Result<()> {
        let op = operations::DELETE_NOTE.of([contact.as_str(), id.as_str()]);
        self.client.send::<Succeeded>(op).await.map(drop)
    }
}
