//! The engine: reads, plans, judges, applies. It spawns nothing and owns no runtime.

mod account;
mod allowance;
mod applying;
mod builder;
mod by_hand;
mod caught;
mod hold;
mod leaving;
mod pass;
mod reading;
mod report;
mod settle;
mod skew;
mod staging;
mod status;
mod watch;

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use crate::{
    clock::Clock,
    connector::{Connector, ConnectorError},
    first_sync::{Backlog, FirstSync},
    guards::Guards,
    id::{AccountId, ConnectionId, Epoch},
    leaving::{Leaving, Scope},
    matching::Matcher,
    observer::{Event, Observer},
    pairing::Pairing,
    rules::ConflictRule,
    side::{Both, Side},
    store::{Store, StoreError},
};

pub use allowance::{Allowance, UsedToday};
pub use builder::{BuildError, EngineBuilder};
pub use by_hand::approved::Applied;
pub use by_hand::forget::Forgotten;
pub use by_hand::twins::Twin;
pub use by_hand::undo::{NotUndone, Undo};
use pass::Pass;
use reading::hints::Bell;
pub use reading::hints::Hints;
use reading::walked::Memory;
pub use report::{CycleReport, LaneFault, LaneStop, Plan, PlanCounts};
pub use settle::Outcome;
use skew::Skew;
use staging::blocker::Blocker;
pub use status::{KindStatus, LaneStatus, SideStatus, Status};

/// A two-way sync of one connection.
///
/// The [front page](crate) has a whole program. One [`cycle`](Self::cycle) at a time; between two of them
/// the program may end, or die.
///
/// A cycle can be dropped at any await: what was sent is in the journal, and
/// the next cycle settles it by looking.
pub struct Engine {
    shared: Shared,
    store: Arc<dyn Store>,
    epoch: Option<Epoch>,
    /// Counted also by a cycle that is dropped: no number is given twice.
    numbers: Arc<AtomicU64>,
    skew: Both<Skew>,
    accounts_checked: bool,
    memory: Arc<Memory>,
    bell: Arc<Bell>,
}

/// What does not change while the engine lives.
struct Shared {
    connection: ConnectionId,
    connectors: Both<Arc<dyn Connector>>,
    clock: Arc<dyn Clock>,
    pairings: Vec<Pairing>,
    matcher: Arc<dyn Matcher>,
    rule: Arc<dyn ConflictRule>,
    observers: Vec<Arc<dyn Observer>>,
    first_sync: FirstSync,
    backlog: Option<Arc<dyn Backlog>>,
    guards: Guards,
    leaving: Leaving,
    scope: Option<Arc<dyn Scope>>,
    settled_every: Duration,
    walk_every: Duration,
    sweep_every: Duration,
    visits: usize,
    concurrency: Both<usize>,
    poll_floor: Duration,
    allowances: Both<Option<Allowance>>,
    blockers: Vec<Blocker>,
    retry_refused: Duration,
    reply_grace: Duration,
}

impl Shared {
    fn notice(&self, event: &Event<'_>) {
        for observer in &self.observers {
            observer.notice(event);
        }
    }
}

/// Why an engine cannot go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The store failed; nothing half-done stays that the next cycle does not repair.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A side could not be asked whose data it has.
    #[error("the {side} side cannot be reached: {error}")]
    Unreachable {
        /// The side.
        side: Side,
        /// Why.
        #[source]
        error: ConnectorError,
    },
    /// The credential opens another account than the one that this connection began with.
    #[error(
        "the credential of the {side} side opens the account `{found}`, but this connection belongs to `{pinned}`; use a credential of that one, or a connection of its own"
    )]
    WrongAccount {
        /// The side.
        side: Side,
        /// The account that the connection is pinned to.
        pinned: AccountId,
        /// The account that the credential opens.
        found: AccountId,
    },
    /// A saved plan was made for another connection.
    #[error("the plan is for the connection `{plan}`, and this is `{here}`")]
    OtherPlan {
        /// The connection of the plan.
        plan: ConnectionId,
        /// This one.
        here: ConnectionId,
    },
    /// What a person asked for cannot be done.
    #[error("cannot {what}: {why}")]
    Impossible {
        /// What was asked for.
        what: &'static str,
        /// Why not, and what to do.
        why: String,
    },
}

impl Engine {
    /// Reads what changed, plans, judges the plan, and applies it.
    pub async fn cycle(&mut self) -> Result<CycleReport, EngineError> {
        self.check_accounts().await?;
        let epoch = self.epoch().await?;
        self.memory.stop(false);
        let mut pass = self.pass(Arc::clone(&self.store), epoch);
        // A large future would be part of each future that has a cycle in it.
        let result = Box::pin(pass.run()).await;
        let (report, skew) = (pass.report, pass.skew);
        self.skew = skew;
        result.map(|()| report)
    }

    /// What a cycle would do. Reads both sides, writes to neither, and moves nothing in the store.
    pub async fn plan(&mut self) -> Result<Plan, EngineError> {
        self.compare_accounts().await?;
        let scratch = self.store.scratch().await?;
        let epoch = scratch.open(&self.shared.connection).await?;
        let mut pass = self.pass(scratch, epoch);
        pass.dry = true;
        Box::pin(pass.look()).await?;
        Box::pin(pass.stage()).await?;
        pass.into_plan(Vec::new()).await
    }

    /// The store, for those who show what is in it.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The connection.
    pub fn connection(&self) -> &ConnectionId {
        &self.shared.connection
    }

    /// The clock that it was given.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared.clock
    }

    /// Changes the guards, as after a person has approved a plan.
    pub fn set_guards(&mut self, guards: Guards) {
        self.shared.guards = guards;
    }

    fn pass(&self, store: Arc<dyn Store>, epoch: Epoch) -> Pass<'_> {
        Pass::new(
            &self.shared,
            &self.memory,
            store,
            epoch,
            &self.numbers,
            self.skew,
        )
    }

    async fn epoch(&mut self) -> Result<Epoch, StoreError> {
        match self.epoch {
            Some(epoch) => Ok(epoch),
            None => {
                let epoch = self.store.open(&self.shared.connection).await?;
                self.epoch = Some(epoch);
                Ok(epoch)
            }
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("connection", &self.shared.connection)
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}
