//! Records one by one.

use std::sync::Arc;

use http::{StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::refusal::{self, Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::schema::FAMILIES;
use super::shape::etag;
use super::{Insightly, USER, moment, switches as on};
use crate::reply::Reply;
use crate::rows::{Fields, Row, Stamps};

fn object(body: &Value) -> Result<&Map<String, Value>, Refusal> {
    body.as_object()
        .ok_or_else(|| bad("The request is invalid."))
}

impl Insightly {
    /// The row that a path names.
    pub(super) fn row(&self, exchange: &Exchange<'_>) -> Result<(i64, Arc<Row>), Refusal> {
        let (at, family) = exchange.family();
        let id = exchange.id()?;
        let row = self.shelves[at].rows.live().get(&id).cloned();
        let row = row.ok_or_else(|| refusal::missing(family.singular, id))?;
        Ok((id, row))
    }

    pub(super) fn get_record(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (at, _) = exchange.family();
        let (id, _) = self.row(exchange)?;
        Ok(self.record_reply(at, id, StatusCode::OK))
    }

    pub(super) fn create_record(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (at, family) = exchange.family();
        let body = exchange.body()?;
        let mut fields = Self::blank();
        self.write(family, &mut fields, object(&body)?)?;
        let id = self.insert(at, fields, exchange.now);
        let reply = self.record_reply(at, id, StatusCode::CREATED);
        if self.switches.is(&on::LOCATION_HEADER, "absent") {
            return Ok(reply);
        }
        let host = exchange.call.header("host").unwrap_or("localhost");
        let address = format!("http://{host}/v3.1/{}/{id}", family.name);
        Ok(reply.with(header::LOCATION, address))
    }

    /// The members that the server fills in.
    pub(super) fn blank() -> Fields {
        let mut fields = Fields::default();
        fields.set("VISIBLE_TO", json!("EVERYONE"));
        fields.set("OWNER_USER_ID", json!(USER));
        fields.set("CREATED_USER_ID", json!(USER));
        fields
    }

    /// Stores a new record; answers its id.
    pub(super) fn insert(&mut self, at: usize, fields: Fields, now: Timestamp) -> i64 {
        let created = moment::to_second(now);
        let updated = if self.switches.is(&on::SECOND_TOUCH, "on") {
            created
                .checked_add(SignedDuration::from_secs(1))
                .unwrap_or(created)
        } else {
            created
        };
        let own = &mut self.shelves[at];
        let id = own.next_id;
        own.next_id += 1;
        own.rows
            .insert(id, fields, Stamps { created, updated }, now);
        id
    }

    pub(super) fn update_record(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (at, family) = exchange.family();
        let body = exchange.body()?;
        let body = object(&body)?;
        let in_body = self.member(body, family.id).and_then(Value::as_i64);
        let in_path = match exchange.parts.len() {
            1 => None,
            _ => Some(exchange.id()?),
        };
        let id = match (in_path, in_body) {
            (Some(path), Some(body))
                if path != body && self.switches.is(&on::PUT_TWO_IDS, "400") =>
            {
                return Err(bad(format!("{} is not the id of the path.", family.id)));
            }
            (Some(id), _) | (None, Some(id)) => id,
            (None, None) => return Err(bad(format!("{} is required.", family.id))),
        };
        let row = self.shelves[at].rows.live().get(&id).cloned();
        let row = row.ok_or_else(|| {
            let Refusal(status, message) = refusal::missing(family.singular, id);
            if self.switches.is(&on::PUT_UNKNOWN, "404") {
                Refusal(status, message)
            } else {
                bad(message)
            }
        })?;
        self.check_version(exchange, id, &row)?;
        let mut fields = row.fields.clone();
        self.write(family, &mut fields, body)?;
        let now = moment::to_second(exchange.now);
        self.shelves[at]
            .rows
            .replace(&id, fields, now, exchange.now);
        let status = if self.switches.is(&on::PUT_STATUS, "201") {
            StatusCode::CREATED
        } else {
            StatusCode::OK
        };
        Ok(self.record_reply(at, id, status))
    }

    fn check_version(&self, exchange: &Exchange<'_>, id: i64, row: &Row) -> Result<(), Refusal> {
        let wanted = exchange.call.header("if-match");
        let current = |wanted: &str| wanted == "*" || wanted == etag(id, row);
        if wanted.is_none_or(current) {
            return Ok(());
        }
        let status = if self.switches.is(&on::STALE_IF_MATCH, "412") {
            StatusCode::PRECONDITION_FAILED
        } else {
            StatusCode::BAD_REQUEST
        };
        Err(Refusal(
            status,
            "The If-Match header value is not valid.".to_owned(),
        ))
    }

    pub(super) fn delete_record(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (at, _) = exchange.family();
        let (id, _) = self.row(exchange)?;
        self.remove(at, id, exchange.now);
        Ok(Reply::empty(StatusCode::ACCEPTED))
    }

    /// Takes a record away, and with it the links that others have to it.
    pub(super) fn remove(&mut self, at: usize, id: i64, now: Timestamp) -> bool {
        let linked = self.shelves[at].rows.live().get(&id);
        let links = linked.map(|row| row.fields.list("LINKS").to_vec());
        for link in links.unwrap_or_default() {
            self.forget_link(&link, now);
        }
        self.shelves[at].rows.remove(&id, moment::to_second(now))
    }

    /// Stores changed members under the old stamp or a new one.
    pub(super) fn change(
        &mut self,
        at: usize,
        id: i64,
        fields: Fields,
        bump: bool,
        now: Timestamp,
    ) {
        let rows = &mut self.shelves[at].rows;
        let old = rows.live().get(&id).map(|row| row.updated);
        let stamp = match (bump, old) {
            (false, Some(old)) => old,
            _ => moment::to_second(now),
        };
        rows.replace(&id, fields, stamp, now);
    }

    pub(super) fn record_reply(&self, at: usize, id: i64, status: StatusCode) -> Reply {
        let family = &FAMILIES[at];
        let Some(row) = self.shelves[at].rows.live().get(&id) else {
            return self.refuse(refusal::missing(family.singular, id));
        };
        let reply = Reply::json(status, &self.shape(family, id, row, false));
        if self.switches.is(&on::ETAG, "on") {
            reply.with(header::ETAG, etag(id, row))
        } else {
            reply
        }
    }
}
