//! Lists, page by page and as streams.

use std::collections::HashSet;

use api_transport::{ApiError, Operation, Response, server_time};
use futures_util::stream::{self, Stream, TryStreamExt};

use crate::{
    ahead::{Ahead, Asked},
    client::Client,
    cursor::Cursor,
    error::{Error, Result},
    operation_table::ApiOperation,
    page::{Page, ReadRow, Row, key_of, rows},
    query::{PageSize, Query},
};

/// One list that is walked: every list of every family goes through here.
pub(crate) struct Walk {
    client: Client,
    operation: &'static ApiOperation,
    parts: Vec<String>,
    query: Vec<(&'static str, String)>,
    page_size: PageSize,
    at_once: usize,
}

/// A page before its rows are sorted into readable and not.
struct RawPage<T> {
    rows: Vec<ReadRow<T>>,
    page: Page<T>,
}

impl Walk {
    pub(crate) fn new(
        client: Client,
        operation: &'static ApiOperation,
        parts: Vec<String>,
        query: &impl Query,
    ) -> Self {
        Self {
            client,
            operation,
            parts,
            query: query.pairs(),
            page_size: query.page_size(),
            at_once: query.at_once(),
        }
    }

    /// Adds a parameter that only this list has.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.query.push((name, value.to_owned()));
        self
    }

    /// One page.
    pub(crate) async fn page<T: Row>(&self, at: &Cursor) -> Result<Page<T>> {
        let RawPage { rows, mut page } = self.raw_page(at, &mut Ahead::none()).await?;
        for row in rows {
            match row {
                Ok(item) => page.items.push(item),
                Err(unreadable) => page.unreadable.push(unreadable),
            }
        }
        Ok(page)
    }

    /// All rows, each once. A row that cannot be read is an error that the stream
    /// survives; any other error ends it.
    pub(crate) fn stream<T: Row>(self) -> impl Stream<Item = Result<T>> + Send + use<T> {
        let ahead = Ahead::of(self.at_once);
        let start = (self, Some(Cursor::start()), HashSet::new(), ahead);
        stream::try_unfold(start, |(walk, at, mut seen, mut ahead)| async move {
            let Some(at) = at else { return Ok(None) };
            let RawPage { mut rows, page } = walk.raw_page::<T>(&at, &mut ahead).await?;
            // Only a list in no order shows a row twice, after a restart.
            rows.retain(|row| seen.insert(key_of(row)));
            let operation = walk.operation;
            let rows = rows
                .into_iter()
                .map(move |row| row.map_err(|unreadable| unreadable.into_error(operation)));
            Ok::<_, Error>(Some((stream::iter(rows), (walk, page.next, seen, ahead))))
        })
        .try_flatten()
    }

    /// How many records the list has.
    pub(crate) async fn count(&self) -> Result<u64> {
        let op = self.request(0, 1).query("count_total", true);
        let response = self.client.transport().send_for_json(&op).await?;
        total(&response.headers).ok_or_else(|| {
            let definition = self.operation.definition();
            ApiError::unreadable(definition, "X-Total-Count", "the header is missing")
        })
    }

    async fn raw_page<T: Row>(&self, at: &Cursor, ahead: &mut Ahead) -> Result<RawPage<T>> {
        let size = at.rows().unwrap_or(self.page_size.first());
        let response = ahead.page(self, at, size).await?;
        let mut rows = rows::<T>(self.operation, &response)?;
        let keys: Vec<i64> = rows.iter().map(key_of).collect();
        let step = at
            .take(&keys, size, total(&response.headers))
            .map_err(|_| {
                let why =
                    "the list changes faster than it can be read, or the server does not page";
                ApiError::unreadable(self.operation.definition(), ".", why)
            })?;
        let next_size = self.page_size.after(size, keys.len(), response.body.len());
        let mut fresh = step.fresh.iter();
        rows.retain(|_| fresh.next().copied().unwrap_or(true));
        let page = Page {
            items: Vec::new(),
            unreadable: Vec::new(),
            total: at.total().or_else(|| total(&response.headers)),
            next: step.next.map(|next| next.with_rows(next_size)),
            server_time: server_time(&response.headers),
        };
        Ok(RawPage { rows, page })
    }

    /// The answer with the page at `at`.
    pub(crate) async fn fetch(&self, at: &Cursor, size: u32) -> Result<Response> {
        let mut op = self.request(at.skip(), size);
        if at.wants_total() {
            op = op.query("count_total", true);
        }
        self.client.transport().send_for_json(&op).await
    }

    /// The answer with the page at `skip`, to be waited for later.
    pub(crate) fn fetch_later(&self, skip: u64, size: u32) -> Asked {
        let (client, op) = (self.client.clone(), self.request(skip, size));
        Box::pin(async move { (skip, client.transport().send_for_json(&op).await) })
    }

    fn request(&self, skip: u64, top: u32) -> Operation {
        let parts = self.parts.iter().map(String::as_str);
        let mut op = Operation::of(self.operation.definition(), parts);
        for (name, value) in &self.query {
            op = op.query(name, value);
        }
        op = op.query("top", top);
        if skip > 0 { op.query("skip", skip) } else { op }
    }
}

fn total(headers: &api_transport::HeaderMap) -> Option<u64> {
    headers
        .get("x-total-count")?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
}
