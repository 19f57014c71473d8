//! One call for many contacts.

use serde::{Deserialize, Serialize};

use crate::{
    contacts::{Contacts, operations},
    error::Result,
    ids::{BusinessId, ContactId, LocationId},
    record::{nested, record},
};

/// What a bulk call does to tags.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TagChange {
    /// Adds these; those already there stay.
    Add(Vec<String>),
    /// Removes these.
    Remove(Vec<String>),
    /// Removes every tag.
    RemoveAll,
}

impl TagChange {
    /// Adds these tags.
    pub fn add(tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::Add(tags.into_iter().map(Into::into).collect())
    }

    /// Removes these tags.
    pub fn remove(tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::Remove(tags.into_iter().map(Into::into).collect())
    }

    const fn path_part(&self) -> &'static str {
        match self {
            Self::Add(_) => "add",
            Self::Remove(_) | Self::RemoveAll => "remove",
        }
    }

    fn tags(&self) -> &[String] {
        match self {
            Self::Add(tags) | Self::Remove(tags) => tags,
            Self::RemoveAll => &[],
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TagsBody<'a> {
    contacts: &'a [ContactId],
    tags: &'a [String],
    location_id: &'a LocationId,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    remove_all_tags: bool,
}

record! {
    /// What a bulk tag call did. Look at each result: some contacts can fail alone.
    pub struct BulkTags {
        /// Whether it worked.
        pub succeeded: Option<bool> = "succeded" from ["succeded", "succeeded"],
        /// How many contacts failed.
        pub error_count: Option<i64> = "errorCount",
        /// One result for each contact.
        pub responses: Option<Vec<BulkTagResult>> = "responses",
    }
}

record! {
    /// What a bulk tag call did to one contact.
    pub struct BulkTagResult {
        /// The contact.
        pub contact_id: Option<ContactId> = "contactId",
        /// E.g. `Tags updated`, `contact is deleted`, `contact does not belong to location`.
        pub message: Option<String> = "message",
        /// `success` or `error`.
        pub kind: Option<String> = "type",
        /// The tags before.
        pub old_tags: Option<Vec<String>> = "oldTags",
        /// The tags that were added.
        pub tags_added: Option<Vec<String>> = "tagsAdded",
        /// The tags that were removed.
        pub tags_removed: Option<Vec<String>> = "tagsRemoved",
    }
}
nested!(BulkTagResult);

impl BulkTags {
    /// The contacts that failed, with the API's reason.
    pub fn failed(&self) -> impl Iterator<Item = &BulkTagResult> {
        let results = self.responses.as_deref().unwrap_or_default();
        results
            .iter()
            .filter(|result| result.kind.as_deref() == Some("error"))
    }
}

/// The most contacts of one [`Contacts::set_business`].
pub const MAX_BUSINESS_CHANGE: usize = 50;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BusinessBody<'a> {
    location_id: &'a LocationId,
    ids: &'a [ContactId],
    business_id: Option<&'a BusinessId>,
}

#[derive(Deserialize)]
struct BusinessReply {
    #[serde(default)]
    ids: Vec<ContactId>,
}

impl Contacts {
    /// Changes the tags of many contacts. No maximum is published.
    ///
    /// Scope: none documented; probably `contacts.write`. Repeatable.
    pub async fn bulk_tags(
        &self,
        location: &LocationId,
        contacts: &[ContactId],
        change: &TagChange,
    ) -> Result<BulkTags> {
        let body = TagsBody {
            contacts,
            tags: change.tags(),
            location_id: location,
            remove_all_tags: *change == TagChange::RemoveAll,
        };
        let op = operations::BULK_TAGS.of([change.path_part()]).json(&body);
        self.client.send(op).await
    }

    /// Links contacts to a business, or to none. Gives the contacts that were changed.
    ///
    /// Scope: none documented; probably `contacts.write`. Repeatable. At most
    /// [`MAX_BUSINESS_CHANGE`] contacts. The only way to write a contact's business.
    pub async fn set_business(
        &self,
        location: &LocationId,
        contacts: &[ContactId],
        business: Option<&BusinessId>,
    ) -> Result<Vec<ContactId>> {
        let body = BusinessBody {
            location_id: location,
            ids: contacts,
            business_id: business,
        };
        let op = operations::SET_BUSINESS.of([]).json(&body);
        Ok(self.client.send::<BusinessReply>(op).await?.ids)
    }
}
