//! Which writes a server was asked for.

use http::Method;
use serde_json::Value;

use crate::call::{Call, Matched};

/// A request that asked a server for a write.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Written {
    /// Name of the operation, as it is counted.
    pub operation: String,
    /// What stood in the places of `{...}` of its path, from left to right; in Insightly first
    /// the family.
    pub parts: Vec<String>,
    /// Its body; null without one, or if it is no JSON.
    pub body: Value,
}

impl Written {
    /// A search is asked for by POST and writes nothing.
    pub(crate) fn read(call: &Call, matched: Option<&Matched>) -> Option<Self> {
        let matched = matched?;
        let reads = call.method == Method::GET || matched.operation.ends_with(".search");
        (!reads).then(|| Self {
            operation: matched.operation.clone(),
            parts: matched.parts.clone(),
            body: call.json().unwrap_or_default(),
        })
    }
}
