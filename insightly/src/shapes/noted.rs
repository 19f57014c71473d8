use futures_util::Stream;

use crate::{
    cursor::Cursor,
    error::Result,
    families::note::{NewNote, Note, NoteUpdate},
    page::Page,
    query::ChildQuery,
    record::Fetched,
    records::Records,
    shape::shape,
};

shape! { $
    /// Records that have notes.
    Noted as noted {
        /// [`Records::notes`].
        NOTES: get "notes" "/{id}/Notes" [400 401 403 404];
        /// [`Records::add_note`].
        ADD_NOTE: post "add_note" "/{id}/Notes" [400 401 402];
        /// [`Records::update_note`].
        UPDATE_NOTE: put "update_note" "/{id}/Notes" [400 401 402];
    }
}

impl<R: Noted> Records<R> {
    /// The record's notes. For those of all records see [`Client::notes`](crate::Client::notes).
    pub fn notes(
        &self,
        id: R::Id,
        query: &ChildQuery,
    ) -> impl Stream<Item = Result<Note>> + Send + use<R> {
        self.walk(R::NOTES, &[&id.to_string()], query).stream()
    }

    /// One page of [`notes`](Self::notes), for a caller that keeps the cursor.
    pub async fn notes_page(
        &self,
        id: R::Id,
        query: &ChildQuery,
        at: &Cursor,
    ) -> Result<Page<Note>> {
        self.walk(R::NOTES, &[&id.to_string()], query)
            .page(at)
            .await
    }

    /// Makes a note of this record: the only way to make one.
    pub async fn add_note(&self, id: R::Id, note: &NewNote) -> Result<Fetched<Note>> {
        let op = self.op_with(R::ADD_NOTE, &[&id.to_string()], note)?;
        let (value, headers) = self.client().transport().send_with_headers(op).await?;
        Ok(Fetched::new(value, &headers))
    }

    /// Changes a note of this record, as `client.notes().update(…)` does.
    pub async fn update_note(&self, id: R::Id, update: &NoteUpdate) -> Result<Fetched<Note>> {
        let op = self.op_with(R::UPDATE_NOTE, &[&id.to_string()], update)?;
        let (value, headers) = self.client().transport().send_with_headers(op).await?;
        Ok(Fetched::new(value, &headers))
    }
}
