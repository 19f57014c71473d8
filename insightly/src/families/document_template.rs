//! Templates for documents.

use jiff::Timestamp;

use crate::{
    client::Client,
    ids::DocumentTemplateId,
    model::record,
    records::Records,
    shape::family,
    shapes::{listed, read_by_id, searched},
};

record! {
    /// A template that is filled in with a record by `merge_document`.
    DocumentTemplate(id: DocumentTemplateId = "TEMPLATE_ID");
    read {
        /// The name.
        name: String = "TEMPLATE_NAME",
        /// The type of the file.
        file_type: String = "TEMPLATE_FILE_TYPE",
        /// The family that it is for.
        related_object_name: String = "RELATED_OBJECT_NAME",
        /// When it was made.
        date_created: Timestamp = "DATE_CREATED_UTC",
        /// Whether it can be used.
        active: bool = "ACTIVE",
    }
}

family!(
    DocumentTemplate, "document_templates", "/DocumentTemplates":
    listed, searched, read_by_id,
);

impl Client {
    /// The templates for documents.
    pub fn document_templates(&self) -> Records<DocumentTemplate> {
        Records::new(self)
    }
}
