//! What the key's user follows.

use futures_util::Stream;
use serde::{Deserialize, Serialize};

use crate::{
    client::Client, error::Result, form, page::Row, query::ListQuery, shape::calls, tag::text_key,
    walk::Walk,
};

/// A record that the key's user follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Following {
    /// Its family.
    #[serde(rename = "RECORD_TYPE", default)]
    pub record_type: Option<String>,
    /// Its id.
    #[serde(rename = "RECORD_ID", default, deserialize_with = "form::read")]
    pub record_id: Option<i64>,
}

impl Row for Following {
    const KEY: &'static str = "RECORD_ID";

    /// Ids of different families may be equal.
    fn key(&self) -> i64 {
        text_key(&format!("{:?} {:?}", self.record_type, self.record_id))
    }
}

calls! { "follows":
    LIST: get "list" "/Follows" [400 401];
}

impl Client {
    /// What the key's user follows, of one family or of all.
    pub fn follows(
        &self,
        record_type: Option<&str>,
    ) -> impl Stream<Item = Result<Following>> + Send + use<> {
        let walk = Walk::new(self.clone(), &LIST, Vec::new(), &ListQuery::new());
        match record_type {
            Some(record_type) => walk.with("record_type", record_type).stream(),
            None => walk.stream(),
        }
    }
}
