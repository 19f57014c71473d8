//! The whole way of a delivery: allowed, read, kept; only then answered.

use api_transport::{HeaderMap, StatusCode};
use tokio::sync::mpsc;

use super::{BasicCredentials, Hint, HintKind, NotAHint};

/// Larger bodies are refused: 2 MiB. Records of accounts with hundreds of custom fields
/// have some 100 KB.
pub const DEFAULT_BODY_LIMIT: usize = 2 << 20;

/// Receives deliveries. Cheap to clone.
///
/// The inbox is bounded and forgets with the process: ask [`since`](crate::Records::since)
/// after a start.
#[derive(Debug, Clone)]
pub struct Receiver {
    credentials: BasicCredentials,
    inbox: mpsc::Sender<Hint>,
    kind: Option<HintKind>,
    body_limit: usize,
}

/// Why a delivery is not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The user or password is wrong, or missing.
    #[error("the user or password is wrong")]
    Unauthorized,
    /// The body is over the limit.
    #[error("the body is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The body is none of a workflow rule's.
    #[error(transparent)]
    NotAHint(#[from] NotAHint),
    /// The inbox is full, or nobody takes out of it: it should come again.
    #[error("come again: the inbox is full")]
    Full,
}

impl Refusal {
    /// The status to answer with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotAHint(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Full => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl Receiver {
    /// Lets in who has these credentials, and puts hints into `inbox`.
    pub fn new(credentials: BasicCredentials, inbox: mpsc::Sender<Hint>) -> Self {
        Self {
            credentials,
            inbox,
            kind: None,
            body_limit: DEFAULT_BODY_LIMIT,
        }
    }

    /// The same for the URL of rules about one kind of record.
    pub fn of(mut self, kind: HintKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Another limit for bodies, in bytes.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Takes a delivery in: answer 200 for `Ok`, and the refusal's
    /// [`status`](Refusal::status) otherwise. Credentials are looked at first.
    pub fn receive(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
        self.admit(headers)?;
        self.take_in(body)
    }

    pub(super) fn admit(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        if self.credentials.are_in(headers) {
            Ok(())
        } else {
            Err(Refusal::Unauthorized)
        }
    }

    pub(super) fn take_in(&self, body: &[u8]) -> Result<(), Refusal> {
        if body.len() > self.body_limit {
            return Err(self.too_large());
        }
        let hint = match self.kind {
            Some(kind) => Hint::read_as(body, kind)?,
            None => Hint::read(body)?,
        };
        self.inbox.try_send(hint).map_err(|_| Refusal::Full)
    }

    pub(super) fn limit(&self) -> usize {
        self.body_limit
    }

    pub(super) fn too_large(&self) -> Refusal {
        Refusal::TooLarge {
            limit: self.body_limit,
        }
    }
}
