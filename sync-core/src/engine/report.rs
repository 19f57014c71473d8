//! What a cycle did, and what it would do.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    connector::{ConnectorError, Lane},
    engine::{EngineError, by_hand::undo::NotUndone, pass::Pass},
    guards::GuardStop,
    id::{ConnectionId, Kind, RunId},
    saved_plan::SavedPlan,
    side::{Both, Side},
    step::Staged,
    store::{Store, StoreError},
};

/// What a cycle did.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct CycleReport {
    /// The cycle's number, which the history keeps.
    pub run: RunId,
    /// Calls to each connector, whatever they were for.
    pub requests: Both<u64>,
    /// Rows read.
    pub rows: Both<u64>,
    /// Records read by id, in doubt or before something on them is replaced, and keys that were
    /// asked for before a record was created.
    pub looks: u64,
    /// Pairs of records that were found to be the same thing.
    pub linked: u64,
    /// Records created.
    pub created: Both<u64>,
    /// Records updated.
    pub updated: Both<u64>,
    /// Records created anew under another parent, in place of the old ones.
    pub moved: Both<u64>,
    /// Records deleted, because their counterparts were.
    pub deleted: Both<u64>,
    /// Creates whose reply was lost and that were found again.
    pub adopted: u64,
    /// Conflicts that a rule answered.
    pub decided: u64,
    /// Changes kept back for a person in this cycle.
    pub held: u64,
    /// Records whose turn comes later.
    pub waiting: u64,
    /// Changed records that are left as they are because what they belong to is held, missing, or
    /// out of scope. No cycle goes on with them before that is settled.
    pub frozen: u64,
    /// When waiting is over, as far as known.
    pub due: Option<Timestamp>,
    /// Whether more parents are due to be visited than one cycle may: the next one goes on at once.
    pub visits_due: bool,
    /// The guard that stopped the cycle before anything was applied.
    pub guard: Option<GuardStop>,
    /// Why a side was given up for this cycle.
    pub stopped: Both<Option<ConnectorError>>,
    /// Lanes that were given up for this cycle; everything else went on.
    pub lanes: Vec<LaneStop>,
}

/// A lane that was given up for a cycle.
#[derive(Debug, Clone)]
pub struct LaneStop {
    /// The side.
    pub side: Side,
    /// The kind.
    pub kind: Kind,
    /// The lane; the walk where a kind is read under its parents.
    pub lane: Lane,
    /// Why.
    pub why: LaneFault,
}

/// Why a lane was given up.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum LaneFault {
    /// The connector failed, in a way that does not concern other lanes.
    #[error(transparent)]
    Failed(ConnectorError),
    /// A page said that there is more, and where to go on: at that very page.
    #[error("the cursor does not move")]
    Stuck,
    /// A page showed the same records as the page before.
    #[error("a page showed the same records as the page before")]
    Repeats,
    /// It took ten times the pages of the last complete read, and says that there is more.
    #[error("{pages} pages were read, and it says that there is more")]
    Endless {
        /// How many were read.
        pages: u64,
    },
}

impl CycleReport {
    /// Adds what was done in a part of the cycle.
    pub(super) fn absorb(&mut self, part: Self) {
        self.count(&part);
        self.held += part.held;
        self.waiting += part.waiting;
        self.frozen += part.frozen;
        self.due = self.due.into_iter().chain(part.due).min();
        self.visits_due |= part.visits_due;
        self.lanes.extend(part.lanes);
        for side in Side::BOTH {
            let stopped = &mut self.stopped[side];
            *stopped = stopped.take().or_else(|| part.stopped[side].clone());
        }
    }

    /// As it was before something was planned that is planned anew.
    pub(super) fn unplan(&mut self, before: &Self) {
        self.held = before.held;
        self.waiting = before.waiting;
        self.frozen = before.frozen;
        self.due = before.due;
    }

    /// Adds up what was done.
    pub(super) fn count(&mut self, part: &Self) {
        self.linked += part.linked;
        self.adopted += part.adopted;
        self.decided += part.decided;
        self.looks += part.looks;
        for side in Side::BOTH {
            self.requests[side] += part.requests[side];
            self.rows[side] += part.rows[side];
            self.created[side] += part.created[side];
            self.updated[side] += part.updated[side];
            self.moved[side] += part.moved[side];
            self.deleted[side] += part.deleted[side];
        }
    }

