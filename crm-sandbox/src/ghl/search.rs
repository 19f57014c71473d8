//! `POST /contacts/search`.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::exchange::{Exchange, Outcome};
use super::family::Family;
use super::filter::{Field, Filter};
use super::list::mentions;
use super::refusal::{self, should_not_exist};
use super::{Ghl, Id};
use crate::reply::Reply;
use crate::rows::{Row, View};

const LARGEST_PAGE: usize = 500;
/// What pages reach; beyond it only the cursor goes on.
const REACH_OF_PAGES: usize = 10_000;
const LONGEST_QUERY: usize = 75;

/// A checked search.
struct Search {
    filter: Filter,
    sort: Field,
    descending: bool,
    text: Option<String>,
    page_limit: usize,
    skip: usize,
    after: Option<(Value, Id)>,
}

/// A contact and where it stands in the order.
struct Hit<'a> {
    key: Value,
    id: &'a Id,
}

impl Ghl {
    pub(super) fn search_contacts(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let body = &exchange.object()?;
        self.check_location(body.get("locationId").and_then(Value::as_str))?;
        let search = Search::parse(body)?;
        let view = self.rows[Family::Contacts].seen(exchange.now);
        let mut hits = search.hits(view);
        if !self.hidden.is_empty() {
            hits.retain(|hit| !self.hidden.contains_key(hit.id));
        }
        let total = hits.len();
        let start = search.start(&hits);
        let page: Vec<(Value, Id, Arc<Row>)> = hits
            .into_iter()
            .skip(start)
            .take(search.page_limit)
            .filter_map(|hit| Some((hit.key, hit.id.clone(), view.get(hit.id)?.clone())))
            .collect();
        let contacts: Vec<Value> = page
            .iter()
            .map(|(key, id, row)| self.search_shape(id, row, json!([key, &**id])))
            .collect();
        let trace = self.new_id();
        Ok(Reply::ok(
            &json!({ "contacts": contacts, "total": total, "traceId": trace }),
        ))
    }
}

fn bad(message: impl AsRef<str>) -> Reply {
    refusal::bad_request(message.as_ref())
}

impl Search {
    fn parse(body: &Map<String, Value>) -> Result<Self, Reply> {
        check_members(body)?;
        let page_limit = whole(body, "pageLimit")?
            .ok_or_else(|| refusal::unprocessable(&["pageLimit must be a number".to_owned()]))?;
        if !(1..=LARGEST_PAGE).contains(&page_limit) {
            return Err(bad(format!(
                "pageLimit must be between 1 and {LARGEST_PAGE}"
            )));
        }
        let after = body.get("searchAfter").filter(|after| !after.is_null());
        let after = after.map(|after| cursor(after).ok_or_else(|| bad("Invalid searchAfter")));
        let page = whole(body, "page")?;
        if page.is_some() && after.is_some() {
            return Err(bad("page and searchAfter can not be used together"));
        }
        let page = page.unwrap_or(1);
        if page == 0 || page * page_limit > REACH_OF_PAGES {
            return Err(bad(format!(
                "page must be from 1 to {REACH_OF_PAGES} / pageLimit; use searchAfter"
            )));
        }
        let text = body.get("query").and_then(Value::as_str).map(str::to_owned);
        if text
            .as_ref()
            .is_some_and(|text| text.chars().count() > LONGEST_QUERY)
        {
            return Err(bad(format!(
                "query must not be longer than {LONGEST_QUERY} characters"
            )));
        }
        let filter = match body.get("filters") {
            Some(filters) => Filter::parse_all(filters).map_err(bad)?,
            None => Filter::All(Vec::new()),
        };
        let (sort, descending) = sort(body.get("sort")).map_err(bad)?;
        Ok(Self {
            filter,
            sort,
            descending,
            text,
            page_limit,
            skip: (page - 1) * page_limit,
            after: after.transpose()?,
        })
    }

