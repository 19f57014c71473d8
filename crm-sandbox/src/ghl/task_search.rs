//! `POST /locations/{id}/tasks/search`.

use std::cmp::Reverse;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::exchange::{Exchange, Outcome};
use super::family::Family;
use super::members::TASK_SEARCH_BODY;
use super::moment::{parse, stamp};
use super::refusal;
use super::shape::full_name;
use super::{Ghl, Id, switches as on};
use crate::reply::Reply;
use crate::rows::Row;

const USUAL_PAGE: usize = 25;
const LARGEST_PAGE: usize = 100;

impl Ghl {
    pub(super) fn search_tasks(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.check_location(Some(exchange.id()))?;
        let body = exchange.members(TASK_SEARCH_BODY, |member| member.create)?;
        let limit = self.task_page(&body)?;
        let skip = whole(&body, "skip", 0)?;
        let contacts = self.rows[Family::Contacts].seen(exchange.now);
        let businesses: Vec<Id> = match body.get("businessId").and_then(Value::as_str) {
            Some(id) => contacts.find("businessId", id).unwrap_or_default(),
            None => Vec::new(),
        };
        let tasks = self.rows[Family::Tasks].seen(exchange.now).iter();
        let wanted = tasks.filter(|(_, row)| {
            row.fields.get("deleted").is_none() && wants(&body, &businesses, row)
        });
        let mut found: Vec<(Id, Arc<Row>)> = wanted
            .filter(|(_, row)| {
                !self
                    .hidden
                    .contains_key(row.fields.text("contactId").unwrap_or(""))
            })
            .map(|(id, row)| (id.clone(), row.clone()))
            .collect();
        self.sort_tasks(&mut found);
        let page = found.iter().skip(skip).take(limit);
        let tasks: Vec<Value> = page
            .map(|(id, row)| self.found_task_shape(id, row))
            .collect();
        Ok(Reply::ok(&json!({ "tasks": tasks })))
    }

    fn task_page(&self, body: &Map<String, Value>) -> Result<usize, Reply> {
        let limit = whole(body, "limit", USUAL_PAGE)?;
        if limit <= LARGEST_PAGE || self.switches.is(&on::TASK_SEARCH_LIMIT, "none") {
            return Ok(limit);
        }
        if self.switches.is(&on::TASK_SEARCH_LIMIT, "clamped") {
            return Ok(LARGEST_PAGE);
        }
        let text = format!("limit must not be greater than {LARGEST_PAGE}");
        Err(refusal::unprocessable(&[text]))
    }

    fn sort_tasks(&self, found: &mut [(Id, Arc<Row>)]) {
        let due = |row: &Row| row.fields.text("dueDate").and_then(parse);
        if self.switches.is(&on::TASK_SEARCH_ORDER, "oldest_first") {
            found.sort_by_key(|(id, row)| (row.created, id.clone()));
        } else if self.switches.is(&on::TASK_SEARCH_ORDER, "due_first") {
            found.sort_by_key(|(id, row)| (due(row), id.clone()));
        } else {
            found.sort_by_key(|(id, row)| Reverse((row.created, id.clone())));
        }
    }

    /// The same task as on the contact's routes, under other names and with stamps.
    fn found_task_shape(&self, id: &str, row: &Row) -> Value {
        let mut shown = Self::plain_shape(id, row);
        shown.remove("id");
        let contact = row.fields.text("contactId").unwrap_or_default();
        let contact_row = self.row(Family::Contacts, contact);
        let done = row.fields.get("completed") == Some(&json!(true));
        let more = json!({
            "_id": id,
            "locationId": self.location,
            "status": if done { "completed" } else { "incompleted" },
            "deleted": false,
            "dateAdded": stamp(row.created),
            "dateUpdated": stamp(row.updated),
            "createdAt": stamp(row.created),
            "updatedAt": stamp(row.updated),
            "searchAfter": [row.created.as_millisecond(), id],
        });
        shown.extend(more.as_object().cloned().unwrap_or_default());
        if let Some(row) = contact_row {
            let details = json!({
                "firstName": row.fields.text("firstName"),
                "lastName": row.fields.text("lastName"),
                "name": full_name(&row.fields),
            });
            shown.insert("contactDetails".to_owned(), details);
            if let Some(business) = row.fields.get("businessId") {
                shown.insert("businessId".to_owned(), business.clone());
            }
        }
        let user = row.fields.text("assignedTo");
        if let Some((user, row)) = user.and_then(|id| Some((id, self.row(Family::Users, id)?))) {
            let details = json!({
                "id": user,
                "firstName": row.fields.text("firstName"),
                "lastName": row.fields.text("lastName"),
            });
            shown.insert("assignedToUserDetails".to_owned(), details);
        }
        Value::Object(shown)
    }
}

fn wants(body: &Map<String, Value>, of_business: &[Id], row: &Row) -> bool {
    let one_of = |name: &str, member: &str| {
        let wanted = body.get(name).and_then(Value::as_array);
        wanted.is_none_or(|wanted| {
            let held = row.fields.get(member);
            held.is_some_and(|held| wanted.contains(held))
        })
    };
    let completed = row.fields.get("completed").cloned().unwrap_or(json!(false));
    let title = row.fields.text("title").unwrap_or_default().to_lowercase();
    let query = body.get("query").and_then(Value::as_str);
    let contact = row.fields.text("contactId").unwrap_or_default();
    one_of("contactId", "contactId")
        && one_of("assignedTo", "assignedTo")
        && body
            .get("completed")
            .is_none_or(|wanted| *wanted == completed)
        && query.is_none_or(|query| title.contains(&query.to_lowercase()))
        && (body.get("businessId").is_none() || of_business.iter().any(|id| &**id == contact))
}

fn whole(body: &Map<String, Value>, name: &str, otherwise: usize) -> Result<usize, Reply> {
    let Some(value) = body.get(name) else {
        return Ok(otherwise);
    };
    let number = value
        .as_u64()
        .and_then(|number| usize::try_from(number).ok());
    number.ok_or_else(|| refusal::unprocessable(&[format!("{name} must not be less than 0")]))
}
