//! Tags: names, without ids.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    form::fits,
    page::Row,
    record::{Payload, TooLong, known_alone},
};

/// A tag. It is its name; up to 255 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tag {
    /// The name.
    #[serde(rename = "TAG_NAME")]
    pub name: String,
    /// Members that this crate does not know. They are kept here and never sent.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Tag {
    /// A tag of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            extra: Map::new(),
        }
    }
}

impl From<&str> for Tag {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Tag {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Payload for Tag {
    fn check(&self) -> Result<(), TooLong> {
        fits("TAG_NAME", Some(&self.name), 255)
    }

    known_alone!();
}

impl Row for Tag {
    const KEY: &'static str = "TAG_NAME";

    fn key(&self) -> i64 {
        text_key(&self.name)
    }
}

/// A number for a text (FNV-1a), where rows have no id.
pub(crate) fn text_key(text: &str) -> i64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.cast_signed()
}
