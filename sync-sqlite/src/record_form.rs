//! How the fields of a link are kept: texts, which most are, without a tag.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};
use sync_core::{FieldKey, Record, Value};

pub(crate) fn serialize<S: Serializer>(record: &Record, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(record.iter().map(|(key, value)| (key, Written(value))))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Record, D::Error> {
    struct Fields;
    impl<'de> Visitor<'de> for Fields {
        type Value = Record;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map of fields")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
            let mut fields = Vec::with_capacity(16);
            while let Some((key, Read(value))) = map.next_entry::<FieldKey, _>()? {
                fields.push((key, value));
            }
            Ok(fields.into_iter().collect())
        }
    }
    deserializer.deserialize_map(Fields)
}

struct Written<'v>(&'v Value);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Text(text) => serializer.serialize_str(text),
            value => value.serialize(serializer),
        }
    }
}

struct Read(Value);

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrTagged;
        impl<'de> Visitor<'de> for TextOrTagged {
            type Value = Read;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or a value with its tag")
            }

            fn visit_str<E>(self, text: &str) -> Result<Read, E> {
                Ok(Read(Value::Text(text.into())))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Read, A::Error> {
                Value::deserialize(MapAccessDeserializer::new(map)).map(Read)
            }
        }
        deserializer.deserialize_any(TextOrTagged)
    }
}
