//! The wire, as the transport sees it: bytes out, bytes in.

use std::{fmt, pin::Pin, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{Stream, future::BoxFuture, stream};
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
    /// A body that is read while it is sent, instead of `body`.
    pub streamed: Option<BodySource>,
}

/// Bytes that come piece by piece; an error ends them.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, SendError>> + Send>>;

/// A body that is read while it is sent. It is opened anew for each attempt.
///
/// ```
/// use api_transport::{BodySource, Bytes};
/// use futures_util::stream;
/// let lines = BodySource::new(|| stream::iter(["a\n", "b\n"].map(|line| Ok(Bytes::from(line)))));
/// ```
#[derive(Clone)]
pub struct BodySource(Arc<dyn Fn() -> ByteStream + Send + Sync>);

impl BodySource {
    /// A body of what `open` gives each time it is called.
    pub fn new<S>(open: impl Fn() -> S + Send + Sync + 'static) -> Self
    where
        S: Stream<Item = Result<Bytes, SendError>> + Send + 'static,
    {
        Self(Arc::new(move || Box::pin(open())))
    }

    /// The bytes from their beginning.
    pub fn open(&self) -> ByteStream {
        (self.0)()
    }
}

impl fmt::Debug for BodySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodySource")
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &self.url.as_str())
            .field("headers", &self.headers)
            .field("body_bytes", &self.body.as_ref().map(Bytes::len))
            .field("streamed", &self.streamed.is_some())
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

/// An answer whose body is still to be read.
pub struct Opened {
    /// The status.
    pub status: StatusCode,
    /// The reason phrase, where it is not the standard one.
    pub reason: Option<String>,
    /// All headers.
    pub headers: HeaderMap,
    /// The body, uncompressed.
    pub body: ByteStream,
}

impl From<Response> for Opened {
    fn from(response: Response) -> Self {
        Self {
            status: response.status,
            reason: response.reason,
            headers: response.headers,
            body: Box::pin(stream::iter([Ok(response.body)])),
        }
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
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

    /// Sends once and gives the answer as soon as its head is there. Without a better way
    /// the whole body is read first.
    async fn open(&self, request: Request) -> Result<Opened, SendError> {
        self.send(request).await.map(Opened::from)
    }
}

/// Written out, so that the inner future is not boxed once more.
impl<S: Sender + ?Sized> Sender for Arc<S> {
    fn send<'s, 'f>(&'s self, request: Request) -> BoxFuture<'f, Result<Response, SendError>>
    where
        's: 'f,
        Self: 'f,
    {
        (**self).send(request)
    }

    fn open<'s, 'f>(&'s self, request: Request) -> BoxFuture<'f, Result<Opened, SendError>>
    where
        's: 'f,
        Self: 'f,
    {
        (**self).open(request)
    }
}
