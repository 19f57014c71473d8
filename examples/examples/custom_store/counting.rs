//! A store that counts what is committed, and leaves all else to another.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use jiff::Timestamp;
#[allow(clippy::wildcard_imports, reason = "whole traits are forwarded")]
use sync_core::*;

#[derive(Clone, Default)]
pub(crate) struct Counting {
    inner: MemoryStore,
    commits: Arc<AtomicU64>,
}

impl Counting {
    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }
}

macro_rules! forward {
    ($trait:ident { $($name:ident($($arg:ident: $of:ty),*) -> $out:ty;)* } $($own:tt)*) => {
        #[async_trait]
        impl $trait for Counting {
            $(async fn $name(&self, $($arg: $of),*) -> Result<$out, StoreError> { self.inner.$name($($arg),*).await })*
            $($own)*
        }
    };
}
type Here<'a> = &'a ConnectionId;
type Found<T> = Vec<Option<Arc<T>>>;
forward! { Store {
    open(c: Here<'_>) -> Epoch; pin(c: Here<'_>, side: Side) -> Option<AccountId>;
    lane(c: Here<'_>, key: &LaneKey) -> Option<LaneState>;
    links(c: Here<'_>, kind: &Kind, side: Side, ids: &[RecordId]) -> Found<Link>;
    imprints(c: Here<'_>, kind: &Kind, side: Side, ids: &[RecordId]) -> Vec<Option<u64>>;
    link_page(c: Here<'_>, kind: &Kind, after: Option<&LinkId>, limit: usize) -> Vec<Arc<Link>>;
    links_under(c: Here<'_>, kind: &Kind, side: Side, parent: &Locator) -> Vec<Arc<Link>>;
    links_by_key(c: Here<'_>, kind: &Kind, digest: u64) -> Vec<Arc<Link>>;
    tombstones(c: Here<'_>, kind: &Kind, side: Side, ids: &[RecordId]) -> Found<Tombstone>;
    tombstones_until(c: Here<'_>, now: Timestamp, limit: usize) -> Vec<Arc<Tombstone>>;
    observations(c: Here<'_>, kind: &Kind, side: Side, ids: &[RecordId]) -> Found<Observation>;
    unlinked(c: Here<'_>, kind: &Kind, side: Side, keys: &[MatchKey], limit: usize) -> Vec<Vec<RecordId>>;
    dirty(c: Here<'_>, kind: &Kind, after: Option<&(Side, RecordId)>, limit: usize) -> Vec<Dirty>;
    intents(c: Here<'_>) -> Vec<Intent>; holds_of(c: Here<'_>, kind: &Kind, of: &[Subject]) -> Vec<Hold>;
    claimed(c: Here<'_>, kind: &Kind, side: Side, ids: &[RecordId]) -> Vec<Option<ConnectionId>>;
    erased(c: Here<'_>, kind: &Kind, side: Side, ids: &[RecordId]) -> Vec<bool>;
    staged(c: Here<'_>, after: u64, limit: usize) -> Vec<Staged>;
    scrub() -> (); scratch() -> Arc<dyn Store>;
}
async fn commit(&self, connection: &ConnectionId, batch: Batch) -> Result<(), StoreError> {
    self.commits.fetch_add(1, Ordering::Relaxed);
    self.inner.commit(connection, batch).await
} }
forward! { Archive {
    holds(c: Here<'_>, after: u64, limit: usize) -> Vec<(u64, Hold)>; counts(c: Here<'_>) -> Counts;
    history(c: Here<'_>, after: u64, limit: usize) -> Vec<(u64, Happened)>;
    history_before(c: Here<'_>, before: u64, limit: usize) -> Vec<(u64, Happened)>;
    known(c: Here<'_>, name: &str) -> Option<String>;
    shown(c: Here<'_>, kind: &Kind, side: Side, id: &RecordId) -> Option<Record>;
    holds_of_kind(c: Here<'_>, kind: &Kind, after: u64, limit: usize) -> Vec<(u64, Hold)>;
    history_of(c: Here<'_>, of: &HistoryOf, after: u64, limit: usize) -> Vec<(u64, Happened)>;
} }
