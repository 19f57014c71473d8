//! Dates whose year may be unknown, such as birthdays.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use smol_str::{SmolStr, format_smolstr};

/// A day of the year, with or without the year. No zone: it never shifts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "SmolStr", into = "SmolStr")]
pub struct PartialDate {
    year: Option<i16>,
    month: i8,
    day: i8,
}

/// Any leap year, so that 29 February is a day without a year too.
const SOME_LEAP_YEAR: i16 = 2000;

impl PartialDate {
    /// A whole date.
    pub fn whole(date: Date) -> Self {
        Self {
            year: Some(date.year()),
            month: date.month(),
            day: date.day(),
        }
    }

    /// A day and month, if there is such a day.
    pub fn without_year(month: i8, day: i8) -> Option<Self> {
        Date::new(SOME_LEAP_YEAR, month, day).ok()?;
        Some(Self {
            year: None,
            month,
            day,
        })
    }

    /// The year, if known.
    pub fn year(self) -> Option<i16> {
        self.year
    }

    /// The whole date, if the year is known.
    pub fn date(self) -> Option<Date> {
        Date::new(self.year?, self.month, self.day).ok()
    }

    /// Whether both name the same day, as far as both know it.
    pub fn agrees_with(self, other: Self) -> bool {
        let years = match (self.year, other.year) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        years && (self.month, self.day) == (other.month, other.day)
    }
}

impl std::fmt::Display for PartialDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}-{:02}-{:02}", self.month, self.day),
            None => write!(f, "--{:02}-{:02}", self.month, self.day),
        }
    }
}

impl From<PartialDate> for SmolStr {
    fn from(date: PartialDate) -> Self {
        format_smolstr!("{date}")
    }
}

impl TryFrom<SmolStr> for PartialDate {
    type Error = String;

    fn try_from(text: SmolStr) -> Result<Self, String> {
        let bad = || format!("`{text}` is neither YYYY-MM-DD nor --MM-DD");
        match text.strip_prefix("--") {
            None => text.parse().map(Self::whole).map_err(|_| bad()),
            Some(rest) => {
                let (month, day) = rest.split_once('-').ok_or_else(bad)?;
                let number = |part: &str| part.parse().map_err(|_| bad());
                Self::without_year(number(month)?, number(day)?).ok_or_else(bad)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leap_days_survive_without_a_year() {
        let date = PartialDate::without_year(2, 29).unwrap();
        assert_eq!(PartialDate::try_from(SmolStr::from(date)), Ok(date));
        assert!(PartialDate::without_year(2, 30).is_none());
    }

    #[test]
    fn a_date_without_a_year_agrees_with_the_same_day_of_any_year() {
        let day = PartialDate::without_year(9, 25).unwrap();
        let whole = PartialDate::whole(jiff::civil::date(1990, 9, 25));
        assert!(day.agrees_with(whole));
        assert!(!whole.agrees_with(PartialDate::whole(jiff::civil::date(1991, 9, 25))));
    }
}
