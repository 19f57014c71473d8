//! What a pacer knows, and what it answers to who waits.

use std::time::Duration;

use tokio::time::Instant;

use super::{
    limits::{Budget, DayExhausted, LimitReading, Limits, Priority},
    window::Window,
};

pub(super) struct State {
    pub(super) limits: Option<Limits>,
    pub(super) window: Window,
    pub(super) paused_until: Option<Instant>,
    pub(super) interactive_waiting: usize,
    pub(super) daily_remaining: Option<u64>,
    pub(super) daily_resets_at: Option<Instant>,
    pub(super) sent: u64,
    pub(super) waited: Duration,
}

/// What a call that waits is told.
pub(super) enum Next {
    Go,
    At(Instant),
    /// Whenever something changes.
    Later,
}

/// A day, where no header has told when it is renewed.
pub(super) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl State {
    pub(super) fn next(&mut self, priority: Priority, now: Instant) -> Result<Next, DayExhausted> {
        self.renew_day(now);
        if self.day_is_used_up(priority) {
            return Err(DayExhausted {
                resets_in: self.resets_in(now),
            });
        }
        if let Some(at) = self.paused_until.filter(|at| *at > now) {
            return Ok(Next::At(at));
        }
        if priority == Priority::Bulk && self.interactive_waiting > 0 {
            return Ok(Next::Later);
        }
        if let Some(limits) = &self.limits {
            if self.window.in_flight() >= limits.in_flight.max(1) {
                return Ok(Next::Later);
            }
            let burst = limits.burst.max(1) as usize;
            if !self.window.has_room(burst, limits.interval, now) {
                return Ok(self
                    .window
                    .opens_at(limits.interval)
                    .map_or(Next::Later, Next::At));
            }
        }
        self.note_sent(now);
        Ok(Next::Go)
    }

    fn note_sent(&mut self, now: Instant) {
        self.sent += 1;
        self.window.begun();
        if let Some(left) = &mut self.daily_remaining {
            *left = left.saturating_sub(1);
            self.daily_resets_at.get_or_insert(now + DAY);
        }
    }

    pub(super) fn over(&mut self) {
        self.window.over(self.limits.is_some().then(Instant::now));
    }

    fn day_is_used_up(&self, priority: Priority) -> bool {
        let kept = match (priority, &self.limits) {
            (Priority::Bulk, Some(limits)) => limits.reserve,
            _ => 0,
        };
        self.daily_remaining.is_some_and(|left| left <= kept)
    }

    fn renew_day(&mut self, now: Instant) {
        if self.daily_resets_at.is_some_and(|at| at <= now) {
            self.daily_resets_at = None;
            self.daily_remaining = self.limits.as_ref().and_then(|l| l.daily);
        }
    }

    fn resets_in(&self, now: Instant) -> Option<Duration> {
        self.daily_resets_at
            .map(|at| at.saturating_duration_since(now))
    }

    pub(super) fn budget(&mut self, now: Instant) -> Budget {
        let burst_remaining = self.limits.as_ref().map(|limits| {
            let used = self.window.used(limits.interval, now);
            limits
                .burst
                .saturating_sub(u32::try_from(used).unwrap_or(u32::MAX))
        });
        Budget {
            burst_remaining,
            daily: self.limits.as_ref().and_then(|l| l.daily),
            daily_remaining: self.daily_remaining,
            resets_in: self.resets_in(now),
            sent: self.sent,
            waited: self.waited,
        }
    }

    pub(super) fn learn(&mut self, reading: &LimitReading, now: Instant) {
        if let Some(limits) = &mut self.limits {
            limits.burst = reading.burst.filter(|b| *b > 0).unwrap_or(limits.burst);
            limits.interval = reading.interval.unwrap_or(limits.interval);
            limits.daily = reading.daily.or(limits.daily);
        }
        if let Some(left) = reading.daily_remaining {
            self.daily_remaining = Some(left);
        }
        if let Some(wait) = reading.daily_resets_in {
            self.daily_resets_at = Some(now + wait);
        }
        self.make_room_for_others(reading, now);
    }

    /// Another program uses the same account: what it took counts as ours.
    fn make_room_for_others(&mut self, reading: &LimitReading, now: Instant) {
        if let (Some(limits), Some(left)) = (&self.limits, reading.burst_remaining) {
            let used = limits.burst.saturating_sub(left) as usize;
            self.window.at_least(used, limits.interval, now);
        }
    }
}
