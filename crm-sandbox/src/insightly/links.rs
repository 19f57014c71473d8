//! Links between records. Two records show a link on both sides; that of a task, an
//! event, a note or an e-mail stands on its own side only.

use http::StatusCode;
use serde_json::{Value, json};

use super::families::{FAMILIES, by_singular};
use super::refusal::{Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::{End, Insightly, switches as on};
use crate::reply::Reply;

/// The record at the other end.
pub(super) fn other_end(link: &Value) -> Option<End> {
    let name = link.get("LINK_OBJECT_NAME")?.as_str()?;
    let at = by_singular(name).filter(|at| FAMILIES[*at].is_linkable())?;
    Some((at, link.get("LINK_OBJECT_ID")?.as_i64()?))
}

fn id_of(link: &Value) -> Option<i64> {
    link.get("LINK_ID")?.as_i64()
}

/// A link with the other record in front.
fn turned(link: &Value) -> Value {
    let mut turned = link.clone();
    turned["OBJECT_NAME"] = link["LINK_OBJECT_NAME"].clone();
    turned["OBJECT_ID"] = link["LINK_OBJECT_ID"].clone();
    turned["LINK_OBJECT_NAME"] = link["OBJECT_NAME"].clone();
    turned["LINK_OBJECT_ID"] = link["OBJECT_ID"].clone();
    if let Some(forward) = link["IS_FORWARD"].as_bool() {
        turned["IS_FORWARD"] = json!(!forward);
    }
    turned
}

impl Insightly {
    pub(super) fn links_of(&self, end: End) -> Vec<Value> {
        let row = self.live(end);
        row.map_or_else(Vec::new, |row| row.fields.open().list("LINKS").to_vec())
    }

    pub(super) fn check_lead_links(&self) -> Result<(), Refusal> {
        if self.switches.is(&on::LEAD_LINKS, "404") {
            let message = "No HTTP resource was found that matches the request URI.";
            return Err(Refusal(StatusCode::NOT_FOUND, message.to_owned()));
        }
        Ok(())
    }

    pub(super) fn get_links(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, _) = self.row(exchange)?;
        let row = self.as_read_by_id(end)?;
        Ok(Reply::ok(&json!(row.fields.open().list("LINKS"))))
    }

    pub(super) fn add_link(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, row) = self.row(exchange)?;
        self.remember_parts(end, &row);
        let link = self.link(end, &exchange.body()?)?;
        self.touch_parents(end);
        self.record_written(end, "update");
        Ok(Reply::json(StatusCode::CREATED, &link))
    }

    /// Links a record to the one that a body names; answers the link.
    pub(super) fn link(&mut self, end: End, body: &Value) -> Result<Value, Refusal> {
        let other = other_end(body).filter(|other| self.live(*other).is_some());
        let other = other.ok_or_else(|| bad("The linked record does not exist."))?;
        for (name, limit) in [("ROLE", 255), ("DETAILS", 255)] {
            let text = body.get(name).and_then(Value::as_str).unwrap_or_default();
            if text.chars().count() > limit {
                return Err(bad(format!("{name} is too long.")));
            }
        }
        let links = self.links_of(end);
        let old = links.iter().find(|link| other_end(link) == Some(other));
        if let Some(old) = old {
            if self.switches.is(&on::LINK_TWICE, "refused") {
                return Err(bad("The link already exists."));
            }
            if self.switches.is(&on::LINK_TWICE, "same_id") {
                return Ok(old.clone());
            }
        }
        Ok(self.join(end, other, body))
    }

    /// Links two records that are there.
    pub(super) fn join(&mut self, end: End, other: End, body: &Value) -> Value {
        let link = json!({
            "LINK_ID": self.new_part_id(),
            "OBJECT_NAME": FAMILIES[end.0].singular,
            "OBJECT_ID": end.1,
            "LINK_OBJECT_NAME": FAMILIES[other.0].singular,
            "LINK_OBJECT_ID": other.1,
            "ROLE": body.get("ROLE"),
            "DETAILS": body.get("DETAILS"),
            "RELATIONSHIP_ID": body.get("RELATIONSHIP_ID"),
            "IS_FORWARD": body.get("IS_FORWARD"),
        });
        self.put_link(end, &link);
        link
    }

    /// Stores a link at both of its ends, or at the one that shows it.
    pub(super) fn put_link(&mut self, end: End, link: &Value) {
        self.change_links(end, |links| links.push(link.clone()));
        let Some(other) = other_end(link) else {
            return;
        };
        if FAMILIES[end.0].is_activity() {
            self.under.entry(other).or_default().insert(end);
        } else {
            self.change_links(other, |links| links.push(turned(link)));
        }
    }

    fn change_links(&mut self, end: End, change: impl FnOnce(&mut Vec<Value>)) {
        let Some(row) = self.live(end).cloned() else {
            return;
        };
        let mut fields = row.fields.open();
        let mut links = fields.list("LINKS").to_vec();
        change(&mut links);
        let links = if links.is_empty() {
            Value::Null
        } else {
            Value::Array(links)
        };
        fields.set("LINKS", links);
        let bump = self.switches.is(&on::LINK_BUMP, "yes");
        self.store(end, &fields, bump);
    }

    /// Changes role, details and relationship of a link, on both sides.
    pub(super) fn update_link(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, _) = self.row(exchange)?;
        let body = exchange.body()?;
        let wanted = id_of(&body).ok_or_else(|| bad("LINK_ID is required."))?;
        let old = self.known_link(end, wanted)?;
        for end in [Some(end), other_end(&old)].into_iter().flatten() {
            self.change_links(end, |links| {
                for link in links.iter_mut().filter(|link| id_of(link) == Some(wanted)) {
                    for name in ["ROLE", "DETAILS", "RELATIONSHIP_ID"] {
                        if let Some(value) = body.get(name) {
                            link[name] = value.clone();
                        }
                    }
                }
            });
        }
        self.record_written(end, "update");
        Ok(Reply::ok(&self.known_link(end, wanted)?))
    }

    pub(super) fn remove_link(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, row) = self.row(exchange)?;
        let old = self.known_link(end, exchange.number(2)?)?;
        self.remember_parts(end, &row);
        self.unlink(end, &old);
        self.record_written(end, "update");
        Ok(Reply::empty(StatusCode::ACCEPTED))
    }

    /// Takes a link away, from both of its ends.
    pub(super) fn unlink(&mut self, end: End, link: &Value) {
        let gone = id_of(link);
        self.change_links(end, |links| links.retain(|link| id_of(link) != gone));
        let Some(other) = other_end(link) else {
            return;
        };
        if !FAMILIES[end.0].is_activity() {
            self.change_links(other, |links| links.retain(|link| id_of(link) != gone));
        } else if self
            .links_of(end)
            .iter()
            .all(|l| other_end(l) != Some(other))
        {
            self.leave(other, end);
        }
    }

    fn known_link(&self, end: End, id: i64) -> Result<Value, Refusal> {
        let links = self.links_of(end);
        let found = links.into_iter().find(|link| id_of(link) == Some(id));
        found.ok_or_else(|| Refusal(StatusCode::NOT_FOUND, format!("No Link with ID = {id}")))
    }
}
