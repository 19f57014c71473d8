//! How a call travels: credentials, turn, send, classify, repeat or return.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep, timeout};
use tracing::{Instrument, Span, field};

use crate::{
    base::Base,
    credentials::{Authorization, Credentials, CredentialsError},
    dialect::Dialect,
    echo::without_secrets,
    error::ApiError,
    fault::{Effect, Fault},
    observer::{Attempt, Observer},
    operation::Operation,
    pacer::{Pacer, Priority},
    repeat::RepeatPolicy,
    retry_after::retry_after,
    sender::{ByteStream, Opened, Request, Response, SendError, Sender},
};

/// Sends operations of one API for one account. Cheap to clone.
pub struct Transport<D: Dialect> {
    shared: Arc<Shared<D>>,
    priority: Priority,
    headers: Arc<HeaderMap>,
    observer: Option<Arc<dyn Observer>>,
}

struct Shared<D> {
    dialect: D,
    base: Base,
    credentials: Arc<dyn Credentials>,
    pacer: Pacer,
    sender: Arc<dyn Sender>,
    repeats: RepeatPolicy,
}

/// What a [`Transport`] is made of.
#[derive(Clone)]
pub struct TransportBuilder {
    /// Where the API is.
    pub base: Base,
    /// By whom it is called.
    pub credentials: Arc<dyn Credentials>,
    /// The account's pacer.
    pub pacer: Pacer,
    /// The wire.
    pub sender: Arc<dyn Sender>,
    /// When a call is sent again.
    pub repeats: RepeatPolicy,
}

impl TransportBuilder {
    /// Joins the parts with an API's dialect.
    pub fn build<D: Dialect>(self, dialect: D) -> Transport<D> {
        let shared = Shared {
            dialect,
            base: self.base,
            credentials: self.credentials,
            pacer: self.pacer,
            sender: self.sender,
            repeats: self.repeats,
        };
        Transport {
            shared: Arc::new(shared),
            priority: Priority::default(),
            headers: Arc::default(),
            observer: None,
        }
    }
}

impl std::fmt::Debug for TransportBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TransportBuilder")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

impl<D: Dialect> Clone for Transport<D> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            priority: self.priority,
            headers: Arc::clone(&self.headers),
            observer: self.observer.clone(),
        }
    }
}

impl<D: Dialect> std::fmt::Debug for Transport<D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transport")
            .field("base", &self.shared.base)
            .field("priority", &self.priority)
            .finish_non_exhaustive()
    }
}

impl<D: Dialect> Transport<D> {
    /// The same transport for calls of another priority.
    pub fn with_priority(&self, priority: Priority) -> Self {
        Self {
            priority,
            ..self.clone()
        }
    }

    /// The same transport, with these headers in every request. An operation's own ones, the
    /// credential and what the API's dialect adds go before them.
    pub fn with_headers(&self, headers: HeaderMap) -> Self {
        Self {
            headers: Arc::new(headers),
            ..self.clone()
        }
    }

    /// The same transport, whose attempts are told to this observer.
    pub fn with_observer(&self, observer: Arc<dyn Observer>) -> Self {
        Self {
            observer: Some(observer),
            ..self.clone()
        }
    }

    /// By whom calls are made.
    pub fn credentials(&self) -> &Arc<dyn Credentials> {
        &self.shared.credentials
    }

    /// The account's pacer.
    pub fn pacer(&self) -> &Pacer {
        &self.shared.pacer
    }

    /// The API's base URL.
    pub fn base(&self) -> &Base {
        &self.shared.base
    }

    /// Sends an operation and reads its JSON answer.
    pub async fn send<T: DeserializeOwned>(&self, op: Operation) -> Result<T, ApiError<D::Kind>> {
        let response = self.exchange(&op, Body::Json).await?.response;
        decode(&op, &response)
    }

    /// Sends an operation whose answer's body is of no interest.
    pub async fn send_unit(&self, op: Operation) -> Result<(), ApiError<D::Kind>> {
        self.exchange(&op, Body::Whole).await.map(drop)
    }

    /// Sends an operation, reads its JSON answer, and gives its headers too.
    pub async fn send_with_headers<T: DeserializeOwned>(
        &self,
        op: Operation,
    ) -> Result<(T, http::HeaderMap), ApiError<D::Kind>> {
        let response = self.exchange(&op, Body::Json).await?.response;
        Ok((decode(&op, &response)?, response.headers))
    }

