//! Links between records, kept on both sides.

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::refusal::{Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::schema::FAMILIES;
use super::{Insightly, switches as on};
use crate::reply::Reply;

/// Shelf and id of the record at the other end.
fn other_end(link: &Value) -> Option<(usize, i64)> {
    let name = link.get("LINK_OBJECT_NAME")?.as_str()?;
    let same = |singular: &str| singular.eq_ignore_ascii_case(name);
    let at = FAMILIES.iter().position(|family| same(family.singular))?;
    Some((at, link.get("LINK_OBJECT_ID")?.as_i64()?))
}

fn id_of(link: &Value) -> Option<i64> {
    link.get("LINK_ID")?.as_i64()
}

impl Insightly {
    pub(super) fn get_links(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (_, row) = self.row(exchange)?;
        Ok(Reply::ok(&json!(row.fields.list("LINKS"))))
    }

    pub(super) fn add_link(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (at, _) = exchange.family();
        let (id, row) = self.row(exchange)?;
        let body = exchange.body()?;
        let other =
            other_end(&body).filter(|(at, id)| self.shelves[*at].rows.live().get(id).is_some());
        let other = other.ok_or_else(|| bad("The linked record does not exist."))?;
        let twice = row
            .fields
            .list("LINKS")
            .iter()
            .any(|link| other_end(link) == Some(other));
        if twice && self.switches.is(&on::LINK_TWICE, "refused") {
            return Err(bad("The link already exists."));
        }
        let link_id = self.new_part_id();
        let near = self.put_link(link_id, (at, id), other, &body, exchange.now);
        self.put_link(link_id, other, (at, id), &body, exchange.now);
        Ok(Reply::json(StatusCode::CREATED, &near))
    }

    /// Adds one side's view of a link.
    fn put_link(
        &mut self,
        link_id: i64,
        own: (usize, i64),
        other: (usize, i64),
        body: &Value,
        now: Timestamp,
    ) -> Value {
        let link = json!({
            "LINK_ID": link_id,
            "OBJECT_NAME": FAMILIES[own.0].singular,
            "OBJECT_ID": own.1,
            "LINK_OBJECT_NAME": FAMILIES[other.0].singular,
            "LINK_OBJECT_ID": other.1,
            "ROLE": body.get("ROLE"),
            "DETAILS": body.get("DETAILS"),
            "RELATIONSHIP_ID": body.get("RELATIONSHIP_ID"),
            "IS_FORWARD": body.get("IS_FORWARD"),
        });
        self.change_links(own, now, |links| links.push(link.clone()));
        link
    }

    fn change_links(
        &mut self,
        (at, id): (usize, i64),
        now: Timestamp,
        change: impl FnOnce(&mut Vec<Value>),
    ) {
        let Some(row) = self.shelves[at].rows.live().get(&id).cloned() else {
            return;
        };
        let mut links = row.fields.list("LINKS").to_vec();
        change(&mut links);
        let mut fields = row.fields.clone();
        fields.set("LINKS", json!(links));
        let bump = self.switches.is(&on::LINK_BUMP, "yes");
        self.change(at, id, fields, bump, now);
    }

    /// Changes role, details and relationship of a link, on both sides.
    pub(super) fn update_link(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (at, _) = exchange.family();
        let (id, row) = self.row(exchange)?;
        let body = exchange.body()?;
        let wanted = id_of(&body).ok_or_else(|| bad("LINK_ID is required."))?;
        let old = Self::known_link(row.fields.list("LINKS"), wanted)?;
        for end in [Some((at, id)), other_end(&old)].into_iter().flatten() {
            self.change_links(end, exchange.now, |links| {
                for link in links.iter_mut().filter(|link| id_of(link) == Some(wanted)) {
                    for name in ["ROLE", "DETAILS", "RELATIONSHIP_ID"] {
                        if let Some(value) = body.get(name) {
                            link[name] = value.clone();
                        }
                    }
                }
            });
        }
        let (_, row) = self.row(exchange)?;
        let link = Self::known_link(row.fields.list("LINKS"), wanted)?;
        Ok(Reply::ok(&link))
    }

    pub(super) fn remove_link(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (at, _) = exchange.family();
        let (id, row) = self.row(exchange)?;
        let wanted = exchange.number(2)?;
        let old = Self::known_link(row.fields.list("LINKS"), wanted)?;
        self.change_links((at, id), exchange.now, |links| {
            links.retain(|link| id_of(link) != Some(wanted));
        });
        self.forget_link(&old, exchange.now);
        Ok(Reply::empty(StatusCode::ACCEPTED))
    }

    /// Takes a link away from the record at its other end.
    pub(super) fn forget_link(&mut self, link: &Value, now: Timestamp) {
        if let Some(end) = other_end(link) {
            let gone = id_of(link);
            self.change_links(end, now, |links| links.retain(|link| id_of(link) != gone));
        }
    }

    fn known_link(links: &[Value], id: i64) -> Result<Value, Refusal> {
        let found = links.iter().find(|link| id_of(link) == Some(id));
        let missing = || Refusal(StatusCode::NOT_FOUND, format!("No Link with ID = {id}"));
        found.cloned().ok_or_else(missing)
    }
}
