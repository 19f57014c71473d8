//! `yyyy-MM-dd HH:mm:ss`, always UTC.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

const WRITTEN: &str = "%Y-%m-%d %H:%M:%S";

/// Stamps have whole seconds.
pub(super) fn to_second(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

pub(super) fn written(at: Timestamp) -> String {
    at.strftime(WRITTEN).to_string()
}

/// The forms in which a moment may arrive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Form {
    Space,
    Iso,
    DateOnly,
}

/// Reads any of the forms.
pub(super) fn parse(text: &str) -> Option<(Timestamp, Form)> {
    let in_utc = |at: DateTime| Offset::UTC.to_timestamp(at).ok();
    if let Ok(at) = DateTime::strptime(WRITTEN, text) {
        return Some((in_utc(at)?, Form::Space));
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some((at, Form::Iso));
    }
    if let Ok(day) = Date::strptime("%Y-%m-%d", text) {
        return Some((in_utc(day.at(0, 0, 0, 0))?, Form::DateOnly));
    }
    let at = DateTime::strptime("%Y-%m-%dT%H:%M:%S", text).ok()?;
    Some((in_utc(at)?, Form::Iso))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_of_a_moment_are_read() {
        let read = |text| parse(text).map(|(at, form)| (written(at), form));
        let noon = "2026-04-09 12:00:00".to_owned();
        assert_eq!(
            read("2026-04-09 12:00:00"),
            Some((noon.clone(), Form::Space))
        );
        assert_eq!(
            read("2026-04-09T12:00:00Z"),
            Some((noon.clone(), Form::Iso))
        );
        assert_eq!(read("2026-04-09T12:00:00"), Some((noon, Form::Iso)));
        let midnight = "2026-04-09 00:00:00".to_owned();
        assert_eq!(read("2026-04-09"), Some((midnight, Form::DateOnly)));
        assert_eq!(read("tomorrow"), None);
    }
}
