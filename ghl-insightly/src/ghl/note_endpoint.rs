//! The GHL note client as the engine calls it.

use ghl_contacts::{Client, ContactId, Note, NoteEdit, NoteId};
use sync_core::{
    ConnectorError, Cursor, Endpoint, EndpointTraits, Feed, Head, Lane, Locator, NativePage,
    NativeReply, NativeSeen, Reason, RecordId, Ref, Target,
};

use super::{failure::record_error, parent};
use crate::contact::CONTACT;

/// One request about a note.
#[derive(Debug, Clone)]
pub enum GhlNoteCall {
    /// Makes it.
    Create {
        /// Whose note it is.
        contact: ContactId,
        /// The note.
        note: Box<NoteEdit>,
    },
    /// Changes it.
    Update(Box<NoteEdit>),
}

/// Notes of one location. There is no list of them: they are read contact by contact.
#[derive(Debug, Clone)]
pub struct GhlNotes {
    client: Client,
}

impl GhlNotes {
    /// Notes that this client may see.
    pub fn new(client: Client) -> Self {
        Self { client }
    }
}

/// The contact's routes need not say whose note it is.
fn under(mut note: Note, contact: &ContactId) -> Note {
    note.contact_id.get_or_insert_with(|| contact.clone());
    note
}

impl Endpoint for GhlNotes {
    type Native = Note;
    type Call = GhlNoteCall;

    fn traits(&self) -> EndpointTraits {
        EndpointTraits {
            feed: Feed::ByParent { parent: CONTACT },
            ..EndpointTraits::list()
        }
    }

    fn head(&self, note: &Note) -> Head {
        let contact = note.contact_id.as_ref();
        Head {
            id: RecordId::new(note.id.as_str()),
            locator: contact.map(|contact| Locator::new(contact.as_str())),
            stamp: None,
            created: note.date_added,
        }
    }

    async fn changes(
        &self,
        _lane: Lane,
        _from: Option<&Cursor>,
    ) -> Result<NativePage<Note>, ConnectorError> {
        Err(ConnectorError::unsupported("notes.list"))
    }

    async fn children(&self, parent: &Ref) -> Result<NativePage<Note>, ConnectorError> {
        let Some(contact) = parent::contact(parent) else {
            return Ok(NativePage::whole(Vec::new()));
        };
        let notes = self.client.contacts().notes(&contact).await;
        let notes = notes.map_err(|e| record_error(&e))?.into_iter();
        Ok(NativePage::whole(
            notes.map(|note| under(note, &contact)).collect(),
        ))
    }

    async fn fetch(&self, target: &Target) -> Result<Option<NativeSeen<Note>>, ConnectorError> {
        let (contact, id) = addressed(Some(target))?;
        match self.client.contacts().note(&contact, &id).await {
            Ok(note) => Ok(Some(under(note, &contact).into())),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(record_error(&error)),
        }
    }

    async fn send(
        &self,
        target: Option<&Target>,
        call: &GhlNoteCall,
    ) -> Result<NativeReply<Note>, ConnectorError> {
        let contacts = self.client.contacts();
        let (contact, note) = match call {
            GhlNoteCall::Create { contact, note } => {
                (contact.clone(), contacts.create_note(contact, note).await)
            }
            GhlNoteCall::Update(note) => {
                let (contact, id) = addressed(target)?;
                let note = contacts.update_note(&contact, &id, note).await;
                (contact, note)
            }
        };
        let note = under(note.map_err(|e| record_error(&e))?, &contact);
        Ok(NativeReply {
            target: Target {
                id: RecordId::new(note.id.as_str()),
                locator: Some(Locator::new(contact.as_str())),
            },
            native: Some(note),
            server_time: None,
        })
    }

    async fn delete(&self, target: &Target) -> Result<(), ConnectorError> {
        let (contact, id) = addressed(Some(target))?;
        let deleted = self.client.contacts().delete_note(&contact, &id).await;
        deleted.map_err(|e| record_error(&e))
    }
}

fn addressed(target: Option<&Target>) -> Result<(ContactId, NoteId), ConnectorError> {
    let known = target.and_then(|target| Some((target.locator.as_ref()?, &target.id)));
    let Some((contact, id)) = known else {
        let message = "the contact of the note is not known";
        return Err(ConnectorError::not_applied(
            "notes",
            Reason::NotFound,
            message,
        ));
    };
    Ok((ContactId::from(contact.as_str()), NoteId::from(id.as_str())))
}
