//! What a cycle did, and what it would do.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    connector::ConnectorError,
    guards::GuardStop,
    id::ConnectionId,
    side::{Both, Side},
    step::Staged,
    store::{Store, StoreError},
};

/// What a cycle did.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct CycleReport {
    /// Calls to each connector, whatever they were for.
    pub requests: Both<u64>,
    /// Rows read.
    pub rows: Both<u64>,
    /// Records read by id: in doubt, or before something on them is replaced.
    pub looks: u64,
    /// Pairs of records that were found to be the same thing.
    pub linked: u64,
    /// Records created.
    pub created: Both<u64>,
    /// Records updated.
    pub updated: Both<u64>,
    /// Creates whose reply was lost and that were found again.
    pub adopted: u64,
    /// Conflicts that a rule answered.
    pub decided: u64,
    /// Changes kept back for a person in this cycle.
    pub held: u64,
    /// Records whose turn comes later.
    pub waiting: u64,
    /// When waiting is over, as far as known.
    pub due: Option<Timestamp>,
    /// The guard that stopped the cycle before anything was applied.
    pub guard: Option<GuardStop>,
    /// Why a side was given up for this cycle.
    pub stopped: Both<Option<ConnectorError>>,
}

impl CycleReport {
    /// Calls that wrote something.
    pub fn writes(&self) -> u64 {
        let of = |both: Both<u64>| both.left + both.right;
        of(self.created) + of(self.updated)
    }

    /// Whether there is nothing that another cycle could do now.
    pub fn is_settled(&self) -> bool {
        self.writes() == 0
            && self.linked == 0
            && self.adopted == 0
            && self.waiting == 0
            && self.guard.is_none()
            && self.stopped.left.is_none()
            && self.stopped.right.is_none()
    }
}

/// How much a plan does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct PlanCounts {
    /// Pairs of records that become linked.
    pub links: u64,
    /// Records created.
    pub creates: Both<u64>,
    /// Records updated.
    pub updates: Both<u64>,
    /// Records deleted.
    pub deletes: Both<u64>,
    /// Calls that it takes.
    pub calls: Both<u64>,
    /// Records that are read by id before something on them is replaced.
    pub looks: Both<u64>,
    /// Records whose turn comes later.
    pub waiting: u64,
}

/// What a cycle would do. It lives in a scratch copy of the store.
pub struct Plan {
    pub(super) connection: ConnectionId,
    /// How much it does.
    pub counts: PlanCounts,
    /// Changes that would be held.
    pub holds: u64,
    /// The guard that would stop a run.
    pub guard: Option<GuardStop>,
    /// What was read to make it.
    pub read: CycleReport,
    pub(super) scratch: Arc<dyn Store>,
}

impl Plan {
    /// Its steps after a sequence number.
    pub async fn steps(&self, after: u64, limit: usize) -> Result<Vec<Staged>, StoreError> {
        self.scratch.staged(&self.connection, after, limit).await
    }

    /// The scratch store, with the holds that would be made.
    pub fn scratch(&self) -> &Arc<dyn Store> {
        &self.scratch
    }
}

impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan")
            .field("counts", &self.counts)
            .field("holds", &self.holds)
            .finish_non_exhaustive()
    }
}

impl PlanCounts {
    pub(super) fn count(&mut self, staged: &Staged) {
        self.links += u64::from(staged.links.is_some());
        for side in Side::BOTH {
            if let Some(write) = &staged.writes[side] {
                let counter = if write.create {
                    &mut self.creates
                } else {
                    &mut self.updates
                };
                counter[side] += 1;
                self.calls[side] += write.calls.len() as u64;
                self.looks[side] += u64::from(write.look);
            }
        }
    }
}
