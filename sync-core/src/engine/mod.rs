//! The engine: reads, plans, judges, applies. It spawns nothing and owns no runtime.

mod abreast;
mod absence;
mod account;
mod allowance;
mod apply;
mod approved;
mod blocker;
mod caught;
mod delete;
mod doubt;
mod entry;
mod forget;
mod freshness;
mod hand;
mod hints;
mod hold;
mod journal;
mod pass;
mod ping_pong;
mod read;
mod recover;
mod reference;
mod refusal;
mod report;
mod rival;
mod scope;
mod settle;
mod sift;
mod skew;
mod stage;
mod status;
mod step;
mod swap;
mod tombstone;
mod twins;
mod undo;
mod visit;
mod walked;
mod watch;
mod write;

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use crate::{
    clock::Clock,
    connector::{Connector, ConnectorError, Feed},
    first_sync::FirstSync,
    guards::Guards,
    id::{AccountId, ConnectionId, Epoch, Kind},
    leaving::{Leaving, Scope},
    matching::Matcher,
    observer::{Event, Observer},
    pairing::{Pairing, ShapeMismatch},
    rules::ConflictRule,
    side::{Both, Side},
    store::{Store, StoreError},
};

pub use allowance::Allowance;
pub use approved::Applied;
use blocker::Blocker;
pub use forget::Forgotten;
use hints::Bell;
pub use hints::Hints;
use pass::Pass;
pub use report::{CycleReport, LaneFault, LaneStop, Plan, PlanCounts};
pub use settle::Outcome;
use skew::Skew;
pub use status::{KindStatus, LaneStatus, SideStatus, Status};
pub use twins::Twin;
pub use undo::{NotUndone, Undo};
use walked::Memory;

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
    guards: Guards,
    leaving: Leaving,
    scope: Option<Arc<dyn Scope>>,
    settled_every: Duration,
    walk_every: Duration,
    sweep_every: Duration,
    visits: usize,
    concurrency: usize,
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

/// Settings of an [`Engine`].
pub struct EngineBuilder {
    shared: Shared,
    store: Arc<dyn Store>,
    kinds: Vec<Kind>,
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
        "the {side} credential opens the account `{found}`, but this connection belongs to `{pinned}`; use the right credential, or a connection of its own"
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

/// Why an engine cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A side does not know a kind.
    #[error("the {side} connector does not know the kind `{kind}`")]
    UnknownKind {
        /// The side.
        side: Side,
        /// The kind.
        kind: Kind,
    },
    /// A kind that is read under each parent, whose parents are not synced, or only after it.
    #[error(
        "the {side} side reads `{kind}` under each `{parent}`; name the kind `{parent}` before it"
    )]
    NoParent {
        /// The side.
        side: Side,
        /// The kind.
        kind: Kind,
        /// The kind of its parents.
        parent: Kind,
    },
    /// The mappers disagree on a field's type.
    #[error(transparent)]
    Shape(#[from] ShapeMismatch),
}

impl Engine {
    /// Starts with what an engine cannot do without.
    pub fn builder(
        connection: ConnectionId,
        connectors: Both<Arc<dyn Connector>>,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        matcher: impl Matcher,
        rule: impl ConflictRule,
    ) -> EngineBuilder {
        EngineBuilder {
            shared: Shared {
                connection,
                connectors,
                clock,
                pairings: Vec::new(),
                matcher: Arc::new(matcher),
                rule: Arc::new(rule),
                observers: Vec::new(),
                first_sync: FirstSync::default(),
                guards: Guards::default(),
                leaving: Leaving::default(),
                scope: None,
                settled_every: Duration::from_secs(3600),
                walk_every: Duration::from_secs(24 * 3600),
                sweep_every: Duration::from_secs(24 * 3600),
                visits: 100,
                concurrency: 4,
                poll_floor: Duration::from_secs(15),
                allowances: Both::default(),
                blockers: Vec::new(),
                retry_refused: Duration::from_secs(24 * 3600),
                reply_grace: Duration::from_secs(60),
            },
            store,
            kinds: Vec::new(),
        }
    }

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

impl std::fmt::Debug for EngineBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EngineBuilder")
            .field("connection", &self.shared.connection)
            .field("kinds", &self.kinds)
            .finish_non_exhaustive()
    }
}

impl EngineBuilder {
    /// What is synced, in order: references point backwards.
    pub fn kinds(mut self, kinds: impl IntoIterator<Item = Kind>) -> Self {
        self.kinds.extend(kinds);
        self
    }

