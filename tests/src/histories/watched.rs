//! A connector and a store with a halt before and after each effect, where a cycle can be dropped.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use jiff::Timestamp;
use sync_core::{
    AccountId, Archive, Batch, Body, Call, Capabilities, Change, ConnectionId, Connector,
    ConnectorError, Counts, Cursor, Dirty, Draft, Epoch, Happened, Hint, HistoryOf, Hold, Intent,
    Kind, Lane, LaneKey, LaneState, Link, LinkId, Locator, MatchKey, Memo, MemoryStore,
    Observation, Page, Reading, Reason, RecordId, Ref, Reply, Row, Seen, Side, Staged, Store,
    StoreError, Subject, Target, Tombstone, Unfit, async_trait, testing::Model,
};

use super::edits::Account;

/// Gives way once.
struct Halt(bool);

impl Future for Halt {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

fn halt() -> Halt {
    Halt(false)
}

/// A model that tells the account what the engine reads and writes, and whose reads fail on demand.
#[derive(Clone)]
pub(crate) struct Watched {
    pub(crate) side: Side,
    pub(crate) model: Model,
    pub(crate) account: Arc<Mutex<Account>>,
    pub(crate) failing_reads: Arc<Mutex<u32>>,
}

impl Watched {
    fn tell<T>(&self, what: impl FnOnce(&mut Account) -> T) -> T {
        what(&mut self.account.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn may_read(&self, op: &'static str) -> Result<(), ConnectorError> {
        let mut left = self.failing_reads.lock().unwrap();
        if *left == 0 {
            return Ok(());
        }
        *left -= 1;
        Err(ConnectorError::not_applied(op, Reason::Transient, "down"))
    }
}

#[async_trait]
impl Connector for Watched {
    fn capabilities(&self, kind: &Kind) -> Option<&Capabilities> {
        self.model.capabilities(kind)
    }

    fn read(&self, kind: &Kind, row: &Row, memo: &Memo) -> Reading {
        self.model.read(kind, row, memo)
    }

    fn draft(&self, kind: &Kind, change: &Change<'_, Row>) -> Result<Draft<Body>, Unfit> {
        self.model.draft(kind, change)
    }

    async fn account(&self) -> Result<AccountId, ConnectorError> {
        halt().await;
        self.model.account().await
    }

    async fn changes(
        &self,
        kind: &Kind,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<Page, ConnectorError> {
        halt().await;
        self.may_read("changes")?;
        // A read is as old as its first page.
        let goes_on = from.is_some_and(|from| from.0.contains("resume"));
        if lane == Lane::Fast && !goes_on {
            self.tell(|account| account.feed_read(self.side));
        }
        let page = self.model.changes(kind, lane, from).await;
        halt().await;
        page
    }

    async fn children(&self, kind: &Kind, parent: &Ref) -> Result<Page, ConnectorError> {
        self.model.children(kind, parent).await
    }

    async fn fetch(&self, kind: &Kind, target: &Target) -> Result<Option<Seen>, ConnectorError> {
        halt().await;
        self.may_read("fetch")?;
        self.tell(|account| account.fetched(self.side, &target.id));
        let seen = self.model.fetch(kind, target).await;
        halt().await;
        seen
    }

    async fn find(&self, kind: &Kind, key: &MatchKey) -> Result<Vec<Row>, ConnectorError> {
        self.model.find(kind, key).await
    }

    async fn resolve(&self, hint: &Hint) -> Result<Option<Target>, ConnectorError> {
        self.model.resolve(hint).await
    }

    async fn send(
        &self,
        kind: &Kind,
        target: Option<&Target>,
        call: &Call<Body>,
    ) -> Result<Reply, ConnectorError> {
        halt().await;
        let id = target.map(|target| &target.id);
        let before = self.model.records();
        let reply = self.model.send(kind, target, call).await;
        let after = self.model.records();
        self.tell(|account| account.sent(self.side, &before, &after, id, call, reply.is_ok()));
        halt().await;
        reply
    }

    async fn delete(&self, kind: &Kind, target: &Target) -> Result<(), ConnectorError> {
        self.model.delete(kind, target).await
    }
}

/// A store that gives way before and after each commit.
#[derive(Clone)]
pub(crate) struct Halting(pub(crate) MemoryStore);

macro_rules! reads {
    ($trait:ident { $($name:ident($($arg:ident: $ty:ty),*) -> $out:ty;)* } $($rest:tt)*) => {
        #[async_trait]
        impl $trait for Halting {
            $(async fn $name(&self, $($arg: $ty),*) -> Result<$out, StoreError> {
                self.0.$name($($arg),*).await
            })*
            $($rest)*
        }
    };
}

reads! {
    Store {
        open(connection: &ConnectionId) -> Epoch;
        pin(connection: &ConnectionId, side: Side) -> Option<AccountId>;
        lane(connection: &ConnectionId, key: &LaneKey) -> Option<LaneState>;
        links(connection: &ConnectionId, kind: &Kind, side: Side, ids: &[RecordId])
            -> Vec<Option<Arc<Link>>>;
        imprints(connection: &ConnectionId, kind: &Kind, side: Side, ids: &[RecordId])
            -> Vec<Option<u64>>;
        link_page(connection: &ConnectionId, kind: &Kind, after: Option<&LinkId>, limit: usize)
            -> Vec<Arc<Link>>;
        links_under(connection: &ConnectionId, kind: &Kind, side: Side, parent: &Locator)
            -> Vec<Arc<Link>>;
        links_by_key(connection: &ConnectionId, kind: &Kind, digest: u64) -> Vec<Arc<Link>>;
        tombstones(connection: &ConnectionId, kind: &Kind, side: Side, ids: &[RecordId])
            -> Vec<Option<Arc<Tombstone>>>;
        tombstones_until(connection: &ConnectionId, now: Timestamp, limit: usize)
            -> Vec<Arc<Tombstone>>;
        observations(connection: &ConnectionId, kind: &Kind, side: Side, ids: &[RecordId])
            -> Vec<Option<Arc<Observation>>>;
        unlinked(connection: &ConnectionId, kind: &Kind, side: Side, keys: &[MatchKey], limit: usize)
            -> Vec<Vec<RecordId>>;
        dirty(connection: &ConnectionId, kind: &Kind, after: Option<&(Side, RecordId)>, limit: usize)
            -> Vec<Dirty>;
        intents(connection: &ConnectionId) -> Vec<Intent>;
        holds_of(connection: &ConnectionId, kind: &Kind, subjects: &[Subject]) -> Vec<Hold>;
        claimed(connection: &ConnectionId, kind: &Kind, side: Side, ids: &[RecordId])
            -> Vec<Option<ConnectionId>>;
        erased(connection: &ConnectionId, kind: &Kind, side: Side, ids: &[RecordId]) -> Vec<bool>;
        staged(connection: &ConnectionId, after: u64, limit: usize) -> Vec<Staged>;
        scrub() -> ();
        scratch() -> Arc<dyn Store>;
    }

    async fn commit(&self, connection: &ConnectionId, batch: Batch) -> Result<(), StoreError> {
        halt().await;
        let done = self.0.commit(connection, batch).await;
        halt().await;
        done
    }
}

reads! {
    Archive {
        holds(connection: &ConnectionId, after: u64, limit: usize) -> Vec<(u64, Hold)>;
        known(connection: &ConnectionId, name: &str) -> Option<String>;
        history(connection: &ConnectionId, after: u64, limit: usize) -> Vec<(u64, Happened)>;
        history_before(connection: &ConnectionId, before: u64, limit: usize) -> Vec<(u64, Happened)>;
        holds_of_kind(connection: &ConnectionId, kind: &Kind, after: u64, limit: usize)
            -> Vec<(u64, Hold)>;
        history_of(connection: &ConnectionId, of: &HistoryOf, after: u64, limit: usize)
            -> Vec<(u64, Happened)>;
        counts(connection: &ConnectionId) -> Counts;
    }
}
