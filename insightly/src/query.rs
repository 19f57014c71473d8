//! What a list is asked for.

use jiff::Timestamp;

/// The most rows that Insightly gives at once.
const LARGEST_PAGE: u32 = 500;

/// Full records can be 100 KB each, so their pages are smaller.
const FULL_PAGE: u32 = 200;

/// What a query adds to a request.
pub(crate) trait Query {
    fn pairs(&self) -> Vec<(&'static str, String)>;
    fn page_size(&self) -> u32;
}

fn size(asked: Option<u32>, brief: bool) -> u32 {
    let stock = if brief { LARGEST_PAGE } else { FULL_PAGE };
    asked.unwrap_or(stock)
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

            /// Rows in a page: 2 to 500. Without it 200, or 500 when brief.
            pub fn page_size(mut self, rows: u32) -> Self {
                self.page_size = Some(checked(rows));
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
}

paging!(ListQuery);

impl Query for ListQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        brief(self.brief)
    }

    fn page_size(&self) -> u32 {
        size(self.page_size, self.brief)
    }
}

/// What a search is asked for. With no filter it is the plain list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct SearchQuery {
    brief: bool,
    page_size: Option<u32>,
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

    fn page_size(&self) -> u32 {
        size(self.page_size, self.brief)
    }
}

/// What a list below a record is asked for, e.g. the notes of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ChildQuery {
    brief: bool,
    page_size: Option<u32>,
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

    fn page_size(&self) -> u32 {
        size(self.page_size, self.brief)
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
        assert_eq!(Query::page_size(&ListQuery::new()), 200);
        assert_eq!(Query::page_size(&ListQuery::new().brief()), 500);
        assert_eq!(Query::page_size(&ListQuery::new().page_size(9000)), 500);
        assert_eq!(Query::page_size(&ListQuery::new().page_size(1)), 2);
    }
}
