//! The Insightly contact client as the engine calls it.

use std::time::Duration;

use insightly::{
    Client, Contact, ContactId, ContactUpdate, Cursor as PageCursor, ListQuery, NewContact, Page,
    SearchQuery, Tag,
};
use jiff::Timestamp;
use sync_core::{
    ConnectorError, Coverage, Cursor, Endpoint, EndpointTraits, Feed, FeedCursor, Head, Lane,
    NativePage, NativeReply, NativeSeen, Reason, RecordId, Stamp, Target,
};

use super::failure::connector_error;

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
pub struct InsightlyContacts {
    client: Client,
    index_lag: Duration,
}

impl InsightlyContacts {
    /// `index_lag` is how far lists and searches may be behind the records.
    pub fn new(client: Client, index_lag: Duration) -> Self {
        Self { client, index_lag }
    }

    /// Stamps are cut to the second, and the record is touched again a second after its creation.
    fn overlap(&self, lane: Lane) -> Duration {
        lane.overlap(self.index_lag * 2 + Duration::from_secs(3))
    }

    /// The feed's beginning: the server's time is all that is needed.
    async fn begin(&self, lane: Lane) -> Result<NativePage<Contact>, ConnectorError> {
        let query = SearchQuery::new()
            .brief()
            .page_size(1)
            .updated_after(Timestamp::now());
        let page = self
            .client
            .contacts()
            .search_page(&query, &PageCursor::start())
            .await;
        let server_time = page.map_err(|e| connector_error(&e))?.server_time;
        let now = server_time.unwrap_or_else(Timestamp::now);
        Ok(NativePage {
            natives: Vec::new(),
            coverage: Coverage::WHOLE,
            next: FeedCursor::at(now, self.overlap(lane)).to_cursor(),
            more: false,
            server_time,
        })
    }

    fn native_page(
        &self,
        page: Page<Contact>,
        cursor: FeedCursor,
        overlap: Duration,
    ) -> Result<NativePage<Contact>, ConnectorError> {
        for row in &page.unreadable {
            tracing::warn!(
                id = row.id,
                path = row.path,
                "a contact cannot be read and is left alone"
            );
        }
        let resume = page.next.as_ref().map(serde_json::to_string);
        let resume = resume.transpose().map_err(|why| unreadable_place(&why))?;
        let now = page.server_time.unwrap_or_else(Timestamp::now);
        Ok(NativePage {
            natives: page.items,
            coverage: Coverage::WHOLE,
            more: resume.is_some(),
            next: cursor.after_page(resume, now, overlap).to_cursor(),
            server_time: page.server_time,
        })
    }
}

fn place(cursor: &FeedCursor) -> Result<PageCursor, ConnectorError> {
    match cursor.resume.as_deref() {
        None => Ok(PageCursor::start()),
        Some(text) => serde_json::from_str(text).map_err(|why| unreadable_place(&why)),
    }
}

fn unreadable_place(why: &serde_json::Error) -> ConnectorError {
    let message = format!("the stored place in a list cannot be read: {why}");
    ConnectorError::not_applied("contacts.search", Reason::Other, message)
}

impl Endpoint for InsightlyContacts {
    type Native = Contact;
    type Call = InsightlyCall;

    fn traits(&self) -> EndpointTraits {
        EndpointTraits {
            feed: Feed::Changes,
            stamps: true,
            index_lag: self.index_lag,
            finds: false,
            sees_all: true,
        }
    }

    fn head(&self, contact: &Contact) -> Head {
        Head {
            id: RecordId::new(contact.id.0.to_string()),
            locator: None,
            stamp: contact.date_updated.map(Stamp),
            created: contact.date_created,
        }
    }

    async fn changes(
        &self,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<NativePage<Contact>, ConnectorError> {
        let contacts = self.client.contacts();
        match (lane, from) {
            (Lane::Walk, from) => {
                let cursor = match from {
                    Some(cursor) => FeedCursor::parse(cursor)?,
                    None => FeedCursor::at(Timestamp::UNIX_EPOCH, Duration::ZERO),
                };
                let page = contacts
                    .list_page(&ListQuery::new(), &place(&cursor)?)
                    .await;
                self.native_page(
                    page.map_err(|e| connector_error(&e))?,
                    cursor,
                    self.overlap(lane),
                )
            }
            (Lane::Fast | Lane::Settled, None) => self.begin(lane).await,
            (Lane::Fast | Lane::Settled, Some(cursor)) => {
                let cursor = FeedCursor::parse(cursor)?;
                let query = SearchQuery::new().updated_after(cursor.since);
                let page = contacts.search_page(&query, &place(&cursor)?).await;
                self.native_page(
                    page.map_err(|e| connector_error(&e))?,
                    cursor,
                    self.overlap(lane),
                )
            }
        }
    }

    async fn fetch(&self, target: &Target) -> Result<Option<NativeSeen<Contact>>, ConnectorError> {
        let found = self.client.contacts().get_opt(id(target)?).await;
        let found = found.map_err(|e| connector_error(&e))?;
        Ok(found.map(|fetched| NativeSeen {
            native: fetched.value,
            server_time: fetched.server_time,
        }))
    }

    async fn send(
        &self,
        target: Option<&Target>,
        call: &InsightlyCall,
    ) -> Result<NativeReply<Contact>, ConnectorError> {
        let contacts = self.client.contacts();
        if let InsightlyCall::Create(new) = call {
            let created = contacts
                .create(new)
                .await
                .map_err(|e| connector_error(&e))?;
            return Ok(NativeReply {
                target: RecordId::new(created.value.id.0.to_string()).into(),
                native: Some(created.value),
                server_time: created.server_time,
            });
        }
        let target = target.ok_or_else(|| ConnectorError::unsupported("contacts.update"))?;
        let id = id(target)?;
        let changed = match call {
            InsightlyCall::Update(update) => {
                let mut update = (**update).clone();
                update.id = id;
                contacts.update(&update).await.map(Some)
            }
            InsightlyCall::AddTag(tag) => contacts.add_tag(id, tag.clone()).await.map(|()| None),
            InsightlyCall::RemoveTag(tag) => {
                contacts.remove_tag(id, tag.clone()).await.map(|()| None)
            }
            InsightlyCall::Create(_) => Ok(None),
        };
        let changed = changed.map_err(|e| connector_error(&e))?;
        Ok(NativeReply {
            target: target.clone(),
            server_time: changed.as_ref().and_then(|fetched| fetched.server_time),
            native: changed.map(|fetched| fetched.value),
        })
    }

    async fn delete(&self, target: &Target) -> Result<(), ConnectorError> {
        let deleted = self.client.contacts().delete(id(target)?).await;
        deleted.map_err(|e| connector_error(&e))
    }
}

fn id(target: &Target) -> Result<ContactId, ConnectorError> {
    let number = target.id.as_str().parse().map(ContactId);
    number.map_err(|_| {
        let message = format!("`{}` is no contact id of Insightly", target.id);
        ConnectorError::not_applied("contacts", Reason::NotFound, message)
    })
}
