//! `POST /contacts/bulk/tags/update/{type}`.

use http::StatusCode;
use serde_json::{Value, json};

use super::exchange::{Exchange, Outcome, checked};
use super::family::Family;
use super::members::BULK_TAGS_BODY;
use super::{Ghl, Id, refusal, schema};
use crate::reply::Reply;

impl Ghl {
    pub(super) fn bulk_tags(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let adding = match exchange.id() {
            "add" => true,
            "remove" => false,
            _ => {
                let text = "type must be one of the following values: add, remove";
                return Err(refusal::unprocessable(&[text.to_owned()]));
            }
        };
        let body = self.located(exchange)?;
        checked(&schema::complaints(BULK_TAGS_BODY, &body, |m| m.create))?;
        let all = !adding && body.get("removeAllTags") == Some(&json!(true));
        let ids = body["contacts"].as_array().cloned().unwrap_or_default();
        let mut responses = Vec::new();
        let mut errors = 0;
        for id in ids.iter().filter_map(Value::as_str) {
            let response = match self.refused_in_bulk(id) {
                Some(message) => {
                    errors += 1;
                    json!({ "contactId": id, "message": message, "type": "error" })
                }
                None => self.retag(id, adding, all, &body["tags"], exchange.now),
            };
            responses.push(response);
        }
        let body = json!({ "errorCount": errors, "responses": responses });
        Ok(Reply::json(
            StatusCode::CREATED,
            &exchange.with_success(body),
        ))
    }

    fn refused_in_bulk(&self, id: &str) -> Option<&'static str> {
        if self.row(Family::Contacts, id).is_some() {
            return None;
        }
        Some(if id.len() != 20 {
            "contact id is not a valid firebase id"
        } else if self.bin.contains_key(id) {
            "contact is deleted"
        } else {
            "contact does not belong to location"
        })
    }

    fn retag(
        &mut self,
        id: &str,
        adding: bool,
        all: bool,
        tags: &Value,
        now: jiff::Timestamp,
    ) -> Value {
        let key: Id = id.into();
        let row = self.row(Family::Contacts, id);
        let old = row.map(|row| row.fields.list("tags").to_vec());
        let old = old.unwrap_or_default();
        let moved = match (adding, all) {
            (true, _) => self.tag_contact(&key, tags, now).moved,
            (false, true) => self.change_tags(&key, now, std::mem::take).moved,
            (false, false) => self.untag_contact(&key, tags, now).moved,
        };
        let (added, removed) = if adding {
            (moved, Vec::new())
        } else {
            (Vec::new(), moved)
        };
        json!({
            "contactId": id,
            "message": "Tags updated",
            "type": "success",
            "oldTags": old,
            "tagsAdded": added,
            "tagsRemoved": removed,
        })
    }
}
