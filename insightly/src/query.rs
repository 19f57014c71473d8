//! What a list is asked for.

use jiff::Timestamp;

/// The most rows that Insightly gives at once.
const LARGEST_PAGE: u32 = 500;

/// Full records can be 100 KB each, so their pages are smaller.
const FULL_PAGE: u32 = 200;

/// What a query adds to a request.
pub(crate) trait Query {
    fn pairs(&self) -> Vec<(&'static str, String)>;
    fn page_size(&self) -> PageSize;
    fn at_once(&self) -> usize;
}

/// How many rows a page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageSize {
    /// As the caller wants it.
    Fixed(u32),
    /// Begins with so many, and follows the size of the records.
    Fitting(u32),
}

/// What a page should weigh. Records are 1 to 100 KB each.
const BYTES_IN_A_PAGE: usize = 2 << 20;

/// Below this a page is not worth its request.
const SMALLEST_FITTING: usize = 20;

impl PageSize {
    pub(crate) const fn first(self) -> u32 {
        match self {
            Self::Fixed(rows) | Self::Fitting(rows) => rows,
        }
    }

    /// The rows of the next page, after one of `asked` rows had `rows` of `bytes` in all.
    /// Small differences change nothing, so that pages can be asked for ahead.
    pub(crate) fn after(self, asked: u32, rows: usize, bytes: usize) -> u32 {
        if matches!(self, Self::Fixed(_)) || rows < 2 {
            return asked;
        }
        let fitting = BYTES_IN_A_PAGE / (bytes / rows).max(1);
        let fitting = fitting.clamp(SMALLEST_FITTING, LARGEST_PAGE as usize);
        let fitting = u32::try_from(fitting).unwrap_or(LARGEST_PAGE);
        let close = asked - asked / 4..=asked + asked / 4;
        if close.contains(&fitting) {
            asked
        } else {
            fitting
        }
    }
}

fn size(asked: Option<u32>, brief: bool) -> PageSize {
    match asked {
        Some(rows) => PageSize::Fixed(rows),
        None if brief => PageSize::Fitting(LARGEST_PAGE),
        None => PageSize::Fitting(FULL_PAGE),
    }
}

/// Pages overlap by a row, so they have two at least.
fn checked(rows: u32) -> u32 {
    rows.clamp(2, LARGEST_PAGE)
}

macro_rules! paging {
    ($Query:ident) => {
        impl $Query {
            /// Everything, in full.
            pub fn new() -> Self {
                Self::default()
            }

            /// Leaves out lists within records (tags, links, dates, custom fields):
            /// they are `None` then, which does not mean empty.
            pub fn brief(mut self) -> Self {
                self.brief = true;
                self
            }

            /// Rows in a page: 2 to 500. Without it a walk begins with 200, or 500 when
            /// brief, and goes on with pages of about 2 MB.
            pub fn page_size(mut self, rows: u32) -> Self {
                self.page_size = Some(checked(rows));
                self
            }

            /// How many pages a stream asks for at once; one if not set. More than one pay
            /// off on a slow line: the account's pace and its 6 calls under way stay. Rows
            /// come in the same order, and none is missed. It starts with the second
            /// page, because the first one tells how many there are.
            pub fn pages_at_once(mut self, pages: usize) -> Self {
                self.at_once = pages;
                self
            }
        }
    };
}

/// What a plain list is asked for. It has no filters: see [`SearchQuery`] for those.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ListQuery {
    brief: bool,
    page_size: Option<u32>,
    at_once: usize,
}

paging!(ListQuery);

impl Query for ListQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        brief(self.brief)
    }

    fn page_size(&self) -> PageSize {
        size(self.page_size, self.brief)
    }

    fn at_once(&self) -> usize {
        self.at_once
    }
}

/// What a search is asked for. With no filter it is the plain list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct SearchQuery {
    brief: bool,
    page_size: Option<u32>,
    at_once: usize,
    updated_after: Option<Timestamp>,
    field: Option<(String, String)>,
}

paging!(SearchQuery);

impl SearchQuery {
    /// Only records whose last update is at this second or later.
    ///
    /// Reads lag behind writes by seconds and ties within a second are normal:
    /// ask from some minutes before the last one seen, and drop what is known.
    pub fn updated_after(mut self, time: Timestamp) -> Self {
        self.updated_after = Some(time);
        self
    }

    /// Only records whose field has exactly this value, e.g. `EMAIL_ADDRESS` or `Hobby__c`.
    ///
    /// There is no "contains". A phone must be written just as it is stored.
    /// Whether it can be joined with [`updated_after`](Self::updated_after) is not documented.
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.field = Some((name.into(), value.into()));
        self
    }
}

impl Query for SearchQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = brief(self.brief);
        pairs.extend(updated_after(self.updated_after));
        if let Some((name, value)) = &self.field {
            pairs.push(("field_name", name.clone()));
            pairs.push(("field_value", value.clone()));
        }
        pairs
    }

    fn page_size(&self) -> PageSize {
        size(self.page_size, self.brief)
    }

    fn at_once(&self) -> usize {
        self.at_once
    }
}

/// What a list below a record is asked for, e.g. the notes of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ChildQuery {
    brief: bool,
    page_size: Option<u32>,
    at_once: usize,
    updated_after: Option<Timestamp>,
}

paging!(ChildQuery);

impl ChildQuery {
    /// Only records whose last update is at this second or later.
    pub fn updated_after(mut self, time: Timestamp) -> Self {
        self.updated_after = Some(time);
        self
    }
}

impl Query for ChildQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = brief(self.brief);
        pairs.extend(updated_after(self.updated_after));
        pairs
    }

    fn page_size(&self) -> PageSize {
        size(self.page_size, self.brief)
    }

    fn at_once(&self) -> usize {
        self.at_once
    }
}

fn brief(brief: bool) -> Vec<(&'static str, String)> {
    // Said either way: the server's own default is not documented.
    vec![("brief", brief.to_string())]
}

fn updated_after(time: Option<Timestamp>) -> Option<(&'static str, String)> {
    let text = time?.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    Some(("updated_after_utc", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brief_page_is_larger_and_no_page_leaves_the_limits() {
        let rows = |query: ListQuery| Query::page_size(&query).first();
        assert_eq!(rows(ListQuery::new()), 200);
        assert_eq!(rows(ListQuery::new().brief()), 500);
        assert_eq!(rows(ListQuery::new().page_size(9000)), 500);
        assert_eq!(rows(ListQuery::new().page_size(1)), 2);
    }

    #[test]
    fn a_page_follows_the_size_of_the_records_unless_the_caller_says() {
        let fitting = PageSize::Fitting(200);
        assert_eq!(fitting.after(200, 200, 200 * 1_500), 500);
        assert_eq!(fitting.after(500, 500, 500 * 100_000), 20);
        assert_eq!(fitting.after(200, 200, 200 * 9_000), 200, "close enough");
        assert_eq!(fitting.after(200, 1, 100_000), 200, "too few to tell");
        assert_eq!(fitting.after(200, 200, 0), 500);
        assert_eq!(PageSize::Fixed(7).after(7, 7, 1 << 30), 7);
    }
}
