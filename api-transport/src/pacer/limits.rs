//! What an account may do, and what is left of it.

use std::time::Duration;

/// The published limits of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Requests in each interval.
    pub burst: u32,
    /// The interval.
    pub interval: Duration,
    /// Requests under way at once.
    pub in_flight: usize,
    /// Requests in a day, until the rate headers tell better.
    pub daily: Option<u64>,
    /// How many of the day's requests bulk calls leave to interactive ones.
    pub reserve: u64,
}

/// Who is calling: a person who waits, or a sweep that has time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Priority {
    /// Goes ahead of bulk calls and may use the day's reserve.
    #[default]
    Interactive,
    /// Yields to interactive calls and leaves the reserve alone.
    Bulk,
}

/// What an answer's rate headers said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LimitReading {
    /// Requests in each interval.
    pub burst: Option<u32>,
    /// Left in this interval.
    pub burst_remaining: Option<u32>,
    /// The interval.
    pub interval: Option<Duration>,
    /// Requests in a day.
    pub daily: Option<u64>,
    /// Left in this day.
    pub daily_remaining: Option<u64>,
    /// Until the day's allowance is renewed.
    pub daily_resets_in: Option<Duration>,
}

/// What is left of an account's day, and of its interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Budget {
    /// Requests that can be sent at once, where there is a limit.
    pub burst_remaining: Option<u32>,
    /// Requests in a day, where known.
    pub daily: Option<u64>,
    /// Left in this day, as the API last said, where known.
    pub daily_remaining: Option<u64>,
    /// Until the day's allowance is renewed, where known.
    pub resets_in: Option<Duration>,
    /// Requests that this pacer let through.
    pub sent: u64,
    /// How long calls have waited here for their turn, summed up.
    pub waited: Duration,
}

/// The day's allowance is used up, or what is left is kept for interactive calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayExhausted {
    /// Until the allowance is renewed, where known.
    pub resets_in: Option<Duration>,
}
