//! A search, filled in.

use std::fmt;

use serde::Serialize;

use crate::{
    contacts::{
        filter::Filter,
        search_field::{IntoField, SearchField},
    },
    error::{Error, Result},
    ids::LocationId,
};

/// The most rows of a page.
pub const MAX_PAGE_SIZE: u32 = 500;

/// The most characters of a searched text.
const LONGEST_TEXT: usize = 75;

/// Which contacts a search finds, in which order.
///
/// ```
/// use ghl_contacts::{ContactQuery, Filter, SearchField};
/// let since = "2026-11-24T10:00:00Z".parse().unwrap();
/// let query = ContactQuery::in_location("ve9EPM428h8vShlRW1KT")
///     .filter(Filter::updated_at_least(since))
///     .filter(Filter::any([Filter::eq(SearchField::TAGS, "vip"), Filter::exists("phone")]))
///     .ascending(SearchField::DATE_UPDATED)
///     .page_size(500);
/// assert_eq!(
///     query.to_string(),
///     "contacts of ve9EPM428h8vShlRW1KT where dateUpdated >= 2026-11-24T10:00:00.000Z \
///      and (tags = \"vip\" OR phone exists), by dateUpdated asc"
/// );
/// ```
///
/// `Display` is a text for logs: it shows what is searched for.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContactQuery {
    location_id: LocationId,
    page_limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    filters: Vec<Filter>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sort: Vec<Sort>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Sort {
    field: SearchField,
    direction: Direction,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Asc,
    Desc,
}

impl ContactQuery {
    /// All contacts of a location, 100 to a page.
    pub fn in_location(id: impl Into<LocationId>) -> Self {
        Self {
            location_id: id.into(),
            page_limit: 100,
            query: None,
            filters: Vec::new(),
            sort: Vec::new(),
        }
    }

    /// Only contacts that hold this text, at most 75 characters, in a field that the
    /// location's custom-field settings mark as searchable.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.query = Some(text.into());
        self
    }

    /// Only contacts that pass this filter too.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Only contacts with this tag.
    pub fn tag(self, tag: impl Into<String>) -> Self {
        self.filter(Filter::eq(SearchField::TAGS, tag.into()))
    }

    /// Sorted by this field, smallest or oldest first; further calls sort within.
    pub fn ascending(self, field: impl IntoField) -> Self {
        self.sorted(field, Direction::Asc)
    }

    /// Sorted by this field, largest or newest first; further calls sort within.
    pub fn descending(self, field: impl IntoField) -> Self {
        self.sorted(field, Direction::Desc)
    }

    /// Rows of a page, from 1 to [`MAX_PAGE_SIZE`].
    pub fn page_size(mut self, rows: u32) -> Self {
        self.page_limit = rows;
        self
    }

    fn sorted(mut self, field: impl IntoField, direction: Direction) -> Self {
        let field = field.into_field().into_any();
        self.sort.push(Sort { field, direction });
        self
    }

    pub(crate) fn rows_of_a_page(&self) -> usize {
        self.page_limit as usize
    }

    /// Refuses what the API is known to refuse, with a better reason.
    pub(crate) fn check(&self, op: &'static str) -> Result<()> {
        let texts = self.query.as_deref().into_iter();
        let long = texts
            .filter(|text| text.chars().count() > LONGEST_TEXT)
            .chain(self.filters.iter().filter_map(|f| f.too_long(LONGEST_TEXT)))
            .next();
        if let Some(text) = long {
            let start: String = text.chars().take(20).collect();
            let why = format!("`{start}…` has more than {LONGEST_TEXT} characters");
            return Err(Error::invalid_request(op, why));
        }
        if !(1..=MAX_PAGE_SIZE).contains(&self.page_limit) {
            let why = format!(
                "a page has 1 to {MAX_PAGE_SIZE} rows, not {}",
                self.page_limit
            );
            return Err(Error::invalid_request(op, why));
        }
        Ok(())
    }
}

impl fmt::Display for ContactQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "contacts of {}", self.location_id)?;
        let text = self
            .query
            .iter()
            .map(|text| format!("any field has {text:?}"));
        for (place, condition) in text
            .chain(self.filters.iter().map(Filter::to_string))
            .enumerate()
        {
            let word = if place == 0 { "where" } else { "and" };
            write!(f, " {word} {condition}")?;
        }
        for (place, sort) in self.sort.iter().enumerate() {
            let word = if place == 0 { ", by" } else { ", then" };
            let direction = match sort.direction {
                Direction::Asc => "asc",
                Direction::Desc => "desc",
            };
            write!(f, "{word} {} {direction}", sort.field)?;
        }
        Ok(())
    }
}
