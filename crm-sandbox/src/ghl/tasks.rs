//! Tasks of a contact.

use http::StatusCode;
use serde_json::{Value, json};

use super::exchange::{Exchange, Outcome};
use super::family::Family;
use super::members::{COMPLETED_BODY, TASK};
use super::{Ghl, Id, switches as on};
use crate::reply::Reply;
use crate::rows::{Fields, Row};

/// Deleted, but still readable by id.
fn lingers(row: &Row) -> bool {
    row.fields.get("deleted").is_some()
}

impl Ghl {
    pub(super) fn list_tasks(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.contact(exchange.id())?;
        let tasks = self.children(Family::Tasks, exchange.id());
        let shown = tasks.iter().filter(|(_, row)| !lingers(row));
        let shown: Vec<Value> = shown.map(|(id, row)| Self::task_shape(id, row)).collect();
        Ok(Reply::ok(&json!({ "tasks": shown })))
    }

    pub(super) fn get_task(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (id, row) = self.child(Family::Tasks, exchange)?;
        Ok(Reply::ok(&json!({ "task": Self::task_shape(&id, &row) })))
    }

    pub(super) fn create_task(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = exchange.members(TASK, |member| member.create)?;
        self.contact(exchange.id())?;
        let mut fields = Self::newborn(exchange.id());
        self.write(&mut fields, TASK, &body);
        let id = self.add(Family::Tasks, fields, exchange.now);
        self.touch_contact(&on::TASK_BUMP, exchange.id(), exchange.now);
        Ok(self.task_reply(StatusCode::CREATED, &id))
    }

    pub(super) fn update_task(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = exchange.members(TASK, |member| member.update)?;
        let (id, row) = self.child(Family::Tasks, exchange)?;
        let mut fields = row.fields.clone();
        self.write(&mut fields, TASK, &body);
        Ok(self.store_task(exchange, &id, fields))
    }

    pub(super) fn complete_task(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = exchange.members(COMPLETED_BODY, |member| member.update)?;
        let (id, row) = self.child(Family::Tasks, exchange)?;
        let mut fields = row.fields.clone();
        fields.set("completed", body["completed"].clone());
        Ok(self.store_task(exchange, &id, fields))
    }

    pub(super) fn delete_task(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (id, row) = self.child(Family::Tasks, exchange)?;
        if self.switches.is(&on::DELETED_TASK, "readable") {
            let mut fields = row.fields.clone();
            fields.set("deleted", json!(true));
            self.change(Family::Tasks, &id, fields, exchange.now);
        } else {
            self.take_away(Family::Tasks, &id, exchange.now);
        }
        self.touch_contact(&on::TASK_BUMP, exchange.id(), exchange.now);
        Ok(exchange.succeeded(StatusCode::OK))
    }

    fn store_task(&mut self, exchange: &Exchange<'_>, id: &Id, fields: Fields) -> Reply {
        self.change(Family::Tasks, id, fields, exchange.now);
        self.touch_contact(&on::TASK_BUMP, exchange.id(), exchange.now);
        self.task_reply(StatusCode::OK, id)
    }

    fn task_reply(&self, status: StatusCode, id: &Id) -> Reply {
        let row = self.row(Family::Tasks, id);
        let task = row.map(|row| Self::task_shape(id, row));
        Reply::json(status, &json!({ "task": task }))
    }

    /// `TaskSchema`: no stamps.
    pub(super) fn task_shape(id: &str, row: &Row) -> Value {
        let mut shown = Self::plain_shape(id, row);
        shown.remove("deleted");
        Value::Object(shown)
    }
}