    /// Sends an operation and gives its JSON answer undecoded, for a client that
    /// reads it row by row.
    pub async fn send_for_json(&self, op: &Operation) -> Result<Response, ApiError<D::Kind>> {
        Ok(self.exchange(op, Body::Json).await?.response)
    }

    /// Sends an operation whose answer is not JSON, such as an image.
    pub async fn send_for_bytes(&self, op: &Operation) -> Result<Response, ApiError<D::Kind>> {
        Ok(self.exchange(op, Body::Whole).await?.response)
    }

    /// Sends an operation and gives its answer as soon as its head is there, for a body that
    /// is read piece by piece. What breaks while it is read is not repeated.
    pub async fn open(&self, op: &Operation) -> Result<Opened, ApiError<D::Kind>> {
        let Arrived { response, rest } = self.exchange(op, Body::Opened).await?;
        match rest {
            None => Ok(response.into()),
            Some(body) => Ok(Opened {
                body,
                ..response.into()
            }),
        }
    }

    /// The error of a body that broke while it was read.
    pub fn broken(&self, op: &'static crate::Definition, why: SendError) -> ApiError<D::Kind> {
        ApiError::fault(op.name(), op.is_read(), why.fault).with_source(why.source)
    }

    /// Sends until it is over. What one attempt left open stays open, whatever a later one met.
    async fn exchange(&self, op: &Operation, body: Body) -> Result<Arrived, ApiError<D::Kind>> {
        let mut maybe_done = false;
        let sent = self.repeat(op, body, &mut maybe_done).await;
        sent.map_err(|error| error.left_open(maybe_done))
    }

    /// The whole way of a call. Nothing else repeats anything.
    async fn repeat(
        &self,
        op: &Operation,
        body: Body,
        maybe_done: &mut bool,
    ) -> Result<Arrived, ApiError<D::Kind>> {
        let began = Instant::now();
        let mut attempt = 0;
        let mut refreshed = false;
        loop {
            attempt += 1;
            let authorization = self.authorization(op).await?;
            let sent = self.attempt(op, body, &authorization, attempt);
            let error = match sent.instrument(span(op, attempt)).await {
                Ok(response) => return Ok(response),
                Err(Failed { error, .. }) if *maybe_done && is_gone(op, &error) => {
                    return Ok(already_gone(error.status()).into());
                }
                Err(failed) => {
                    if failed.credential_refused && !refreshed {
                        refreshed = true;
                        if self.refused(op, &authorization).await? {
                            continue;
                        }
                    }
                    failed.error
                }
            };
            *maybe_done |= error.effect() == Effect::Unknown;
            match self
                .shared
                .repeats
                .wait_after(attempt, began, op.definition(), &error)
            {
                Some(wait) => self.rest(&error, wait).await,
                None => return Err(error),
            }
        }
    }

    async fn attempt(
        &self,
        op: &Operation,
        body: Body,
        authorization: &Authorization,
        number: u32,
    ) -> Result<Arrived, Failed<D>> {
        let request = self.request(op, authorization)?;
        let turn = self
            .shared
            .pacer
            .turn(self.priority)
            .await
            .map_err(|day| fault(op, day.into()))?;
        let waited = turn.waited;
        let began = self.observer.as_ref().map(|_| Instant::now());
        let sent = self.fetch(request, body).await;
        let took = began.map(|began| began.elapsed());
        drop(turn);
        let received = sent
            .as_ref()
            .map_or(0, |arrived| arrived.response.body.len());
        let result = match sent {
            Err(broken) => Err(Failed {
                error: fault::<D>(op, broken.fault)
                    .error
                    .with_source(broken.source),
                credential_refused: false,
            }),
            Ok(arrived) => self.judge(op, body, arrived, authorization),
        };
        tell(waited, &result);
        if let (Some(observer), Some(took)) = (&self.observer, took) {
            let failure = result.as_ref().err().map(|failed| &failed.error);
            observer.attempted(&Attempt {
                operation: op.definition(),
                number,
                waited,
                took,
                status: status(&result),
                request_id: failure.and_then(ApiError::request_id),
                failed: failure.is_some(),
                received,
            });
        }
        result
    }

