use crate::{
    download::Download, error::Result, families::file_attachment::FileAttachment,
    ids::DocumentTemplateId, records::Records, shape::shape,
};

shape! { $
    /// Records that document templates can be filled in with.
    Merged as merged {
        /// [`Records::merge_document`].
        MERGE_DOCUMENT: post "merge_document" "/{id}/MergeDocument/{documentTemplateId}" [400 401 403 404];
    }
}

impl<R: Merged> Records<R> {
    /// Fills in a document template with the record, and gives the document.
    pub async fn merge_document(
        &self,
        id: R::Id,
        template: DocumentTemplateId,
    ) -> Result<Download> {
        let parts = [id.to_string(), template.to_string()];
        let op = self.op(R::MERGE_DOCUMENT, &[&parts[0], &parts[1]]);
        self.client().download(op).await
    }

    /// Fills in a document template with the record, and gives the file that it became.
    pub async fn merge_document_to_file(
        &self,
        id: R::Id,
        template: DocumentTemplateId,
    ) -> Result<FileAttachment> {
        let parts = [id.to_string(), template.to_string()];
        let op = self.op(R::MERGE_DOCUMENT, &[&parts[0], &parts[1]]);
        self.client()
            .transport()
            .send(op.query("format", "JSON"))
            .await
    }
}
