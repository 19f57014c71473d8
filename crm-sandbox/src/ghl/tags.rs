//! Tags of a contact.

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::exchange::{Exchange, Outcome};
use super::family::Family;
use super::members::TAGS_BODY;
use super::write::applied_tags;
use super::{Ghl, Id, switches as on};
use crate::reply::Reply;
use crate::rows::Fields;

/// What a change of tags came to.
pub(super) struct Retagged {
    pub(super) all: Vec<Value>,
    pub(super) moved: Vec<Value>,
}

impl Ghl {
    pub(super) fn add_tags(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = exchange.members(TAGS_BODY, |member| member.create)?;
        self.contact(exchange.id())?;
        let tags = self.tag_contact(&exchange.id().into(), &body["tags"], exchange.now);
        let body = json!({ "tags": tags.all, "tagsAdded": tags.moved });
        Ok(Reply::json(StatusCode::CREATED, &body))
    }

    pub(super) fn remove_tags(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = exchange.members(TAGS_BODY, |member| member.create)?;
        self.contact(exchange.id())?;
        let tags = self.untag_contact(&exchange.id().into(), &body["tags"], exchange.now);
        let body = json!({ "tags": tags.all, "tagsRemoved": tags.moved });
        Ok(Reply::ok(&body))
    }

    /// Adds tags; those that came are the ones that moved.
    pub(super) fn tag_contact(&mut self, id: &Id, tags: &Value, now: Timestamp) -> Retagged {
        let given = applied_tags(tags);
        self.change_tags(id, now, |tags| {
            let new = given.into_iter().map(Value::from);
            let new: Vec<Value> = new.filter(|tag| !tags.contains(tag)).collect();
            tags.extend(new.iter().cloned());
            new
        })
    }

    /// Removes tags; those that went are the ones that moved.
    pub(super) fn untag_contact(&mut self, id: &Id, tags: &Value, now: Timestamp) -> Retagged {
        let given = tags.as_array().into_iter().flatten();
        let given: Vec<String> = given
            .filter_map(|tag| Some(tag.as_str()?.to_lowercase()))
            .collect();
        self.change_tags(id, now, |tags| {
            let goes = |tag: &Value| tag.as_str().is_some_and(|t| given.iter().any(|g| g == t));
            let (gone, stay) = tags.drain(..).partition(goes);
            *tags = stay;
            gone
        })
    }

    pub(super) fn change_tags(
        &mut self,
        id: &Id,
        now: Timestamp,
        change: impl FnOnce(&mut Vec<Value>) -> Vec<Value>,
    ) -> Retagged {
        let row = self.row(Family::Contacts, id).cloned();
        let fields = row.map(|row| row.fields.clone());
        let mut fields = fields.unwrap_or_default();
        let mut all = fields.list("tags").to_vec();
        let moved = change(&mut all);
        if !moved.is_empty() {
            fields.set("tags", json!(all));
            let stamped = self.switches.is(&on::TAG_BUMP, "yes");
            self.change_contact(id, fields, stamped, now);
        }
        Retagged { all, moved }
    }

    /// Makes the tags that a contact carries known to the location.
    pub(super) fn know_tags(&mut self, fields: &Fields, now: Timestamp) {
        for tag in fields.list("tags").iter().filter_map(Value::as_str) {
            if self.tag_named(tag).is_none() {
                let mut fields = Fields::default();
                fields.set("name", json!(tag));
                self.add(Family::Tags, fields, now);
            }
        }
    }

    /// The tag of exactly this spelling.
    pub(super) fn tag_named(&self, name: &str) -> Option<Id> {
        let tags = self.rows[Family::Tags].live();
        let spelt = |id: &Id| tags.get(id).and_then(|row| row.fields.text("name")) == Some(name);
        tags.find("name", name)?.into_iter().find(spelt)
    }
}
