//! How long the server asks us to wait.

use std::time::Duration;

use http::{HeaderMap, header};
use jiff::Timestamp;

use crate::server_time::{http_date, server_time};

/// Reads `Retry-After`, in seconds or as a date. A date is measured from the
/// answer's own `Date` header, so that our clock does not matter.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(headers, &header::RETRY_AFTER)?;
    let now = server_time(headers).unwrap_or_else(Timestamp::now);
    Some(until.duration_since(now).try_into().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), http::HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn seconds_and_dates_are_both_read() {
        let seconds = headers(&[(header::RETRY_AFTER, "7")]);
        assert_eq!(retry_after(&seconds), Some(Duration::from_secs(7)));
        let date = headers(&[
            (header::DATE, "Tue, 24 Nov 2026 10:00:00 GMT"),
            (header::RETRY_AFTER, "Tue, 24 Nov 2026 10:00:30 GMT"),
        ]);
        assert_eq!(retry_after(&date), Some(Duration::from_secs(30)));
        assert_eq!(
            retry_after(&headers(&[(header::RETRY_AFTER, "soon")])),
            None
        );
    }
}
