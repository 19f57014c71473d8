//! Lists and searches, page by page, oldest record first.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::packed::{Packed, Stored};
use super::refusal::{Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::schema::{Family, Kind};
use super::shape::{Shape, View as Shown};
use super::{Insightly, custom_fields, moment, switches as on};
use crate::reply::Reply;
use crate::rows::{Fields, View};

const LARGEST_PAGE: usize = 500;

pub(super) type Found = Vec<(i64, Arc<Stored>)>;

/// How long writes stay out of lists: as the test says, or as the switch says.
#[derive(Default)]
pub(super) struct Lag {
    pub(super) set: Duration,
    applied: Duration,
}

/// What is asked for of one field.
struct Wanted<'a> {
    field: &'a str,
    value: &'a str,
    exact: bool,
}

impl Insightly {
    pub(super) fn apply_lag(&mut self) {
        let switched = self.switches.is(&on::LIST_LAG, "5s");
        let least = Duration::from_secs(if switched { 5 } else { 0 });
        let wanted = self.lag.set.max(least);
        if wanted != self.lag.applied {
            self.lag.applied = wanted;
            for shelf in &mut self.shelves {
                shelf.rows.set_lag(wanted);
            }
        }
    }

    /// Passes `updated_after_utc` over, as the live server does.
    pub(super) fn list(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (at, _) = exchange.family();
        let page = self.page(exchange)?;
        if self.is_filtered(exchange) {
            let found = self.everything(at);
            let found = self.without_converted(exchange, found);
            return Ok(self.page_reply(exchange, at, found, page));
        }
        let rows = self.shelves[at].rows.seen(self.now);
        let total = rows.len();
        let found = rows.iter().skip(page.0).take(page.1);
        let found: Found = found.map(|(id, row)| (*id, row.clone())).collect();
        Ok(self.rows_reply(exchange, at, &found, total))
    }

    /// Whether a list leaves some rows out.
    fn is_filtered(&self, exchange: &Exchange<'_>) -> bool {
        let (at, family) = exchange.family();
        let hides = self.hidden.iter().any(|end| end.0 == at);
        hides || family.key == "lead_statuses"
    }

    /// The status of converted leads is shown only to those who ask for it.
    fn without_converted(&self, exchange: &Exchange<'_>, mut found: Found) -> Found {
        let leads = exchange.family().1.key == "lead_statuses";
        if leads && !exchange.asks("include_converted") {
            found.retain(|(id, _)| *id != self.converted_status());
        }
        found
    }

    /// Every row that lists show to the caller.
    pub(super) fn everything(&mut self, at: usize) -> Found {
        let hidden = &self.hidden;
        let rows = self.shelves[at].rows.seen(self.now).iter();
        rows.filter(|(id, _)| !hidden.contains(&(at, **id)))
            .map(|(id, row)| (*id, row.clone()))
            .collect()
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
        let hidden = &self.hidden;
        let rows = self.shelves[at].rows.seen(self.now);
        let candidates = candidates(rows, wanted.as_ref(), after);
        let found: Found = candidates
            .into_iter()
            .filter_map(|id| Some((id, rows.get(&id)?.clone())))
            .filter(|(id, row)| !hidden.contains(&(at, *id)) && is_fresh(row, after, inclusive))
            .filter(|(id, row)| wanted.as_ref().is_none_or(|w| w.holds(family, *id, row)))
            .collect();
        Ok(self.page_reply(exchange, at, found, page))
    }

    /// Rows that were updated after what a request says, if it says something.
    pub(super) fn updated_after(
        &self,
        exchange: &Exchange<'_>,
        mut found: Found,
    ) -> Result<Found, Refusal> {
        let after = after(exchange)?;
        let inclusive = self.switches.is(&on::UPDATED_AFTER, "inclusive");
        found.retain(|(_, row)| is_fresh(row, after, inclusive));
        Ok(found)
    }

    pub(super) fn search_by_tag(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (at, _) = exchange.family();
        let page = self.page(exchange)?;
        let tag = exchange.call.query("tagName");
        let tag = tag.ok_or_else(|| bad("tagName is required."))?;
        let mut found = self.everything(at);
        found.retain(|(_, row)| {
            let tagged = row.fields.may_hold("\"TAGS\"");
            let mut fields = tagged.then(|| row.fields.open()).into_iter();
            fields.any(|fields| {
                let mut tags = fields.list("TAGS").iter();
                tags.any(|kept| self.is_same_tag(kept, tag))
            })
        });
        Ok(self.page_reply(exchange, at, found, page))
    }

    /// How many to leave out and how many to show.
    pub(super) fn page(&self, exchange: &Exchange<'_>) -> Result<(usize, usize), Refusal> {
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

    pub(super) fn page_reply(
        &self,
        exchange: &Exchange<'_>,
        at: usize,
        found: Found,
        page: (usize, usize),
    ) -> Reply {
        let total = found.len();
        let shown: Found = found.into_iter().skip(page.0).take(page.1).collect();
        self.rows_reply(exchange, at, &shown, total)
    }

    fn rows_reply(&self, exchange: &Exchange<'_>, at: usize, rows: &Found, total: usize) -> Reply {
        let view = if exchange.asks("brief") {
            Shown::Brief
        } else {
            Shown::Listed
        };
        let shown = rows
            .iter()
            .map(|(id, row)| self.shape((at, *id), row, view));
        let shown: Vec<Shape<'_>> = shown.collect();
        let reply = Reply::json(StatusCode::OK, &shown);
        if exchange.asks("count_total") {
            reply.with(HeaderName::from_static("x-total-count"), total.to_string())
        } else {
            reply
        }
    }
}

fn is_fresh(row: &Stored, after: Option<Timestamp>, inclusive: bool) -> bool {
    after.is_none_or(|after| row.updated > after || (inclusive && row.updated == after))
}

/// Ids that can be meant, ascending: by a look-up, by date, or all.
fn candidates(
    rows: &View<i64, Packed>,
    wanted: Option<&Wanted<'_>>,
    after: Option<Timestamp>,
) -> Vec<i64> {
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
    fn holds(&self, family: &Family, id: i64, row: &Stored) -> bool {
        let kind = family.field(self.field).map(|field| field.kind);
        let held = match (kind, self.field) {
            (None, name) if name == family.id => Some(json!(id)),
            (Some(Kind::Stamp), "DATE_CREATED_UTC") => Some(json!(moment::written(row.created))),
            (Some(Kind::Stamp), _) => Some(json!(moment::written(row.updated))),
            (Some(Kind::Flag), name) => Some(stored(row, name).unwrap_or(json!(false))),
            // What does not name the field has nothing in it.
            (_, name) if !row.fields.may_hold(name) => None,
            (_, name) => stored(row, name),
        };
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

/// The value of a field or of a custom field.
fn stored(row: &Stored, name: &str) -> Option<Value> {
    let fields: Fields = row.fields.open();
    let custom = || fields.pair("CUSTOMFIELDS", name);
    fields.get(name).or_else(custom).cloned()
}
