//! The rate headers that every answer carries.

use std::time::Duration;

use api_transport::{HeaderMap, LimitReading};

/// Reads the `x-ratelimit-*` headers. The daily reset is a duration (seen as
/// 86343000 ms), not a time.
pub(crate) fn read(headers: &HeaderMap) -> LimitReading {
    let mut reading = LimitReading::default();
    for (name, value) in headers {
        let Some(name) = name.as_str().strip_prefix("x-ratelimit-") else {
            continue;
        };
        let number = || value.to_str().ok()?.trim().parse::<u64>().ok();
        let small = || number().and_then(|n| u32::try_from(n).ok());
        match name {
            "max" => reading.burst = small(),
            "remaining" => reading.burst_remaining = small(),
            "interval-milliseconds" => reading.interval = number().map(Duration::from_millis),
            "limit-daily" => reading.daily = number(),
            "daily-remaining" => reading.daily_remaining = number(),
            "daily-reset" => reading.daily_resets_in = number().map(Duration::from_millis),
            _ => {}
        }
    }
    reading
}
