//! The older lists: all contacts, and those of a business.

use futures_util::Stream;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    contacts::{Contact, Contacts, operations},
    error::Result,
    ids::{BusinessId, ContactId, LocationId},
    record::{nested, record},
    skipping::by_skip,
};

/// Where the deprecated list goes on. Both parts are needed: one alone shows page 1 for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListAfter {
    start_after: i64,
    start_after_id: ContactId,
}

record! {
    /// What the deprecated list says about its pages.
    pub struct ListMeta {
        /// How many contacts there are.
        pub total: Option<i64> = "total",
        /// Reported to be unreliable.
        pub next_page_url: Option<String> = "nextPageUrl",
        /// The stamp of the cursor, in milliseconds.
        pub start_after: Option<i64> = "startAfter",
        /// The contact of the cursor.
        pub start_after_id: Option<ContactId> = "startAfterId",
        /// This page's number.
        pub current_page: Option<i64> = "currentPage",
        /// The next page's number.
        pub next_page: Option<i64> = "nextPage",
        /// The page's before.
        pub prev_page: Option<i64> = "prevPage",
    }
}
nested!(ListMeta);

record! {
    /// One page of the deprecated list.
    pub struct ListPage {
        /// The rows; see [`Route::List`](crate::Route).
        pub contacts: Option<Vec<Contact>> = "contacts",
        /// Declared, yet seldom seen.
        pub count: Option<i64> = "count",
        /// About the pages; in no schema of an answer, yet there.
        pub meta: Option<ListMeta> = "meta",
    }
}

impl ListPage {
    /// The rows.
    pub fn rows(&self) -> &[Contact] {
        self.contacts.as_deref().unwrap_or_default()
    }

    /// Where the next page begins: from `meta`, else from the last row. The last page has
    /// a cursor too; an empty page is the end.
    pub fn next(&self) -> Option<ListAfter> {
        let last = self.rows().last()?;
        let meta = self.meta.as_ref();
        let at = meta.and_then(|meta| meta.start_after);
        let id = meta.and_then(|meta| meta.start_after_id.clone());
        Some(ListAfter {
            start_after: at.or_else(|| millis(last.start_after.as_ref()?))?,
            start_after_id: id.unwrap_or_else(|| last.id.clone()),
        })
    }
}

/// A row's cursor is `[ms, id]` or the milliseconds alone.
fn millis(cursor: &Value) -> Option<i64> {
    cursor.get(0).unwrap_or(cursor).as_i64()
}

/// Rows of a page of the contacts of a business.
const PAGE: usize = 100;

#[derive(Deserialize)]
struct RowsReply {
    #[serde(default)]
    contacts: Vec<Contact>,
}

impl Contacts {
    /// A page of all contacts, at most 100 rows; names in lower case on the wire, read
    /// from their raw twins.
    ///
    /// Scope: `contacts.readonly`. Deprecated by HighLevel, and absent from its v3: prefer
    /// [`search`](Self::search).
    pub async fn list_page(
        &self,
        location: &LocationId,
        text: Option<&str>,
        limit: u32,
        after: Option<&ListAfter>,
    ) -> Result<ListPage> {
        let op = operations::LIST
            .of([])
            .query("locationId", location)
            .query_opt("startAfterId", after.map(|after| &after.start_after_id))
            .query_opt("startAfter", after.map(|after| after.start_after))
            .query_opt("query", text)
            .query("limit", limit);
        self.client.send(op).await
    }

    /// The contacts of a business, page after page until an empty one.
    ///
    /// Scope: `contacts.readonly`.
    pub fn in_business(
        &self,
        location: &LocationId,
        business: &BusinessId,
    ) -> impl Stream<Item = Result<Contact>> + use<> {
        let (contacts, location, business) = (self.clone(), location.clone(), business.clone());
        by_skip(move |skip| {
            let (contacts, location, business) =
                (contacts.clone(), location.clone(), business.clone());
            async move {
                let page = contacts.in_business_page(&location, &business, None, PAGE, skip);
                page.await
            }
        })
    }

    /// One page of the contacts of a business, after `skip` rows; at most 100 rows.
    ///
    /// Scope: `contacts.readonly`.
    pub async fn in_business_page(
        &self,
        location: &LocationId,
        business: &BusinessId,
        text: Option<&str>,
        limit: usize,
        skip: usize,
    ) -> Result<Vec<Contact>> {
        let op = operations::IN_BUSINESS
            .of([business.as_str()])
            .query("locationId", location)
            .query("limit", limit)
            .query("skip", skip)
            .query_opt("query", text);
        Ok(self.client.send::<RowsReply>(op).await?.contacts)
    }
}
