//! Pages that are asked for before a walk comes to them.

use std::pin::Pin;

use api_transport::Response;
use futures_util::{StreamExt, stream::FuturesOrdered};

use crate::{cursor::Cursor, error::Result, walk::Walk};

/// A page that is under way: its offset, and the answer.
pub(crate) type Asked = Pin<Box<dyn Future<Output = (u64, Result<Response>)> + Send>>;

/// The pages of one walk that are under way, in the order of their offsets.
///
/// A page is taken only where the walk stands when it comes to it. Where the walk stands
/// elsewhere, because rows vanished or pages changed their size, what was asked for is
/// dropped, so reading ahead changes nothing but the time it takes.
pub(crate) struct Ahead {
    at_once: usize,
    asked: FuturesOrdered<Asked>,
    size: u32,
    next: u64,
}

impl Ahead {
    pub(crate) fn none() -> Self {
        Self::of(1)
    }

    pub(crate) fn of(at_once: usize) -> Self {
        Self {
            at_once,
            asked: FuturesOrdered::new(),
            size: 0,
            next: 0,
        }
    }

    /// The page at `at`, asked for ahead or now.
    pub(crate) async fn page(&mut self, walk: &Walk, at: &Cursor, size: u32) -> Result<Response> {
        let (Some(total), true) = (at.total(), self.at_once > 1) else {
            return walk.fetch(at, size).await;
        };
        if self.size != size {
            self.forget();
            self.size = size;
        }
        if self.asked.is_empty() {
            self.next = at.skip();
        }
        self.ask(walk, total);
        match self.asked.next().await {
            Some((skip, answer)) if skip == at.skip() => answer,
            _ => {
                self.forget();
                walk.fetch(at, size).await
            }
        }
    }

    /// Pages overlap by a row: one that would hold nothing else is not asked for ahead.
    fn ask(&mut self, walk: &Walk, total: u64) {
        while self.asked.len() < self.at_once && (self.asked.is_empty() || self.next + 1 < total) {
            self.asked.push_back(walk.fetch_later(self.next, self.size));
            self.next += u64::from(self.size) - 1;
        }
    }

    fn forget(&mut self) {
        self.asked = FuturesOrdered::new();
    }
}
