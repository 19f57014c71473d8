//! How many requests a caller still has.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

const DAY: i64 = 86_400;

/// A burst window and a day, both counted on the sandbox's clock.
///
/// Requests are always counted, so the headers are true; they are refused only
/// when the limits are on.
pub(crate) struct Allowance {
    pub(crate) burst: u64,
    pub(crate) window: Duration,
    pub(crate) daily: u64,
    pub(crate) enforced: bool,
    /// A day is 24 hours from its first request instead of one from midnight in UTC.
    pub(crate) rolling: bool,
    window_start: Timestamp,
    in_window: u64,
    day_start: Timestamp,
    in_day: u64,
}

/// What is left after one request was counted.
pub(crate) struct Left {
    pub(crate) refused: bool,
    pub(crate) burst: u64,
    pub(crate) daily: u64,
    /// Until the day ends.
    pub(crate) day_ends_in: Duration,
}

impl Allowance {
    pub(crate) fn new(burst: u64, window: Duration, daily: u64) -> Self {
        Self {
            burst,
            window,
            daily,
            enforced: false,
            rolling: false,
            window_start: Timestamp::UNIX_EPOCH,
            in_window: 0,
            day_start: Timestamp::UNIX_EPOCH,
            in_day: 0,
        }
    }

    /// What a request finds that is refused although the limits would let it pass.
    pub(crate) fn feigned(&mut self, now: Timestamp, day_used_up: bool) -> Left {
        let left = self.take(now);
        Left {
            refused: true,
            burst: 0,
            daily: if day_used_up { 0 } else { left.daily },
            ..left
        }
    }

    /// Counts a request, unless it is refused as one too many: where the limits are off, all that is
    /// answered is counted.
    pub(crate) fn take(&mut self, now: Timestamp) -> Left {
        let window = SignedDuration::try_from(self.window).unwrap_or(SignedDuration::MAX);
        let age = now.duration_since(self.window_start);
        if age >= window || age.is_negative() {
            self.window_start = now;
            self.in_window = 0;
        }
        let day = now.duration_since(self.day_start).as_secs();
        if !(0..DAY).contains(&day) {
            self.day_start = if self.rolling { now } else { midnight(now) };
            self.in_day = 0;
        }
        let too_many = self.in_window >= self.burst || self.in_day >= self.daily;
        let refused = self.enforced && too_many;
        if !refused {
            self.in_window += 1;
            self.in_day += 1;
        }
        let age = now.duration_since(self.day_start);
        let left = SignedDuration::from_secs(DAY) - age;
        Left {
            refused,
            burst: self.burst.saturating_sub(self.in_window),
            daily: self.daily.saturating_sub(self.in_day),
            day_ends_in: left.unsigned_abs(),
        }
    }
}

/// The last midnight in UTC.
fn midnight(now: Timestamp) -> Timestamp {
    let second = now.as_second().div_euclid(DAY) * DAY;
    Timestamp::from_second(second).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_answered_beyond_the_limits_is_counted() {
        let mut allowance = Allowance::new(2, Duration::from_secs(10), 100);
        let now = Timestamp::from_second(1_000_000).unwrap();
        let left: Vec<_> = (0..4).map(|_| allowance.take(now)).collect();
        assert!(left.iter().all(|left| !left.refused));
        assert_eq!(
            left.iter().map(|of| of.burst).collect::<Vec<_>>(),
            [1, 0, 0, 0]
        );
        assert_eq!(
            left.iter().map(|of| of.daily).collect::<Vec<_>>(),
            [99, 98, 97, 96]
        );
    }

    #[test]
    fn a_full_window_refuses_until_it_is_over() {
        let mut allowance = Allowance::new(2, Duration::from_secs(10), 3);
        allowance.enforced = true;
        let start = Timestamp::from_second(1_000_000).unwrap();
        assert!(!allowance.take(start).refused);
        assert!(!allowance.take(start).refused);
        assert!(allowance.take(start).refused);
        let later = start + SignedDuration::from_secs(10);
        assert!(!allowance.take(later).refused);
        let much_later = start + SignedDuration::from_secs(30);
        assert!(allowance.take(much_later).refused, "the day is used up");
    }
}
