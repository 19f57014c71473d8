//! A record as it is kept: the members that hold something, as JSON text.

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use super::schema::Family;
use crate::rows::{Content, Fields, Row};

/// One record with its stamps.
pub(super) type Stored = Row<Packed>;

/// The members of a record in a third of the room that values of their own take.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    family: &'static Family,
    json: Box<[u8]>,
}

impl Packed {
    pub(super) fn new(family: &'static Family, fields: &Fields) -> Self {
        let mut json = Vec::new();
        let mut writer = serde_json::Serializer::new(&mut json);
        let written = writer.serialize_map(None).and_then(|mut map| {
            for (name, value) in fields.iter() {
                map.serialize_entry(name, value)?;
            }
            map.end()
        });
        // Writing values into memory does not fail.
        if written.is_err() {
            json = b"{}".to_vec();
        }
        Self {
            family,
            json: json.into_boxed_slice(),
        }
    }

    /// The members, to be read and changed.
    pub(super) fn open(&self) -> Fields {
        let mut reader = serde_json::Deserializer::from_slice(&self.json);
        let members = Members(self.family);
        reader.deserialize_map(members).unwrap_or_default()
    }

    /// Whether a text can occur in it: a look that costs less than opening it.
    pub(super) fn may_hold(&self, text: &str) -> bool {
        let wanted = text.as_bytes();
        wanted.is_empty() || self.json.windows(wanted.len()).any(|seen| seen == wanted)
    }
}

impl Content for Packed {
    fn looked_up(&self, field: &str) -> Option<String> {
        self.open().text(field).map(str::to_lowercase)
    }
}

/// Reads the members of a family's record.
struct Members(&'static Family);

impl<'de> Visitor<'de> for Members {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Vec::with_capacity(32);
        while let Some(name) = map.next_key::<&str>()? {
            match self.0.field(name) {
                Some(field) => fields.push((field.name, map.next_value::<Value>()?)),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(fields.into_iter().collect())
    }
}
