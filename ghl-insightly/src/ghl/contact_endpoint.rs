//! The GHL contact client as the engine calls it.

use std::time::Duration;

use ghl_contacts::{
    BusinessId, Client, Contact, ContactId, ContactQuery, ContactUpdate, Filter, LocationId,
    NewContact, Range, SearchAfter, SearchField, TimeKind,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sync_core::{
    ConnectorError, Coverage, Cursor, Endpoint, EndpointTraits, FeedCursor, Head, Lane, MatchKey,
    NativePage, NativeReply, NativeSeen, NativesFound, Reason, RecordId, Stamp, Target,
};

use super::{
    CompanyNames,
    failure::{connector_error, record_error},
};
use crate::{birth::born, contact::BY_EMAIL};

/// A contact, with what a search had to be asked apart.
#[derive(Debug, Clone, Hash)]
pub struct GhlContact {
    /// The contact.
    pub contact: Contact,
    /// Whether e-mail is off, where the row itself does not tell.
    pub email_dnd: Option<bool>,
}

/// One request about a contact.
#[derive(Debug, Clone)]
pub enum GhlCall {
    /// Makes it, with the name of its business, where it is to have that.
    Create(Box<NewContact>, Option<BusinessId>),
    /// Changes it.
    Update(Box<ContactUpdate>),
    /// Adds tags.
    AddTags(Vec<String>),
    /// Removes tags.
    RemoveTags(Vec<String>),
    /// Links it to a business, or to none.
    SetBusiness(Option<BusinessId>),
}

/// Contacts of one location.
#[derive(Debug, Clone)]
pub struct GhlContacts {
    client: Client,
    location: LocationId,
    index_lag: Duration,
    names: CompanyNames,
}

/// What search rows leave out.
const SEARCH_ROW: Coverage =
    Coverage::without(&["dndSettings", "additionalEmails", "additionalPhones"]);

/// Rows of a page: the API's maximum.
const PAGE: u32 = 500;

/// Inside a read: where the search goes on, and how many rows were seen.
#[derive(Serialize, Deserialize)]
struct Place {
    after: SearchAfter,
    seen: u64,
}

impl GhlContacts {
    /// `index_lag` is how far the search may be behind the records.
    pub fn new(client: Client, location: LocationId, index_lag: Duration) -> Self {
        Self {
            client,
            location,
            index_lag,
            names: CompanyNames::default(),
        }
    }

    /// What businesses are called is known from these, as far as they were seen.
    pub fn knowing(mut self, names: CompanyNames) -> Self {
        self.names = names;
        self
    }

    async fn create(
        &self,
        new: &NewContact,
        business: Option<&BusinessId>,
    ) -> Result<Contact, ghl_contacts::Error> {
        let contacts = self.client.contacts();
        let Some(business) = business else {
            return contacts.create(new).await;
        };
        let mut new = new.clone();
        new.company_name = match self.names.of(business) {
            Some(name) => Some(name),
            None => self.client.businesses().get(business).await?.name,
        };
        contacts.create(&new).await
    }

    /// Rows that appear within it are met by the next read; stamps and `Date` are cut apart.
    fn overlap(&self, lane: Lane) -> Duration {
        lane.overlap(self.index_lag * 2 + Duration::from_secs(2))
    }

    fn query(&self) -> ContactQuery {
        ContactQuery::in_location(&self.location).page_size(PAGE)
    }

    /// The feed's beginning: the server's time is all that is needed.
    async fn begin(&self, lane: Lane) -> Result<NativePage<GhlContact>, ConnectorError> {
        let query = ContactQuery::in_location(&self.location).page_size(1);
        let page = self.client.contacts().search_page(&query, None).await;
        let server_time = page.map_err(|e| connector_error(&e))?.server_time;
        let now = server_time.unwrap_or_else(Timestamp::now);
        Ok(NativePage {
            natives: Vec::new(),
            coverage: SEARCH_ROW,
            next: FeedCursor::at(now, self.overlap(lane)).to_cursor(),
            more: false,
            server_time,
        })
    }

    async fn page(
        &self,
        query: &ContactQuery,
        sorted_by: Sorted,
        cursor: FeedCursor,
        overlap: Duration,
    ) -> Result<NativePage<GhlContact>, ConnectorError> {
        let place = cursor.resume.as_deref().map(serde_json::from_str::<Place>);
        let place = place.transpose().map_err(|why| unreadable_place(&why))?;
        let after = place.as_ref().map(|place| &place.after);
        let page = self.client.contacts().search_page(query, after).await;
        let page = page.map_err(|e| connector_error(&e))?;
        let seen = place.map_or(0, |place| place.seen) + page.contacts.len() as u64;
        let all_seen = page.total.is_some_and(|total| seen >= total);
        let over = all_seen && page.contacts.len() < PAGE as usize;
        let resume = page
            .next
            .filter(|_| !over)
            .map(|after| Place { after, seen });
        let resume = resume.and_then(|place| serde_json::to_string(&place).ok());
        let server_time = page.server_time;
        let now = server_time.unwrap_or_else(Timestamp::now);
        Ok(NativePage {
            natives: self.with_opt_outs(page.contacts, sorted_by).await?,
            coverage: SEARCH_ROW,
            more: resume.is_some(),
            next: cursor.after_page(resume, now, overlap).to_cursor(),
            server_time,
        })
    }

    /// Search rows can lack `dndSettings`; the search can be asked who has e-mail off. One more
    /// request for a page that needs it, none for an empty one.
    async fn with_opt_outs(
        &self,
        contacts: Vec<Contact>,
        sorted_by: Sorted,
    ) -> Result<Vec<GhlContact>, ConnectorError> {
        let lacks = contacts
            .iter()
            .any(|contact| contact.dnd_settings.is_none());
        let stamps = contacts
            .iter()
            .filter_map(|contact| sorted_by.stamp(contact));
        let (first, last) = (stamps.clone().min(), stamps.max());
        let (true, Some(first), Some(last)) = (lacks, first, last) else {
            let whole = |contact| GhlContact {
                contact,
                email_dnd: None,
            };
            return Ok(contacts.into_iter().map(whole).collect());
        };
        let range = Range::new().at_least(first).at_most(last);
        let off =
            ["active", "permanent"].map(|status| Filter::eq("dndSettings.Email.status", status));
        let query = self
            .query()
            .filter(Filter::range(sorted_by.field(), range))
            .filter(Filter::any(off))
            .ascending(sorted_by.field());
        let mut opted_out = Vec::new();
        let mut after = None;
        loop {
            let page = self
                .client
                .contacts()
                .search_page(&query, after.as_ref())
                .await;
            let page = page.map_err(|e| connector_error(&e))?;
            let rows = page.contacts.len();
            opted_out.extend(page.contacts.into_iter().map(|contact| contact.id));
            after = page.next.filter(|_| rows == PAGE as usize);
            if after.is_none() {
                break;
            }
        }
        let annotated = |contact: Contact| GhlContact {
            email_dnd: Some(opted_out.contains(&contact.id)),
            contact,
        };
        Ok(contacts.into_iter().map(annotated).collect())
    }
}

/// By what a lane is ordered.
#[derive(Clone, Copy)]
enum Sorted {
    Updated,
    Added,
}

impl Sorted {
    fn field(self) -> SearchField<TimeKind> {
        match self {
            Self::Updated => SearchField::DATE_UPDATED,
            Self::Added => SearchField::DATE_ADDED,
        }
    }

    fn stamp(self, contact: &Contact) -> Option<Timestamp> {
        match self {
            Self::Updated => contact.date_updated,
            Self::Added => contact.date_added,
        }
    }
}

fn unreadable_place(why: &serde_json::Error) -> ConnectorError {
    let message = format!("the stored place in a search cannot be read: {why}");
    ConnectorError::not_applied("contacts.search", Reason::Other, message)
}

impl Endpoint for GhlContacts {
    type Native = GhlContact;
    type Call = GhlCall;

    fn traits(&self) -> EndpointTraits {
        EndpointTraits::changes(self.index_lag).finds()
    }

    fn head(&self, native: &GhlContact) -> Head {
        Head {
            id: RecordId::new(native.contact.id.as_str()),
            locator: None,
            stamp: native.contact.date_updated.map(Stamp),
            created: born(native.contact.date_added, native.contact.date_updated),
        }
    }

    async fn changes(
        &self,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<NativePage<GhlContact>, ConnectorError> {
        match (lane, from) {
            (Lane::Walk, from) => {
                let cursor = match from {
                    Some(cursor) => FeedCursor::parse(cursor)?,
                    None => FeedCursor::at(Timestamp::UNIX_EPOCH, Duration::ZERO),
                };
                let query = self.query().ascending(SearchField::DATE_ADDED);
                self.page(&query, Sorted::Added, cursor, self.overlap(lane))
                    .await
            }
            (Lane::Fast | Lane::Settled, None) => self.begin(lane).await,
            (Lane::Fast | Lane::Settled, Some(cursor)) => {
                let cursor = FeedCursor::parse(cursor)?;
                let since = Filter::updated_at_least(cursor.since);
                let query = self
                    .query()
                    .filter(since)
                    .ascending(SearchField::DATE_UPDATED);
                self.page(&query, Sorted::Updated, cursor, self.overlap(lane))
                    .await
            }
        }
    }

    async fn fetch(
        &self,
        target: &Target,
    ) -> Result<Option<NativeSeen<GhlContact>>, ConnectorError> {
        let id = ContactId::from(target.id.as_str());
        match self.client.contacts().get_with_time(&id).await {
            Ok(fetched) => Ok(Some(NativeSeen {
                native: whole(fetched.value),
                server_time: fetched.server_time,
            })),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(record_error(&error)),
        }
    }

    async fn find(&self, key: &MatchKey) -> Result<NativesFound<GhlContact>, ConnectorError> {
        if key.name != BY_EMAIL {
            return Err(ConnectorError::unsupported("contacts.search"));
        }
        let has_it = Filter::eq(SearchField::EMAIL, key.value.as_str());
        let query = self.query().filter(has_it);
        let page = self.client.contacts().search_page(&query, None).await;
        let found = page.map_err(|e| connector_error(&e))?.contacts;
        Ok(NativesFound {
            natives: self.with_opt_outs(found, Sorted::Updated).await?,
            coverage: SEARCH_ROW,
        })
    }

    async fn send(
        &self,
        target: Option<&Target>,
        call: &GhlCall,
    ) -> Result<NativeReply<GhlContact>, ConnectorError> {
        let contacts = self.client.contacts();
        let id = target.map(|target| ContactId::from(target.id.as_str()));
        let id = id.unwrap_or_else(|| ContactId::from(""));
        let native = match call {
            GhlCall::Create(new, business) => self.create(new, business.as_ref()).await.map(Some),
            GhlCall::Update(update) => contacts.update(&id, update).await.map(Some),
            GhlCall::AddTags(tags) => contacts.add_tags(&id, tags).await.map(|_| None),
            GhlCall::SetBusiness(business) => {
                let ids = std::slice::from_ref(&id);
                let set = contacts.set_business(&self.location, ids, business.as_ref());
                set.await.map(|_| None)
            }
            GhlCall::RemoveTags(tags) => contacts.remove_tags(&id, tags).await.map(|_| None),
        };
        let native = native.map_err(|e| record_error(&e))?;
        let id = native.as_ref().map_or(id, |contact| contact.id.clone());
        Ok(NativeReply {
            target: RecordId::new(id.as_str()).into(),
            native: native.map(whole),
            server_time: None,
        })
    }

    async fn delete(&self, target: &Target) -> Result<(), ConnectorError> {
        let id = ContactId::from(target.id.as_str());
        let deleted = self.client.contacts().delete(&id).await;
        deleted.map_err(|e| record_error(&e))
    }
}

fn whole(contact: Contact) -> GhlContact {
    GhlContact {
        contact,
        email_dnd: None,
    }
}
