//! The one error that a client's calls return.

use std::{error::Error as StdError, fmt, time::Duration};

use http::StatusCode;

use crate::{
    fault::{Effect, Fault},
    operation::Definition,
};

/// The kinds of failure that one client tells apart.
pub trait Kind: fmt::Debug + Clone + From<Fault> + Send + Sync + 'static {
    /// Whether the API says that there is no such record.
    fn is_not_found(&self) -> bool;
}

/// Why a call failed. One pointer wide; new kinds are no break.
///
/// `Display` is one line, e.g. `contacts.create: 422: phone is invalid`.
pub struct ApiError<K>(Box<Inner<K>>);

struct Inner<K> {
    op: &'static str,
    kind: K,
    status: Option<StatusCode>,
    message: String,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    effect: Effect,
    transient: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl<K: Kind> ApiError<K> {
    /// An error of an answer.
    pub(crate) fn answered(
        op: &'static str,
        status: StatusCode,
        retry_after: Option<Duration>,
        verdict: crate::dialect::Verdict<K>,
    ) -> Self {
        Self(Box::new(Inner {
            op,
            kind: verdict.kind,
            status: Some(status),
            message: verdict.message,
            request_id: verdict.request_id,
            retry_after,
            effect: verdict.effect,
            transient: verdict.transient,
            source: None,
        }))
    }

    /// An error that is not the API's own word; `read` is true for operations that change nothing.
    pub(crate) fn fault(op: &'static str, read: bool, fault: Fault) -> Self {
        Self(Box::new(Inner {
            op,
            message: fault.to_string(),
            status: None,
            request_id: None,
            retry_after: match &fault {
                Fault::DayExhausted { resets_in } => *resets_in,
                _ => None,
            },
            effect: if read {
                Effect::NotApplied
            } else {
                fault.effect()
            },
            transient: fault.is_transient(),
            kind: fault.into(),
            source: None,
        }))
    }

    pub(crate) fn with_source(mut self, source: Option<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = source;
        self
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    /// A call that a client refuses before sending it, e.g. a text over a known limit.
    pub fn invalid_request(op: &'static str, why: impl Into<String>) -> Self {
        Self::fault(op, true, Fault::InvalidRequest(why.into()))
    }

    /// A call that a client refuses before sending it, with a kind of its own.
    pub fn refused(op: &'static str, kind: K, why: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            op,
            kind,
            status: None,
            message: why.into(),
            request_id: None,
            retry_after: None,
            effect: Effect::NotApplied,
            transient: false,
            source: None,
        }))
    }

    /// An answer that a client reads itself and cannot read; `path` is where in it.
    pub fn unreadable(
        definition: &Definition,
        path: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        let fault = Fault::Decode {
            path: path.into(),
            detail: detail.into(),
        };
        Self::fault(definition.name(), definition.is_read(), fault)
    }

    /// The kind of failure, to match on.
    pub fn kind(&self) -> &K {
        &self.0.kind
    }

    /// The operation, e.g. `contacts.create`.
    pub fn op(&self) -> &'static str {
        self.0.op
    }

    /// The HTTP status, if there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The API's own words, or ours where it said nothing.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The API's id of this request, for its support desk.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the API asks to wait before the next try.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether a write may have been done all the same.
    pub fn effect(&self) -> Effect {
        self.0.effect
    }

    /// Whether the same call may succeed later without a change.
    pub fn is_transient(&self) -> bool {
        self.0.transient
    }

    /// Whether there is no such record.
    pub fn is_not_found(&self) -> bool {
        self.0.kind.is_not_found()
    }
}

impl<K> fmt::Display for ApiError<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.0.op)?;
        if let Some(status) = self.0.status {
            write!(f, "{}: ", status.as_u16())?;
        }
        f.write_str(&self.0.message)?;
        match &self.0.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl<K: fmt::Debug> fmt::Debug for ApiError<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("op", &self.0.op)
            .field("kind", &self.0.kind)
            .field("status", &self.0.status)
            .field("message", &self.0.message)
            .field("request_id", &self.0.request_id)
            .field("retry_after", &self.0.retry_after)
            .field("effect", &self.0.effect)
            .field("transient", &self.0.transient)
            .finish_non_exhaustive()
    }
}

impl<K: fmt::Debug> StdError for ApiError<K> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
