//! Reading JSON objects member by member, so that one odd member spoils no record.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Map, Number, Value};

use crate::borrowed_json::Json;

/// A value that a member of an answer can hold.
pub(crate) trait Member: Sized {
    /// Reads a value: `None` is blank, `Err` gives back what has another shape.
    fn read(value: Json<'_>) -> Result<Option<Self>, Json<'_>>;

    /// Whether [`read`](Self::read) would not give it back.
    fn is_readable(value: &Json<'_>) -> bool {
        Self::read(value.clone()).is_ok()
    }
}

/// A field of a record: an `Option` of a [`Member`], or an id that every record has.
pub(crate) trait Field: Sized {
    /// What is read for it.
    type Of: Member;

    /// The field, of what was found; `None` when a required one is missing.
    fn of(found: Option<Self::Of>) -> Option<Self>;

    /// Whether the record can do without it.
    const OPTIONAL: bool;

    /// Whether there is nothing to write.
    fn is_absent(&self) -> bool;
}

impl<T: Member> Field for Option<T> {
    type Of = T;

    const OPTIONAL: bool = true;

    fn of(found: Self) -> Option<Self> {
        Some(found)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

/// What was found so far under the names of one field.
#[derive(Debug)]
pub(crate) struct Slot<T> {
    best: Option<T>,
    rank: usize,
}

/// Members of an unexpected shape, under their names.
pub(crate) type Odd = Vec<(&'static str, Value)>;

impl<T: Member> Slot<T> {
    pub(crate) const EMPTY: Self = Self {
        best: None,
        rank: 0,
    };

    /// Takes the value of one of the field's names: of those that can be read, the first name's.
    pub(crate) fn offer(
        &mut self,
        names: &'static [&'static str],
        name: &str,
        value: Json<'_>,
        odd: &mut Odd,
    ) {
        let Some(rank) = names.iter().position(|one| *one == name) else {
            return;
        };
        let beaten = self.best.is_some() && self.rank < rank;
        match T::read(value) {
            Ok(Some(read)) if !beaten => {
                self.best = Some(read);
                self.rank = rank;
            }
            Ok(_) => {}
            Err(value) => odd.push((names[rank], value.into())),
        }
    }

    /// Odd values go into `extra`, unless a twin could be read: beside it they would be
    /// written under the same name.
    pub(crate) fn settle(
        &self,
        names: &[&str],
        odd: &[(&'static str, Value)],
        extra: &mut Map<String, Value>,
    ) {
        if self.best.is_none() {
            let mine = odd.iter().filter(|(name, _)| names.contains(name));
            extra.extend(mine.map(|(name, value)| ((*name).to_owned(), value.clone())));
        }
    }

    /// What was found.
    pub(crate) fn found(self) -> Option<T> {
        self.best
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
        #[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
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

        impl $name {
            /// Whether it is an object with all that a record must have.
            #[allow(dead_code, reason = "some records are in no other one")]
            pub(crate) fn fits(value: &$crate::borrowed_json::Json<'_>) -> bool {
                use $crate::borrowed_json::Json;
                let there = |names: &[&str]| {
                    let mut values = names.iter().filter_map(|name| value.get(name));
                    values.any(|value| match value {
                        Json::Text(text) => !text.is_empty(),
                        other => matches!(other, Json::Number(_) | Json::Bool(_)),
                    })
                };
                matches!(value, Json::Object(_)) $( && (<$type as $crate::record::Field>::OPTIONAL
                    || there($crate::record::record!(@names $wire $($(, $from)+)?))) )*
            }

            /// Reads member after member; the name of a required one that is missing is given
            /// back.
            pub(crate) fn collect<'a, E>(
                mut next: impl FnMut() -> Result<
                    Option<(std::borrow::Cow<'a, str>, $crate::borrowed_json::Json<'a>)>,
                    E,
                >,
            ) -> Result<Result<Self, &'static str>, E> {
                let mut extra = serde_json::Map::new();
                let mut odd = $crate::record::Odd::new();
                $(
                    let mut $field =
                        $crate::record::Slot::<<$type as $crate::record::Field>::Of>::EMPTY;
                )*
                while let Some((name, value)) = next()? {
                    match &*name {
                        $(
                            name @ $crate::record::record!(@pattern $wire $($(, $from)+)?) => {
                                let names = $crate::record::record!(@names $wire $($(, $from)+)?);
                                $field.offer(names, name, value, &mut odd);
                            }
                        )*
                        _ => drop(extra.insert(name.into_owned(), value.into())),
                    }
                }
                if !odd.is_empty() {
                    $(
                        let names = $crate::record::record!(@names $wire $($(, $from)+)?);
                        $field.settle(names, &odd, &mut extra);
                    )*
                }
                $(
                    let Some($field) = $crate::record::Field::of($field.found()) else {
                        return Ok(Err($wire));
                    };
                )*
                Ok(Ok($name { $($field,)* extra }))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct Reader;

                impl<'de> serde::de::Visitor<'de> for Reader {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(
                        self,
                        mut members: A,
                    ) -> Result<$name, A::Error> {
                        let read = $name::collect(|| {
                            let Some(name) = members.next_key::<$crate::borrowed_json::Name<'de>>()? else {
                                return Ok(None);
                            };
                            Ok(Some((name.0, members.next_value()?)))
                        })?;
                        read.map_err(serde::de::Error::missing_field)
                    }
                }

                from.deserialize_map(Reader)
            }
        }
    };
    (@names $wire:literal) => { &[$wire] };
    (@names $wire:literal $(, $from:literal)+) => { &[$($from),+] };
    (@pattern $wire:literal) => { $wire };
    (@pattern $wire:literal $(, $from:literal)+) => { $($from)|+ };
}
pub(crate) use record;

/// Makes a record usable inside another one.
macro_rules! nested {
    ($($type:ty),+ $(,)?) => { $(
        impl $crate::record::Member for $type {
            fn read(
                value: $crate::borrowed_json::Json<'_>,
            ) -> Result<Option<Self>, $crate::borrowed_json::Json<'_>> {
                use $crate::borrowed_json::Json;
                if value.is_null() {
                    return Ok(None);
                }
                if !Self::fits(&value) {
                    return Err(value);
                }
                let Json::Object(members) = value else {
                    return Err(value);
                };
                let mut members = members.into_iter();
                let Ok(read) = Self::collect(|| Ok::<_, std::convert::Infallible>(members.next()));
                // What fits is read.
                Ok(read.ok())
            }

            fn is_readable(value: &$crate::borrowed_json::Json<'_>) -> bool {
                value.is_null() || Self::fits(value)
            }
        }
    )+ };
}
pub(crate) use nested;

/// Makes another type with `Deserialize` usable inside a record.
macro_rules! by_serde {
    ($type:ty) => {
        impl $crate::record::Member for $type {
            fn read(
                value: $crate::borrowed_json::Json<'_>,
            ) -> Result<Option<Self>, $crate::borrowed_json::Json<'_>> {
                if value.is_null() {
                    return Ok(None);
                }
                let value = serde_json::Value::from(value);
                match <$type as serde::Deserialize>::deserialize(&value) {
                    Ok(read) => Ok(Some(read)),
                    Err(_) => Err(value.into()),
                }
            }
        }
    };
}
pub(crate) use by_serde;