    async fn fetch(&self, request: Request, body: Body) -> Result<Arrived, SendError> {
        let sender = &self.shared.sender;
        let sent = async {
            match body {
                Body::Json | Body::Whole => sender.send(request).await.map(Arrived::from),
                Body::Opened => Arrived::opened(sender.open(request).await?).await,
            }
        };
        match self.shared.repeats.longest_attempt() {
            None => sent.await,
            Some(limit) => timeout(limit, sent)
                .await
                .unwrap_or_else(|_| Err(Fault::Timeout.into())),
        }
    }

    fn judge(
        &self,
        op: &Operation,
        body: Body,
        arrived: Arrived,
        authorization: &Authorization,
    ) -> Result<Arrived, Failed<D>> {
        let response = &arrived.response;
        let limits = self.shared.dialect.limits(response);
        self.shared.pacer.learn(&limits);
        if response.status.is_success() {
            let json = body == Body::Json;
            return if json && !looks_like_json(&response.body) && !is_silent_yes(op, response) {
                let mut failed = fault(op, Fault::NotJson);
                failed.error = failed.error.with_status(response.status);
                Err(failed)
            } else {
                Ok(arrived)
            };
        }
        let response = arrived.response;
        let response = without_secrets(response, authorization.header.as_ref(), op.secrets());
        let verdict = self.shared.dialect.classify(op.definition(), &response);
        let credential_refused = verdict.credential_refused;
        let asked = retry_after(&response.headers).or_else(|| {
            (response.status == StatusCode::TOO_MANY_REQUESTS)
                .then_some(limits.interval)
                .flatten()
        });
        Err(Failed {
            error: ApiError::answered(op.name(), response.status, asked, verdict),
            credential_refused,
        })
    }

    fn request(&self, op: &Operation, authorization: &Authorization) -> Result<Request, Failed<D>> {
        let body = op.body().map_err(|why| fault(op, why))?;
        let mut request = Request {
            method: op.definition().method().clone(),
            url: self.shared.base.join(op).map_err(|why| fault(op, why))?,
            headers: HeaderMap::clone(&self.headers),
            body,
            streamed: op.stream().cloned(),
        };
        let headers = &mut request.headers;
        for (name, value) in op.headers() {
            headers.insert(name, value.clone());
        }
        headers.remove(header::AUTHORIZATION);
        if let Some(credential) = &authorization.header {
            headers.insert(header::AUTHORIZATION, credential.clone());
        }
        headers
            .entry(header::ACCEPT)
            .or_insert(HeaderValue::from_static("application/json"));
        if request.body.is_some() {
            headers
                .entry(header::CONTENT_TYPE)
                .or_insert(HeaderValue::from_static("application/json"));
        }
        self.shared.dialect.prepare(&mut request);
        Ok(request)
    }

    async fn authorization(&self, op: &Operation) -> Result<Authorization, ApiError<D::Kind>> {
        let found = self.shared.credentials.authorization().await;
        let found = found.map_err(|why| fault::<D>(op, why.into()).error)?;
        let refusal = found
            .granted
            .as_ref()
            .and_then(|granted| self.shared.dialect.refuse(op.definition(), granted));
        match refusal {
            Some((kind, why)) => Err(ApiError::refused(op.name(), kind, why)),
            None => Ok(found),
        }
    }

    async fn refused(
        &self,
        op: &Operation,
        used: &Authorization,
    ) -> Result<bool, ApiError<D::Kind>> {
        let refreshed = self.shared.credentials.refused(used).await;
        refreshed.map_err(|why| fault::<D>(op, why.into()).error)
    }

    /// After a 429 everybody on the account rests, once; after anything else only this call.
    async fn rest(&self, error: &ApiError<D::Kind>, wait: Duration) {
        if error.status() == Some(StatusCode::TOO_MANY_REQUESTS) {
            self.shared.pacer.pause(wait);
        } else {
            sleep(wait).await;
        }
    }
}

/// What is made of an answer's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    /// It must be JSON.
    Json,
    /// It is read to its end, whatever it is.
    Whole,
    /// It is left to be read by the caller, if the answer is a success.
    Opened,
}

/// An answer; of an opened one the body is still to come.
struct Arrived {
    response: Response,
    rest: Option<ByteStream>,
}

impl From<Response> for Arrived {
    fn from(response: Response) -> Self {
        Self {
            response,
            rest: None,
        }
    }
}

/// Of an opened answer that is an error so much is read.
const LONGEST_ERROR: usize = 64 << 10;

