//! Why a call failed.

use std::time::Duration;

use api_transport::{ApiError, Fault, Kind};

use crate::record::TooLong;

/// The error of every call. See [`ErrorKind`] for what to match on, and
/// [`effect`](ApiError::effect) for whether a write may have been done all the same.
pub type Error = ApiError<ErrorKind>;

/// The result of every call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The kinds of failure that a caller may want to tell apart.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// 401: the key is wrong, switched off, or of another pod.
    Unauthorized,
    /// 402: the plan's record or storage limit is reached.
    PlanFull,
    /// 403: this user may not see or change this record, or not do this at all.
    Forbidden,
    /// 403 or 404 for a whole family: the plan or the account does not have it, or
    /// this user may not list it.
    FamilyNotAvailable,
    /// 404: there is no such record, or this user does not see it.
    NotFound,
    /// 405: no resource of this name takes this method.
    WrongResource,
    /// 409: what is to be deleted is in use, the last one, or already inactive.
    InUse,
    /// 412, or 400 about `If-Match`: somebody changed the record meanwhile.
    ChangedMeanwhile,
    /// 417: the server could not do it (delete, image, file) and says no more.
    DeleteFailed,
    /// 400: the data was refused.
    Invalid,
    /// 429 with calls left today: too many in this second.
    RateLimited,
    /// The day's calls of the account are used up; nothing succeeds until the next day.
    DayExhausted {
        /// When asking again is worth it. Insightly does not tell when its day
        /// ends, so this is at most an hour.
        ask_again_in: Option<Duration>,
    },
    /// 5xx: Insightly is down or stumbled.
    Unavailable,
    /// No answer in time.
    Timeout,
    /// No connection: refused, no such host, TLS.
    Connect,
    /// The connection broke after the request was sent.
    ConnectionLost,
    /// A 2xx whose body is not the documented JSON.
    Decode {
        /// Where in the JSON, e.g. `[3].DATE_CREATED_UTC`; `.` is the whole body.
        path: String,
        /// What was expected and found.
        detail: String,
    },
    /// A 2xx with something else than JSON, such as a gateway's HTML page.
    NotJson,
    /// The answer is larger than the sender's cap.
    TooLarge,
    /// A text is over its field's known limit; nothing was sent.
    TooLong(TooLong),
    /// Refused here; nothing was sent.
    InvalidRequest,
    /// There is no usable key; nothing was sent.
    Credentials,
    /// Anything else; the status and the message say more.
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
            Fault::Credentials(_) => Self::Credentials,
            Fault::DayExhausted { resets_in } => Self::DayExhausted {
                ask_again_in: resets_in,
            },
            Fault::Connect(_) => Self::Connect,
            Fault::Timeout => Self::Timeout,
            Fault::Reset(_) => Self::ConnectionLost,
            Fault::TooLarge { .. } => Self::TooLarge,
            Fault::Decode { path, detail } => Self::Decode { path, detail },
            Fault::NotJson => Self::NotJson,
            _ => Self::Other,
        }
    }
}
