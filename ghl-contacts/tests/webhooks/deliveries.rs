//! What HighLevel sends.

use ghl_contacts::{Bytes, HeaderMap};
use serde_json::{Value, json};

use crate::signer::Signer;

impl Signer {
    /// A delivery of this id and time.
    pub(crate) fn delivery(&self, id: &str, at: &str) -> (HeaderMap, Bytes) {
        self.sign(
            &json!({"type": "ContactUpdate", "id": "c", "locationId": "l",
            "webhookId": id, "timestamp": at}),
        )
    }

    pub(crate) fn sign(&self, event: &Value) -> (HeaderMap, Bytes) {
        let body = Bytes::from(event.to_string());
        (self.headers(&body), body)
    }
}
