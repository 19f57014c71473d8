//! Contacts one by one.

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::refusal;
use super::routes::{Exchange, Outcome};
use super::schema::{self, Rule};
use super::shape::full_name;
use super::{Ghl, Id, switches as on};
use crate::reply::Reply;
use crate::rows::{Fields, Stamps};

/// Stamps have milliseconds.
pub(super) fn to_millisecond(now: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

fn body_of(exchange: &Exchange<'_>) -> Result<Map<String, Value>, Reply> {
    let body = exchange.body()?;
    refusal::object(&body).cloned()
}

fn checked(complaints: &[String]) -> Result<(), Reply> {
    match complaints {
        [] => Ok(()),
        complaints => Err(refusal::unprocessable(complaints)),
    }
}

impl Ghl {
    pub(super) fn get_contact(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.contact_reply(exchange.id(), false)
    }

    pub(super) fn create_contact(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let mut body = body_of(exchange)?;
        let location = body.remove("locationId");
        self.check_location(location.as_ref().and_then(Value::as_str))?;
        checked(&schema::complaints(&body, |member| member.create))?;
        self.check_custom_fields(&body)?;
        self.check_phone(&body)?;
        let mut fields = Fields::default();
        self.write(&mut fields, &body);
        let named = ["firstName", "lastName", "email", "phone"];
        if named.iter().all(|name| fields.get(name).is_none()) {
            return Err(refusal::nobody());
        }
        self.check_duplicate(&fields, None)?;
        let id = self.new_id();
        let now = to_millisecond(exchange.now);
        self.contacts
            .insert(id.as_str().into(), fields, Stamps::new(now), now);
        let row = self.contacts.live().get(&id.as_str().into());
        let contact = row.map(|row| self.create_shape(&id, row));
        Ok(Reply::json(
            StatusCode::CREATED,
            &json!({ "contact": contact }),
        ))
    }

    pub(super) fn update_contact(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = body_of(exchange)?;
        let company = self.switches.is(&on::COMPANY_ON_UPDATE, "taken");
        checked(&schema::complaints(&body, |member| match member.name {
            "companyName" if company => Rule::OrNull,
            _ => member.update,
        }))?;
        self.check_custom_fields(&body)?;
        self.check_phone(&body)?;
        let id: Id = exchange.id().into();
        let row = self.contacts.live().get(&id);
        let row = row.ok_or_else(|| refusal::no_contact(&id))?;
        let mut fields = row.fields.clone();
        self.write(&mut fields, &body);
        self.check_duplicate(&fields, Some(&id))?;
        self.contacts
            .replace(&id, fields, to_millisecond(exchange.now), exchange.now);
        self.contact_reply(&id, true)
    }

    pub(super) fn delete_contact(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let id: Id = exchange.id().into();
        if !self.contacts.remove(&id, to_millisecond(exchange.now)) {
            return Err(refusal::no_contact(&id));
        }
        Ok(Reply::ok(&json!({ "succeded": true })))
    }

    pub(super) fn find_duplicate(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let call = exchange.call;
        self.check_location(call.query("locationId"))?;
        let asked = [
            ("email", call.query("email")),
            ("phone", call.query("number")),
        ];
        if asked.iter().all(|(_, value)| value.is_none()) {
            let message = "Pass at least one of number, email query parameter";
            return Err(refusal::bad_request(message));
        }
        let mut found = asked.iter().filter_map(|(field, value)| {
            let ids = self.contacts.live().find(field, (*value)?)?;
            ids.into_iter().next()
        });
        let contact = found.next().and_then(|id| {
            let row = self.contacts.live().get(&id)?;
            Some(self.read_shape(&id, row))
        });
        Ok(Reply::ok(&json!({ "contact": contact })))
    }

    /// Two contacts of a location may not share an e-mail or a phone, unless it allows that.
    fn check_duplicate(&self, fields: &Fields, own: Option<&Id>) -> Result<(), Reply> {
        let order = match () {
            () if self.switches.is(&on::DUPLICATES, "allowed") => return Ok(()),
            () if self.switches.is(&on::DUPLICATES, "phone_then_email") => ["phone", "email"],
            () => ["email", "phone"],
        };
        let view = self.contacts.live();
        for field in order {
            let same = fields.text(field).and_then(|value| view.find(field, value));
            let Some(id) = same.into_iter().flatten().find(|id| Some(id) != own) else {
                continue;
            };
            let name = view.get(&id).map(|row| full_name(&row.fields));
            return Err(refusal::duplicate(&id, field, &name.unwrap_or_default()));
        }
        Ok(())
    }

    fn check_custom_fields(&self, body: &Map<String, Value>) -> Result<(), Reply> {
        if self.switches.is(&on::UNKNOWN_CUSTOM_FIELD, "ignored") {
            return Ok(());
        }
        let entries = body.get("customFields").and_then(Value::as_array);
        let unknown = |entry: &&Value| self.custom_field_of(entry).is_none();
        match entries.into_iter().flatten().find(unknown) {
            Some(entry) => Err(refusal::bad_request(&format!(
                "Invalid custom field {entry}"
            ))),
            None => Ok(()),
        }
    }

    fn check_phone(&self, body: &Map<String, Value>) -> Result<(), Reply> {
        let phone = body.get("phone").and_then(Value::as_str);
        let bad = phone.is_some_and(|p| !p.is_empty() && super::phone::e164(p).is_none());
        if bad && self.switches.is(&on::BAD_PHONE, "refused") {
            return Err(refusal::unprocessable(&[
                "phone must be a valid phone number".to_owned(),
            ]));
        }
        Ok(())
    }
}
