//! The stock sender: reqwest over rustls with ring.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http_body::Frame;
use rustls::{ClientConfig, crypto::ring};
use rustls_platform_verifier::Verifier;

use crate::{
    fault::Fault,
    sender::{ByteStream, Opened, Request, Response, SendError, Sender},
};

/// A body that comes or goes piece by piece may take longer than a call.
const LONGEST_STREAM: Duration = Duration::from_secs(3600);

/// Sends by reqwest: connection reuse, gzip, time-outs and a cap on the body;
/// no redirects and no repeats. Certificates are checked by the system's roots.
#[derive(Debug, Clone)]
pub struct ReqwestSender {
    client: reqwest::Client,
    body_cap: usize,
}

/// Settings of a [`ReqwestSender`].
#[derive(Debug, Clone)]
pub struct ReqwestSenderBuilder {
    connect_timeout: Duration,
    timeout: Duration,
    body_cap: usize,
}

/// Why no sender could be made.
#[derive(Debug, thiserror::Error)]
#[error("no HTTPS client can be set up: {0}")]
pub struct SenderBuildError(String);

impl ReqwestSender {
    /// The stock settings: 10 s to connect, 60 s for a call, 64 MiB of body.
    pub fn new() -> Result<Self, SenderBuildError> {
        Self::builder().build()
    }

    /// Starts from the stock settings.
    pub fn builder() -> ReqwestSenderBuilder {
        ReqwestSenderBuilder {
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
            body_cap: 64 << 20,
        }
    }

    /// Most bodies come in one piece, which is handed on as it is.
    async fn read_body(&self, mut response: reqwest::Response) -> Result<Bytes, SendError> {
        let Some(first) = response.chunk().await.map_err(broken)? else {
            return Ok(Bytes::new());
        };
        self.fits(first.len())?;
        let Some(second) = response.chunk().await.map_err(broken)? else {
            return Ok(first);
        };
        let told = response
            .content_length()
            .and_then(|size| usize::try_from(size).ok());
        let rest = told.unwrap_or(0).min(self.body_cap);
        let mut body = BytesMut::with_capacity(rest.max(first.len() + second.len()));
        body.extend_from_slice(&first);
        let mut next = Some(second);
        while let Some(piece) = next {
            self.fits(body.len() + piece.len())?;
            body.extend_from_slice(&piece);
            next = response.chunk().await.map_err(broken)?;
        }
        Ok(body.freeze())
    }

    fn fits(&self, size: usize) -> Result<(), SendError> {
        let limit = self.body_cap;
        if size > limit {
            return Err(Fault::TooLarge { limit }.into());
        }
        Ok(())
    }
}

impl ReqwestSenderBuilder {
    /// How long a connection may take to come up.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long one attempt may take in all.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The most bytes of body, uncompressed, that are read.
    pub fn body_cap(mut self, bytes: usize) -> Self {
        self.body_cap = bytes;
        self
    }

    /// Makes the sender.
    pub fn build(self) -> Result<ReqwestSender, SenderBuildError> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls().map_err(|e| SenderBuildError(e.to_string()))?)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(self.connect_timeout)
            .timeout(self.timeout)
            .user_agent(concat!("ghl-insightly/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| SenderBuildError(e.to_string()))?;
        Ok(ReqwestSender {
            client,
            body_cap: self.body_cap,
        })
    }
}

/// Built by hand so that the process-wide default provider stays the program's own choice.
fn tls() -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier::new(Arc::clone(&provider))?;
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

#[async_trait]
impl Sender for ReqwestSender {
    async fn send(&self, request: Request) -> Result<Response, SendError> {
        let sent = self.client.execute(build(request));
        let mut response = sent.await.map_err(broken)?;
        Ok(Response {
            status: response.status(),
            reason: reason(&response),
            headers: std::mem::take(response.headers_mut()),
            body: self.read_body(response).await?,
        })
    }

    async fn open(&self, request: Request) -> Result<Opened, SendError> {
        let mut built = build(request);
        *built.timeout_mut() = Some(LONGEST_STREAM);
        let mut response = self.client.execute(built).await.map_err(broken)?;
        Ok(Opened {
            status: response.status(),
            reason: reason(&response),
            headers: std::mem::take(response.headers_mut()),
            body: Box::pin(stream::try_unfold(response, |mut response| async move {
                let piece = response.chunk().await.map_err(broken)?;
                Ok(piece.map(|piece| (piece, response)))
            })),
        })
    }
}

fn build(request: Request) -> reqwest::Request {
    let mut built = reqwest::Request::new(request.method, request.url);
    *built.headers_mut() = request.headers;
    if let Some(source) = request.streamed {
        let body = Streamed(Mutex::new(source.open()));
        *built.body_mut() = Some(reqwest::Body::wrap(body));
        *built.timeout_mut() = Some(LONGEST_STREAM);
    } else {
        *built.body_mut() = request.body.map(Into::into);
    }
    built
}

/// A streamed body in hyper's terms. The lock is never taken: it only makes the stream `Sync`.
struct Streamed(Mutex<ByteStream>);

impl http_body::Body for Streamed {
    type Data = Bytes;
    type Error = SendError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, SendError>>> {
        let stream = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        let piece = ready!(stream.as_mut().poll_next(context));
        Poll::Ready(piece.map(|piece| piece.map(Frame::data)))
    }
}

/// hyper keeps a reason phrase only where it differs from the standard one.
fn reason(response: &reqwest::Response) -> Option<String> {
    let phrase = response.extensions().get::<hyper::ext::ReasonPhrase>()?;
    Some(String::from_utf8_lossy(phrase.as_bytes()).into_owned())
}

fn broken(error: reqwest::Error) -> SendError {
    let error = error.without_url();
    let fault = if error.is_connect() {
        Fault::Connect(innermost(&error))
    } else if error.is_timeout() {
        Fault::Timeout
    } else if error.is_builder() {
        Fault::InvalidRequest(error.to_string())
    } else {
        Fault::Reset(innermost(&error))
    };
    SendError {
        fault,
        source: Some(Box::new(error)),
    }
}

/// The cause that a person can act on is the last one of the chain.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
