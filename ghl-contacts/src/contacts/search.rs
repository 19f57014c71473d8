//! Searching: a page at a time, or as a stream.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    borrowed_json::Json,
    contacts::{Contact, ContactQuery, ContactSearch, Contacts, operations::SEARCH},
    error::{Error, Result},
    record::Member,
};

/// Where a search goes on: opaque, taken from the last row of a page.
///
/// It serialises, so a cursor can be kept: `[1736471515514,"VU1SPQwBqbfa1z9MyaDl"]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SearchAfter(Vec<Value>);

impl Member for SearchAfter {
    fn read(value: Json<'_>) -> Result<Option<Self>, Json<'_>> {
        match value {
            Json::Null => Ok(None),
            Json::List(marks) => Ok(Some(Self(marks.into_iter().map(Value::from).collect()))),
            odd => Err(odd),
        }
    }
}

/// One page of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SearchPage {
    /// The rows. Fewer than asked for does not mean that this is the last page.
    pub contacts: Vec<Contact>,
    /// How many contacts the search finds in all.
    pub total: Option<u64>,
    /// Where the next page begins. The last page has one too: `None` comes with an empty
    /// page, or where one page holds all. A page that leads nowhere is an error instead.
    pub next: Option<SearchAfter>,
    /// The server's own time of the answer.
    pub server_time: Option<Timestamp>,
    /// The API's id of this request, for its support desk.
    pub trace_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(flatten)]
    query: &'a ContactQuery,
    #[serde(skip_serializing_if = "Option::is_none")]
    search_after: Option<&'a SearchAfter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reply {
    contacts: Vec<Contact>,
    total: Option<u64>,
    trace_id: Option<String>,
}

impl Contacts {
    /// Finds contacts, page after page, as far as there are any (also past 10,000).
    ///
    /// The stream owns its client, and asks for a page when the one before is used up. An error
    /// ends it. It ends after an empty page, or where the first page holds all: a short page
    /// alone ends nothing. Sorted ascending by
    /// [`DATE_UPDATED`](crate::SearchField::DATE_UPDATED) it shows every contact that is there
    /// from beginning to end; one that changes meanwhile comes twice. In another order such a
    /// one can be missed. The index is a few seconds behind the records.
    ///
    /// Scope: `contacts.readonly`.
    pub fn search(&self, query: ContactQuery) -> ContactSearch {
        ContactSearch::new(self.clone(), query)
    }

    /// One page of a search: from the beginning, or after a cursor.
    ///
    /// Scope: `contacts.readonly`. Page numbers are not offered: they end at 10,000 rows.
    pub async fn search_page(
        &self,
        query: &ContactQuery,
        after: Option<&SearchAfter>,
    ) -> Result<SearchPage> {
        query.check(SEARCH.name())?;
        let op = SEARCH.of([]).json(&Body {
            query,
            search_after: after,
        });
        let fetched = self.client.send_timed::<Reply>(op).await?;
        let Reply {
            contacts,
            total,
            trace_id,
        } = fetched.value;
        Ok(SearchPage {
            next: next(&contacts, total, after)?,
            contacts,
            total,
            server_time: fetched.server_time,
            trace_id,
        })
    }
}

/// The cursor of the last row. Without one rows would be missing, and with the one we came
/// from they would come for ever: better an error than a list that looks whole.
fn next(
    rows: &[Contact],
    total: Option<u64>,
    came_from: Option<&SearchAfter>,
) -> Result<Option<SearchAfter>> {
    let Some(last) = rows.last() else {
        return Ok(None);
    };
    match &last.search_after {
        None if total == Some(rows.len() as u64) => Ok(None),
        None => Err(stuck("its last row has no `searchAfter`")),
        Some(next) if came_from == Some(next) => Err(stuck("it leads back to its own beginning")),
        Some(next) => Ok(Some(next.clone())),
    }
}

fn stuck(why: &str) -> Error {
    Error::invalid_request(SEARCH.name(), format!("no page follows this one: {why}"))
}
