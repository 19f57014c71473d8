//! Instants, as bodies carry them and as each route shows them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use serde_json::{Value, json};

/// The zone of the location, America/Chicago, without a zone database.
const ZONE: &str = "CST6CDT,M3.2.0,M11.1.0";

/// Stamps have milliseconds.
pub(super) fn to_millisecond(now: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// `2021-07-02T05:18:26.704Z`
pub(super) fn stamp(at: Timestamp) -> Value {
    json!(format!("{at:.3}"))
}

/// ISO 8601; without an offset it is UTC, without a time midnight.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let civil = match text.parse::<DateTime>() {
        Ok(civil) => civil,
        Err(_) => text.parse::<Date>().ok()?.at(0, 0, 0, 0),
    };
    Offset::UTC.to_timestamp(civil).ok()
}

/// How far the location is from UTC at an instant.
fn offset(at: Timestamp) -> Offset {
    let zone = TimeZone::posix(ZONE).unwrap_or(TimeZone::UTC);
    zone.to_offset(at)
}

/// `2023-09-25T16:00:00-05:00`
pub(super) fn with_offset(at: Timestamp) -> Value {
    let offset = offset(at);
    let there = offset.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S");
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    json!(format!("{there}{sign}{hours:02}:{minutes:02}"))
}

/// `2021-07-16 11:00:00`, where the location is or in UTC.
pub(super) fn bare(at: Timestamp, of_location: bool) -> Value {
    let offset = if of_location { offset(at) } else { Offset::UTC };
    let there = offset.to_datetime(at);
    json!(there.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_shown_with_the_offset_of_its_season() {
        let at = |text| with_offset(parse(text).unwrap());
        assert_eq!(at("2026-07-01T12:00:00Z"), "2026-07-01T07:00:00-05:00");
        assert_eq!(at("2026-12-01T12:00:00Z"), "2026-12-01T06:00:00-06:00");
        let noon = parse("2026-07-01T12:00:00Z").unwrap();
        assert_eq!(bare(noon, true), "2026-07-01 07:00:00");
        assert_eq!(bare(noon, false), "2026-07-01 12:00:00");
    }

    #[test]
    fn an_instant_without_an_offset_is_utc() {
        assert_eq!(parse("2026-07-01"), parse("2026-07-01T00:00:00Z"));
        assert_eq!(parse("2026-07-01T10:00:00"), parse("2026-07-01T10:00:00Z"));
        assert_eq!(parse("soon"), None);
    }
}
