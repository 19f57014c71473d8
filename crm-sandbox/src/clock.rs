//! The sandbox's own time.

use std::future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

/// The time both servers live by; clones share it.
///
/// Stamps, `Date` headers, index lag and rate windows are read from here, so a
/// test that owns a manual clock decides when anything becomes late.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    reading: Mutex<Reading>,
    moved: Notify,
}

#[derive(Debug)]
enum Reading {
    Real { offset: SignedDuration },
    Manual { now: Timestamp },
}

impl Clock {
    /// The computer's time; [`advance`](Clock::advance) and [`set`](Clock::set) shift it.
    pub fn real() -> Self {
        Self::over(Reading::Real {
            offset: SignedDuration::ZERO,
        })
    }

    /// A time that stands still until it is moved.
    pub fn manual(start: Timestamp) -> Self {
        Self::over(Reading::Manual { now: start })
    }

    fn over(reading: Reading) -> Self {
        Self(Arc::new(Inner {
            reading: Mutex::new(reading),
            moved: Notify::new(),
        }))
    }

    fn reading(&self) -> MutexGuard<'_, Reading> {
        let reading = self.0.reading.lock();
        reading.unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the sandbox's time is there; without an instant, for ever.
    pub(crate) async fn reached(&self, at: Option<Timestamp>) {
        let Some(at) = at else {
            return future::pending().await;
        };
        loop {
            let moved = self.0.moved.notified();
            tokio::pin!(moved);
            moved.as_mut().enable();
            let left = at.duration_since(self.now());
            if !left.is_positive() {
                return;
            }
            let by_itself = matches!(&*self.reading(), Reading::Real { .. });
            tokio::select! {
                () = &mut moved => {}
                () = tokio::time::sleep(left.unsigned_abs()), if by_itself => {}
            }
        }
    }

    /// What time it is in the sandbox.
    pub fn now(&self) -> Timestamp {
        match &*self.reading() {
            Reading::Real { offset } => later(Timestamp::now(), *offset),
            Reading::Manual { now } => *now,
        }
    }

    /// Moves the sandbox's time forward.
    pub fn advance(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        match &mut *self.reading() {
            Reading::Real { offset } => *offset = offset.saturating_add(by),
            Reading::Manual { now } => *now = later(*now, by),
        }
        self.0.moved.notify_waiters();
    }

    /// Moves the sandbox's time to `to`, also backwards.
    pub fn set(&self, to: Timestamp) {
        match &mut *self.reading() {
            Reading::Real { offset } => *offset = to.duration_since(Timestamp::now()),
            Reading::Manual { now } => *now = to,
        }
        self.0.moved.notify_waiters();
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
