//! The sandbox's own time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The time both servers live by; clones share it.
///
/// Stamps, `Date` headers, index lag and rate windows are read from here, so a
/// test that owns a manual clock decides when anything becomes late.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Mutex<Reading>>);

#[derive(Debug)]
enum Reading {
    Real { offset: SignedDuration },
    Manual { now: Timestamp },
}

impl Clock {
    /// The computer's time; [`advance`](Clock::advance) and [`set`](Clock::set) shift it.
    pub fn real() -> Self {
        Self::reading(Reading::Real {
            offset: SignedDuration::ZERO,
        })
    }

    /// A time that stands still until it is moved.
    pub fn manual(start: Timestamp) -> Self {
        Self::reading(Reading::Manual { now: start })
    }

    fn reading(reading: Reading) -> Self {
        Self(Arc::new(Mutex::new(reading)))
    }

    /// What time it is in the sandbox.
    pub fn now(&self) -> Timestamp {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Reading::Real { offset } => later(Timestamp::now(), *offset),
            Reading::Manual { now } => *now,
        }
    }

    /// Moves the sandbox's time forward.
    pub fn advance(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        match &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Reading::Real { offset } => *offset = offset.saturating_add(by),
            Reading::Manual { now } => *now = later(*now, by),
        }
    }

    /// Moves the sandbox's time to `to`, also backwards.
    pub fn set(&self, to: Timestamp) {
        match &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Reading::Real { offset } => *offset = to.duration_since(Timestamp::now()),
            Reading::Manual { now } => *now = to,
        }
    }
}

fn later(from: Timestamp, by: SignedDuration) -> Timestamp {
    from.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_it_is_moved() {
        let clock = Clock::manual(Timestamp::UNIX_EPOCH);
        let shared = clock.clone();
        clock.advance(Duration::from_millis(1500));
        assert_eq!(shared.now().as_millisecond(), 1500);
        clock.set(Timestamp::UNIX_EPOCH);
        assert_eq!(shared.now(), Timestamp::UNIX_EPOCH);
    }

    #[test]
    fn a_real_clock_can_be_moved_back() {
        let clock = Clock::real();
        clock.set(Timestamp::UNIX_EPOCH);
        assert!(clock.now().as_second() < 60);
    }
}
