//! `GET /contacts/`, deprecated but still answered.

use std::ops::Bound;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::exchange::{Exchange, Outcome};
use super::family::Family;
use super::shape::full_name;
use super::{Ghl, Id, refusal, switches as on};
use crate::reply::Reply;
use crate::rows::Row;

const LARGEST_PAGE: usize = 100;

impl Ghl {
    pub(super) fn list_contacts(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let call = exchange.call;
        self.check_location(call.query("locationId"))?;
        let limit = match call.query("limit").map(str::parse) {
            None => 20,
            Some(Ok(limit @ 1..=LARGEST_PAGE)) => limit,
            Some(Ok(0) | Err(_)) => {
                return Err(refusal::bad_request("limit must not be less than 1"));
            }
            Some(Ok(_)) => {
                return Err(refusal::bad_request("limit must not be greater than 100"));
            }
        };
        let after = cursor(exchange);
        let newest_first = self.switches.is(&on::LIST_ORDER, "newest_first");
        let contacts = self.rows[Family::Contacts].seen(exchange.now);
        let wanted = |key: &&(Timestamp, Id)| {
            let row = contacts
                .get(&key.1)
                .filter(|_| !self.hidden.contains_key(&key.1));
            row.is_some_and(|row| call.query("query").is_none_or(|text| mentions(row, text)))
        };
        let all = contacts.by_created();
        let total = match call.query("query") {
            None => all.len(),
            Some(_) => all.iter().filter(wanted).count(),
        };
        let page: Vec<(Timestamp, Id)> = match (newest_first, after) {
            (true, None) => all
                .iter()
                .rev()
                .filter(wanted)
                .take(limit)
                .cloned()
                .collect(),
            (true, Some(after)) => {
                let rest = all.range(..after).rev();
                rest.filter(wanted).take(limit).cloned().collect()
            }
            (false, None) => all.iter().filter(wanted).take(limit).cloned().collect(),
            (false, Some(after)) => {
                let rest = all.range((Bound::Excluded(after), Bound::Unbounded));
                rest.filter(wanted).take(limit).cloned().collect()
            }
        };
        let rows = self.list_rows(exchange, &page);
        Ok(Reply::ok(&json!({
            "contacts": rows,
            "count": total,
            "meta": self.meta(&page, total, limit),
        })))
    }

    fn list_rows(&mut self, exchange: &Exchange<'_>, page: &[(Timestamp, Id)]) -> Vec<Value> {
        let contacts = self.rows[Family::Contacts].seen(exchange.now);
        let rows: Vec<_> = page
            .iter()
            .filter_map(|(_, id)| Some((id, contacts.get(id)?.clone())))
            .collect();
        rows.iter()
            .map(|(id, row)| self.list_shape(id, row))
            .collect()
    }

    /// The cursor of the next page, also after the last one.
    fn meta(&self, page: &[(Timestamp, Id)], total: usize, limit: usize) -> Value {
        let Some((added, id)) = page.last() else {
            return json!({ "total": total, "currentPage": 1, "nextPage": null, "prevPage": null });
        };
        let added = added.as_millisecond();
        let next = format!(
            "http://localhost:5058/contacts/?locationId={}&limit={limit}&startAfter={added}&startAfterId={id}",
            self.location
        );
        json!({
            "total": total,
            "nextPageUrl": next,
            "startAfter": added,
            "startAfterId": &**id,
            "currentPage": 1,
            "nextPage": 2,
            "prevPage": null,
        })
    }
}

/// Both halves, or none: one alone shows the first page again.
fn cursor(exchange: &Exchange<'_>) -> Option<(Timestamp, Id)> {
    let added: i64 = exchange.call.query("startAfter")?.parse().ok()?;
    let id = exchange.call.query("startAfterId")?;
    Some((Timestamp::from_millisecond(added).ok()?, id.into()))
}

/// Whether a free text is in the name, the e-mail or the phone.
pub(super) fn mentions(row: &Row, text: &str) -> bool {
    let text = text.to_lowercase();
    let held = ["email", "phone"]
        .iter()
        .filter_map(|name| row.fields.text(name));
    full_name(&row.fields).to_lowercase().contains(&text)
        || held
            .into_iter()
            .any(|value| value.to_lowercase().contains(&text))
}
