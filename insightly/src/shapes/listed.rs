use futures_util::{Stream, TryStreamExt};

use crate::{
    cursor::Cursor,
    error::Result,
    page::{Page, Row},
    query::ListQuery,
    record::Record,
    records::Records,
    shape::shape,
    walk::Walk,
};

shape! { $
    /// Records that can be listed.
    Listed as listed {
        /// [`Records::list`].
        LIST: get "list" "" [400 401];
    }
}

impl<R: Listed + Row> Records<R> {
    /// All records, the oldest first, each once, also when others vanish meanwhile.
    ///
    /// A row that cannot be read is an error, and the stream goes on after it; any
    /// other error ends it. For a change feed see [`since`](Self::since): the plain
    /// list cannot be filtered.
    pub fn list(&self, query: &ListQuery) -> impl Stream<Item = Result<R>> + Send + use<R> {
        self.listed(query).stream()
    }

    /// One page of [`list`](Self::list), for a caller that keeps the cursor.
    pub async fn list_page(&self, query: &ListQuery, at: &Cursor) -> Result<Page<R>> {
        self.listed(query).page(at).await
    }

    /// How many records there are: one small call.
    pub async fn count(&self) -> Result<u64> {
        self.listed(&ListQuery::new().brief()).count().await
    }

    /// The ids of all records, at the lowest price: to find out what was deleted.
    pub fn ids(&self) -> impl Stream<Item = Result<R::Id>> + Send + use<R> {
        let records = self.listed(&ListQuery::new().brief()).stream::<R>();
        records.map_ok(|record| Record::id(&record))
    }

    fn listed(&self, query: &ListQuery) -> Walk {
        self.walk(R::LIST, &[], query)
    }
}
