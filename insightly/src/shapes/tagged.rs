use super::changed::if_match;
use crate::{error::Result, record::{ETag, Rows}, records::Records, shape::shape, tag::Tag};

shape! { $
    /// Records that carry tags.
    Tagged as tagged {
        /// [`Records::tags`].
        TAGS: get "tags" "/{id}/Tags" [400 401 403 404];
        /// [`Records::add_tag`].
        ADD_TAG: post_again "add_tag" "/{id}/Tags" [400 401 403];
        /// [`Records::set_tags`].
        SET_TAGS: put "set_tags" "/{id}/Tags" [400 401 403 404];
        /// [`Records::set_tags_if`].
        SET_TAGS_IF: put_once "set_tags_if" "/{id}/Tags" [400 401 403 404 412];
        /// [`Records::remove_tag`].
        REMOVE_TAG: delete "remove_tag" "/{id}/Tags" [401 403 417];
    }
}

impl<R: Tagged> Records<R> {
    /// The record's tags.
    pub async fn tags(&self, id: R::Id) -> Result<Vec<Tag>> {
        let op = self.op(R::TAGS, &[&id.to_string()]);
        self.client().transport().send(op).await
    }

    /// Adds one tag; the others stay. Naming a tag is enough to make it.
    pub async fn add_tag(&self, id: R::Id, tag: impl Into<Tag>) -> Result<()> {
        let op = self.op_with(R::ADD_TAG, &[&id.to_string()], &tag.into())?;
        self.client().transport().send_unit(op).await
    }

    /// Removes one tag; the others stay.
    pub async fn remove_tag(&self, id: R::Id, tag: impl Into<Tag>) -> Result<()> {
        let op = self.op_with(R::REMOVE_TAG, &[&id.to_string()], &tag.into())?;
        self.client().transport().send_unit(op).await
    }

    /// Makes these the record's tags: **all others are removed**. Gives the tags it has now.
    pub async fn set_tags(&self, id: R::Id, tags: &[Tag]) -> Result<Vec<Tag>> {
        let op = self.op_with(R::SET_TAGS, &[&id.to_string()], &Rows(tags))?;
        self.client().transport().send(op).await
    }

    /// Like [`set_tags`](Self::set_tags), but only if the record is still the version
    /// that `etag` tags; else the error is
    /// [`ChangedMeanwhile`](crate::ErrorKind::ChangedMeanwhile).
    pub async fn set_tags_if(&self, id: R::Id, tags: &[Tag], etag: &ETag) -> Result<Vec<Tag>> {
        let op = self.op_with(R::SET_TAGS_IF, &[&id.to_string()], &Rows(tags))?;
        let op = if_match(R::SET_TAGS_IF, op, etag)?;
        self.client().transport().send(op).await
    }
}
