//! What the rate headers say about the account's day.

use std::time::Duration;

use api_transport::{HeaderMap, LimitReading, server_time};
use jiff::Timestamp;

const LIMIT: &str = "x-ratelimit-limit";
const REMAINING: &str = "x-ratelimit-remaining";

/// Insightly does not tell when its day ends (midnight UTC or 24 hours after
/// something): a used-up day is asked about again this often.
const ASK_AGAIN: Duration = Duration::from_secs(3600);

/// The account's calls of one day, as an answer's headers told them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Day {
    /// Calls in a day.
    pub limit: Option<u64>,
    /// Calls left of them.
    pub remaining: Option<u64>,
}

impl Day {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        Self {
            limit: number(headers, LIMIT),
            remaining: number(headers, REMAINING),
        }
    }

    pub(crate) fn is_used_up(self) -> bool {
        self.remaining == Some(0)
    }

    pub(crate) fn reading(self, headers: &HeaderMap) -> LimitReading {
        let midnight = server_time(headers).and_then(until_midnight);
        LimitReading {
            daily: self.limit,
            daily_remaining: self.remaining,
            daily_resets_in: match self.remaining {
                None => None,
                Some(0) => Some(midnight.map_or(ASK_AGAIN, |wait| wait.min(ASK_AGAIN))),
                Some(_) => midnight,
            },
            ..LimitReading::default()
        }
    }
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

fn until_midnight(now: Timestamp) -> Option<Duration> {
    let seconds_of_day = now.as_second().rem_euclid(86_400);
    u64::try_from(86_400 - seconds_of_day)
        .ok()
        .map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use api_transport::HeaderValue;

    use super::*;

    fn headers(remaining: &'static str, date: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(LIMIT, HeaderValue::from_static("1000"));
        headers.insert(REMAINING, HeaderValue::from_static(remaining));
        headers.insert("date", HeaderValue::from_static(date));
        headers
    }

    #[test]
    fn the_day_is_taken_to_end_at_midnight_utc() {
        let headers = headers("7", "Tue, 24 Nov 2026 22:00:00 GMT");
        let reading = Day::of(&headers).reading(&headers);
        assert_eq!(reading.daily, Some(1000));
        assert_eq!(reading.daily_remaining, Some(7));
        assert_eq!(reading.daily_resets_in, Some(Duration::from_secs(7200)));
        assert_eq!(reading.burst, None);
    }

    #[test]
    fn a_used_up_day_is_asked_about_within_the_hour() {
        let early = headers("0", "Tue, 24 Nov 2026 01:00:00 GMT");
        assert_eq!(
            Day::of(&early).reading(&early).daily_resets_in,
            Some(ASK_AGAIN)
        );
        let late = headers("0", "Tue, 24 Nov 2026 23:59:30 GMT");
        assert_eq!(
            Day::of(&late).reading(&late).daily_resets_in,
            Some(Duration::from_secs(30))
        );
    }
}
