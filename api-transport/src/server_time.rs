//! The server's own clock, as its answers show it.

use http::{HeaderMap, HeaderName, header};
use jiff::{Timestamp, fmt::rfc2822};

/// Reads the `Date` header: the server's time to the second.
pub fn server_time(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(headers, &header::DATE)
}

/// Reads a header that holds an HTTP date.
pub(crate) fn http_date(headers: &HeaderMap, name: &HeaderName) -> Option<Timestamp> {
    let text = headers.get(name)?.to_str().ok()?;
    let parsed = rfc2822::DateTimeParser::new().parse_timestamp(text.trim());
    parsed.ok()
}
