//! JSON as it stands in an answer: texts are borrowed, objects are lists.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

/// What a [`Value`] says, without a tree to build and a text to copy for what is only looked at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    /// In the order of the answer; of members with one name the last counts.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl Json<'_> {
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// A member of an object.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        let named = members.iter().rev().find(|(one, _)| one == name);
        named.map(|(_, value)| value)
    }

    /// The members of other names.
    pub(crate) fn without(&self, names: &[&str]) -> Map<String, Value> {
        let Self::Object(members) = self else {
            return Map::new();
        };
        let others = members.iter().filter(|(name, _)| !names.contains(&&**name));
        others
            .map(|(name, value)| (name.clone().into_owned(), value.clone().into()))
            .collect()
    }
}

impl From<Json<'_>> for Value {
    fn from(json: Json<'_>) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(flag) => Self::Bool(flag),
            Json::Number(number) => Self::Number(number),
            Json::Text(text) => Self::String(text.into_owned()),
            Json::List(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Json::Object(members) => {
                let owned = |(name, value): (Cow<'_, str>, Json<'_>)| {
                    (name.into_owned(), Self::from(value))
                };
                Self::Object(members.into_iter().map(owned).collect())
            }
        }
    }
}

impl From<Value> for Json<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(flag),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text.into()),
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(members) => {
                let owned = |(name, value): (String, Value)| (name.into(), Self::from(value));
                Self::Object(members.into_iter().map(owned).collect())
            }
        }
    }
}

/// The name of a member, borrowed where it has no escapes.
#[derive(Deserialize)]
pub(crate) struct Name<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

/// Numbers come so where some crate of the program asks `serde_json` for arbitrary precision.
const PRECISE_NUMBER: &str = "$serde_json::private::Number";

impl<'de: 'a, 'a> Deserialize<'de> for Json<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json<'de>, E> {
        Ok(Number::from_f64(number).map_or(Json::Null, Json::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(text.to_owned().into()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json<'de>, E> {
        Ok(Json::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(Name(name)) = map.next_key()? {
            if name == PRECISE_NUMBER {
                let digits: String = map.next_value()?;
                let number = digits.parse().map_err(serde::de::Error::custom)?;
                return Ok(Json::Number(number));
            }
            members.push((name, map.next_value()?));
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"a":[1,-2,1.5,true,null],"b\n":{"c":"d\"","c":"e"},"f":""}"#;

    #[test]
    fn it_says_what_a_value_says() {
        let value: Value = serde_json::from_str(TEXT).unwrap();
        let json: Json<'_> = serde_json::from_str(TEXT).unwrap();
        assert_eq!(
            json.get("b\n").unwrap().get("c"),
            Some(&Json::Text("e".into()))
        );
        assert_eq!(Value::from(json), value);
        assert_eq!(Value::from(Json::from(value.clone())), value);
        let again = Json::deserialize(value.clone()).unwrap();
        assert_eq!(Value::from(again), value);
    }

    #[test]
    fn plain_texts_are_borrowed() {
        let json: Json<'_> = serde_json::from_str(r#"["plain","\u0041"]"#).unwrap();
        let Json::List(items) = json else {
            panic!("a list")
        };
        assert!(matches!(items[0], Json::Text(Cow::Borrowed("plain"))));
        assert!(matches!(items[1], Json::Text(Cow::Owned(_))));
    }
}
