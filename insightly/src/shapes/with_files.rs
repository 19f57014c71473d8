use futures_util::Stream;

use crate::{
    cursor::Cursor, error::Result, families::file_attachment::FileAttachment, page::Page,
    query::ChildQuery, records::Records, shape::shape, upload::Upload,
};

shape! { $
    /// Records whose attached files can be listed.
    WithFiles as with_files {
        /// [`Records::files`].
        FILES: get "files" "/{id}/FileAttachments" [400 401 403 404];
    }
}

shape! { $
    /// Records that files can be attached to.
    TakesFiles as takes_files {
        /// [`Records::add_file`].
        ADD_FILE: post "add_file" "/{id}/FileAttachments" [400 401 402 403 404 417];
    }
}

impl<R: WithFiles> Records<R> {
    /// What is attached to the record; the content is read by
    /// [`Client::file`](crate::Client::file).
    pub fn files(
        &self,
        id: R::Id,
        query: &ChildQuery,
    ) -> impl Stream<Item = Result<FileAttachment>> + Send + use<R> {
        self.walk(R::FILES, &[&id.to_string()], query).stream()
    }

    /// One page of [`files`](Self::files), for a caller that keeps the cursor.
    pub async fn files_page(
        &self,
        id: R::Id,
        query: &ChildQuery,
        at: &Cursor,
    ) -> Result<Page<FileAttachment>> {
        self.walk(R::FILES, &[&id.to_string()], query)
            .page(at)
            .await
    }
}

impl<R: TakesFiles> Records<R> {
    /// Attaches a file to the record.
    pub async fn add_file(&self, id: R::Id, file: &Upload) -> Result<FileAttachment> {
        let op = self.op(R::ADD_FILE, &[&id.to_string()]);
        let op = file.put_into(R::ADD_FILE, op)?;
        self.client().transport().send(op).await
    }
}
