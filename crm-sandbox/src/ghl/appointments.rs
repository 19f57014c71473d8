//! Appointments: people book them, the API reads them.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::exchange::{Exchange, Outcome};
use super::family::Family;
use super::moment::{bare, parse, stamp, with_offset};
use super::{Ghl, refusal, switches as on};
use crate::reply::Reply;
use crate::rows::{Fields, Row};

const TIMES: [&str; 2] = ["startTime", "endTime"];
const USUAL_LENGTH: SignedDuration = SignedDuration::from_mins(30);

impl Ghl {
    /// The earliest first, with times that name no zone.
    pub(super) fn list_appointments(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.contact(exchange.id())?;
        let mut own = self.children(Family::Appointments, exchange.id());
        own.sort_by_key(|(_, row)| start_of(row));
        let there = self.switches.is(&on::APPOINTMENT_ZONE, "location");
        let shown = own.iter().map(|(id, row)| {
            let mut shown = self.event_with(id, row, |at| bare(at, there));
            let status = shown.get("appointmentStatus").cloned();
            shown.insert("status".to_owned(), status.unwrap_or_default());
            Value::Object(shown)
        });
        let shown: Vec<Value> = shown.collect();
        Ok(Reply::ok(&json!({ "events": shown })))
    }

    pub(super) fn get_appointment(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let id = exchange.id();
        let row = self.row(Family::Appointments, id);
        let row = row.ok_or_else(|| self.missing(Family::Appointments, id))?;
        Ok(Reply::ok(&json!({ "event": self.event_shape(id, row) })))
    }

    /// `GET /calendars/events`: of a calendar, a user or a group, by range.
    pub(super) fn list_events(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let call = exchange.call;
        self.check_location(call.query("locationId"))?;
        let from = millisecond(exchange, "startTime")?;
        let to = millisecond(exchange, "endTime")?;
        let owners = [
            ("calendarId", "calendarId"),
            ("userId", "assignedUserId"),
            ("groupId", "groupId"),
        ];
        let asked = owners.map(|(name, member)| Some((call.query(name)?, member)));
        if asked.iter().all(Option::is_none) {
            let text = "Either of userId, groupId or calendarId is required";
            return Err(refusal::unprocessable(&[text.to_owned()]));
        }
        let view = self.rows[Family::Appointments].seen(exchange.now);
        let wanted = view.iter().filter(|(_, row)| {
            let mut asked = asked.iter().flatten();
            let contact = row.fields.text("contactId").unwrap_or_default();
            asked.all(|(id, member)| row.fields.text(member) == Some(id))
                && start_of(row).is_some_and(|start| (from..=to).contains(&start))
                && !self.hidden.contains_key(contact)
        });
        let mut found: Vec<_> = wanted.map(|(id, row)| (id.clone(), row.clone())).collect();
        found.sort_by_key(|(id, row)| (start_of(row), id.clone()));
        let shown: Vec<Value> = found
            .iter()
            .map(|(id, row)| self.event_shape(id, row))
            .collect();
        Ok(Reply::ok(&json!({ "events": shown })))
    }

    pub(super) fn list_calendars(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.check_location(exchange.call.query("locationId"))?;
        let calendar = json!({
            "id": self.calendar,
            "locationId": self.location,
            "name": "Sandbox",
            "isActive": true,
        });
        Ok(Reply::ok(&json!({ "calendars": [calendar] })))
    }

    /// `CalendarEventDTO`: times with the offset of the location.
    pub(super) fn event_shape(&self, id: &str, row: &Row) -> Value {
        Value::Object(self.event_with(id, row, with_offset))
    }

    fn event_with(
        &self,
        id: &str,
        row: &Row,
        time: impl Fn(Timestamp) -> Value,
    ) -> Map<String, Value> {
        let mut shown = Self::plain_shape(id, row);
        for name in TIMES {
            if let Some(at) = row.fields.text(name).and_then(parse) {
                shown.insert(name.to_owned(), time(at));
            }
        }
        shown.insert("dateAdded".to_owned(), time(row.created));
        shown.insert("dateUpdated".to_owned(), time(row.updated));
        shown.insert("locationId".to_owned(), json!(self.location));
        shown
    }

    /// What a booking has that nobody said anything about.
    pub(super) fn booked(&self, fields: &mut Fields) {
        let start = fields.text("startTime").and_then(parse);
        let end = start.and_then(|start| start.checked_add(USUAL_LENGTH).ok());
        for (name, value) in [
            ("title", json!("Appointment")),
            ("calendarId", json!(self.calendar)),
            ("groupId", json!("")),
            ("appointmentStatus", json!("confirmed")),
            ("assignedUserId", json!(self.user)),
            ("users", json!([self.user])),
            ("endTime", json!(end.map(stamp))),
        ] {
            if fields.get(name).is_none() {
                fields.set(name, value);
            }
        }
    }
}

fn start_of(row: &Row) -> Option<Timestamp> {
    row.fields.text("startTime").and_then(parse)
}

fn millisecond(exchange: &Exchange<'_>, name: &str) -> Result<Timestamp, Reply> {
    let text = exchange.call.query(name).unwrap_or_default();
    let at = text.parse().ok().map(Timestamp::from_millisecond);
    let complaint = || refusal::unprocessable(&[format!("{name} must be a number string")]);
    at.and_then(Result::ok).ok_or_else(complaint)
}
