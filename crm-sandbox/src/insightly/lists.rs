//! Lists and searches, page by page, oldest record first.

use std::sync::Arc;

use http::HeaderName;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::refusal::{Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::schema::{Family, Kind};
use super::{Insightly, custom_fields, moment, switches as on};
use crate::reply::Reply;
use crate::rows::{Row, View};

const LARGEST_PAGE: usize = 500;

type Found = Vec<(i64, Arc<Row>)>;

/// What is asked for of one field.
struct Wanted<'a> {
    field: &'a str,
    value: &'a str,
    exact: bool,
}

impl Insightly {
    /// Passes `updated_after_utc` over, as the live server does.
    pub(super) fn list(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (at, _) = exchange.family();
        let page = self.page(exchange)?;
        let rows = self.shelves[at].rows.seen(exchange.now);
        let total = rows.len();
        let found = rows.iter().skip(page.0).take(page.1);
        let found: Found = found.map(|(id, row)| (*id, row.clone())).collect();
        Ok(self.rows_reply(exchange, &found, total))
    }

    pub(super) fn search(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (at, family) = exchange.family();
        let page = self.page(exchange)?;
        let wanted = self.wanted(exchange, family)?;
        let mut after = after(exchange)?;
        if wanted.is_some() && after.is_some() {
            if self.switches.is(&on::TWO_FILTERS, "refused") {
                return Err(bad("Only one optional filter may be given."));
            }
            if self.switches.is(&on::TWO_FILTERS, "date_ignored") {
                after = None;
            }
        }
        let inclusive = self.switches.is(&on::UPDATED_AFTER, "inclusive");
        let fresh = |row: &Row| {
            after.is_none_or(|after| row.updated > after || (inclusive && row.updated == after))
        };
        let rows = self.shelves[at].rows.seen(exchange.now);
        let candidates = candidates(rows, wanted.as_ref(), after);
        let found: Found = candidates
            .into_iter()
            .filter_map(|id| Some((id, rows.get(&id)?.clone())))
            .filter(|(_, row)| fresh(row) && wanted.as_ref().is_none_or(|w| w.holds(family, row)))
            .collect();
        Ok(self.page_reply(exchange, found, page))
    }

    pub(super) fn search_by_tag(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (at, _) = exchange.family();
        let page = self.page(exchange)?;
        let tag = exchange.call.query("tagName");
        let tag = tag
            .ok_or_else(|| bad("tagName is required."))?
            .to_lowercase();
        let has = |row: &Row| {
            let names = row.fields.list("TAGS").iter();
            let mut names = names.filter_map(Value::as_str);
            names.any(|name| name.to_lowercase() == tag)
        };
        let rows = self.shelves[at].rows.seen(exchange.now);
        let found = rows.iter().filter(|(_, row)| has(row));
        let found: Found = found.map(|(id, row)| (*id, row.clone())).collect();
        Ok(self.page_reply(exchange, found, page))
    }

    /// How many to leave out and how many to show.
    fn page(&self, exchange: &Exchange<'_>) -> Result<(usize, usize), Refusal> {
        let number = |name: &str, default| match exchange.call.query(name) {
            None => Ok(default),
            Some(text) => text.parse().map_err(|_| bad(format!("{name} is invalid."))),
        };
        let (skip, top) = (number("skip", 0)?, number("top", 100)?);
        if top == 0 || (top > LARGEST_PAGE && self.switches.is(&on::LARGE_TOP, "refused")) {
            return Err(bad("top must be from 1 to 500."));
        }
        Ok((skip, top.min(LARGEST_PAGE)))
    }

    fn wanted<'a>(
        &self,
        exchange: &'a Exchange<'_>,
        family: &Family,
    ) -> Result<Option<Wanted<'a>>, Refusal> {
        let call = exchange.call;
        let (field, value) = match (call.query("field_name"), call.query("field_value")) {
            (None, None) => return Ok(None),
            (Some(field), Some(value)) => (field, value),
            _ => return Err(bad("field_name and field_value must be given together.")),
        };
        let custom = custom_fields::of_family(family.key).any(|defined| defined.name == field);
        if !custom && field != family.id && family.field(field).is_none() {
            return Err(bad(format!("{field} is not a field of {}.", family.name)));
        }
        let exact = self.switches.is(&on::SEARCH_CASE, "exact");
        Ok(Some(Wanted {
            field,
            value,
            exact,
        }))
    }

    fn page_reply(&self, exchange: &Exchange<'_>, found: Found, page: (usize, usize)) -> Reply {
        let total = found.len();
        let shown: Found = found.into_iter().skip(page.0).take(page.1).collect();
        self.rows_reply(exchange, &shown, total)
    }

    fn rows_reply(&self, exchange: &Exchange<'_>, rows: &Found, total: usize) -> Reply {
        let (_, family) = exchange.family();
        let asked = |name: &str| {
            let value = exchange.call.query(name);
            value.is_some_and(|value| value.eq_ignore_ascii_case("true"))
        };
        let brief = asked("brief");
        let shown = rows
            .iter()
            .map(|(id, row)| self.shape(family, *id, row, brief));
        let reply = Reply::ok(&Value::Array(shown.collect()));
        if asked("count_total") {
            reply.with(HeaderName::from_static("x-total-count"), total.to_string())
        } else {
            reply
        }
    }
}

/// Ids that can be meant, ascending: by a look-up, by date, or all.
fn candidates(rows: &View<i64>, wanted: Option<&Wanted<'_>>, after: Option<Timestamp>) -> Vec<i64> {
    if let Some(ids) = wanted.and_then(|wanted| rows.find(wanted.field, wanted.value)) {
        return ids;
    }
    let Some(after) = after else {
        return rows.iter().map(|(id, _)| *id).collect();
    };
    let since = rows.by_updated().range((after, i64::MIN)..);
    let mut ids: Vec<i64> = since.map(|(_, id)| *id).collect();
    ids.sort_unstable();
    ids
}

fn after(exchange: &Exchange<'_>) -> Result<Option<Timestamp>, Refusal> {
    let Some(text) = exchange.call.query("updated_after_utc") else {
        return Ok(None);
    };
    let parsed = moment::parse(text).ok_or_else(|| bad("updated_after_utc is invalid."))?;
    Ok(Some(parsed.0))
}

impl Wanted<'_> {
    fn holds(&self, family: &Family, row: &Row) -> bool {
        let stamp = |name: &str| match name {
            "DATE_CREATED_UTC" => Some(json!(moment::written(row.created))),
            "DATE_UPDATED_UTC" => Some(json!(moment::written(row.updated))),
            _ => None,
        };
        let flag = family
            .field(self.field)
            .filter(|field| field.kind == Kind::Flag);
        let stored = row.fields.get(self.field);
        let custom = || row.fields.pair("CUSTOMFIELDS", self.field);
        let held = stored.or_else(custom).cloned();
        let held = held
            .or_else(|| stamp(self.field))
            .or_else(|| flag.map(|_| json!(false)));
        let held = match held {
            None => return false,
            Some(Value::String(text)) => text,
            Some(other) => other.to_string(),
        };
        if self.exact {
            held == self.value
        } else {
            held.to_lowercase() == self.value.to_lowercase()
        }
    }
}
