use futures_util::{Stream, TryStreamExt};
use jiff::Timestamp;

use crate::{
    cursor::Cursor,
    error::Result,
    page::{Page, Row},
    query::SearchQuery,
    records::Records,
    shape::shape,
    walk::Walk,
};

shape! { $
    /// Records that can be searched by one field and by the time of their last update.
    Searched as searched {
        /// [`Records::search`].
        SEARCH: get "search" "/Search" [400 401];
    }
}

impl<R: Searched + Row> Records<R> {
    /// The records that fit, the oldest first, each once.
    ///
    /// Rows come in the order of their ids, not of their dates: a mark taken from
    /// the dates may be moved only after the last page. Searches lag behind writes
    /// by seconds.
    pub fn search(&self, query: &SearchQuery) -> impl Stream<Item = Result<R>> + Send + use<R> {
        self.searched(query).stream()
    }

    /// One page of [`search`](Self::search), for a caller that keeps the cursor.
    pub async fn search_page(&self, query: &SearchQuery, at: &Cursor) -> Result<Page<R>> {
        self.searched(query).page(at).await
    }

    /// Everything updated at `time` or later: the change feed. Deletes do not show in it.
    pub fn since(&self, time: Timestamp) -> impl Stream<Item = Result<R>> + Send + use<R> {
        self.search(&SearchQuery::new().updated_after(time))
    }

    /// All records whose field has exactly this value.
    pub async fn find_by(
        &self,
        field: impl Into<String>,
        value: impl Into<String>,
    ) -> Result<Vec<R>> {
        let query = SearchQuery::new().field(field, value);
        self.search(&query).try_collect().await
    }

    /// How many records fit: one small call, e.g. "anything new since?".
    pub async fn count_found(&self, query: &SearchQuery) -> Result<u64> {
        self.searched(&query.clone().brief()).count().await
    }

    fn searched(&self, query: &SearchQuery) -> Walk {
        self.walk(R::SEARCH, &[], query)
    }
}
