//! A search as a stream of rows.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
    vec,
};

use futures_util::Stream;

use crate::{
    contacts::{Contact, ContactQuery, Contacts, SearchAfter, SearchPage},
    error::Result,
};

/// The contacts that a search finds; from [`Contacts::search`].
///
/// It asks for a page only when the one before is used up: whoever reads slowly is read for
/// slowly. Its size hint is what is at hand, and at most what the API's total leaves; others
/// may move that total meanwhile.
pub struct ContactSearch {
    contacts: Contacts,
    query: ContactQuery,
    rows: vec::IntoIter<Contact>,
    step: Step,
    total: Option<u64>,
    seen: u64,
}

type Asked = Pin<Box<dyn Future<Output = Result<SearchPage>> + Send>>;

enum Step {
    /// A page is to be asked for.
    Next(Walk),
    Asked(Walk, Asked),
    Over,
}

impl ContactSearch {
    pub(crate) fn new(contacts: Contacts, query: ContactQuery) -> Self {
        Self {
            contacts,
            query,
            rows: Vec::new().into_iter(),
            step: Step::Next(Walk::default()),
            total: None,
            seen: 0,
        }
    }

    /// How many contacts the search finds in all, as the last page said.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    fn ask(&self, walk: &Walk) -> Asked {
        let (contacts, query) = (self.contacts.clone(), self.query.clone());
        let after = walk.after.clone();
        Box::pin(async move { contacts.search_page(&query, after.as_ref()).await })
    }
}

impl fmt::Debug for ContactSearch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactSearch")
            .field("total", &self.total)
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}

impl Stream for ContactSearch {
    type Item = Result<Contact>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(row) = self.rows.next() {
                self.seen += 1;
                return Poll::Ready(Some(Ok(row)));
            }
            match std::mem::replace(&mut self.step, Step::Over) {
                Step::Over => return Poll::Ready(None),
                Step::Next(walk) => {
                    // The page's memory is free for the next one.
                    self.rows = Vec::new().into_iter();
                    let asked = self.ask(&walk);
                    self.step = Step::Asked(walk, asked);
                }
                Step::Asked(walk, mut asked) => {
                    let Poll::Ready(page) = asked.as_mut().poll(cx) else {
                        self.step = Step::Asked(walk, asked);
                        return Poll::Pending;
                    };
                    let page = match page {
                        Ok(page) => page,
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    };
                    self.total = page.total.or(self.total);
                    self.step = walk.past(&page, &self.query).map_or(Step::Over, Step::Next);
                    self.rows = page.contacts.into_iter();
                }
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let at_hand = self.rows.len();
        let most = match (&self.step, self.total) {
            (Step::Over, _) => Some(at_hand),
            (_, Some(total)) => usize::try_from(total.saturating_sub(self.seen)).ok(),
            (_, None) => None,
        };
        (at_hand, most.map(|most| most.max(at_hand)))
    }
}

/// Where a walk through pages goes on; the default is its beginning.
#[derive(Default)]
struct Walk {
    after: Option<SearchAfter>,
}

impl Walk {
    /// Where the walk goes on; `None` when it is over. Rows are not counted against the
    /// total: one that moves on the way is counted twice, and another would be missed.
    fn past(self, page: &SearchPage, query: &ContactQuery) -> Option<Self> {
        let rows = page.contacts.len();
        let all_seen = page.total.is_some_and(|total| rows as u64 >= total);
        let over = self.after.is_none() && all_seen && rows < query.rows_of_a_page();
        let next = page.next.clone().filter(|_| !over);
        next.map(|next| Self { after: Some(next) })
    }
}
