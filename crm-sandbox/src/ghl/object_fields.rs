//! Custom fields of businesses and custom objects: `/custom-fields/`.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::exchange::{Exchange, Outcome, checked};
use super::family::Family;
use super::members::{FOLDER, OBJECT_FIELD};
use super::moment::stamp;
use super::schema::{self, Member, Rule};
use super::{Ghl, Id, refusal};
use crate::reply::Reply;
use crate::rows::{Fields, Row};

impl Ghl {
    pub(super) fn list_object_fields(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.check_location(exchange.call.query("locationId"))?;
        check_object(exchange.id())?;
        let of_object = |mut shapes: Vec<Value>| {
            shapes.retain(|shape| shape["objectKey"] == exchange.id());
            shapes
        };
        let body = json!({
            "fields": of_object(self.shapes(Family::ObjectFields)),
            "folders": of_object(self.shapes(Family::Folders)),
        });
        Ok(Reply::ok(&body))
    }

    pub(super) fn create_object_field(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = self.object_body(exchange, OBJECT_FIELD, |member| member.create)?;
        check_object(body["objectKey"].as_str().unwrap_or_default())?;
        let mut fields = Fields::default();
        self.write(&mut fields, OBJECT_FIELD, &body);
        let id = self.add(Family::ObjectFields, fields, exchange.now);
        self.object_field_reply(StatusCode::CREATED, &id)
    }

    pub(super) fn get_object_field(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.object_field_reply(StatusCode::OK, exchange.id())
    }

    pub(super) fn update_object_field(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = self.object_body(exchange, OBJECT_FIELD, |member| member.update)?;
        let fields = self.object_part(Family::ObjectFields, exchange, OBJECT_FIELD, &body)?;
        self.change(
            Family::ObjectFields,
            &exchange.id().into(),
            fields,
            exchange.now,
        );
        self.object_field_reply(StatusCode::OK, exchange.id())
    }

    pub(super) fn delete_object_field(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.delete_object_part(Family::ObjectFields, exchange)
    }

    pub(super) fn create_folder(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = self.object_body(exchange, FOLDER, |member| member.create)?;
        check_object(body["objectKey"].as_str().unwrap_or_default())?;
        let mut fields = Fields::default();
        self.write(&mut fields, FOLDER, &body);
        let id = self.add(Family::Folders, fields, exchange.now);
        self.folder_reply(StatusCode::CREATED, &id)
    }

    pub(super) fn update_folder(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = self.object_body(exchange, FOLDER, |member| member.update)?;
        let fields = self.object_part(Family::Folders, exchange, FOLDER, &body)?;
        self.change(Family::Folders, &exchange.id().into(), fields, exchange.now);
        self.folder_reply(StatusCode::OK, exchange.id())
    }

    pub(super) fn delete_folder(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.check_location(exchange.call.query("locationId"))?;
        self.delete_object_part(Family::Folders, exchange)
    }

    fn object_body(
        &self,
        exchange: &Exchange<'_>,
        table: &'static [Member],
        rule: impl Fn(&Member) -> Rule,
    ) -> Result<Map<String, Value>, Reply> {
        let body = self.located(exchange)?;
        checked(&schema::complaints(table, &body, rule))?;
        Ok(body)
    }

    /// What the named record becomes.
    fn object_part(
        &self,
        family: Family,
        exchange: &Exchange<'_>,
        table: &'static [Member],
        body: &Map<String, Value>,
    ) -> Result<Fields, Reply> {
        let row = self.row(family, exchange.id());
        let row = row.ok_or_else(|| self.missing(family, exchange.id()))?;
        let mut fields = row.fields.clone();
        self.write(&mut fields, table, body);
        Ok(fields)
    }

    fn delete_object_part(&mut self, family: Family, exchange: &Exchange<'_>) -> Outcome {
        let id: Id = exchange.id().into();
        let row = self.row(family, &id);
        let row = row.ok_or_else(|| self.missing(family, &id))?.clone();
        self.take_away(family, &id, exchange.now);
        let key = row.fields.get("fieldKey").or(row.fields.get("objectKey"));
        let body = json!({ "id": &*id, "key": key });
        Ok(Reply::ok(&exchange.with_success(body)))
    }

    fn object_field_reply(&self, status: StatusCode, id: &str) -> Outcome {
        let row = self.row(Family::ObjectFields, id);
        let row = row.ok_or_else(|| self.missing(Family::ObjectFields, id))?;
        let shown = self.object_field_shape(id, row);
        Ok(Reply::json(status, &json!({ "field": shown })))
    }

    /// `ICustomField`.
    pub(super) fn object_field_shape(&self, id: &str, row: &Row) -> Value {
        let mut shown = Self::plain_shape(id, row);
        shown.insert("locationId".to_owned(), json!(self.location));
        shown.insert("dateAdded".to_owned(), stamp(row.created));
        shown.insert("dateUpdated".to_owned(), stamp(row.updated));
        Value::Object(shown)
    }

    fn folder_reply(&self, status: StatusCode, id: &str) -> Outcome {
        let row = self.row(Family::Folders, id);
        let row = row.ok_or_else(|| self.missing(Family::Folders, id))?;
        Ok(Reply::json(status, &self.folder_shape(id, row)))
    }

    /// `ICustomFieldFolder`, which stands in no envelope.
    pub(super) fn folder_shape(&self, id: &str, row: &Row) -> Value {
        let mut shown = Self::plain_shape(id, row);
        shown.insert("locationId".to_owned(), json!(self.location));
        Value::Object(shown)
    }
}

/// Contacts and opportunities have their fields elsewhere.
fn check_object(key: &str) -> Result<(), Reply> {
    if key == "business" || key.starts_with("custom_object") {
        return Ok(());
    }
    let message = "Only custom objects and business are supported";
    Err(refusal::bad_request(message))
}