    /// Another clock than the one that it was begun with.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.shared.clock = Arc::new(clock);
        self
    }

    /// What happens to records that meet for the first time.
    pub fn first_sync(mut self, policy: FirstSync) -> Self {
        self.shared.first_sync = policy;
        self
    }

    /// How much a cycle may do before it asks.
    pub fn guards(mut self, guards: Guards) -> Self {
        self.shared.guards = guards;
        self
    }

    /// What happens to records that are deleted, or that leave the scope.
    pub fn leaving(mut self, policy: Leaving) -> Self {
        self.shared.leaving = policy;
        self
    }

    /// What is synced; everything unless told otherwise.
    pub fn scope(mut self, scope: impl Scope) -> Self {
        self.shared.scope = Some(Arc::new(scope));
        self
    }

    /// Who hears of what happens, besides those named before.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.shared.observers.push(Arc::new(observer));
        self
    }

    /// How often what changed is read again from an hour back, for rows that appear late; an hour
    /// unless told otherwise.
    pub fn settled_every(mut self, interval: Duration) -> Self {
        self.shared.settled_every = interval;
        self
    }

    /// Within what time every parent is visited, where a kind is read under its parents; a day
    /// unless told otherwise. One that moved, or that a hint names, is visited sooner.
    pub fn sweep_every(mut self, interval: Duration) -> Self {
        self.shared.sweep_every = interval;
        self
    }

    /// How many parents a cycle visits at most for each kind and side; 100 unless told otherwise.
    pub fn visits(mut self, parents: usize) -> Self {
        self.shared.visits = parents.max(2);
        self
    }

    /// How many entries of a plan are applied side by side; 4 unless told otherwise. With one, the
    /// calls go out one by one, always in the same order.
    pub fn concurrency(mut self, entries: usize) -> Self {
        self.shared.concurrency = entries.max(1);
        self
    }

    /// How many requests a side's account allows. [`Engine::watch`] polls as often as that lets
    /// it, and a cycle ends when the day's share is used.
    pub fn allowance(mut self, side: Side, allowance: Allowance) -> Self {
        self.shared.allowances[side] = Some(allowance);
        self
    }

    /// How long [`Engine::watch`] waits at least between two cycles; 15 seconds unless told
    /// otherwise. A hint does not wait.
    pub fn poll_floor(mut self, interval: Duration) -> Self {
        self.shared.poll_floor = interval;
        self
    }

    /// A kind that is read on one side only and never written: as long as an unlinked record of it
    /// shares a match key, a record of the kind `holds` is not created there. So an open lead
    /// holds a contact. A record for which the matcher gives no keys, such as a converted lead,
    /// is in nobody's way.
    pub fn blocks(mut self, side: Side, kind: Kind, holds: Kind) -> Self {
        self.shared.blockers.push(Blocker {
            side,
            pairing: Pairing {
                kind,
                fields: Vec::new(),
            },
            holds,
        });
        self
    }

    /// How often everything is read by content; a day unless told otherwise.
    pub fn walk_every(mut self, interval: Duration) -> Self {
        self.shared.walk_every = interval;
        self
    }

    /// When a refused field is tried again; a day unless told otherwise.
    pub fn retry_refused_after(mut self, interval: Duration) -> Self {
        self.shared.retry_refused = interval;
        self
    }

    /// How long a request may be on its way after its reply was given up; a minute unless told
    /// otherwise. A lost create is not repeated before that and the index lag have passed.
    pub fn reply_grace(mut self, grace: Duration) -> Self {
        self.shared.reply_grace = grace;
        self
    }

    /// Checks that both sides know the kinds and agree on the fields' types.
    pub fn build(mut self) -> Result<Engine, BuildError> {
        for kind in &self.kinds {
            let mut fields = Vec::new();
            for side in Side::BOTH {
                let capabilities = self.shared.connectors[side].capabilities(kind);
                let known = capabilities.ok_or_else(|| BuildError::UnknownKind {
                    side,
                    kind: kind.clone(),
                })?;
                if let Feed::ByParent { parent } = &known.feed
                    && !self
                        .shared
                        .pairings
                        .iter()
                        .any(|earlier| earlier.kind == *parent)
                {
                    let (kind, parent) = (kind.clone(), parent.clone());
                    return Err(BuildError::NoParent { side, kind, parent });
                }
                fields.push(&known.fields);
            }
            let pairing = Pairing::new(kind.clone(), fields[0], fields[1])?;
            self.shared.pairings.push(pairing);
        }
        for Blocker { side, pairing, .. } in &self.shared.blockers {
            let kind = pairing.kind.clone();
            if self.shared.connectors[*side].capabilities(&kind).is_none() {
                return Err(BuildError::UnknownKind { side: *side, kind });
            }
        }
        Ok(Engine {
            shared: self.shared,
            store: self.store,
            epoch: None,
            numbers: Arc::default(),
            skew: Both::default(),
            accounts_checked: false,
            memory: Arc::default(),
            bell: Arc::default(),
        })
    }
}
