//! The location and what it has defined.

use serde_json::{Value, json};

use super::Ghl;
use super::refusal;
use super::routes::{Exchange, Outcome};
use crate::reply::Reply;

impl Ghl {
    pub(super) fn get_location(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.check_location(Some(exchange.id()))?;
        let location = json!({
            "id": self.location,
            "name": "Sandbox",
            "country": "US",
            "timezone": "America/Chicago",
            "settings": { "allowDuplicateContact": false },
        });
        Ok(Reply::ok(&json!({ "location": location })))
    }

    pub(super) fn list_custom_fields(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.check_location(Some(exchange.id()))?;
        let fields: Vec<Value> = match exchange.call.query("model") {
            None | Some("contact" | "all") => self.custom_field_shapes(),
            Some("opportunity") => Vec::new(),
            Some(_) => {
                let message =
                    "model must be one of the following values: contact, opportunity, all";
                return Err(refusal::unprocessable(&[message.to_owned()]));
            }
        };
        Ok(Reply::ok(&json!({ "customFields": fields })))
    }

    pub(super) fn custom_field_shapes(&self) -> Vec<Value> {
        let fields = self.custom_fields.iter().enumerate();
        fields
            .map(|(at, field)| field.shape(&self.location, at))
            .collect()
    }

    pub(super) fn list_tags(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.check_location(Some(exchange.id()))?;
        Ok(Reply::ok(&json!({ "tags": self.tag_shapes() })))
    }

    pub(super) fn tag_shapes(&self) -> Vec<Value> {
        let tags = self.tags.iter();
        tags.map(|tag| json!({ "id": tag.id, "name": tag.name, "locationId": self.location }))
            .collect()
    }

    pub(super) fn list_users(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.check_location(exchange.call.query("locationId"))?;
        let user = json!({
            "id": self.user,
            "name": "Sam Sandbox",
            "firstName": "Sam",
            "lastName": "Sandbox",
            "email": "sam@example.com",
            "roles": { "type": "account", "role": "admin", "locationIds": [self.location] },
        });
        Ok(Reply::ok(&json!({ "users": [user] })))
    }
}
