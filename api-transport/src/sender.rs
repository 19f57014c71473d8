//! The wire, as the transport sees it: bytes out, bytes in.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::fault::Fault;

/// A request as it goes onto the wire. Its `authorization` header is marked sensitive, and
/// `Debug` tells only the size of its body.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The full URL.
    pub url: Url,
    /// All headers.
    pub headers: HeaderMap,
    /// The body, if there is one.
    pub body: Option<Bytes>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &self.url.as_str())
            .field("headers", &self.headers)
            .field("body_bytes", &self.body.as_ref().map(Bytes::len))
            .finish()
    }
}

/// An answer, read to its end. `Debug` tells only the size of its body.
#[derive(Clone)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The reason phrase, where it is not the standard one.
    pub reason: Option<String>,
    /// All headers.
    pub headers: HeaderMap,
    /// The whole body, uncompressed.
    pub body: Bytes,
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("reason", &self.reason)
            .field("headers", &self.headers)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// Why no whole answer came back. The fault says whether the request may have arrived.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct SendError {
    /// What happened.
    pub fault: Fault,
    /// The cause, for the error's source chain.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl From<Fault> for SendError {
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            source: None,
        }
    }
}

/// Sends one request and reads its answer. Never repeats and never follows redirects.
///
/// Bring your own to test without a network, or to send by another HTTP stack.
#[async_trait]
pub trait Sender: Send + Sync + 'static {
    /// Sends once.
    async fn send(&self, request: Request) -> Result<Response, SendError>;
}

#[async_trait]
impl<S: Sender + ?Sized> Sender for std::sync::Arc<S> {
    async fn send(&self, request: Request) -> Result<Response, SendError> {
        (**self).send(request).await
    }
}