impl Member for Value {
    fn read(value: Json<'_>) -> Result<Option<Self>, Json<'_>> {
        Ok((!value.is_null()).then(|| value.into()))
    }

    fn is_readable(_: &Json<'_>) -> bool {
        true
    }
}

impl Member for String {
    fn read(value: Json<'_>) -> Result<Option<Self>, Json<'_>> {
        match value {
            Json::Null => Ok(None),
            Json::Text(text) => Ok(Some(text.into_owned())),
            Json::Number(number) => Ok(Some(number.to_string())),
            Json::Bool(flag) => Ok(Some(flag.to_string())),
            odd => Err(odd),
        }
    }

    fn is_readable(value: &Json<'_>) -> bool {
        !matches!(value, Json::List(_) | Json::Object(_))
    }
}

impl Member for bool {
    fn read(value: Json<'_>) -> Result<Option<Self>, Json<'_>> {
        match &value {
            Json::Null => Ok(None),
            Json::Bool(flag) => Ok(Some(*flag)),
            Json::Text(text) => match text.trim() {
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
    fn read(value: Json<'_>) -> Result<Option<Self>, Json<'_>> {
        match &value {
            Json::Null => Ok(None),
            Json::Number(number) => whole(number).map(Some).ok_or(value),
            Json::Text(text) if text.trim().is_empty() => Ok(None),
            Json::Text(text) => text.trim().parse().map(Some).map_err(|_| value),
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
    fn read(value: Json<'_>) -> Result<Option<Self>, Json<'_>> {
        let whole = match value {
            Json::Null => return Ok(None),
            Json::List(items) => items,
            lone => vec![lone],
        };
        if !whole.iter().all(T::is_readable) {
            return Err(Json::List(whole));
        }
        let mut read = Self::with_capacity(whole.len());
        read.extend(whole.into_iter().filter_map(|item| T::read(item).ok()?));
        Ok(Some(read))
    }
}

/// Stamps come as ISO 8601 with a zone, or as milliseconds since 1970.
impl Member for Timestamp {
    fn read(value: Json<'_>) -> Result<Option<Self>, Json<'_>> {
        let stamp = match &value {
            Json::Null => return Ok(None),
            Json::Number(number) => from_millis(number),
            Json::Text(text) => match text.trim() {
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
    fn read(value: Json<'_>) -> Result<Option<Self>, Json<'_>> {
        let date = match &value {
            Json::Null => return Ok(None),
            Json::Number(number) => from_millis(number).map(utc_date),
            Json::Text(text) => match text.trim() {
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
            assert_eq!(Date::read(form.clone().into()), Ok(birthday), "{form}");
        }
        assert_eq!(Date::read(json!("").into()), Ok(None));
        assert!(Date::read(json!("25 September").into()).is_err());
    }

    #[test]
    fn stamps_are_read_as_iso_and_as_milliseconds() {
        let at: Timestamp = "2021-07-02T05:18:26.704Z".parse().unwrap();
        for form in [
            json!("2021-07-02T05:18:26.704Z"),
            json!(1_625_203_106_704_i64),
        ] {
            assert_eq!(Timestamp::read(form.into()), Ok(Some(at)));
        }
        assert!(Timestamp::read(json!("2021-07-16 11:00:00").into()).is_err());
    }

    #[test]
    fn a_lone_value_is_a_list_of_one() {
        assert_eq!(
            sample(json!({"tags": "vip"})).tags,
            Some(vec!["vip".into()])
        );
    }
}
