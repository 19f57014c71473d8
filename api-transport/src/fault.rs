//! What went wrong outside the API's own answers, and what a failure left behind.

use std::time::Duration;

/// Whether a failed call may have been done all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The server certainly did not do it.
    NotApplied,
    /// It may have been done: look before doing it again.
    Unknown,
}

/// A failure that is not the API's own word.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The request could not be built; nothing was sent.
    InvalidRequest(String),
    /// There are no usable credentials; nothing was sent.
    Credentials(String),
    /// The credentials cannot be refreshed just now; nothing was sent.
    CredentialsUnavailable(String),
    /// The day's allowance is used up; nothing was sent.
    DayExhausted {
        /// How long until the allowance is renewed, where known.
        resets_in: Option<Duration>,
    },
    /// No connection: refused, no such host, TLS.
    Connect(String),
    /// No answer in time.
    Timeout,
    /// The connection broke after the request was sent.
    Reset(String),
    /// The answer is larger than the cap.
    TooLarge {
        /// The cap in bytes.
        limit: usize,
    },
    /// A 2xx whose body is not the documented JSON.
    Decode {
        /// Where in the JSON, e.g. `contact.dateAdded`; `.` is the whole body.
        path: String,
        /// What was expected and found.
        detail: String,
    },
    /// A 2xx with something else than JSON, such as a gateway's HTML page.
    NotJson,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::InvalidRequest(why) => write!(f, "the request cannot be sent: {why}"),
            Self::Credentials(why) => write!(f, "no usable credentials: {why}"),
            Self::CredentialsUnavailable(why) => {
                write!(f, "the credentials cannot be refreshed now: {why}")
            }
            Self::DayExhausted { resets_in: None } => {
                f.write_str("the day's requests are used up; try again tomorrow")
            }
            Self::DayExhausted { resets_in: Some(d) } => write!(
                f,
                "the day's requests are used up; they are renewed in {} min",
                d.as_secs().div_ceil(60)
            ),
            Self::Connect(why) => write!(f, "no connection: {why}"),
            Self::Timeout => f.write_str("no answer in time"),
            Self::Reset(why) => write!(f, "the connection broke: {why}"),
            Self::TooLarge { limit } => write!(f, "the answer is larger than {limit} bytes"),
            Self::Decode { path, detail } => {
                write!(f, "the answer cannot be read at `{path}`: {detail}")
            }
            Self::NotJson => f.write_str("the answer is not JSON"),
        }
    }
}

impl Fault {
    /// Whether the request may have reached the server.
    pub(crate) fn effect(&self) -> Effect {
        match self {
            Self::InvalidRequest(_)
            | Self::Credentials(_)
            | Self::CredentialsUnavailable(_)
            | Self::DayExhausted { .. }
            | Self::Connect(_) => Effect::NotApplied,
            _ => Effect::Unknown,
        }
    }

    /// Whether the same request may succeed a moment later.
    pub(crate) fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Connect(_)
                | Self::Timeout
                | Self::Reset(_)
                | Self::NotJson
                | Self::CredentialsUnavailable(_)
        )
    }
}
