//! The forms in which Insightly's JSON holds values, read leniently and written strictly.

use std::{borrow::Cow, fmt};

use api_transport::Edit;
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Visitor},
};
use serde_json::Value;

use crate::record::TooLong;

/// How a value is found in JSON. `None` is any of Insightly's ways to say "nothing".
pub(crate) trait Form: Sized {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;

    fn json(&self) -> Value;

    /// The length that a limit is about, for texts.
    fn length(&self) -> Option<usize> {
        None
    }
}

/// For `deserialize_with`.
pub(crate) fn read<'de, D: Deserializer<'de>, T: Form>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::read(deserializer)
}

/// For `serialize_with` on a value that is there.
pub(crate) fn write<S: Serializer, T: Form>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.json().serialize(serializer)
}

/// For `serialize_with` on a value that may be missing.
#[expect(clippy::ref_option, reason = "the signature that serde calls")]
pub(crate) fn write_option<S: Serializer, T: Form>(
    value: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.as_ref().map(Form::json).serialize(serializer)
}

/// For `serialize_with` on an edit.
pub(crate) fn write_edit<S: Serializer, T: Form>(
    edit: &Edit<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    set(edit).map(Form::json).serialize(serializer)
}

/// The value that an edit sets.
pub(crate) fn set<T>(edit: &Edit<T>) -> Option<&T> {
    match edit {
        Edit::Set(value) => Some(value),
        Edit::Leave | Edit::Clear => None,
    }
}

/// Refuses a text that is certainly too long.
pub(crate) fn fits<T: Form>(
    field: &'static str,
    value: Option<&T>,
    limit: usize,
) -> Result<(), TooLong> {
    match value.and_then(Form::length) {
        Some(length) if length > limit => Err(TooLong {
            field,
            limit,
            length,
        }),
        _ => Ok(()),
    }
}

/// A member of a record as it is read: `None` is any of Insightly's ways to say "nothing".
pub(crate) struct Read<T>(pub(crate) Option<T>);

impl<'de, T: Form> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

/// The name of a member, borrowed where the JSON allows it.
pub(crate) struct Name<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_str(ScalarVisitor("the name of a member"))? {
            Scalar::Text(name) => Ok(Self(name)),
            _ => Err(D::Error::custom("a member has no name")),
        }
    }
}

/// A JSON value that is no list and no object, borrowed where the JSON allows it.
enum Scalar<'de> {
    Nothing,
    Flag(bool),
    Whole(i64),
    Decimal(f64),
    Text(Cow<'de, str>),
}

impl<'de> Scalar<'de> {
    fn read<D: Deserializer<'de>>(
        deserializer: D,
        expected: &'static str,
    ) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor(expected))
    }
}

struct ScalarVisitor(&'static str);

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Flag(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Whole(number))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "no member of Insightly's is that large"
    )]
    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(number).map_or(Scalar::Decimal(number as f64), Scalar::Whole))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Decimal(number))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(text)))
    }
}

impl Form for String {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(match Scalar::read(deserializer, "a text")? {
            Scalar::Nothing => None,
            Scalar::Text(text) => Some(text.into_owned()),
            // Counters, ticket numbers and default values come as texts or not.
            Scalar::Flag(flag) => Some(flag.to_string()),
            Scalar::Whole(number) => Some(number.to_string()),
            Scalar::Decimal(number) => Some(number.to_string()),
        })
    }

    fn json(&self) -> Value {
        self.as_str().into()
    }

    fn length(&self) -> Option<usize> {
        Some(self.chars().count())
    }
}

impl Form for bool {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        match Scalar::read(deserializer, "true or false")? {
            Scalar::Nothing => Ok(None),
            Scalar::Flag(flag) => Ok(Some(flag)),
            Scalar::Whole(number) => Ok(Some(number != 0)),
            Scalar::Decimal(number) => Ok(Some(number != 0.0)),
            Scalar::Text(text) => match text.trim() {
                "" => Ok(None),
                "1" => Ok(Some(true)),
                "0" => Ok(Some(false)),
                yes if yes.eq_ignore_ascii_case("true") => Ok(Some(true)),
                no if no.eq_ignore_ascii_case("false") => Ok(Some(false)),
                _ => Err(D::Error::custom("a text is no true or false")),
            },
        }
    }

    fn json(&self) -> Value {
        (*self).into()
    }
}

impl Form for i64 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let scalar = Scalar::read(deserializer, "a whole number")?;
        if let Scalar::Whole(number) = scalar {
            return Ok(Some(number));
        }
        if let Scalar::Text(text) = &scalar
            && let Ok(number) = text.trim().parse()
        {
            return Ok(Some(number));
        }
        match decimal(scalar).map_err(D::Error::custom)? {
            None => Ok(None),
            Some(number) => whole(number)
                .map(Some)
                .ok_or_else(|| D::Error::custom("the number is not whole")),
        }
    }

    fn json(&self) -> Value {
        (*self).into()
    }
}

impl Form for f64 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        decimal(Scalar::read(deserializer, "a number")?).map_err(D::Error::custom)
    }

    /// A whole number is written as `12`, not as `12.0`.
    fn json(&self) -> Value {
        whole(*self).map_or_else(|| (*self).into(), Value::from)
    }
}

