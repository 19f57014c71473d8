//! Reading JSON objects member by member, so that one odd member spoils no record.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Map, Number, Value};

/// A value that a member of an answer can hold.
pub(crate) trait Member: Sized {
    /// Reads a value: `None` is blank, `Err` gives back what has another shape.
    fn read(value: Value) -> Result<Option<Self>, Value>;
}

/// A field of a record: an `Option` of a [`Member`], or an id that every record has.
pub(crate) trait Field: Sized {
    /// Takes the first readable of `names`; `None` when a required field is missing.
    fn take(members: &mut Map<String, Value>, names: &[&str]) -> Option<Self>;

    /// Whether there is nothing to write.
    fn is_absent(&self) -> bool;
}

impl<T: Member> Field for Option<T> {
    fn take(members: &mut Map<String, Value>, names: &[&str]) -> Option<Self> {
        let mut found = None;
        let mut odd = Vec::new();
        for name in names {
            let Some(value) = members.remove(*name) else {
                continue;
            };
            if found.is_some() {
                continue;
            }
            match T::read(value) {
                Ok(read) => found = read,
                Err(value) => odd.push((*name, value)),
            }
        }
        // Beside a readable twin an odd one would be written under the same name.
        if found.is_none() {
            members.extend(
                odd.into_iter()
                    .map(|(name, value)| (name.to_owned(), value)),
            );
        }
        Some(found)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

/// Defines a struct of an answer: its members by their wire names, everything else in `extra`.
///
/// `= "address1" from ["address1", "address"]` reads the first that is there.
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$doc:meta])* pub $field:ident: $type:ty = $wire:literal $(from [$($from:literal),+])?, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$doc])*
                #[serde(rename = $wire, skip_serializing_if = "crate::record::Field::is_absent")]
                pub $field: $type,
            )*
            /// Members that this release does not know, and known ones of an unexpected
            /// shape (see [`unreadable`](Self::unreadable)). Never sent back.
            #[serde(flatten)]
            pub extra: serde_json::Map<String, serde_json::Value>,
        }

        impl $name {
            const MEMBERS: &'static [&'static [&'static str]] =
                &[$( $crate::record::record!(@names $wire $($(, $from)+)?) ),*];

            /// Known members that were there but had a shape we cannot read: their fields
            /// are `None` although the server shows something. The values are in `extra`.
            pub fn unreadable(&self) -> impl Iterator<Item = &'static str> + '_ {
                let known = Self::MEMBERS.iter().copied().flatten().copied();
                known.filter(|name| self.extra.contains_key(*name))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let mut members = serde_json::Map::deserialize(from)?;
                Ok(Self {
                    $(
                        $field: $crate::record::Field::take(
                            &mut members,
                            $crate::record::record!(@names $wire $($(, $from)+)?),
                        )
                        .ok_or_else(|| serde::de::Error::missing_field($wire))?,
                    )*
                    extra: members,
                })
            }
        }
    };
    (@names $wire:literal) => { &[$wire] };
    (@names $wire:literal $(, $from:literal)+) => { &[$($from),+] };
}
pub(crate) use record;

/// Makes a type with `Deserialize` usable inside a record.
macro_rules! nested {
    ($($type:ty),+ $(,)?) => { $(
        impl $crate::record::Member for $type {
            fn read(value: serde_json::Value) -> Result<Option<Self>, serde_json::Value> {
                match <$type as serde::Deserialize>::deserialize(&value) {
                    _ if value.is_null() => Ok(None),
                    Ok(read) => Ok(Some(read)),
                    Err(_) => Err(value),
                }
            }
        }
    )+ };
}
pub(crate) use nested;

impl Member for Value {
    fn read(value: Value) -> Result<Option<Self>, Value> {
        Ok((!value.is_null()).then_some(value))
    }
}

impl Member for String {
    fn read(value: Value) -> Result<Option<Self>, Value> {
        match value {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            Value::Number(number) => Ok(Some(number.to_string())),
            Value::Bool(flag) => Ok(Some(flag.to_string())),
            odd => Err(odd),
        }
    }
}

impl Member for bool {
    fn read(value: Value) -> Result<Option<Self>, Value> {
        match &value {
            Value::Null => Ok(None),
            Value::Bool(flag) => Ok(Some(*flag)),
            Value::String(text) => match text.trim() {
                "" => Ok(None),
                "true" => Ok(Some(true)),
                "false" => Ok(Some(false)),
                _ => Err(value),
            },
            _ => Err(value),
        }
    }
}

