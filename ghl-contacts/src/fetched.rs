//! A value and when the server gave it.

use jiff::Timestamp;

/// What a call gave, and the server's own time when it answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fetched<T> {
    /// What was asked for.
    pub value: T,
    /// The `Date` header, to the second; `None` if the answer had none.
    pub server_time: Option<Timestamp>,
}

impl<T> Fetched<T> {
    /// The same time with another value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Fetched<U> {
        Fetched {
            value: convert(self.value),
            server_time: self.server_time,
        }
    }
}
