//! The tags that a location knows.

use http::StatusCode;
use serde_json::{Value, json};

use super::exchange::{Exchange, Outcome};
use super::family::Family;
use super::members::TAG;
use super::{Ghl, Id, refusal};
use crate::reply::Reply;
use crate::rows::{Fields, Row};

impl Ghl {
    /// All of them, in the order they became known.
    pub(super) fn list_tags(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.check_location(Some(exchange.id()))?;
        let view = self.rows[Family::Tags].live();
        let ids = view.by_created().iter();
        let tags = ids.filter_map(|(_, id)| Some(self.tag_shape(id, view.get(id)?)));
        let tags: Vec<Value> = tags.collect();
        Ok(Reply::ok(&json!({ "tags": tags })))
    }

    pub(super) fn get_tag(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let id = self.location_part(Family::Tags, exchange)?;
        Ok(self.tag_reply(&id))
    }

    /// The bytes stay as they were sent: two spellings are two tags.
    pub(super) fn create_tag(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.check_location(Some(exchange.id()))?;
        let fields = self.tag_fields(exchange, None)?;
        let id = self.add(Family::Tags, fields, exchange.now);
        Ok(self.tag_reply(&id))
    }

    pub(super) fn update_tag(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let id = self.location_part(Family::Tags, exchange)?;
        let fields = self.tag_fields(exchange, Some(&id))?;
        self.change(Family::Tags, &id, fields, exchange.now);
        Ok(self.tag_reply(&id))
    }

    pub(super) fn delete_tag(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let id = self.location_part(Family::Tags, exchange)?;
        self.take_away(Family::Tags, &id, exchange.now);
        Ok(exchange.succeeded(StatusCode::OK))
    }

    fn tag_fields(&self, exchange: &Exchange<'_>, own: Option<&Id>) -> Result<Fields, Reply> {
        let body = exchange.members(TAG, |member| member.create)?;
        let name = body["name"].as_str().unwrap_or_default();
        if self.tag_named(name).is_some_and(|id| Some(&id) != own) {
            return Err(refusal::bad_request("The tag name is already exist."));
        }
        let mut fields = Fields::default();
        fields.set("name", json!(name));
        Ok(fields)
    }

    fn tag_reply(&self, id: &str) -> Reply {
        let tag = self.row(Family::Tags, id);
        let tag = tag.map(|row| self.tag_shape(id, row));
        Reply::ok(&json!({ "tag": tag }))
    }

    pub(super) fn tag_shape(&self, id: &str, row: &Row) -> Value {
        let mut shown = Self::plain_shape(id, row);
        shown.insert("locationId".to_owned(), json!(self.location));
        Value::Object(shown)
    }

    /// The record that stands second in a path below the location.
    pub(super) fn location_part(
        &self,
        family: Family,
        exchange: &Exchange<'_>,
    ) -> Result<Id, Reply> {
        self.check_location(Some(exchange.id()))?;
        let id = exchange.part(1);
        match self.row(family, id) {
            Some(_) => Ok(id.into()),
            None => Err(self.missing(family, id)),
        }
    }
}
