use futures_util::Stream;

use crate::{
    cursor::Cursor,
    error::Result,
    page::{Page, Row},
    query::ListQuery,
    records::Records,
    shape::shape,
    walk::Walk,
};

shape! { $
    /// Records that can be searched by a tag.
    SearchedByTag as searched_by_tag {
        /// [`Records::search_by_tag`].
        SEARCH_BY_TAG: get "search_by_tag" "/SearchByTag" [400 401];
    }
}

impl<R: SearchedByTag + Row> Records<R> {
    /// The records that carry a tag, the oldest first, each once.
    pub fn search_by_tag(
        &self,
        tag: &str,
        query: &ListQuery,
    ) -> impl Stream<Item = Result<R>> + Send + use<R> {
        self.carrying(tag, query).stream()
    }

    /// One page of [`search_by_tag`](Self::search_by_tag), for a caller that keeps the cursor.
    pub async fn search_by_tag_page(
        &self,
        tag: &str,
        query: &ListQuery,
        at: &Cursor,
    ) -> Result<Page<R>> {
        self.carrying(tag, query).page(at).await
    }

    fn carrying(&self, tag: &str, query: &ListQuery) -> Walk {
        self.walk(R::SEARCH_BY_TAG, &[], query).with("tagName", tag)
    }
}
