//! The ways to write a day of birth.

use jiff::civil::Date;

/// Year first or month first, with `/`, `-`, `.` or `_`; a time after it is left out.
pub(super) fn parse(text: &str) -> Option<Date> {
    let day = text.split('T').next()?;
    let separator = day.chars().find(|c| "/-._".contains(*c))?;
    let parts: Vec<&str> = day.split(separator).collect();
    let [one, two, three] = parts[..] else {
        return None;
    };
    let (year, month, day) = match one.len() {
        4 => (one, two, three),
        _ => (three, one, two),
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn year_first_and_month_first_are_read() {
        let day = Date::new(1990, 9, 25).ok();
        for text in [
            "1990-09-25",
            "09/25/1990",
            "1990_09_25",
            "09.25.1990",
            "1990-09-25T00:00:00.000Z",
        ] {
            assert_eq!(parse(text), day, "{text}");
        }
        assert_eq!(parse("25th of September"), None);
        assert_eq!(parse("1990-13-01"), None);
    }
}
