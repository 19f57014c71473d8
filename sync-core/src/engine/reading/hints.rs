//! Hints: what webhooks say goes into the dirty set, also while a cycle is running.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Waker},
};

use crate::{
    clock::Clock,
    connector::Hint,
    engine::{Engine, EngineError, pass::Pass, staging::entry::Loaded},
    id::{ConnectionId, Epoch, Kind, Target},
    side::Side,
    store::{Batch, Dirty, Marker, Op, Store, StoreError},
};

/// Takes hints for an [`Engine`]. Clones share it; it may be used from anywhere, at any time.
///
/// A hint is on disk when [`hint`](Self::hint) returns, and the next cycle reads the record that
/// it names. Hints may be late, doubled, in any order, forged, or of records that do not exist:
/// nothing but a read follows from them, and one read from many of the same record.
#[derive(Clone)]
pub struct Hints {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    connection: ConnectionId,
    epoch: Epoch,
    numbers: Arc<AtomicU64>,
    kinds: Arc<[Kind]>,
    bell: Arc<Bell>,
}

impl Hints {
    /// Notes that a record is to be looked at. A hint of a kind that is not synced is ignored.
    ///
    /// Fails with [`StoreError::Fenced`] once another program has opened the connection.
    pub async fn hint(&self, side: Side, hint: Hint) -> Result<(), StoreError> {
        if !self.kinds.contains(&hint.kind) {
            return Ok(());
        }
        let number = self.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        let mark = self.epoch.0 << 32 | number;
        let now = self.clock.now();
        let dirty = Dirty {
            kind: hint.kind,
            side,
            id: hint.id,
            locator: hint.locator,
            mark,
            first: now,
            asked: Some(now),
            by: Marker::Hint,
            cause: mark,
        };
        let batch = Batch {
            epoch: self.epoch,
            ops: vec![Op::Mark(dirty)],
        };
        self.store.commit(&self.connection, batch).await?;
        self.bell.ring();
        Ok(())
    }
}

impl std::fmt::Debug for Hints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Hints").field(&self.connection).finish()
    }
}

impl Engine {
    /// A handle that takes hints. It opens the connection, if no cycle has yet.
    pub async fn hints(&mut self) -> Result<Hints, StoreError> {
        let epoch = self.epoch().await?;
        let blockers = self.shared.blockers.iter();
        let kinds = blockers.map(|blocker| &blocker.pairing);
        let kinds = self.shared.pairings.iter().chain(kinds);
        Ok(Hints {
            store: Arc::clone(&self.store),
            clock: Arc::clone(&self.shared.clock),
            connection: self.shared.connection.clone(),
            epoch,
            numbers: Arc::clone(&self.numbers),
            kinds: kinds.map(|pairing| pairing.kind.clone()).collect(),
            bell: Arc::clone(&self.bell),
        })
    }
}

/// Rung by a hint, heard by whoever waits for the next cycle.
#[derive(Default)]
pub(in crate::engine) struct Bell(Mutex<Rung>);

#[derive(Default)]
struct Rung {
    rung: bool,
    waiting: Option<Waker>,
}

impl Bell {
    fn lock(&self) -> MutexGuard<'_, Rung> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self) {
        let waiting = {
            let mut bell = self.lock();
            bell.rung = true;
            bell.waiting.take()
        };
        if let Some(waker) = waiting {
            waker.wake();
        }
    }

    /// Ready once for all rings so far.
    pub(in crate::engine) fn poll_rung(&self, context: &Context<'_>) -> Poll<()> {
        let mut bell = self.lock();
        if std::mem::take(&mut bell.rung) {
            return Poll::Ready(());
        }
        bell.waiting = Some(context.waker().clone());
        Poll::Pending
    }

    /// What rang so far is about to be read.
    pub(in crate::engine) fn hush(&self) {
        self.lock().rung = false;
    }
}

impl Pass<'_> {
    /// Where a marked record is to be read. `None` when its mark is gone, as it named nothing, or
    /// when that cannot be told now.
    pub(in crate::engine) async fn target_of(
        &mut self,
        dirty: &Dirty,
        loaded: &Loaded,
    ) -> Result<Option<Target>, EngineError> {
        let side = dirty.side;
        let told = dirty.locator.clone();
        if let Some(link) = &loaded.link {
            let mut target = link.target(side);
            target.locator = target.locator.or(told);
            return Ok(Some(target));
        }
        let seen = loaded.seen[side].as_ref();
        let known = seen.and_then(|seen| seen.locator.clone());
        let hint = Hint {
            kind: dirty.kind.clone(),
            id: dirty.id.clone(),
            locator: told.or(known),
        };
        if dirty.by != Marker::Hint {
            return Ok(Some(Target {
                id: hint.id,
                locator: hint.locator,
            }));
        }
        let found = match self.connector(side).resolve(&hint).await {
            Ok(found) => found,
            Err(error) => {
                self.report.requests[side] += 1;
                self.failed(side, error);
                return Ok(None);
            }
        };
        match found {
            Some(target) if target.id == dirty.id => Ok(Some(target)),
            Some(Target { id, locator }) => {
                let mark = match self.mark(&dirty.kind, side, &id, Marker::Doubt) {
                    Op::Mark(mark) => Op::Mark(Dirty { locator, ..mark }),
                    other => other,
                };
                self.commit(vec![mark, Op::Clear(dirty.clone())]).await?;
                Ok(None)
            }
            None => {
                self.commit(vec![Op::Clear(dirty.clone())]).await?;
                Ok(None)
            }
        }
    }
}
