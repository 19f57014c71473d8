//! Notes of a contact.

use http::StatusCode;
use serde_json::{Value, json};

use super::exchange::{Exchange, Outcome};
use super::family::Family;
use super::members::NOTE;
use super::moment::stamp;
use super::{Ghl, Id, switches as on};
use crate::reply::Reply;
use crate::rows::Row;

impl Ghl {
    /// The newest first.
    pub(super) fn list_notes(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.contact(exchange.id())?;
        let notes = self.children(Family::Notes, exchange.id());
        let newest_first = notes.iter().rev();
        let shown: Vec<Value> = newest_first
            .map(|(id, row)| Self::note_shape(id, row))
            .collect();
        Ok(Reply::ok(&json!({ "notes": shown })))
    }

    pub(super) fn get_note(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (id, _) = self.child(Family::Notes, exchange)?;
        Ok(self.note_reply(StatusCode::OK, &id))
    }

    pub(super) fn create_note(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = exchange.members(NOTE, |member| member.create)?;
        self.contact(exchange.id())?;
        let mut fields = Self::newborn(exchange.id());
        // Without an author it is the token's owner.
        fields.set("userId", json!(self.caller_user(exchange.call)));
        self.write(&mut fields, NOTE, &body);
        let id = self.add(Family::Notes, fields, exchange.now);
        self.touch_contact(&on::NOTE_BUMP, exchange.id(), exchange.now);
        Ok(self.note_reply(StatusCode::CREATED, &id))
    }

    pub(super) fn update_note(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = exchange.members(NOTE, |member| member.update)?;
        let (id, row) = self.child(Family::Notes, exchange)?;
        let mut fields = row.fields.clone();
        self.write(&mut fields, NOTE, &body);
        self.change(Family::Notes, &id, fields, exchange.now);
        self.touch_contact(&on::NOTE_BUMP, exchange.id(), exchange.now);
        Ok(self.note_reply(StatusCode::OK, &id))
    }

    pub(super) fn delete_note(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (id, _) = self.child(Family::Notes, exchange)?;
        self.take_away(Family::Notes, &id, exchange.now);
        self.touch_contact(&on::NOTE_BUMP, exchange.id(), exchange.now);
        Ok(exchange.succeeded(StatusCode::OK))
    }

    fn note_reply(&self, status: StatusCode, id: &Id) -> Reply {
        let row = self.row(Family::Notes, id);
        let note = row.map(|row| Self::note_shape(id, row));
        Reply::json(status, &json!({ "note": note }))
    }

    /// `GetNoteSchema`: when it was made, never when it was changed.
    pub(super) fn note_shape(id: &str, row: &Row) -> Value {
        let mut shown = Self::plain_shape(id, row);
        shown.insert("dateAdded".to_owned(), stamp(row.created));
        Value::Object(shown)
    }
}
