//! The Insightly note client as the engine calls it.

use std::time::Duration;

use insightly::{ChildQuery, Client, ContactId, NewNote, Note, NoteId, NoteUpdate};
use sync_core::{
    ConnectorError, Cursor, Endpoint, EndpointTraits, Head, Lane, NativePage, NativeReply,
    NativeSeen, RecordId, Ref, Stamp, Target,
};

use crate::birth::born;

use super::{
    parent,
    record_feed::{RecordFeed, number, reply},
};

/// One request about a note.
#[derive(Debug, Clone)]
pub enum InsightlyNoteCall {
    /// Makes it.
    Create {
        /// Whose note it is.
        contact: ContactId,
        /// The note.
        note: Box<NewNote>,
    },
    /// Changes it; the id is put in by the endpoint.
    Update(Box<NoteUpdate>),
}

/// Notes of one instance.
#[derive(Debug, Clone)]
pub struct InsightlyNotes {
    feed: RecordFeed<Note>,
    client: Client,
}

impl InsightlyNotes {
    /// `index_lag` is how far lists and searches may be behind the records.
    pub fn new(client: &Client, index_lag: Duration) -> Self {
        Self {
            feed: RecordFeed::new(client.notes(), index_lag),
            client: client.clone(),
        }
    }
}

impl Endpoint for InsightlyNotes {
    type Native = Note;
    type Call = InsightlyNoteCall;

    fn traits(&self) -> EndpointTraits {
        self.feed.traits()
    }

    fn head(&self, note: &Note) -> Head {
        Head {
            id: RecordId::new(note.id.0.to_string()),
            locator: None,
            stamp: note.date_updated.map(Stamp),
            created: born(note.date_created, note.date_updated),
        }
    }

    async fn changes(
        &self,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<NativePage<Note>, ConnectorError> {
        self.feed.changes(lane, from).await
    }

    async fn children(&self, parent: &Ref) -> Result<NativePage<Note>, ConnectorError> {
        let Some(contact) = parent::contact(parent) else {
            return Ok(NativePage::whole(Vec::new()));
        };
        let notes = self.client.contacts().notes(contact, &ChildQuery::new());
        RecordFeed::children(notes).await
    }

    async fn fetch(&self, target: &Target) -> Result<Option<NativeSeen<Note>>, ConnectorError> {
        self.feed.fetch(target, NoteId).await
    }

    async fn send(
        &self,
        target: Option<&Target>,
        call: &InsightlyNoteCall,
    ) -> Result<NativeReply<Note>, ConnectorError> {
        match call {
            InsightlyNoteCall::Create { contact, note } => {
                reply(self.client.contacts().add_note(*contact, note).await)
            }
            InsightlyNoteCall::Update(update) => {
                let target = target.ok_or_else(|| ConnectorError::unsupported("notes.update"))?;
                let mut update = (**update).clone();
                update.id = NoteId(number(target)?);
                reply(self.feed.records().update(&update).await)
            }
        }
    }

    async fn delete(&self, target: &Target) -> Result<(), ConnectorError> {
        self.feed.delete(NoteId(number(target)?)).await
    }
}
