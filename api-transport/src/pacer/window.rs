//! The requests that a server may still count against one interval.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

/// A server counts a request at some moment between its departure and its answer. So a
/// request takes a place from its departure until one interval after its answer: whatever
/// the network does, and whether the server's interval slides or stands, no interval of the
/// server then holds more than there are places.
#[derive(Default)]
pub(super) struct Window {
    in_flight: usize,
    over_at: VecDeque<Instant>,
}

impl Window {
    /// A request departs.
    pub(super) fn begun(&mut self) {
        self.in_flight += 1;
    }

    /// Its answer is there, or it was given up; `None` where nothing is counted.
    pub(super) fn over(&mut self, now: Option<Instant>) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.over_at.extend(now);
    }

    pub(super) fn in_flight(&self) -> usize {
        self.in_flight
    }

    pub(super) fn used(&mut self, interval: Duration, now: Instant) -> usize {
        while self.over_at.front().is_some_and(|at| *at + interval <= now) {
            self.over_at.pop_front();
        }
        self.in_flight + self.over_at.len()
    }

    pub(super) fn has_room(&mut self, places: usize, interval: Duration, now: Instant) -> bool {
        self.used(interval, now) < places
    }

    /// When the next place is free; `None` while all are in flight.
    pub(super) fn opens_at(&self, interval: Duration) -> Option<Instant> {
        self.over_at.front().map(|at| *at + interval)
    }

    /// So many places are taken, whoever took them.
    pub(super) fn at_least(&mut self, used: usize, interval: Duration, now: Instant) {
        let known = self.used(interval, now);
        self.over_at.extend((known..used).map(|_| now));
    }
}
