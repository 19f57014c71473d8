//! The Insightly contact client as the engine calls it.

use std::time::Duration;

use insightly::{Client, Contact, ContactId, ContactUpdate, NewContact, Tag};
use sync_core::{
    ConnectorError, Cursor, Endpoint, EndpointTraits, Head, Lane, MatchKey, NativePage,
    NativeReply, NativeSeen, NativesFound, RecordId, Stamp, Target,
};

use crate::{birth::born, contact::BY_EMAIL};

use super::record_feed::{RecordFeed, done, number, reply};

/// One request about a contact.
#[derive(Debug, Clone)]
pub enum InsightlyCall {
    /// Makes it.
    Create(Box<NewContact>),
    /// Changes it; the id is put in by the endpoint.
    Update(Box<ContactUpdate>),
    /// Adds a tag.
    AddTag(Tag),
    /// Removes a tag.
    RemoveTag(Tag),
}

/// Contacts of one instance.
#[derive(Debug, Clone)]
pub struct InsightlyContacts(RecordFeed<Contact>);

impl InsightlyContacts {
    /// `index_lag` is how far lists and searches may be behind the records.
    pub fn new(client: &Client, index_lag: Duration) -> Self {
        Self(RecordFeed::new(client.contacts(), index_lag))
    }
}

impl Endpoint for InsightlyContacts {
    type Native = Contact;
    type Call = InsightlyCall;

    fn traits(&self) -> EndpointTraits {
        self.0.traits().finds()
    }

    fn head(&self, contact: &Contact) -> Head {
        Head {
            id: RecordId::new(contact.id.0.to_string()),
            locator: None,
            stamp: contact.date_updated.map(Stamp),
            created: born(contact.date_created, contact.date_updated),
        }
    }

    async fn changes(
        &self,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<NativePage<Contact>, ConnectorError> {
        self.0.changes(lane, from).await
    }

    async fn fetch(&self, target: &Target) -> Result<Option<NativeSeen<Contact>>, ConnectorError> {
        self.0.fetch(target, ContactId).await
    }

    async fn find(&self, key: &MatchKey) -> Result<NativesFound<Contact>, ConnectorError> {
        match key.name == BY_EMAIL {
            true => self.0.find("EMAIL_ADDRESS", &key.value).await,
            false => Err(ConnectorError::unsupported("contacts.search")),
        }
    }

    async fn send(
        &self,
        target: Option<&Target>,
        call: &InsightlyCall,
    ) -> Result<NativeReply<Contact>, ConnectorError> {
        let contacts = self.0.records();
        if let InsightlyCall::Create(new) = call {
            return reply(contacts.create(new).await);
        }
        let target = target.ok_or_else(|| ConnectorError::unsupported("contacts.update"))?;
        let id = ContactId(number(target)?);
        match call {
            InsightlyCall::Create(_) => Err(ConnectorError::unsupported("contacts.create")),
            InsightlyCall::Update(update) => {
                let mut update = (**update).clone();
                update.id = id;
                reply(contacts.update(&update).await)
            }
            InsightlyCall::AddTag(tag) => done(contacts.add_tag(id, tag.clone()).await, target),
            InsightlyCall::RemoveTag(tag) => {
                done(contacts.remove_tag(id, tag.clone()).await, target)
            }
        }
    }

    async fn delete(&self, target: &Target) -> Result<(), ConnectorError> {
        self.0.delete(ContactId(number(target)?)).await
    }
}