impl Arrived {
    async fn opened(opened: Opened) -> Result<Self, SendError> {
        let Opened {
            status,
            reason,
            headers,
            body: mut rest,
        } = opened;
        let mut body = Vec::new();
        while !status.is_success() && body.len() < LONGEST_ERROR {
            match rest.next().await {
                Some(piece) => body.extend_from_slice(&piece?),
                None => break,
            }
        }
        let response = Response {
            status,
            reason,
            headers,
            body: body.into(),
        };
        Ok(Self {
            rest: Some(rest),
            response,
        })
    }
}

struct Failed<D: Dialect> {
    error: ApiError<D::Kind>,
    credential_refused: bool,
}

impl<D: Dialect> From<Failed<D>> for ApiError<D::Kind> {
    fn from(failed: Failed<D>) -> Self {
        failed.error
    }
}

impl From<crate::pacer::DayExhausted> for Fault {
    fn from(day: crate::pacer::DayExhausted) -> Self {
        Self::DayExhausted {
            resets_in: day.resets_in,
        }
    }
}

impl From<CredentialsError> for Fault {
    fn from(error: CredentialsError) -> Self {
        let why = error.to_string();
        if error.is_transient() {
            Self::CredentialsUnavailable(why)
        } else {
            Self::Credentials(why)
        }
    }
}

fn fault<D: Dialect>(op: &Operation, fault: Fault) -> Failed<D> {
    Failed {
        error: ApiError::fault(op.name(), op.definition().is_read(), fault),
        credential_refused: false,
    }
}

fn is_gone<K: crate::error::Kind>(op: &Operation, error: &ApiError<K>) -> bool {
    op.definition().method() == http::Method::DELETE && error.is_not_found()
}

/// An earlier attempt of this DELETE may have been done; now the record is gone: it was.
fn already_gone(status: Option<StatusCode>) -> Response {
    Response {
        status: status.unwrap_or(StatusCode::NOT_FOUND),
        reason: None,
        headers: http::HeaderMap::new(),
        body: Bytes::from_static(b"{}"),
    }
}

/// A write that is done may be answered with nothing; it is read as `null`.
fn is_silent_yes(op: &Operation, response: &Response) -> bool {
    !op.definition().is_read() && response.body.is_empty()
}

/// A gateway's page is told from JSON by its first character.
fn looks_like_json(body: &[u8]) -> bool {
    body.iter()
        .find(|byte| !byte.is_ascii_whitespace())
        .is_some_and(|byte| {
            matches!(
                byte,
                b'{' | b'[' | b'"' | b't' | b'f' | b'n' | b'-' | b'0'..=b'9'
            )
        })
}

/// Decodes plainly; only a failure is decoded again, for its path.
fn decode<T: DeserializeOwned, K: crate::error::Kind>(
    op: &Operation,
    response: &Response,
) -> Result<T, ApiError<K>> {
    let body: &[u8] = match &response.body[..] {
        [] => b"null",
        body => body,
    };
    serde_json::from_slice(body).map_err(|plain| {
        let mut again = serde_json::Deserializer::from_slice(body);
        let (path, detail) = match serde_path_to_error::deserialize::<_, T>(&mut again) {
            Err(e) => (e.path().to_string(), e.inner().to_string()),
            Ok(_) => (".".to_owned(), plain.to_string()),
        };
        ApiError::fault(
            op.name(),
            op.definition().is_read(),
            Fault::Decode { path, detail },
        )
        .with_status(response.status)
    })
}

/// One attempt in the traces: never a secret, a query value or a body.
fn span(op: &Operation, attempt: u32) -> Span {
    let definition = op.definition();
    tracing::debug_span!(
        "api call",
        op = definition.name(),
        method = %definition.method(),
        path = definition.path(),
        attempt,
        waited_ms = field::Empty,
        status = field::Empty,
        request_id = field::Empty,
    )
}

fn status<D: Dialect>(result: &Result<Arrived, Failed<D>>) -> Option<StatusCode> {
    match result {
        Ok(arrived) => Some(arrived.response.status),
        Err(failed) => failed.error.status(),
    }
}

fn tell<D: Dialect>(waited: Duration, result: &Result<Arrived, Failed<D>>) {
    let failure = result.as_ref().err().map(|failed| &failed.error);
    let span = Span::current();
    span.record(
        "waited_ms",
        u64::try_from(waited.as_millis()).unwrap_or(u64::MAX),
    );
    span.record("status", status(result).map(|status| status.as_u16()));
    span.record("request_id", failure.and_then(ApiError::request_id));
    tracing::debug!(failed = failure.is_some(), "answered");
}
