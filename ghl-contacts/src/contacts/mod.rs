//! Contacts, and what hangs on them.

pub(crate) mod appointments;
mod automation;
mod bulk;
mod coverage;
mod duplicate;
mod filter;
mod followers;
mod list;
mod model;
mod new;
mod notes;
pub(crate) mod operations;
mod query;
mod search;
mod search_field;
mod search_stream;
mod tags;
mod tasks;
mod update;
mod upsert;

pub use bulk::{BulkTagResult, BulkTags, MAX_BUSINESS_CHANGE, TagChange};
pub use coverage::{ContactField, Route};
pub use duplicate::DuplicateKey;
pub use filter::{Filter, FilterValue, Range};
pub use followers::Followers;
pub use list::{ListAfter, ListMeta, ListPage};
pub use model::{AdditionalEmail, AdditionalPhone, Contact};
pub use new::NewContact;
pub use notes::{Note, NoteEdit};
pub use query::{ContactQuery, MAX_PAGE_SIZE};
pub use search::{SearchAfter, SearchPage};
pub use search_field::{
    AnyKind, ContainsText, Equals, FieldKind, FlagKind, IntoField, Ordered, SearchField, TextKind,
    TimeKind,
};
pub use search_stream::ContactSearch;
pub use tasks::{NewTask, Task, TaskUpdate};
pub use update::ContactUpdate;
pub use upsert::{IfDuplicate, Upserted};

use serde::Deserialize;

use crate::{
    client::Client, error::Result, fetched::Fetched, ids::ContactId, succeeded::Succeeded,
};

/// The calls about contacts; made by [`Client::contacts`]. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Contacts {
    client: Client,
}

#[derive(Deserialize)]
struct Reply {
    /// Boxed on the way: a contact is 2.8 KB, and every layer would copy it.
    contact: Box<Contact>,
}

impl Contacts {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Reads a contact. A missing one is an error
    /// ([`is_not_found`](api_transport::ApiError::is_not_found)).
    ///
    /// Scope: `contacts.readonly`. Shows what [`Route::Get`] covers.
    pub async fn get(&self, id: &ContactId) -> Result<Contact> {
        let op = operations::GET.of([id.as_str()]);
        Ok(*self.client.send::<Reply>(op).await?.contact)
    }

    /// Reads a contact; "not found" is an answer here.
    ///
    /// Scope: `contacts.readonly`.
    pub async fn get_opt(&self, id: &ContactId) -> Result<Option<Contact>> {
        match self.get(id).await {
            Err(error) if error.is_not_found() => Ok(None),
            result => result.map(Some),
        }
    }

    /// Reads a contact, and tells the server's time of the answer.
    ///
    /// Scope: `contacts.readonly`.
    pub async fn get_with_time(&self, id: &ContactId) -> Result<Fetched<Contact>> {
        let op = operations::GET.of([id.as_str()]);
        let fetched = self.client.send_timed::<Reply>(op).await?;
        Ok(fetched.map(|reply| *reply.contact))
    }

    /// Creates a contact.
    ///
    /// Scope: `contacts.write`. Not repeatable. Shows what [`Route::Create`] covers. Besides
    /// the location it wants at least one more field. Where the location forbids duplicates,
    /// one is refused with [`ErrorKind::Duplicate`](crate::ErrorKind::Duplicate). Also makes
    /// a conversation, and may start the location's workflows.
    pub async fn create(&self, contact: &NewContact) -> Result<Contact> {
        let op = operations::CREATE.of([]).json(contact);
        Ok(*self.client.send::<Reply>(op).await?.contact)
    }

    /// Changes the fields that the update names, and gives the contact as it is now.
    ///
    /// Scope: `contacts.write`. Repeatable. Shows what [`Route::Get`] covers. Tags in the
    /// update replace the whole set. Like a create it can be refused as a duplicate.
    pub async fn update(&self, id: &ContactId, update: &ContactUpdate) -> Result<Contact> {
        let op = operations::UPDATE.of([id.as_str()]).json(update);
        Ok(*self.client.send::<Reply>(op).await?.contact)
    }

    /// Deletes a contact. Its tasks may stay; it can be restored in the dashboard for 60 days.
    ///
    /// Scope: `contacts.write`. Repeatable.
    pub async fn delete(&self, id: &ContactId) -> Result<()> {
        let op = operations::DELETE.of([id.as_str()]);
        self.client.send::<Succeeded>(op).await.map(drop)
    }
}
