//! Why a call failed.

use std::time::Duration;

use api_transport::{Fault, Kind};

use crate::{ids::ContactId, scopes::Scope};

/// Why a call failed; [`kind`](api_transport::ApiError::kind) says what, and
/// [`effect`](api_transport::ApiError::effect) whether it may have been done all the same.
pub type Error = api_transport::ApiError<ErrorKind>;

/// What a call gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The kinds of failure, told apart by status *and* body: HighLevel answers 400
/// for a missing contact and 401 for a gateway's time-out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The location forbids a second contact with this e-mail or phone.
    /// Comes from a create and from an update (400 with `meta.contactId`).
    Duplicate {
        /// The contact that has it.
        existing: ContactId,
        /// The colliding field, e.g. `phone`; empty when the API does not say.
        field: String,
    },
    /// There is no such record: mostly a 400 that says "… not found".
    NotFound,
    /// No such path or method (404 from the framework): says nothing about a record.
    UnknownRoute,
    /// The API refuses the content of the request (422, or a 400 that lists reasons).
    InvalidField {
        /// The fields that the messages name, e.g. `gender` or `dndSettings.email`.
        fields: Vec<String>,
        /// The API's messages, one for each complaint.
        messages: Vec<String>,
    },
    /// A 400 without a closer meaning.
    BadRequest,
    /// The credential lacks a scope. Told before anything is sent where the granted ones are
    /// known, else by the API (401 "not authorized for this scope").
    MissingScope {
        /// The operation, e.g. `contacts.create`.
        operation: &'static str,
        /// What it needs; `None` where HighLevel documents no scope for it.
        scope: Option<Scope>,
    },
    /// The credential is refused: wrong, expired or withdrawn.
    Unauthorized,
    /// The credential has no access to this location, or the location was left out.
    WrongLocation,
    /// The credential is of a kind that may not do this.
    Forbidden,
    /// The `Version` header is missing or unknown to the API.
    Version,
    /// Too many requests in ten seconds; wait
    /// [`retry_after`](api_transport::ApiError::retry_after).
    RateLimited,
    /// The day's requests are used up.
    DayExhausted {
        /// Until they are renewed, where known.
        resets_in: Option<Duration>,
    },
    /// No answer in time, ours or the gateway's ("Command timed out").
    Timeout,
    /// The API or its gateway is out of order (5xx).
    Unavailable,
    /// No connection could be made.
    Unreachable,
    /// The connection broke after the request was sent.
    Interrupted,
    /// The request could not be built; nothing was sent.
    InvalidRequest,
    /// There are no usable credentials, or they cannot be refreshed just now
    /// ([`is_transient`](api_transport::ApiError::is_transient)); nothing was sent.
    Credentials,
    /// A 2xx whose JSON is not what is documented.
    Decode {
        /// Where, e.g. `contacts[3]`.
        path: String,
        /// What was expected and found.
        detail: String,
    },
    /// A 2xx with something else than JSON.
    NotJson,
    /// The answer is larger than the cap of the sender.
    TooLarge,
    /// Anything else; see the status and the message.
    Other,
}

impl Kind for ErrorKind {
    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

impl From<Fault> for ErrorKind {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::InvalidRequest(_) => Self::InvalidRequest,
            Fault::Credentials(_) | Fault::CredentialsUnavailable(_) => Self::Credentials,
            Fault::DayExhausted { resets_in } => Self::DayExhausted { resets_in },
            Fault::Connect(_) => Self::Unreachable,
            Fault::Timeout => Self::Timeout,
            Fault::Reset(_) => Self::Interrupted,
            Fault::TooLarge { .. } => Self::TooLarge,
            Fault::Decode { path, detail } => Self::Decode { path, detail },
            Fault::NotJson => Self::NotJson,
            _ => Self::Other,
        }
    }
}
