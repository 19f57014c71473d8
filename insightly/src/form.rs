//! The forms in which Insightly's JSON holds values, read leniently and written strictly.

use api_transport::Edit;
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::Value;

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
pub(crate) fn fits<T: Form>(field: &str, value: Option<&T>, limit: usize) -> Result<(), String> {
    match value.and_then(Form::length) {
        Some(length) if length > limit => Err(format!(
            "{field} takes {limit} characters at most, this has {length}"
        )),
        _ => Ok(()),
    }
}

impl Form for String {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            // Counters, ticket numbers and default values come as texts or not.
            Value::Number(number) => Ok(Some(number.to_string())),
            Value::Bool(flag) => Ok(Some(flag.to_string())),
            other => Err(D::Error::custom(format_args!(
                "{} is no text",
                kind(&other)
            ))),
        }
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
        match Value::deserialize(deserializer)? {
            Value::Null => Ok(None),
            Value::Bool(flag) => Ok(Some(flag)),
            Value::Number(number) => Ok(Some(number.as_f64() != Some(0.0))),
            Value::String(text) if text.is_empty() => Ok(None),
            Value::String(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "1" => Ok(Some(true)),
                "false" | "0" => Ok(Some(false)),
                _ => Err(D::Error::custom("a text is no true or false")),
            },
            other => Err(D::Error::custom(format_args!(
                "{} is no true or false",
                kind(&other)
            ))),
        }
    }

    fn json(&self) -> Value {
        (*self).into()
    }
}

impl Form for i64 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if let Value::Number(number) = &value
            && let Some(whole) = number.as_i64()
        {
            return Ok(Some(whole));
        }
        match decimal(&value).map_err(D::Error::custom)? {
            None => Ok(None),
            #[expect(
                clippy::cast_possible_truncation,
                reason = "checked to be whole and small"
            )]
            Some(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
                Ok(Some(number as Self))
            }
            Some(_) => Err(D::Error::custom("the number is not whole")),
        }
    }

    fn json(&self) -> Value {
        (*self).into()
    }
}

impl Form for f64 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        decimal(&Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }

    fn json(&self) -> Value {
        (*self).into()
    }
}

fn decimal(value: &Value) -> Result<Option<f64>, String> {
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => Ok(number.as_f64()),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => text
            .trim()
            .parse()
            .map(Some)
            .map_err(|_| "a text is no number".into()),
        other => Err(format!("{} is no number", kind(other))),
    }
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
    match Option::<String>::deserialize(deserializer)?
        .as_deref()
        .map(str::trim)
    {
        None | Some("") => Ok(None),
        Some(zero) if zero.starts_with("0000-00-00") => Ok(None),
        Some(text) => parse(text)
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
    text.parse().ok().or_else(|| {
        let civil: DateTime = text.parse().ok()?;
        TimeZone::UTC.to_timestamp(civil).ok()
    })
}

/// A day as it is written, never shifted by a zone.
pub(crate) fn date(text: &str) -> Option<Date> {
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

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
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
