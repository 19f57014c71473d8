//! When a task is due: an instant in GHL, a day in Insightly.

use jiff::{
    Span, Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};

/// When a day's work ends: the hour of a task whose hour nobody knows.
const EVENING: Time = Time::constant(17, 0, 0, 0);

/// How long somebody has for a task without a due date.
const DAYS_MADE: i64 = 7;

/// The day of an instant.
pub(crate) fn day(at: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(at).date()
}

/// The instant of a day: at the hour that the task had before, else in the evening.
/// An hour that daylight saving skips is the next one.
pub(crate) fn instant(day: Date, before: Option<Timestamp>, zone: &TimeZone) -> Option<Timestamp> {
    let hour = before.map_or(EVENING, |at| zone.to_datetime(at).time());
    zone.to_timestamp(day.to_datetime(hour)).ok()
}

/// A due date for a task that has none: in the evening, a week from now.
pub(crate) fn made(now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let day = day(now, zone)
        .checked_add(Span::new().days(DAYS_MADE))
        .ok()?;
    instant(day, None, zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn chicago() -> TimeZone {
        TimeZone::get("America/Chicago").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn half_past_eleven_at_night_belongs_to_its_own_day() {
        let late = at("2026-11-26T05:30:00Z");
        assert_eq!(day(late, &chicago()), date(2026, 11, 25));
    }

    #[test]
    fn another_day_keeps_the_hour_across_daylight_saving() {
        let summer = at("2026-10-30T14:15:00Z");
        let moved = instant(date(2026, 11, 3), Some(summer), &chicago()).unwrap();
        assert_eq!(moved, at("2026-11-03T15:15:00Z"));
        let skipped = at("2026-03-07T08:30:00Z");
        let moved = instant(date(2026, 3, 8), Some(skipped), &chicago()).unwrap();
        assert_eq!(day(moved, &chicago()), date(2026, 3, 8));
        assert_eq!(moved, at("2026-03-08T08:30:00Z"));
    }

    #[test]
    fn a_task_without_an_hour_is_due_in_the_evening() {
        let due = instant(date(2026, 11, 25), None, &chicago()).unwrap();
        assert_eq!(due, at("2026-11-25T23:00:00Z"));
        let made = made(at("2026-11-25T12:00:00Z"), &chicago()).unwrap();
        assert_eq!(day(made, &chicago()), date(2026, 12, 2));
    }
}
