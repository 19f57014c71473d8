//! How changes of any kind of Insightly record are read.

use std::time::Duration;

use futures_util::{Stream, TryStreamExt};
use insightly::{
    Cursor as PageCursor, Fetched, ListQuery, Page, Record, Records, Row, SearchQuery,
    shapes::{Deleted, Listed, ReadById, Searched},
};
use jiff::Timestamp;
use sync_core::{
    ConnectorError, Coverage, Cursor, EndpointTraits, FeedCursor, Lane, NativePage, NativeReply,
    NativeSeen, NativesFound, Reason, RecordId, Target,
};

use super::failure::connector_error;

/// The records of one kind, by the time of their last update.
#[derive(Debug, Clone)]
pub(super) struct RecordFeed<R> {
    records: Records<R>,
    index_lag: Duration,
}

impl<R: Listed + Searched + Row + Record> RecordFeed<R> {
    /// `index_lag` is how far lists and searches may be behind the records.
    pub(super) fn new(records: Records<R>, index_lag: Duration) -> Self {
        Self { records, index_lag }
    }

    pub(super) fn records(&self) -> &Records<R> {
        &self.records
    }

    /// A kind that is read by time of change, and whose rows carry stamps.
    pub(super) fn traits(&self) -> EndpointTraits {
        EndpointTraits::changes(self.index_lag)
    }

    /// One page of a lane.
    pub(super) async fn changes(
        &self,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<NativePage<R>, ConnectorError> {
        let cursor = match (lane, from) {
            (_, Some(cursor)) => FeedCursor::parse(cursor)?,
            (Lane::Walk, None) => FeedCursor::at(Timestamp::UNIX_EPOCH, Duration::ZERO),
            (lane, None) => return self.begin(lane).await,
        };
        let at = place(&cursor)?;
        let page = match lane {
            Lane::Walk => self.records.list_page(&ListQuery::new(), &at).await,
            Lane::Fast | Lane::Settled => {
                let query = SearchQuery::new().updated_after(cursor.since);
                self.records.search_page(&query, &at).await
            }
        };
        self.native_page(page.map_err(|e| connector_error(&e))?, cursor, lane)
    }

    /// One record by id. Hints may be forged: what is no number names nothing.
    pub(super) async fn fetch(
        &self,
        target: &Target,
        id: impl FnOnce(i64) -> R::Id,
    ) -> Result<Option<NativeSeen<R>>, ConnectorError>
    where
        R: ReadById,
    {
        let Ok(number) = number(target) else {
            return Ok(None);
        };
        let found = self.records.get_opt(id(number)).await;
        let found = found.map_err(|e| connector_error(&e))?;
        Ok(found.map(|fetched| NativeSeen {
            native: fetched.value,
            server_time: fetched.server_time,
        }))
    }

    /// Records with a value. The search knows whole values only, and may tell their case apart.
    pub(super) async fn find(
        &self,
        field: &str,
        value: &str,
    ) -> Result<NativesFound<R>, ConnectorError> {
        let query = SearchQuery::new().field(field, value);
        let page = self.records.search_page(&query, &PageCursor::start()).await;
        Ok(NativesFound {
            natives: page.map_err(|e| connector_error(&e))?.items,
            coverage: Coverage::WHOLE,
        })
    }

    /// All records below another, of the list that the stream walks.
    pub(super) async fn children(
        rows: impl Stream<Item = insightly::Result<R>> + Send,
    ) -> Result<NativePage<R>, ConnectorError> {
        let rows = rows.try_collect::<Vec<R>>().await;
        rows.map(NativePage::whole).map_err(|e| connector_error(&e))
    }

    /// Deletes a record.
    pub(super) async fn delete(&self, id: R::Id) -> Result<(), ConnectorError>
    where
        R: Deleted,
    {
        let deleted = self.records.delete(id).await;
        deleted.map_err(|e| connector_error(&e))
    }

    /// Stamps are cut to the second, and the record is touched again a second after its creation.
    fn overlap(&self, lane: Lane) -> Duration {
        lane.overlap(self.index_lag * 2 + Duration::from_secs(3))
    }

    /// The feed's beginning: the server's time is all that is needed.
    async fn begin(&self, lane: Lane) -> Result<NativePage<R>, ConnectorError> {
        let query = SearchQuery::new()
            .brief()
            .page_size(1)
            .updated_after(Timestamp::now());
        let page = self.records.search_page(&query, &PageCursor::start()).await;
        let server_time = page.map_err(|e| connector_error(&e))?.server_time;
        let now = server_time.unwrap_or_else(Timestamp::now);
        Ok(NativePage {
            natives: Vec::new(),
            coverage: Coverage::WHOLE,
            next: FeedCursor::at(now, self.overlap(lane)).to_cursor(),
            more: false,
            server_time,
        })
    }

    fn native_page(
        &self,
        page: Page<R>,
        cursor: FeedCursor,
        lane: Lane,
    ) -> Result<NativePage<R>, ConnectorError> {
        for row in &page.unreadable {
            tracing::warn!(
                member = R::ID_NAME,
                id = row.id,
                path = row.path,
                "a record cannot be read and is left alone"
            );
        }
        let resume = page.next.as_ref().map(serde_json::to_string);
        let resume = resume.transpose().map_err(|why| unreadable_place(&why))?;
        let now = page.server_time.unwrap_or_else(Timestamp::now);
        Ok(NativePage {
            natives: page.items,
            coverage: Coverage::WHOLE,
            more: resume.is_some(),
            next: cursor
                .after_page(resume, now, self.overlap(lane))
                .to_cursor(),
            server_time: page.server_time,
        })
    }
}

fn place(cursor: &FeedCursor) -> Result<PageCursor, ConnectorError> {
    match cursor.resume.as_deref() {
        None => Ok(PageCursor::start()),
        Some(text) => serde_json::from_str(text).map_err(|why| unreadable_place(&why)),
    }
}

fn unreadable_place(why: &serde_json::Error) -> ConnectorError {
    let message = format!("the stored place in a list cannot be read: {why}");
    ConnectorError::not_applied("changes", Reason::Other, message)
}

/// The number of a record that the engine names.
pub(super) fn number(target: &Target) -> Result<i64, ConnectorError> {
    target.id.as_str().parse().map_err(|_| {
        let message = format!("`{}` is no id of Insightly", target.id);
        ConnectorError::not_applied("insightly", Reason::NotFound, message)
    })
}

/// An answer that shows the record whole.
pub(super) fn reply<R: Record>(
    answer: Result<Fetched<R>, insightly::Error>,
) -> Result<NativeReply<R>, ConnectorError> {
    let fetched = answer.map_err(|e| connector_error(&e))?;
    Ok(NativeReply {
        target: RecordId::new(fetched.value.id().to_string()).into(),
        server_time: fetched.server_time,
        native: Some(fetched.value),
    })
}

/// An answer that shows nothing.
pub(super) fn done<R>(
    answer: Result<(), insightly::Error>,
    target: &Target,
) -> Result<NativeReply<R>, ConnectorError> {
    answer.map_err(|e| connector_error(&e))?;
    Ok(NativeReply {
        target: target.clone(),
        native: None,
        server_time: None,
    })
}
