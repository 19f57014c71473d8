//! Notes are made under a record and then live by themselves.

use http::StatusCode;
use serde_json::{Value, json};

use super::families::{FAMILIES, shelf};
use super::links::other_end;
use super::refusal::bad;
use super::routes::{Exchange, Outcome};
use super::{End, Insightly, switches as on};

impl Insightly {
    pub(super) fn add_note(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (parent, _) = self.row(exchange)?;
        let at = shelf("notes");
        let id = self.make(at, &exchange.object()?, |_| ())?;
        self.join((at, id), parent, &json!({}));
        self.touch_parents((at, id));
        Ok(self.record_reply((at, id), StatusCode::CREATED))
    }

    /// Changes a note that is on the record of the path.
    pub(super) fn update_note(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (parent, _) = self.row(exchange)?;
        let body = exchange.object()?;
        let id = self.member(&body, "NOTE_ID").and_then(Value::as_i64);
        let id = id.ok_or_else(|| bad("NOTE_ID is required."))?;
        let at = shelf("notes");
        if !self.below(parent, at).contains(&id) {
            return Err(bad(format!("No Note with ID = {id}")));
        }
        self.alter(exchange, (at, id), &body)?;
        Ok(self.put_reply(exchange, (at, id)))
    }

    /// Moves the stamps of the records that a note or a task is on, where it does.
    pub(super) fn touch_parents(&mut self, end: End) {
        let moves = match FAMILIES[end.0].key {
            "notes" => self.switches.is(&on::NOTE_BUMP, "yes"),
            "tasks" => self.switches.is(&on::TASK_BUMP, "yes"),
            _ => false,
        };
        if moves {
            let links = self.links_of(end);
            for parent in links.iter().filter_map(other_end) {
                self.touch(parent);
            }
        }
    }

    /// Moves a record's stamp and nothing else.
    pub(super) fn touch(&mut self, end: End) {
        if let Some(fields) = self.live(end).map(|row| row.fields.open()) {
            self.store(end, &fields, true);
        }
    }
}
