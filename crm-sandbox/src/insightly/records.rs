//! Records one by one.

use std::sync::Arc;

use http::{StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use super::families::FAMILIES;
use super::packed::{Packed, Stored};
use super::refusal::{self, Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::shape::{View, etag};
use super::{End, Insightly, moment, switches as on};
use crate::reply::Reply;
use crate::rows::{Fields, Stamps};

impl Insightly {
    pub(super) fn live(&self, (at, id): End) -> Option<&Arc<Stored>> {
        self.shelves.get(at)?.rows.live().get(&id)
    }

    /// The row of a record that the caller may see.
    pub(super) fn visible(&self, end: End) -> Result<Arc<Stored>, Refusal> {
        let singular = FAMILIES[end.0].singular;
        if self.hidden.contains(&end) && self.switches.is(&on::NO_RIGHTS, "403") {
            return Err(refusal::no_access("Record"));
        }
        let row = self.live(end).filter(|_| !self.hidden.contains(&end));
        row.cloned()
            .ok_or_else(|| refusal::missing(singular, end.1))
    }

    /// The row that a path names.
    pub(super) fn row(&self, exchange: &Exchange<'_>) -> Result<(End, Arc<Stored>), Refusal> {
        let end = exchange.end()?;
        if FAMILIES[end.0].key == "leads" && exchange.call.path.contains("/Links") {
            self.check_lead_links()?;
        }
        Ok((end, self.visible(end)?))
    }

    pub(super) fn get_record(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, _) = self.row(exchange)?;
        let row = self.as_read_by_id(end)?;
        Ok(self.stored_reply(end, &row, StatusCode::OK))
    }

    pub(super) fn create_record(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (at, family) = exchange.family();
        let id = self.make(at, &exchange.object()?, |_| ())?;
        let reply = self.record_reply((at, id), StatusCode::CREATED);
        if self.switches.is(&on::LOCATION_HEADER, "absent") {
            return Ok(reply);
        }
        let host = exchange.call.header("host").unwrap_or("localhost");
        let address = format!("http://{host}/v3.1/{}/{id}", family.name);
        Ok(reply.with(header::LOCATION, address))
    }

    /// Creates a record from a body; `prepare` sets what the path tells.
    pub(super) fn make(
        &mut self,
        at: usize,
        body: &Map<String, Value>,
        prepare: impl FnOnce(&mut Fields),
    ) -> Result<i64, Refusal> {
        let family = &FAMILIES[at];
        self.check_room(family)?;
        let mut fields = self.blank(family, self.caller);
        prepare(&mut fields);
        self.write(family, &mut fields, body)?;
        self.complete(family, None, &mut fields, body)?;
        let id = self.insert(at, &fields);
        self.settle_team((at, id), body)?;
        if self.switches.is(&on::LINKS_IN_BODY, "honoured")
            && let Some(Value::Array(links)) = self.member(body, "LINKS").cloned()
        {
            for link in &links {
                self.link((at, id), link)?;
            }
        }
        self.record_written((at, id), "create");
        Ok(id)
    }

    /// Stores a new record; answers its id.
    pub(super) fn insert(&mut self, at: usize, fields: &Fields) -> i64 {
        let created = moment::to_second(self.now);
        let late = SignedDuration::from_secs(1);
        let updated = match created.checked_add(late) {
            Ok(touched) if self.switches.is(&on::SECOND_TOUCH, "on") => touched,
            _ => created,
        };
        let own = &mut self.shelves[at];
        let id = own.next_id;
        own.next_id += 1;
        let packed = Packed::new(&FAMILIES[at], fields);
        let stamps = Stamps { created, updated };
        own.rows.insert(id, packed, stamps, self.now);
        self.note_state((at, id), &Fields::default(), fields);
        id
    }

    pub(super) fn update_record(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (at, family) = exchange.family();
        let body = exchange.object()?;
        let in_body = self.member(&body, family.id).and_then(Value::as_i64);
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
        self.alter(exchange, (at, id), &body)?;
        Ok(self.put_reply(exchange, (at, id)))
    }

    /// Changes the members of a record that a body names.
    pub(super) fn alter(
        &mut self,
        exchange: &Exchange<'_>,
        end: End,
        body: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        let family = &FAMILIES[end.0];
        let row = self.visible(end).map_err(|Refusal(status, message)| {
            let soft = status == StatusCode::NOT_FOUND && family.has_soft_put();
            if soft && self.switches.is(&on::PUT_UNKNOWN, "400") {
                bad(message)
            } else {
                Refusal(status, message)
            }
        })?;
        self.check_version(exchange, end.1, &row)?;
        let before = row.fields.open();
        let mut fields = before.clone();
        self.write(family, &mut fields, body)?;
        self.complete(family, Some(&before), &mut fields, body)?;
        self.note_state(end, &before, &fields);
        self.store(end, &fields, true);
        self.settle_team(end, body)?;
        self.touch_parents(end);
        self.record_written(end, "update");
        Ok(())
    }

    pub(super) fn put_status(&self, exchange: &Exchange<'_>) -> StatusCode {
        // Teams, categories and lead settings answer 200 in the papers too.
        let papers_say_201 = exchange.family().1.has_soft_put();
        if papers_say_201 && self.switches.is(&on::PUT_STATUS, "201") {
            StatusCode::CREATED
        } else {
            StatusCode::OK
        }
    }

    fn check_version(&self, exchange: &Exchange<'_>, id: i64, row: &Stored) -> Result<(), Refusal> {
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
        let message = "The If-Match header value is not valid.";
        Err(Refusal(status, message.to_owned()))
    }

    pub(super) fn delete_record(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, _) = self.row(exchange)?;
        self.throw_away(end);
        Ok(Reply::empty(StatusCode::ACCEPTED))
    }

    /// Stores changed members under the old stamp or a new one.
    pub(super) fn store(&mut self, (at, id): End, fields: &Fields, bump: bool) {
        let rows = &mut self.shelves[at].rows;
        let old = rows.live().get(&id).map(|row| row.updated);
        let stamp = match (bump, old) {
            (false, Some(old)) => old,
            _ => moment::to_second(self.now),
        };
        let packed = Packed::new(&FAMILIES[at], fields);
        rows.replace(&id, packed, stamp, self.now);
    }

    /// The answer to a PUT, which may be asked to be brief.
    pub(super) fn put_reply(&self, exchange: &Exchange<'_>, end: End) -> Reply {
        let status = self.put_status(exchange);
        match self.live(end).filter(|_| exchange.asks("brief")) {
            Some(row) => Reply::json(status, &self.shape(end, row, View::Brief)),
            None => self.record_reply(end, status),
        }
    }

    pub(super) fn record_reply(&self, end: End, status: StatusCode) -> Reply {
        match self.live(end) {
            Some(row) => self.stored_reply(end, row, status),
            None => self.refuse(refusal::missing(FAMILIES[end.0].singular, end.1)),
        }
    }

    fn stored_reply(&self, end: End, row: &Stored, status: StatusCode) -> Reply {
        let reply = Reply::json(status, &self.shape(end, row, View::Single));
        if self.switches.is(&on::ETAG, "on") {
            reply.with(header::ETAG, etag(end.1, row))
        } else {
            reply
        }
    }

    /// All records of the main families, as the plan counts them.
    pub(super) fn records_kept(&self) -> usize {
        let shelves = FAMILIES.iter().zip(&self.shelves);
        let counted = shelves.filter(|(family, _)| family.is_counted());
        counted.map(|(_, shelf)| shelf.rows.live().len()).sum()
    }

    /// A body of one object as JSON.
    pub(super) fn shown(&self, end: End) -> Value {
        let shape = self.live(end).map(|row| self.shape(end, row, View::Single));
        shape.map_or(Value::Null, |shape| json!(shape))
    }
}