fn decimal(scalar: Scalar<'_>) -> Result<Option<f64>, &'static str> {
    match scalar {
        Scalar::Nothing => Ok(None),
        #[expect(
            clippy::cast_precision_loss,
            reason = "no amount of Insightly's is that large"
        )]
        Scalar::Whole(number) => Ok(Some(number as f64)),
        Scalar::Decimal(number) => Ok(Some(number)),
        Scalar::Text(text) if text.trim().is_empty() => Ok(None),
        Scalar::Text(text) => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err("a text is no number"),
        },
        Scalar::Flag(_) => Err("true or false is no number"),
    }
}

/// The number, if it is whole and small enough to be exact.
pub(crate) fn whole(number: f64) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked to be whole and small"
    )]
    (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
}

impl Form for Timestamp {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        text_of(deserializer, time)
    }

    fn json(&self) -> Value {
        self.strftime("%Y-%m-%d %H:%M:%S").to_string().into()
    }
}

impl Form for Date {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        text_of(deserializer, date)
    }

    fn json(&self) -> Value {
        self.strftime("%Y-%m-%d 00:00:00").to_string().into()
    }
}

/// Reads a text; null, "" and the zero date are nothing.
fn text_of<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    parse: fn(&str) -> Option<T>,
) -> Result<Option<T>, D::Error> {
    let text = match Scalar::read(deserializer, "a date as text")? {
        Scalar::Nothing => return Ok(None),
        Scalar::Text(text) => text,
        _ => return Err(D::Error::custom("a number is no date")),
    };
    match text.trim() {
        "" => Ok(None),
        zero if zero.starts_with("0000-00-00") => Ok(None),
        text => parse(text)
            .map(Some)
            .ok_or_else(|| D::Error::custom(format_args!("`{text}` is no date"))),
    }
}

/// A moment in any form seen: with a space or a `T`, with or without a zone (then
/// it is UTC), a bare date, or a web hook's `/Date(1489116850787-0800)/`.
pub(crate) fn time(text: &str) -> Option<Timestamp> {
    if let Some(rest) = text.strip_prefix("/Date(") {
        let mut after_sign = rest.char_indices().skip(1);
        let (end, _) = after_sign.find(|(_, c)| !c.is_ascii_digit())?;
        return Timestamp::from_millisecond(rest[..end].parse().ok()?).ok();
    }
    // The usual form first: a failed attempt at the other one costs more than the parsing.
    if text.len() == USUAL.len() {
        return utc(text).or_else(|| text.parse().ok());
    }
    text.parse().ok().or_else(|| utc(text))
}

const USUAL: &str = "yyyy-MM-dd HH:mm:ss";

fn utc(text: &str) -> Option<Timestamp> {
    let civil: DateTime = text.parse().ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

/// A day as it is written, never shifted by a zone. A web hook's is a moment: its day in UTC.
pub(crate) fn date(text: &str) -> Option<Date> {
    if text.starts_with("/Date(") {
        return time(text).map(|moment| TimeZone::UTC.to_datetime(moment).date());
    }
    text.get(..10)?.parse().ok()
}

/// A list; `brief` leaves it out, which is not the same as empty.
impl<T: Serialize + for<'de> Deserialize<'de>> Form for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Option::deserialize(deserializer)
    }

    fn json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl Form for crate::record::ETag {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Option::deserialize(deserializer)
    }

    fn json(&self) -> Value {
        self.0.as_str().into()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of<T: Form>(value: Value) -> Option<T> {
        T::read(value).unwrap()
    }

    #[test]
    fn every_form_of_a_moment_is_the_same_moment() {
        let moment: Timestamp = "2025-04-22T20:03:25Z".parse().unwrap();
        for text in [
            "2025-04-22 20:03:25",
            "2025-04-22T20:03:25",
            "2025-04-22T20:03:25Z",
            "2025-04-22T20:03:25.000Z",
            "2025-04-22T22:03:25+02:00",
            "/Date(1745352205000-0800)/",
            "/Date(1745352205000)/",
        ] {
            assert_eq!(of::<Timestamp>(json!(text)), Some(moment), "{text}");
        }
        assert_eq!(moment.json(), json!("2025-04-22 20:03:25"));
        assert_eq!(
            of::<Timestamp>(json!("/Date(-1000+0000)/"))
                .unwrap()
                .as_second(),
            -1
        );
    }

    #[test]
    fn a_day_stays_a_day() {
        let day: Date = "1981-02-03".parse().unwrap();
        for text in ["1981-02-03 00:00:00", "1981-02-03", "1981-02-03T00:00:00Z"] {
            assert_eq!(of::<Date>(json!(text)), Some(day), "{text}");
        }
        assert_eq!(day.json(), json!("1981-02-03 00:00:00"));
    }

    #[test]
    fn nothing_is_written_in_many_ways() {
        for nothing in [json!(null), json!(""), json!("0000-00-00 00:00:00")] {
            assert_eq!(of::<Timestamp>(nothing.clone()), None);
            assert_eq!(of::<Date>(nothing), None);
        }
        assert!(Timestamp::read(json!("soon")).is_err());
        assert!(Date::read(json!("soon")).is_err());
    }

    #[test]
    fn numbers_come_in_many_forms() {
        for twelve in [json!(12), json!(12.0), json!("12")] {
            assert_eq!(of::<i64>(twelve.clone()), Some(12));
            assert_eq!(of::<f64>(twelve), Some(12.0));
        }
        assert_eq!(
            of::<i64>(json!(9_007_199_254_740_993_i64)),
            Some(9_007_199_254_740_993)
        );
        assert!(i64::read(json!(1.5)).is_err());
        assert_eq!(of::<bool>(json!("True")), Some(true));
    }
}
