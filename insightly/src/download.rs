//! Bytes that travel: pictures and files.

use api_transport::{Bytes, HeaderName, HeaderValue, Operation};

use crate::{client::Client, error::Result};

/// A picture or file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Download {
    /// Its type, as the server says.
    pub content_type: Option<String>,
    /// The content.
    pub bytes: Bytes,
}

impl Client {
    pub(crate) async fn download(&self, op: Operation) -> Result<Download> {
        let accept = HeaderName::from_static("accept");
        let op = op.header(accept, HeaderValue::from_static("*/*"));
        let response = self.transport().send_for_bytes(&op).await?;
        let content_type = response.headers.get("content-type");
        Ok(Download {
            content_type: content_type
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
            bytes: response.body,
        })
    }

    /// What comes back is not documented for certain, so it is not read.
    pub(crate) async fn upload(&self, op: Operation, bytes: Bytes) -> Result<()> {
        let raw = HeaderValue::from_static("application/octet-stream");
        self.transport().send_unit(op.bytes(raw, bytes)).await
    }
}
