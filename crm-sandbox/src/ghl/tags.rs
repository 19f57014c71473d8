//! Tags of a contact, and the location's list of tags.

use http::StatusCode;
use serde_json::{Value, json};

use super::contacts::to_millisecond;
use super::refusal::{self, should_not_exist};
use super::routes::{Exchange, Outcome};
use super::{Ghl, Id, LocationTag, schema, switches as on};
use crate::reply::Reply;

impl Ghl {
    pub(super) fn add_tags(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let given = tags_of(exchange)?;
        let given = self.applied_tags(&given);
        let tags = self.change_tags(exchange, |tags| {
            let new: Vec<Value> = given.iter().map(|tag| json!(tag)).collect();
            let new: Vec<Value> = new.into_iter().filter(|tag| !tags.contains(tag)).collect();
            tags.extend(new.iter().cloned());
            new
        })?;
        let (all, added) = tags;
        let body = json!({ "tags": all, "tagsAdded": added });
        Ok(Reply::json(StatusCode::CREATED, &body))
    }

    pub(super) fn remove_tags(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let given = tags_of(exchange)?;
        let given = given.as_array().into_iter().flatten();
        let given: Vec<String> = given
            .filter_map(|tag| Some(tag.as_str()?.to_lowercase()))
            .collect();
        let (all, removed) = self.change_tags(exchange, |tags| {
            let goes = |tag: &Value| tag.as_str().is_some_and(|t| given.iter().any(|g| g == t));
            let (gone, stay) = tags.drain(..).partition(goes);
            *tags = stay;
            gone
        })?;
        Ok(Reply::ok(&json!({ "tags": all, "tagsRemoved": removed })))
    }

    /// All tags of the contact after the change, and those that came or went.
    fn change_tags(
        &mut self,
        exchange: &Exchange<'_>,
        change: impl FnOnce(&mut Vec<Value>) -> Vec<Value>,
    ) -> Result<(Vec<Value>, Vec<Value>), Reply> {
        let id: Id = exchange.id().into();
        let row = self.contacts.live().get(&id);
        let row = row.ok_or_else(|| refusal::no_contact(&id))?.clone();
        let mut tags = row.fields.list("tags").to_vec();
        let moved = change(&mut tags);
        if !moved.is_empty() {
            let mut fields = row.fields.clone();
            fields.set("tags", json!(tags));
            let stamp = if self.switches.is(&on::TAG_BUMP, "yes") {
                to_millisecond(exchange.now)
            } else {
                row.updated
            };
            self.contacts.replace(&id, fields, stamp, exchange.now);
        }
        Ok((tags, moved))
    }

    /// Makes a tag known to the location.
    pub(super) fn define_tag(&mut self, name: &str) {
        if self.tags.iter().all(|tag| tag.name != name) {
            let id = self.new_id();
            let name = name.to_owned();
            self.tags.push(LocationTag { id, name });
        }
    }
}

/// The `tags` of a body that may hold nothing else.
fn tags_of(exchange: &Exchange<'_>) -> Result<Value, Reply> {
    let body = exchange.body()?;
    let body = refusal::object(&body)?;
    let strangers = body.keys().filter(|key| *key != "tags");
    let mut complaints: Vec<String> = strangers.map(|key| should_not_exist(key)).collect();
    let tags = body.get("tags").unwrap_or(&Value::Null);
    schema::texts("tags", tags, &mut complaints);
    match complaints[..] {
        [] => Ok(tags.clone()),
        _ => Err(refusal::unprocessable(&complaints)),
    }
}
