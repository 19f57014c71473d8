//! One answer, before it becomes an HTTP response.

use std::io;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderName, HeaderValue, StatusCode, header};
use hyper::ext::ReasonPhrase;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// Marks a response that must not reach the caller: the connection breaks instead.
///
/// Over a socket the server cuts the connection. A sender that calls a router
/// in process looks for this in [`Response::extensions`] and reports a broken
/// connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionReset;

/// Status, headers and body of an answer.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    headers: Vec<(HeaderName, String)>,
    /// What stands in the status line instead of the usual words.
    reason: Option<String>,
    body: Bytes,
}

impl Reply {
    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        // What the servers show has names for keys: writing it does not fail.
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self::bytes(status, "application/json; charset=utf-8", body.into())
    }

    pub(crate) fn ok(body: &Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: Vec::new(),
            reason: None,
            body: Bytes::new(),
        }
    }

    pub(crate) fn text(status: StatusCode, kind: &str, body: String) -> Self {
        Self::bytes(status, kind, body.into())
    }

    pub(crate) fn bytes(status: StatusCode, kind: &str, body: Bytes) -> Self {
        Self {
            body,
            ..Self::empty(status)
        }
        .with(header::CONTENT_TYPE, kind)
    }

    pub(crate) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn reason(mut self, words: impl Into<String>) -> Self {
        self.reason = Some(words.into());
        self
    }

    pub(crate) fn into_response(self, now: Timestamp) -> Response {
        let body = Body::from(self.body.clone());
        self.response_with(body, now)
    }

    /// Promises the whole body, sends the first half, then breaks off.
    pub(crate) fn into_truncated(self, now: Timestamp) -> Response {
        let whole = self.body.len().max(2);
        let half = self.body.slice(..self.body.len() / 2);
        // The pause lets what was sent so far leave before the break.
        let pieces = stream::unfold(Some(half), |half| async move {
            if let Some(half) = half {
                return Some((Ok(half), None));
            }
            tokio::task::yield_now().await;
            Some((Err(io::Error::from(io::ErrorKind::UnexpectedEof)), None))
        });
        let pieces = stream::StreamExt::take(pieces, 2);
        let body = Body::from_stream(pieces);
        let mut response = self.response_with(body, now);
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, HeaderValue::from(whole));
        response
    }

    fn response_with(self, body: Body, now: Timestamp) -> Response {
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        let words = self.reason.map(Bytes::from);
        if let Some(words) = words.and_then(|words| ReasonPhrase::try_from(words).ok()) {
            response.extensions_mut().insert(words);
        }
        let headers = response.headers_mut();
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        for (name, value) in self.headers.into_iter().chain([(header::DATE, date)]) {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// The answer that nobody is to see.
pub(crate) fn reset() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response.extensions_mut().insert(ConnectionReset);
    response
}
