//! The traits: each call becomes one piece of work on the connection.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method of `Part` is for one lifetime, the closure for all"
)]

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use sync_core::{
    AccountId, Archive, Batch, ConnectionId, Counts, Dirty, Epoch, Happened, HistoryOf, Hold,
    Intent, Kind, LaneKey, LaneState, Link, LinkId, Locator, MatchKey, Observation, Record,
    RecordId, Side, Staged, Store, StoreError, Subject, Tombstone,
};

use crate::{commit, erase, part::Part, sqlite_store::SqliteStore};

#[async_trait]
impl Store for SqliteStore {
    async fn open(&self, connection: &ConnectionId) -> Result<Epoch, StoreError> {
        let connection = connection.clone();
        self.call_with(move |db, imprints| commit::open(db, &connection, imprints))
            .await
    }

    async fn pin(
        &self,
        connection: &ConnectionId,
        side: Side,
    ) -> Result<Option<AccountId>, StoreError> {
        self.read(connection, move |part| part.pin(side)).await
    }

    async fn lane(
        &self,
        connection: &ConnectionId,
        key: &LaneKey,
    ) -> Result<Option<LaneState>, StoreError> {
        let key = key.clone();
        self.read(connection, move |part| part.lane(&key)).await
    }

    async fn links(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<Arc<Link>>>, StoreError> {
        let (kind, ids) = (kind.clone(), ids.to_vec());
        let look = move |part: &Part<'_>| part.links(&kind, side, &ids);
        self.read(connection, look).await
    }

    async fn imprints(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<u64>>, StoreError> {
        let (kind, ids) = (kind.clone(), ids.to_vec());
        let look = move |part: &Part<'_>| part.imprints(&kind, side, &ids);
        self.read(connection, look).await
    }

    async fn link_page(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        after: Option<&LinkId>,
        limit: usize,
    ) -> Result<Vec<Arc<Link>>, StoreError> {
        let (kind, after) = (kind.clone(), after.cloned());
        let look = move |part: &Part<'_>| part.link_page(&kind, after.as_ref(), limit);
        self.read(connection, look).await
    }

    async fn linked(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        after: Option<&RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>, StoreError> {
        let (kind, after) = (kind.clone(), after.cloned());
        let look = move |part: &Part<'_>| part.linked(&kind, side, after.as_ref(), limit);
        self.read(connection, look).await
    }

    async fn links_under(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        parent: &Locator,
    ) -> Result<Vec<Arc<Link>>, StoreError> {
        let (kind, parent) = (kind.clone(), parent.clone());
        let look = move |part: &Part<'_>| part.links_under(&kind, side, &parent);
        self.read(connection, look).await
    }

    async fn links_by_key(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        digest: u64,
    ) -> Result<Vec<Arc<Link>>, StoreError> {
        let kind = kind.clone();
        let look = move |part: &Part<'_>| part.links_by_key(&kind, digest);
        self.read(connection, look).await
    }

    async fn tombstones(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<Arc<Tombstone>>>, StoreError> {
        let (kind, ids) = (kind.clone(), ids.to_vec());
        let look = move |part: &Part<'_>| part.tombstones(&kind, side, &ids);
        self.read(connection, look).await
    }

    async fn tombstones_until(
        &self,
        connection: &ConnectionId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Arc<Tombstone>>, StoreError> {
        let look = move |part: &Part<'_>| part.tombstones_until(now, limit);
        self.read(connection, look).await
    }

    async fn observations(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<Arc<Observation>>>, StoreError> {
        let (kind, ids) = (kind.clone(), ids.to_vec());
        let look = move |part: &Part<'_>| part.observations(&kind, side, &ids);
        self.read(connection, look).await
    }

    async fn unlinked(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        keys: &[MatchKey],
        limit: usize,
    ) -> Result<Vec<Vec<RecordId>>, StoreError> {
        let (kind, keys) = (kind.clone(), keys.to_vec());
        let look = move |part: &Part<'_>| {
            let of = |key| part.unlinked(&kind, side, key, limit);
            keys.iter().map(of).collect()
        };
        self.read(connection, look).await
    }

    async fn dirty(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        after: Option<&(Side, RecordId)>,
        limit: usize,
    ) -> Result<Vec<Dirty>, StoreError> {
        let (kind, after) = (kind.clone(), after.cloned());
        let look = move |part: &Part<'_>| part.dirty(&kind, after.as_ref(), limit);
        self.read(connection, look).await
    }

    async fn intents(&self, connection: &ConnectionId) -> Result<Vec<Intent>, StoreError> {
        self.read(connection, |part| part.intents()).await
    }

    async fn holds_of(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        subjects: &[Subject],
    ) -> Result<Vec<Hold>, StoreError> {
        let (kind, subjects) = (kind.clone(), subjects.to_vec());
        let look = move |part: &Part<'_>| part.holds_of(&kind, &subjects);
        self.read(connection, look).await
    }

    async fn erased(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<bool>, StoreError> {
        let (kind, ids) = (kind.clone(), ids.to_vec());
        let look = move |part: &Part<'_>| part.erased(&kind, side, &ids);
        self.read(connection, look).await
    }

    async fn claimed(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<ConnectionId>>, StoreError> {
        let (kind, ids) = (kind.clone(), ids.to_vec());
        let look = move |part: &Part<'_>| {
            let of = |id| part.claimed(&kind, side, id);
            ids.iter().map(of).collect()
        };
        self.read(connection, look).await
    }

    async fn staged(
        &self,
        connection: &ConnectionId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Staged>, StoreError> {
        self.read(connection, move |part| part.staged(after, limit))
            .await
    }

    async fn commit(&self, connection: &ConnectionId, batch: Batch) -> Result<(), StoreError> {
        let connection = connection.clone();
        self.call_with(move |db, imprints| commit::commit(db, &connection, imprints, batch))
            .await
    }

    async fn scrub(&self) -> Result<(), StoreError> {
        self.call(|db| erase::scrub(db)).await
    }

    async fn scratch(&self) -> Result<Arc<dyn Store>, StoreError> {
        Ok(Arc::new(self.scratch().await?))
    }
}

#[async_trait]
impl Archive for SqliteStore {
    async fn holds(
        &self,
        connection: &ConnectionId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Hold)>, StoreError> {
        self.read(connection, move |part| part.holds(after, limit))
            .await
    }

    async fn history(
        &self,
        connection: &ConnectionId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Happened)>, StoreError> {
        self.read(connection, move |part| part.history(after, limit))
            .await
    }

    async fn history_before(
        &self,
        connection: &ConnectionId,
        before: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Happened)>, StoreError> {
        self.read(connection, move |part| part.history_before(before, limit))
            .await
    }

    async fn holds_of_kind(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Hold)>, StoreError> {
        let kind = kind.clone();
        let look = move |part: &Part<'_>| part.holds_of_kind(&kind, after, limit);
        self.read(connection, look).await
    }

    async fn history_of(
        &self,
        connection: &ConnectionId,
        of: &HistoryOf,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Happened)>, StoreError> {
        let of = of.clone();
        let look = move |part: &Part<'_>| part.history_of(&of, after, limit);
        self.read(connection, look).await
    }

    async fn shown(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        id: &RecordId,
    ) -> Result<Option<Record>, StoreError> {
        let (kind, id) = (kind.clone(), id.clone());
        let look = move |part: &Part<'_>| part.shown(&kind, side, &id);
        self.read(connection, look).await
    }

    async fn known(
        &self,
        connection: &ConnectionId,
        name: &str,
    ) -> Result<Option<String>, StoreError> {
        let name = name.to_owned();
        self.read(connection, move |part| part.known(&name)).await
    }

    async fn counts(&self, connection: &ConnectionId) -> Result<Counts, StoreError> {
        self.read(connection, |part| part.counts()).await
    }
}
