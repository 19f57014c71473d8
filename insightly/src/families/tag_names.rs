//! The tags in use.

use futures_util::Stream;

use crate::{client::Client, error::Result, query::ListQuery, shape::calls, tag::Tag, walk::Walk};

/// Records whose tags in use can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TaggedRecords {
    /// Contacts.
    Contacts,
    /// Leads.
    Leads,
    /// Opportunities.
    Opportunities,
    /// Organisations.
    Organisations,
    /// Projects.
    Projects,
    /// E-mails.
    Emails,
}

impl TaggedRecords {
    fn name(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Leads => "leads",
            Self::Opportunities => "opportunities",
            Self::Organisations => "organisations",
            Self::Projects => "projects",
            Self::Emails => "emails",
        }
    }
}

calls! { "tags":
    LIST: get "list" "/Tags" [400 401];
}

impl Client {
    /// The tags in use on records of a family.
    pub fn tags(&self, records: TaggedRecords) -> impl Stream<Item = Result<Tag>> + Send + use<> {
        Walk::new(self.clone(), &LIST, Vec::new(), &ListQuery::new().brief())
            .with("record_type", records.name())
            .stream()
    }
}
