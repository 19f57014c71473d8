use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    id::{AccountId, ConnectionId, Epoch, Kind, LinkId, Locator, RecordId},
    link::{Link, Tombstone},
    matching::MatchKey,
    memory_store::MemoryStore,
    record::Record,
    side::Side,
    step::Staged,
    store::{
        Archive, Batch, Counts, Dirty, Happened, HistoryOf, Hold, Intent, LaneKey, LaneState,
        Observation, Store, StoreError, Subject,
    },
};

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

/// A place where whoever polls a future may drop it: it gives way once.
pub fn halt() -> impl Future<Output = ()> + Send {
    Halt(false)
}

/// A store that gives way before and after each commit: a cycle can be dropped at each.
#[derive(Debug, Clone)]
pub struct Halting(pub MemoryStore);

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
        shown(connection: &ConnectionId, kind: &Kind, side: Side, id: &RecordId) -> Option<Record>;
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
