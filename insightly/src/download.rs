//! Bytes that travel: pictures and files.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use api_transport::{ByteStream, Bytes, Definition, HeaderMap, HeaderName, HeaderValue, Operation};
use futures_util::Stream;

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

/// A file that comes piece by piece: a stream of bytes. What breaks on the way is an error
/// that ends it; read the file again then.
pub struct FileStream {
    /// Its type, as the server says.
    pub content_type: Option<String>,
    /// Its size in bytes, where the server says.
    pub length: Option<u64>,
    client: Client,
    definition: &'static Definition,
    pieces: ByteStream,
}

impl Stream for FileStream {
    type Item = Result<Bytes>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes>>> {
        let piece = ready!(self.pieces.as_mut().poll_next(context));
        let definition = self.definition;
        let transport = self.client.transport();
        Poll::Ready(piece.map(|piece| piece.map_err(|why| transport.broken(definition, why))))
    }
}

impl fmt::Debug for FileStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStream")
            .field("content_type", &self.content_type)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

impl Client {
    pub(crate) async fn open(&self, op: Operation) -> Result<FileStream> {
        let accept = HeaderName::from_static("accept");
        let op = op.header(accept, HeaderValue::from_static("*/*"));
        let opened = self.transport().open(&op).await?;
        Ok(FileStream {
            content_type: header(&opened.headers, "content-type"),
            length: header(&opened.headers, "content-length").and_then(|text| text.parse().ok()),
            client: self.clone(),
            definition: op.definition(),
            pieces: opened.body,
        })
    }

    pub(crate) async fn download(&self, op: Operation) -> Result<Download> {
        let accept = HeaderName::from_static("accept");
        let op = op.header(accept, HeaderValue::from_static("*/*"));
        let response = self.transport().send_for_bytes(&op).await?;
        Ok(Download {
            content_type: header(&response.headers, "content-type"),
            bytes: response.body,
        })
    }

    /// What comes back is not documented for certain, so it is not read.
    pub(crate) async fn upload(&self, op: Operation, bytes: Bytes) -> Result<()> {
        let raw = HeaderValue::from_static("application/octet-stream");
        self.transport().send_unit(op.bytes(raw, bytes)).await
    }
}
