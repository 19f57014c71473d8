//! Answers that only say that it was done.

use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Map, Value};

/// `{"succeded": true}`, in each of its spellings. A missing flag is no failure; a
/// `false` under a 200 is one that cannot be read as done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Succeeded;

impl<'de> Deserialize<'de> for Succeeded {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Value::Object(members) = Value::deserialize(from)? else {
            return Ok(Self);
        };
        match refused(&members) {
            Some(name) => Err(D::Error::custom(format!("the answer says `{name}: false`"))),
            None => Ok(Self),
        }
    }
}

fn refused(members: &Map<String, Value>) -> Option<&'static str> {
    ["succeded", "succeeded", "success"]
        .into_iter()
        .find(|name| members.get(*name) == Some(&Value::Bool(false)))
}