impl Member for i64 {
    fn read(value: Value) -> Result<Option<Self>, Value> {
        match &value {
            Value::Null => Ok(None),
            Value::Number(number) => whole(number).map(Some).ok_or(value),
            Value::String(text) if text.trim().is_empty() => Ok(None),
            Value::String(text) => text.trim().parse().map(Some).map_err(|_| value),
            _ => Err(value),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
fn whole(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| {
        let float = number.as_f64()?;
        (float.fract() == 0.0 && float.abs() < 9e15).then_some(float as i64)
    })
}

impl<T: Member> Member for Vec<T> {
    /// A lone value is read as a list of one; nulls inside are left out.
    fn read(value: Value) -> Result<Option<Self>, Value> {
        let whole = match value {
            Value::Null => return Ok(None),
            Value::Array(items) => items,
            lone => vec![lone],
        };
        let read: Result<Self, Value> = whole
            .iter()
            .filter_map(|item| T::read(item.clone()).transpose())
            .collect();
        read.map(Some).map_err(|_| Value::Array(whole))
    }
}

/// Stamps come as ISO 8601 with a zone, or as milliseconds since 1970.
impl Member for Timestamp {
    fn read(value: Value) -> Result<Option<Self>, Value> {
        let stamp = match &value {
            Value::Null => return Ok(None),
            Value::Number(number) => from_millis(number),
            Value::String(text) => match text.trim() {
                "" => return Ok(None),
                text => text.parse().ok().or_else(|| from_millis_text(text)),
            },
            _ => None,
        };
        stamp.map(Some).ok_or(value)
    }
}

/// Dates come plain, as a full ISO stamp, or as milliseconds since 1970 in UTC; zones are ignored.
impl Member for Date {
    fn read(value: Value) -> Result<Option<Self>, Value> {
        let date = match &value {
            Value::Null => return Ok(None),
            Value::Number(number) => from_millis(number).map(utc_date),
            Value::String(text) => match text.trim() {
                "" => return Ok(None),
                text => plain_date(text).or_else(|| from_millis_text(text).map(utc_date)),
            },
            _ => None,
        };
        date.map(Some).ok_or(value)
    }
}

fn from_millis(number: &Number) -> Option<Timestamp> {
    Timestamp::from_millisecond(whole(number)?).ok()
}

fn from_millis_text(text: &str) -> Option<Timestamp> {
    Timestamp::from_millisecond(text.parse().ok()?).ok()
}

fn utc_date(stamp: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(stamp).date()
}

fn plain_date(text: &str) -> Option<Date> {
    let (day, rest) = text.split_at_checked(10)?;
    let rest_is_time = rest.is_empty() || rest.starts_with(['T', ' ']);
    day.parse().ok().filter(|_| rest_is_time)
}

#[cfg(test)]
#[expect(
    unreachable_pub,
    reason = "records are public wherever else they are defined"
)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use serde_json::json;

    record! {
        /// A sample.
        pub struct Sample {
            /// Name.
            pub name: Option<String> = "name" from ["rawName", "name"],
            /// Day.
            pub day: Option<Date> = "day",
            /// Tags.
            pub tags: Option<Vec<String>> = "tags",
        }
    }

    fn sample(value: Value) -> Sample {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn the_first_readable_twin_wins_and_the_others_are_dropped() {
        let read = sample(json!({"rawName": "Ada", "name": "ada"}));
        assert_eq!(read.name.as_deref(), Some("Ada"));
        assert!(read.extra.is_empty());
        assert_eq!(
            sample(json!({"rawName": null, "name": "ada"})).name,
            Some("ada".into())
        );
    }

    #[test]
    fn an_odd_member_stays_in_extra_and_is_named() {
        let read = sample(json!({"name": "Ada", "day": {"of": "joy"}, "new": 1}));
        assert_eq!(read.day, None);
        assert_eq!(read.unreadable().collect::<Vec<_>>(), ["day"]);
        assert_eq!(read.extra["new"], 1);
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let read = sample(json!({"rawName": "Ada", "day": "1990-09-25", "tags": ["a"], "x": 1}));
        assert_eq!(sample(serde_json::to_value(&read).unwrap()), read);
    }

    #[test]
    fn birthdays_are_read_in_every_form_that_routes_use() {
        let birthday = Some(date(1990, 9, 25));
        for form in [
            json!("1990-09-25"),
            json!("1990-09-25T00:00:00.000Z"),
            json!("1990-09-25 00:00:00"),
            json!("1990-09-25T00:00:00+05:30"),
            json!(654_220_800_000_i64),
            json!("654220800000"),
        ] {
            assert_eq!(Date::read(form.clone()), Ok(birthday), "{form}");
        }
        assert_eq!(Date::read(json!("")), Ok(None));
        assert!(Date::read(json!("25 September")).is_err());
    }

    #[test]
    fn stamps_are_read_as_iso_and_as_milliseconds() {
        let at: Timestamp = "2021-07-02T05:18:26.704Z".parse().unwrap();
        for form in [
            json!("2021-07-02T05:18:26.704Z"),
            json!(1_625_203_106_704_i64),
        ] {
            assert_eq!(Timestamp::read(form), Ok(Some(at)));
        }
        assert!(Timestamp::read(json!("2021-07-16 11:00:00")).is_err());
    }

    #[test]
    fn a_lone_value_is_a_list_of_one() {
        assert_eq!(
            sample(json!({"tags": "vip"})).tags,
            Some(vec!["vip".into()])
        );
    }
}
