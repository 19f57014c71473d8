//! The rate headers that every answer carries.

use std::time::Duration;

use api_transport::{HeaderMap, LimitReading};

/// Reads the `x-ratelimit-*` headers. The daily reset is a duration (seen as
/// 86343000 ms), not a time.
pub(crate) fn read(headers: &HeaderMap) -> LimitReading {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    let small = |name: &str| number(name).and_then(|n| u32::try_from(n).ok());
    LimitReading {
        burst: small("x-ratelimit-max"),
        burst_remaining: small("x-ratelimit-remaining"),
        interval: number("x-ratelimit-interval-milliseconds").map(Duration::from_millis),
        daily: number("x-ratelimit-limit-daily"),
        daily_remaining: number("x-ratelimit-daily-remaining"),
        daily_resets_in: number("x-ratelimit-daily-reset").map(Duration::from_millis),
    }
}
