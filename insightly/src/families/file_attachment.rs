//! Attached files.

use api_transport::Operation;
use jiff::Timestamp;

use crate::{
    client::Client,
    download::{Download, FileStream},
    error::Result,
    ids::{CategoryId, FileId, UserId},
    model::record,
    shape::calls,
};

record! {
    /// What is known about an attached file. Files of e-mails are not told.
    FileAttachment(id: FileId = "FILE_ID");
    read {
        /// Its name.
        file_name: String = "FILE_NAME",
        /// Its type.
        content_type: String = "CONTENT_TYPE",
        /// Its size in bytes.
        file_size: i64 = "FILE_SIZE",
        /// Its file category.
        category_id: CategoryId = "FILE_CATEGORY_ID",
        /// The user who attached it.
        owner_user_id: UserId = "OWNER_USER_ID",
        /// When it was attached.
        date_created: Timestamp = "DATE_CREATED_UTC",
        /// When it was last changed.
        date_updated: Timestamp = "DATE_UPDATED_UTC",
        /// Where it is.
        url: String = "URL",
    }
}

calls! { "file_attachments":
    GET: get "get" "/FileAttachments/{id}" [400 401 403 404];
    DELETE: delete "delete" "/FileAttachments/{id}" [401 403 404 417];
}

impl Client {
    /// The content of an attached file, piece by piece: for one that is too large to be held.
    pub async fn file_stream(&self, id: FileId) -> Result<FileStream> {
        let id = id.to_string();
        self.open(Operation::of(GET.definition(), [id.as_str()]))
            .await
    }

    /// The content of an attached file. A large one is better read by
    /// [`file_stream`](Self::file_stream).
    pub async fn file(&self, id: FileId) -> Result<Download> {
        let id = id.to_string();
        self.download(Operation::of(GET.definition(), [id.as_str()]))
            .await
    }

    /// What is known about an attached file.
    pub async fn file_info(&self, id: FileId) -> Result<FileAttachment> {
        let id = id.to_string();
        let op = Operation::of(GET.definition(), [id.as_str()]);
        self.send(op.query("format", "JSON")).await
    }

    /// Deletes an attached file.
    pub async fn delete_file(&self, id: FileId) -> Result<()> {
        let id = id.to_string();
        self.send_unit(Operation::of(DELETE.definition(), [id.as_str()]))
            .await
    }
}
