//! Who watches what is sent.

use std::time::Duration;

use http::StatusCode;

use crate::operation::Definition;

/// One attempt of a call, when it is over. It holds no secret, no query value and no body.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// What was called.
    pub operation: &'static Definition,
    /// The first attempt of a call is 1.
    pub number: u32,
    /// How long it waited for its turn.
    pub waited: Duration,
    /// From sending to the end of the answer.
    pub took: Duration,
    /// The status, if there was an answer.
    pub status: Option<StatusCode>,
    /// The API's id of a request that failed, where it told one.
    pub request_id: Option<&'a str>,
    /// Whether it failed.
    pub failed: bool,
    /// The bytes of the answer's body, uncompressed.
    pub received: usize,
}

/// Is told of every attempt, in the task that made it: count, measure, and return at once.
///
/// A closure will do: `|attempt: &Attempt<'_>| …`.
pub trait Observer: Send + Sync + 'static {
    /// An attempt is over.
    fn attempted(&self, attempt: &Attempt<'_>);
}

impl<F: Fn(&Attempt<'_>) + Send + Sync + 'static> Observer for F {
    fn attempted(&self, attempt: &Attempt<'_>) {
        self(attempt);
    }
}
