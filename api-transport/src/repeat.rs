//! When a call is sent again.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    error::{ApiError, Kind},
    fault::Effect,
    operation::Definition,
};

/// How often and how patiently a transient failure is repeated.
///
/// What is repeated: a transient failure of a repeatable operation, and a
/// transient failure of any other operation only when it was certainly not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatPolicy {
    attempts: u32,
    first_wait: Duration,
    longest_wait: Duration,
    attempt_timeout: Option<Duration>,
    within: Option<Duration>,
}

impl Default for RepeatPolicy {
    /// Five attempts; waits of about 0.3, 0.6, 1.2 and 2.4 s, or what the API asks for up to 60 s.
    fn default() -> Self {
        Self {
            attempts: 5,
            first_wait: Duration::from_millis(300),
            longest_wait: Duration::from_secs(60),
            attempt_timeout: None,
            within: None,
        }
    }
}

impl RepeatPolicy {
    /// Never repeats.
    pub fn never() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// At most this many attempts in all.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The wait after the first failure; it doubles with each further one.
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// The longest wait that is worth it; an API that asks for more ends the call.
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// How long an attempt may take, where that is less than the sender's own time-out.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// No attempt begins later than this after the first one.
    pub fn within(mut self, time: Duration) -> Self {
        self.within = Some(time);
        self
    }

    pub(crate) fn longest_attempt(&self) -> Option<Duration> {
        self.attempt_timeout
    }

    /// How long to wait before attempt `attempt + 1`; `None` when it is over.
    pub(crate) fn wait_after<K: Kind>(
        &self,
        attempt: u32,
        began: Instant,
        definition: &Definition,
        error: &ApiError<K>,
    ) -> Option<Duration> {
        let may = definition.is_repeatable() || error.effect() == Effect::NotApplied;
        if attempt >= self.attempts || !error.is_transient() || !may {
            return None;
        }
        let wait = match error.retry_after() {
            Some(asked) if asked > self.longest_wait => return None,
            Some(asked) => asked,
            None => jittered(self.backoff(attempt)),
        };
        let in_time = self
            .within
            .is_none_or(|time| began.elapsed() + wait <= time);
        in_time.then_some(wait)
    }

    fn backoff(&self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1).min(16);
        (self.first_wait * (1 << doublings)).min(self.longest_wait)
    }
}

/// Between half and the whole of `wait`, so that clients that failed together do not return together.
fn jittered(wait: Duration) -> Duration {
    wait.mul_f64(0.5 + fastrand::f64() / 2.0)
}