    /// How many hits stand before the page.
    fn start(&self, hits: &[Hit<'_>]) -> usize {
        match &self.after {
            Some((key, id)) => {
                hits.partition_point(|hit| self.order((&hit.key, hit.id), (key, id)).is_le())
            }
            None => self.skip,
        }
    }

    /// Everything that is found, in order.
    fn hits<'a>(&self, contacts: &'a View<Id>) -> Vec<Hit<'a>> {
        let (field, stamps) = if self.sort == Field::Added {
            (Field::Added, contacts.by_created())
        } else {
            (Field::Updated, contacts.by_updated())
        };
        let (least, greatest) = self.filter.bounds(&field);
        let least = Timestamp::from_millisecond(least).unwrap_or(Timestamp::MIN);
        let within = stamps.range((least, Id::from(""))..);
        let within = within.take_while(|(at, _)| at.as_millisecond() <= greatest);
        // Looking a row up costs far more than passing its id over.
        let all = self.filter.is_open() && self.text.is_none();
        let wanted =
            within.filter(|(_, id)| all || contacts.get(id).is_some_and(|row| self.holds(row)));
        let mut hits: Vec<Hit<'a>> = if self.sort.is_stamp() {
            let keyed = wanted.map(|(at, id)| (json!(at.as_millisecond()), id));
            keyed.map(|(key, id)| Hit { key, id }).collect()
        } else {
            let keyed = wanted.filter_map(|(_, id)| Some((self.sort.of(contacts.get(id)?), id)));
            keyed.map(|(key, id)| Hit { key, id }).collect()
        };
        if !self.sort.is_stamp() {
            hits.sort_by(|one, other| self.order((&one.key, one.id), (&other.key, other.id)));
        } else if self.descending {
            hits.reverse();
        }
        hits
    }

    fn holds(&self, row: &Row) -> bool {
        self.filter.holds(row) && self.text.as_ref().is_none_or(|text| mentions(row, text))
    }

    fn order(&self, (key, id): (&Value, &Id), (other_key, other_id): (&Value, &Id)) -> Ordering {
        let keys = match (key, other_key) {
            (Value::Number(one), Value::Number(other)) => one.as_i64().cmp(&other.as_i64()),
            (one, other) => one.as_str().cmp(&other.as_str()),
        };
        let order = keys.then_with(|| id.cmp(other_id));
        if self.descending {
            order.reverse()
        } else {
            order
        }
    }
}

fn check_members(body: &Map<String, Value>) -> Result<(), Reply> {
    let known = [
        "locationId",
        "pageLimit",
        "page",
        "searchAfter",
        "filters",
        "sort",
        "query",
    ];
    let strangers = body.keys().filter(|key| !known.contains(&key.as_str()));
    let complaints: Vec<String> = strangers.map(|key| should_not_exist(key)).collect();
    match complaints[..] {
        [] => Ok(()),
        _ => Err(refusal::unprocessable(&complaints)),
    }
}

fn whole(body: &Map<String, Value>, name: &str) -> Result<Option<usize>, Reply> {
    let Some(value) = body.get(name) else {
        return Ok(None);
    };
    let number = value
        .as_u64()
        .and_then(|number| usize::try_from(number).ok());
    let complaint = || refusal::unprocessable(&[format!("{name} must be a number")]);
    number.map(Some).ok_or_else(complaint)
}

fn cursor(after: &Value) -> Option<(Value, Id)> {
    let [key, id] = &after.as_array()?[..] else {
        return None;
    };
    Some((key.clone(), id.as_str()?.into()))
}

/// The first entry decides; without one the newest come first.
fn sort(sort: Option<&Value>) -> Result<(Field, bool), String> {
    let entries = match sort {
        None => return Ok((Field::Added, true)),
        Some(sort) => sort.as_array().ok_or("sort must be an array")?,
    };
    let Some(entry) = entries.first() else {
        return Ok((Field::Added, true));
    };
    let field = entry.get("field").and_then(Value::as_str);
    let field = Field::parse(field.ok_or("Invalid sort field")?)?;
    match entry.get("direction").and_then(Value::as_str) {
        Some("asc") => Ok((field, false)),
        Some("desc") | None => Ok((field, true)),
        Some(other) => Err(format!("Invalid sort direction: {other}")),
    }
}
