//! What the key's user follows.

use futures_util::Stream;

use crate::{
    client::Client, error::Result, model::part, page::Row, query::ListQuery, shape::calls,
    tag::text_key, walk::Walk,
};

part! {
    /// A record that the key's user follows.
    Following
    {
        /// Its family.
        record_type: String = "RECORD_TYPE",
        /// Its id.
        record_id: i64 = "RECORD_ID",
    }
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
