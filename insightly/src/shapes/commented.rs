use futures_util::Stream;

use crate::{
    cursor::Cursor,
    error::Result,
    families::comment::{Comment, NewComment},
    page::Page,
    query::ChildQuery,
    records::Records,
    shape::shape,
};

shape! { $
    /// Records that can be commented on.
    Commented as commented {
        /// [`Records::comments`].
        COMMENTS: get "comments" "/{id}/Comments" [400 401 403 404];
        /// [`Records::add_comment`].
        ADD_COMMENT: post "add_comment" "/{id}/Comments" [400 401 402 403 404];
    }
}

impl<R: Commented> Records<R> {
    /// The comments on the record. There is no list of all comments.
    pub fn comments(
        &self,
        id: R::Id,
        query: &ChildQuery,
    ) -> impl Stream<Item = Result<Comment>> + Send + use<R> {
        self.walk(R::COMMENTS, &[&id.to_string()], query).stream()
    }

    /// One page of [`comments`](Self::comments), for a caller that keeps the cursor.
    pub async fn comments_page(
        &self,
        id: R::Id,
        query: &ChildQuery,
        at: &Cursor,
    ) -> Result<Page<Comment>> {
        self.walk(R::COMMENTS, &[&id.to_string()], query)
            .page(at)
            .await
    }

    /// Comments on the record. Gives what the server answers: documented are all
    /// comments on it.
    pub async fn add_comment(&self, id: R::Id, comment: &NewComment) -> Result<Vec<Comment>> {
        let op = self.op_with(R::ADD_COMMENT, &[&id.to_string()], comment)?;
        let answer = self.client().transport().send(op).await?;
        Ok(crate::one_or_many::into_vec(answer))
    }
}
