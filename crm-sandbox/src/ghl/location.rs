//! The location, and the users that work in it.

use serde_json::{Value, json};

use super::Ghl;
use super::exchange::{Exchange, Outcome};
use super::family::Family;
use super::shape::full_name;
use crate::reply::Reply;
use crate::rows::{Fields, Row};

/// Who works in the location, beside the one whose token it is.
const COLLEAGUES: [(&str, &str); 2] = [("Kim", "Keller"), ("Alex", "Ito")];

impl Ghl {
    pub(super) fn get_location(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.check_location(Some(exchange.id()))?;
        let location = json!({
            "id": self.location,
            "companyId": self.app.company_id,
            "name": "Sandbox",
            "country": "US",
            "timezone": "America/Chicago",
            "settings": { "allowDuplicateContact": self.duplicates_allowed() },
        });
        Ok(Reply::ok(&json!({ "location": location })))
    }

    pub(super) fn list_users(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.check_location(exchange.call.query("locationId"))?;
        Ok(Reply::ok(&json!({ "users": self.shapes(Family::Users) })))
    }

    /// The user without an envelope.
    pub(super) fn get_user(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let row = self.row(Family::Users, exchange.id());
        let row = row.ok_or_else(|| self.missing(Family::Users, exchange.id()))?;
        Ok(Reply::ok(&self.user_shape(exchange.id(), row)))
    }

    pub(super) fn user_shape(&self, id: &str, row: &Row) -> Value {
        let mut shown = Self::plain_shape(id, row);
        shown.insert("name".to_owned(), json!(full_name(&row.fields)));
        let role = if id == self.user { "admin" } else { "user" };
        let roles = json!({ "type": "account", "role": role, "locationIds": [self.location] });
        shown.insert("roles".to_owned(), roles);
        Value::Object(shown)
    }

    /// The users that a new location has.
    pub(super) fn staff(&mut self) {
        let at = jiff::Timestamp::UNIX_EPOCH;
        self.user = self
            .plant(Family::Users, somebody("Sam", "Sandbox"), at)
            .to_string();
        for (first, last) in COLLEAGUES {
            self.plant(Family::Users, somebody(first, last), at);
        }
    }
}

fn somebody(first: &str, last: &str) -> Fields {
    let mut fields = Fields::default();
    fields.set("firstName", json!(first));
    fields.set("lastName", json!(last));
    let email = format!("{}@example.com", first.to_lowercase());
    fields.set("email", json!(email));
    fields
}
