//! Contacts one by one.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::exchange::{Exchange, Outcome, checked};
use super::family::Family;
use super::members::CONTACT;
use super::refusal;
use super::schema::{self, Rule};
use super::shape::full_name;
use super::{Ghl, Id, switches as on};
use crate::reply::Reply;
use crate::rows::Fields;

impl Ghl {
    pub(super) fn get_contact(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let contact = self.read_shape(exchange.id(), self.contact(exchange.id())?);
        Ok(Reply::ok(&json!({ "contact": contact })))
    }

    pub(super) fn create_contact(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = self.located(exchange)?;
        checked(&schema::complaints(CONTACT, &body, |member| member.create))?;
        let fields = self.new_contact(&body)?;
        self.check_duplicate(&fields, None)?;
        let id = self.add_contact(fields, exchange.now);
        let row = self.row(Family::Contacts, &id);
        let contact = row.map(|row| self.create_shape(&id, row));
        Ok(Reply::json(
            StatusCode::CREATED,
            &json!({ "contact": contact }),
        ))
    }

    /// The body without its `locationId`, which must be the token's.
    pub(super) fn located(&self, exchange: &Exchange<'_>) -> Result<Map<String, Value>, Reply> {
        let mut body = exchange.object()?;
        let location = body.remove("locationId");
        self.check_location(location.as_ref().and_then(Value::as_str))?;
        Ok(body)
    }

    /// What a checked body makes of a contact that is not there yet.
    pub(super) fn new_contact(&mut self, body: &Map<String, Value>) -> Result<Fields, Reply> {
        self.check_custom_fields(body)?;
        self.check_phone(body)?;
        let mut fields = Fields::default();
        self.write(&mut fields, CONTACT, body);
        let named = ["firstName", "lastName", "email", "phone"];
        if named.iter().all(|name| fields.get(name).is_none()) {
            return Err(refusal::nobody());
        }
        Ok(fields)
    }

    /// A new contact, with the business that the location may make of its company.
    pub(super) fn add_contact(&mut self, mut fields: Fields, now: jiff::Timestamp) -> Id {
        self.company_becomes_business(&mut fields, now);
        self.add(Family::Contacts, fields, now)
    }

    pub(super) fn update_contact(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let company = self.switches.is(&on::COMPANY_ON_UPDATE, "taken");
        let body = exchange.members(CONTACT, |member| match member.name {
            "companyName" if company => Rule::OrNull,
            _ => member.update,
        })?;
        self.check_custom_fields(&body)?;
        self.check_phone(&body)?;
        let id: Id = exchange.id().into();
        let mut fields = self.contact(&id)?.fields.clone();
        self.write(&mut fields, CONTACT, &body);
        self.check_duplicate(&fields, Some(&id))?;
        let stamped = !only_dnd(&body) || self.switches.is(&on::DND_BUMP, "yes");
        self.change_contact(&id, fields, stamped, exchange.now);
        let contact = self.read_shape(&id, self.contact(&id)?);
        let body = exchange.with_success(json!({ "contact": contact }));
        Ok(Reply::ok(&body))
    }

    /// Replaces what a contact holds, with or without its stamp.
    pub(super) fn change_contact(
        &mut self,
        id: &Id,
        fields: Fields,
        stamped: bool,
        now: jiff::Timestamp,
    ) {
        if stamped {
            self.change(Family::Contacts, id, fields, now);
        } else {
            self.change_unstamped(Family::Contacts, id, fields, now);
        }
    }

    pub(super) fn delete_contact(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let id: Id = exchange.id().into();
        self.contact(&id)?;
        self.bin_contact(&id, exchange.now);
        Ok(exchange.succeeded(StatusCode::OK))
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
            let ids = self.rows[Family::Contacts].live().find(field, (*value)?)?;
            ids.into_iter().find(|id| !self.hidden.contains_key(id))
        });
        let contact = found.next().and_then(|id| {
            let row = self.row(Family::Contacts, &id)?;
            Some(self.read_shape(&id, row))
        });
        Ok(Reply::ok(&json!({ "contact": contact })))
    }

    /// Two contacts of a location may not share an e-mail or a phone, unless it allows that.
    pub(super) fn check_duplicate(&self, fields: &Fields, own: Option<&Id>) -> Result<(), Reply> {
        if self.duplicates_allowed() {
            return Ok(());
        }
        let view = self.rows[Family::Contacts].live();
        for field in self.unique_fields() {
            let same = fields.text(field).and_then(|value| view.find(field, value));
            let Some(id) = same.into_iter().flatten().find(|id| Some(id) != own) else {
                continue;
            };
            let name = view.get(&id).map(|row| full_name(&row.fields));
            return Err(refusal::duplicate(&id, field, &name.unwrap_or_default()));
        }
        Ok(())
    }

    pub(super) fn duplicates_allowed(&self) -> bool {
        self.switches.is(&on::DUPLICATES, "allowed")
    }

    /// The fields that tell two contacts apart, the first one first.
    pub(super) fn unique_fields(&self) -> [&'static str; 2] {
        if self.switches.is(&on::DUPLICATES, "phone_then_email") {
            ["phone", "email"]
        } else {
            ["email", "phone"]
        }
    }

    pub(super) fn check_custom_fields(&self, body: &Map<String, Value>) -> Result<(), Reply> {
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

    pub(super) fn check_phone(&self, body: &Map<String, Value>) -> Result<(), Reply> {
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

fn only_dnd(body: &Map<String, Value>) -> bool {
    let dnd = ["dnd", "dndSettings", "inboundDndSettings"];
    !body.is_empty() && body.keys().all(|name| dnd.contains(&name.as_str()))
}
