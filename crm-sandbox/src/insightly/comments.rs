//! Comments on tasks, notes and e-mails.

use http::StatusCode;
use serde_json::{Value, json};

use super::families::{FAMILIES, shelf};
use super::refusal::{self, Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::{End, Insightly};
use crate::reply::Reply;

impl Insightly {
    pub(super) fn get_comments(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.sublist(exchange, "comments")
    }

    /// Answers all comments, as the papers say.
    pub(super) fn add_comment(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (parent, id) = self.make_comment(exchange)?;
        let comment = (shelf("comments"), id);
        Ok(self.children_reply(parent, comment, StatusCode::CREATED))
    }

    fn make_comment(&mut self, exchange: &Exchange<'_>) -> Result<(End, i64), Refusal> {
        let (parent, _) = self.row(exchange)?;
        let body = exchange.object()?;
        let text = self.member(&body, "BODY").and_then(Value::as_str);
        if text.is_none_or(str::is_empty) {
            return Err(bad("BODY is required."));
        }
        let at = shelf("comments");
        let id = self.make(at, &body, |fields| {
            fields.set(FAMILIES[parent.0].id, json!(parent.1));
        })?;
        self.under.entry(parent).or_default().insert((at, id));
        Ok((parent, id))
    }

    /// The comment of the path or the body that is on the note of the path.
    fn note_comment(&self, note: End, id: Option<i64>) -> Result<End, Refusal> {
        let id = id.ok_or_else(|| bad("COMMENT_ID is required."))?;
        let at = shelf("comments");
        if self.below(note, at).contains(&id) {
            Ok((at, id))
        } else {
            Err(refusal::missing("Comment", id))
        }
    }

    pub(super) fn get_note_comments(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (note, _) = self.row(exchange)?;
        let ids = self.below(note, shelf("comments"));
        let shown = ids.iter().map(|id| self.shown((shelf("comments"), *id)));
        let shown = Value::Array(shown.collect());
        Ok(Reply::json(self.sublist_status(), &shown))
    }

    pub(super) fn add_note_comment(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (_, id) = self.make_comment(exchange)?;
        Ok(self.record_reply((shelf("comments"), id), StatusCode::CREATED))
    }

    pub(super) fn update_note_comment(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (note, _) = self.row(exchange)?;
        let body = exchange.object()?;
        let id = self.member(&body, "COMMENT_ID").and_then(Value::as_i64);
        let comment = self.note_comment(note, id)?;
        self.alter(exchange, comment, &body)?;
        Ok(self.record_reply(comment, StatusCode::OK))
    }

    pub(super) fn remove_note_comment(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (note, _) = self.row(exchange)?;
        let comment = self.note_comment(note, Some(exchange.number(2)?))?;
        self.throw_away(comment);
        Ok(Reply::empty(StatusCode::ACCEPTED))
    }
}