    /// Calls that wrote something.
    pub fn writes(&self) -> u64 {
        let of = |both: Both<u64>| both.left + both.right;
        of(self.created) + of(self.updated) + of(self.moved) + of(self.deleted)
    }

    /// Whether there is nothing that another cycle could do now.
    pub fn is_settled(&self) -> bool {
        self.writes() == 0
            && self.linked == 0
            && self.adopted == 0
            && self.waiting == 0
            && !self.visits_due
            && self.guard.is_none()
            && self.stopped.left.is_none()
            && self.stopped.right.is_none()
            && self.lanes.is_empty()
    }
}

/// How much a plan does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanCounts {
    /// Pairs of records that become linked.
    pub links: u64,
    /// Records created.
    pub creates: Both<u64>,
    /// Records updated.
    pub updates: Both<u64>,
    /// Records created anew under another parent; each deletes the old one.
    pub moves: Both<u64>,
    /// Records deleted.
    pub deletes: Both<u64>,
    /// Linked records that are not found on a side.
    pub missing: Both<u64>,
    /// Calls that it takes.
    pub calls: Both<u64>,
    /// Records that are read by id before something on them is replaced, and those that are looked
    /// for by their keys before they are created.
    pub looks: Both<u64>,
    /// Records whose turn comes later.
    pub waiting: u64,
    /// Records that were there before, and that the first sync does not create.
    pub left_alone: u64,
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
    /// Of an undo: what it leaves as it is.
    pub left: Vec<NotUndone>,
    pub(super) made: Timestamp,
    pub(super) scratch: Arc<dyn Store>,
}

/// Steps in one page of a plan that is saved.
const PAGE: usize = 500;

impl Plan {
    /// Its steps after a sequence number.
    pub async fn steps(&self, after: u64, limit: usize) -> Result<Vec<Staged>, StoreError> {
        self.scratch.staged(&self.connection, after, limit).await
    }

    /// All of it, as a value that outlives the program.
    pub async fn save(&self) -> Result<SavedPlan, StoreError> {
        let mut steps: Vec<Staged> = Vec::new();
        loop {
            let after = steps.last().map_or(0, |step| step.sequence);
            let page = self.steps(after, PAGE).await?;
            if page.is_empty() {
                break;
            }
            steps.extend(page);
        }
        let (here, left) = (self.connection.clone(), self.left.clone());
        Ok(SavedPlan::new(here, self.made, self.counts, steps, left))
    }

    /// The scratch store, with the holds that would be made.
    pub fn scratch(&self) -> &Arc<dyn Store> {
        &self.scratch
    }
}

impl Pass<'_> {
    /// What is staged, judged and shown.
    pub(super) async fn into_plan(self, left: Vec<NotUndone>) -> Result<Plan, EngineError> {
        let here = &self.shared.connection;
        Ok(Plan {
            connection: here.clone(),
            counts: self.counts,
            holds: self.store.counts(here).await?.holds,
            guard: self.judge().await?,
            left,
            made: self.began,
            read: self.report,
            scratch: self.store,
        })
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
        if let Some(side) = staged.deletes {
            self.deletes[side] += 1;
            self.calls[side] += 1;
        }
        if staged.clears {
            self.delete_what_is_left(staged.from.0);
        }
        for side in Side::BOTH {
            if let Some(write) = &staged.writes[side] {
                let counter = match (write.create, &write.moves) {
                    (true, _) => &mut self.creates,
                    (false, Some(_)) => &mut self.moves,
                    (false, None) => &mut self.updates,
                };
                counter[side] += 1;
                self.calls[side] += write.calls.len() as u64;
                self.looks[side] += u64::from(write.look);
                if write.moves.is_some() {
                    self.delete_what_is_left(side);
                }
            }
        }
    }

    /// What a move leaves behind is read, and deleted. It is nobody's record by then, and no
    /// delete that a guard asks about.
    fn delete_what_is_left(&mut self, side: Side) {
        self.calls[side] += 1;
        self.looks[side] += 1;
    }
}
