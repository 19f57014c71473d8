//! Businesses, and the contacts that belong to them.

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::exchange::{Exchange, Outcome, checked};
use super::family::Family;
use super::list::mentions;
use super::members::{BULK_BUSINESS_BODY, BUSINESS};
use super::moment::stamp;
use super::{Ghl, Id, refusal, schema, switches as on};
use crate::reply::Reply;
use crate::rows::{Fields, Row};

/// How many contacts one call may attach.
const MOST_CONTACTS: usize = 50;

impl Ghl {
    pub(super) fn list_businesses(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.check_location(exchange.call.query("locationId"))?;
        let (limit, skip) = (exchange.number("limit", 100)?, exchange.number("skip", 0)?);
        let view = self.rows[Family::Businesses].seen(exchange.now);
        let page = view.by_created().iter().skip(skip).take(limit);
        let page: Vec<_> = page
            .filter_map(|(_, id)| Some((id.clone(), view.get(id)?.clone())))
            .collect();
        let shown: Vec<Value> = page
            .iter()
            .map(|(id, row)| self.business_shape(id, row))
            .collect();
        Ok(Reply::ok(&json!({ "businesses": shown })))
    }

    pub(super) fn get_business(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let shown = self.shown_business(exchange.id())?;
        Ok(Reply::ok(&json!({ "business": shown })))
    }

    pub(super) fn create_business(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = self.located(exchange)?;
        checked(&schema::complaints(BUSINESS, &body, |member| member.create))?;
        let mut fields = Fields::default();
        self.write(&mut fields, BUSINESS, &body);
        let id = self.add(Family::Businesses, fields, exchange.now);
        self.business_reply(StatusCode::CREATED, &id)
    }

    pub(super) fn update_business(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = exchange.members(BUSINESS, |member| member.update)?;
        let id: Id = exchange.id().into();
        let row = self.row(Family::Businesses, &id);
        let row = row.ok_or_else(|| self.missing(Family::Businesses, &id))?;
        let mut fields = row.fields.clone();
        self.write(&mut fields, BUSINESS, &body);
        self.change(Family::Businesses, &id, fields, exchange.now);
        self.business_reply(StatusCode::OK, &id)
    }

    pub(super) fn delete_business(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let id: Id = exchange.id().into();
        if !self.take_away(Family::Businesses, &id, exchange.now) {
            return Err(self.missing(Family::Businesses, &id));
        }
        self.business_left(&id, exchange.now);
        Ok(Reply::ok(&json!({ "success": true })))
    }

    /// The key of the reply is spelt so on the live server too.
    fn business_reply(&self, status: StatusCode, id: &str) -> Outcome {
        let shown = self.shown_business(id)?;
        let body = json!({ "success": true, "buiseness": shown });
        Ok(Reply::json(status, &body))
    }

    fn shown_business(&self, id: &str) -> Result<Value, Reply> {
        let row = self.row(Family::Businesses, id);
        row.map(|row| self.business_shape(id, row))
            .ok_or_else(|| self.missing(Family::Businesses, id))
    }

    /// `BusinessDto`.
    pub(super) fn business_shape(&self, id: &str, row: &Row) -> Value {
        let mut shown = Self::plain_shape(id, row);
        shown.insert("locationId".to_owned(), json!(self.location));
        shown.insert("createdAt".to_owned(), stamp(row.created));
        shown.insert("updatedAt".to_owned(), stamp(row.updated));
        Value::Object(shown)
    }

    pub(super) fn contacts_in_business(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let call = exchange.call;
        self.check_location(call.query("locationId"))?;
        let (limit, skip) = (exchange.number("limit", 25)?, exchange.number("skip", 0)?);
        let view = self.rows[Family::Contacts].seen(exchange.now);
        let ids = view.find("businessId", exchange.id()).unwrap_or_default();
        let rows = ids
            .into_iter()
            .filter(|id| !self.hidden.contains_key(id))
            .filter_map(|id| Some((id.clone(), view.get(&id)?.clone())));
        let found: Vec<_> = rows
            .filter(|(_, row)| call.query("query").is_none_or(|text| mentions(row, text)))
            .collect();
        let page = found.iter().skip(skip).take(limit);
        let shown: Vec<Value> = page.map(|(id, row)| self.list_shape(id, row)).collect();
        let mut body = json!({ "contacts": shown });
        if self.switches.is(&on::BUSINESS_COUNT, "present") {
            body["count"] = json!(found.len());
        }
        Ok(Reply::ok(&body))
    }

    /// `POST /contacts/bulk/business`: attaches contacts, or detaches them by `null`.
    pub(super) fn set_business(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = self.located(exchange)?;
        checked(&schema::complaints(BULK_BUSINESS_BODY, &body, |m| m.create))?;
        let ids = body["ids"].as_array().into_iter().flatten();
        let ids: Vec<Id> = ids.filter_map(|id| Some(id.as_str()?.into())).collect();
        if ids.len() > MOST_CONTACTS && self.switches.is(&on::BULK_BUSINESS_LIMIT, "50") {
            let text = format!("ids must contain no more than {MOST_CONTACTS} elements");
            return Err(refusal::unprocessable(&[text]));
        }
        if let Some(id) = body["businessId"].as_str() {
            self.shown_business(id)?;
        }
        let known = ids
            .into_iter()
            .filter(|id| self.row(Family::Contacts, id).is_some());
        let known: Vec<Id> = known.collect();
        for id in &known {
            self.attach(id, &body["businessId"], exchange.now);
        }
        let ids: Vec<&str> = known.iter().map(|id| &**id).collect();
        Ok(Reply::ok(&json!({ "success": true, "ids": ids })))
    }

    /// Links a contact to a business, or to none.
    fn attach(&mut self, id: &Id, business: &Value, now: Timestamp) {
        let Some(row) = self.row(Family::Contacts, id) else {
            return;
        };
        let mut fields = row.fields.clone();
        fields.set("businessId", business.clone());
        let stamped = self.switches.is(&on::BUSINESS_BUMP, "yes");
        self.change_contact(id, fields, stamped, now);
    }

    /// What the end of a business does to its contacts.
    pub(super) fn business_left(&mut self, business: &str, now: Timestamp) {
        if self.switches.is(&on::DELETED_BUSINESS, "stays_linked") {
            return;
        }
        let ids = self.rows[Family::Contacts]
            .live()
            .find("businessId", business);
        for id in ids.unwrap_or_default() {
            self.attach(&id, &Value::Null, now);
        }
    }

    /// A setting of the location: a company name makes a business, or finds the
    /// one of that name, and links the new contact to it.
    pub(super) fn company_becomes_business(&mut self, fields: &mut Fields, now: Timestamp) {
        let Some(name) = fields.text("companyName").map(str::to_owned) else {
            return;
        };
        if self.switches.is(&on::COMPANY_MAKES_BUSINESS, "no") {
            return;
        }
        let found = self.rows[Family::Businesses].live().find("name", &name);
        let id = found.into_iter().flatten().next().unwrap_or_else(|| {
            let mut business = Fields::default();
            business.set("name", json!(name));
            self.add(Family::Businesses, business, now)
        });
        fields.set("businessId", json!(&*id));
    }
}
