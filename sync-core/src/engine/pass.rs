//! One pass over a store: a cycle, or a plan in a scratch copy.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use jiff::Timestamp;

use crate::{
    connector::{Connector, ConnectorError, Reason},
    engine::{
        EngineError, Shared,
        applying::{abreast::Place, key_look_up::Creates},
        by_hand::approved::Approval,
        reading::walked::Memory,
        report::{CycleReport, PlanCounts},
        skew::Skew,
    },
    guards::{GuardName, GuardStop},
    id::{CauseId, Epoch, IntentId, Kind, RecordId, RunId},
    observer::Event,
    pairing::Pairing,
    side::{Both, Side},
    store::{Batch, Dirty, Happened, Marker, Op, Store, StoreError},
};

pub(super) struct Pass<'a> {
    pub(super) shared: &'a Shared,
    pub(super) memory: &'a Memory,
    pub(super) store: Arc<dyn Store>,
    pub(super) epoch: Epoch,
    pub(super) numbers: &'a AtomicU64,
    /// Its number, which the history keeps.
    pub(super) run: RunId,
    /// When it began, by our clock.
    pub(super) began: Timestamp,
    pub(super) skew: Both<Skew>,
    pub(super) report: CycleReport,
    pub(super) counts: PlanCounts,
    /// What is to be created, by kind and side.
    pub(super) creates: Creates,
    pub(super) failures: Both<u32>,
    /// A plan in a scratch copy: what would be held is held there, to be shown.
    pub(super) dry: bool,
    /// The steps of an approved plan: no others are done.
    pub(super) approval: Option<Approval>,
    /// Why an entry was left for later, if it was.
    pub(super) not_done: Option<&'static str>,
    /// Parents whose children were read, and when.
    pub(super) visited: BTreeMap<(Kind, Side, RecordId), Timestamp>,
    /// Who was read since a reference to them is blank.
    pub(super) looked: BTreeSet<(Kind, Side, RecordId)>,
    /// So much is missing on a side that nothing is done.
    pub(super) emptied: Option<GuardStop>,
    /// Records that this entry has to itself.
    pub(super) reserved: Vec<Place>,
    /// When the connection first read, where that counts.
    pub(super) connected: Option<Timestamp>,
    /// Since when the store has followed both systems.
    pub(super) followed: Option<Timestamp>,
    /// It met a record that another entry has: it is applied again when it is alone.
    pub(super) again: bool,
    /// Requests of the day before this pass.
    pub(super) spent: Both<u64>,
}

/// Below this many links a share of them says nothing.
pub(super) const FEW: u64 = 20;

/// Failures in a row after which a side is given up for the cycle.
const PATIENCE: u32 = 3;

impl<'a> Pass<'a> {
    pub(super) fn new(
        shared: &'a Shared,
        memory: &'a Memory,
        store: Arc<dyn Store>,
        epoch: Epoch,
        numbers: &'a AtomicU64,
        skew: Both<Skew>,
    ) -> Self {
        let mut pass = Self {
            shared,
            memory,
            store,
            epoch,
            numbers,
            run: 0,
            began: shared.clock.now(),
            skew,
            report: CycleReport::default(),
            counts: PlanCounts::default(),
            creates: Creates::default(),
            failures: Both::default(),
            dry: false,
            approval: None,
            not_done: None,
            visited: BTreeMap::new(),
            looked: BTreeSet::new(),
            emptied: None,
            reserved: Vec::new(),
            connected: None,
            followed: None,
            again: false,
            spent: Both::default(),
        };
        pass.run = pass.number();
        pass.report.run = pass.run;
        pass
    }

    /// The whole cycle.
    pub(super) async fn run(&mut self) -> Result<(), EngineError> {
        self.count_on().await?;
        let done = self.steps().await;
        self.note_count().await?;
        done
    }

    async fn steps(&mut self) -> Result<(), EngineError> {
        self.look().await?;
        self.retry_due_holds().await?;
        self.recover().await?;
        self.stage().await?;
        if let Some(stop) = self.judge().await? {
            self.notice(&Event::Stopped(&stop));
            self.report.guard = Some(stop);
            return Ok(());
        }
        self.apply().await?;
        self.fade_tombstones().await
    }

    /// Reads what changed on both sides, all kinds.
    pub(super) async fn look(&mut self) -> Result<(), EngineError> {
        self.note_the_beginning().await?;
        self.read_blockers().await?;
        for pairing in &self.shared.pairings {
            for side in Side::BOTH {
                self.read(pairing, side).await?;
            }
        }
        Ok(())
    }

    /// Holds the staged plan against the guards.
    pub(super) async fn judge(&self) -> Result<Option<GuardStop>, StoreError> {
        if self.emptied.is_some() {
            return Ok(self.emptied.clone());
        }
        let guards = self.shared.guards;
        let counts = self.counts;
        let links = self.store.counts(&self.shared.connection).await?.links;
        let share = guards.share.filter(|_| links >= FEW);
        let share = share.map(|percent| links * u64::from(percent) / 100);
        // A move fires what a create fires.
        let creates = Both::from_fn(|side| counts.creates[side] + counts.moves[side]);
        // What is updated on one side was changed on the other.
        let changed = Both::from_fn(|side| counts.updates[!side] + counts.moves[!side]);
        let judged = [
            (GuardName::Missing, share, counts.missing),
            (GuardName::Deletes, guards.deletes, counts.deletes),
            (GuardName::Creates, guards.creates, creates),
            (GuardName::Updates, guards.updates, counts.updates),
            (GuardName::Changed, share, changed),
        ];
        Ok(judged.into_iter().find_map(|(guard, limit, planned)| {
            let limit = limit? + u64::from(planted!("guard-off-by-one"));
            let side = Side::BOTH.into_iter().find(|side| planned[*side] > limit)?;
            Some(GuardStop {
                side,
                guard,
                planned: planned[side],
                limit,
            })
        }))
    }

    pub(super) fn connector(&self, side: Side) -> &'a dyn Connector {
        &*self.shared.connectors[side]
    }

    pub(super) fn pairing(&self, kind: &Kind) -> Option<&'a Pairing> {
        self.shared.pairings.iter().find(|p| p.kind == *kind)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    pub(super) async fn commit(&self, mut ops: Vec<Op>) -> Result<(), StoreError> {
        if ops.is_empty() {
            return Ok(());
        }
        let indexed = ops.iter().filter_map(|op| self.index_of(op));
        let indexed: Vec<Op> = indexed.collect();
        ops.extend(indexed);
        let batch = Batch {
            epoch: self.epoch,
            ops,
        };
        self.store.commit(&self.shared.connection, batch).await
    }

    pub(super) fn notice(&self, event: &Event<'_>) {
        self.shared.notice(event);
    }

    /// Puts an event into the history, and tells the observer.
    pub(super) fn record(&self, ops: &mut Vec<Op>, happened: Happened) {
        self.notice(&Event::Happened {
            kind: &happened.kind,
            field: happened.field.as_ref(),
            event: &happened.event,
        });
        ops.push(Op::Record(happened));
    }

    /// A number that no other opening of this store gives.
    pub(super) fn number(&mut self) -> u64 {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        self.epoch.0 << 32 | number
    }

    pub(super) fn intent_id(&mut self) -> IntentId {
        IntentId {
            epoch: self.epoch,
            number: self.number(),
        }
    }

    pub(super) fn mark(&mut self, kind: &Kind, side: Side, id: &RecordId, by: Marker) -> Op {
        let mark = self.number();
        self.mark_because(kind, side, id, by, mark)
    }

    /// Marks with the cause of an earlier change.
    pub(super) fn mark_because(
        &mut self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
        by: Marker,
        cause: CauseId,
    ) -> Op {
        let dirty = self.dirty_mark(kind, side, id, cause);
        let asked = by.asks_to_look().then_some(dirty.first);
        Op::Mark(Dirty { asked, by, ..dirty })
    }

    /// A mark of a record that has been looked at.
    pub(super) fn dirty_mark(
        &mut self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
        cause: CauseId,
    ) -> Dirty {
        Dirty {
            kind: kind.clone(),
            side,
            id: id.clone(),
            locator: None,
            mark: self.number(),
            first: self.now(),
            asked: None,
            by: Marker::Feed,
            cause,
        }
    }

    /// Counts a call, and what it says of the server's clock.
    pub(super) fn called(&mut self, side: Side, asked: Timestamp, server_time: Option<Timestamp>) {
        self.report.requests[side] += 1;
        let now = self.now();
        self.skew[side].measure(server_time, asked, now);
    }

    /// Notes a failure; true when the side is given up for this cycle.
    pub(super) fn failed(&mut self, side: Side, error: ConnectorError) -> bool {
        self.notice(&Event::Failed {
            side,
            error: &error,
        });
        self.failures[side] += 1;
        let over = error.effect == crate::connector::Effect::NotApplied && error.stops_the_side();
        if over || self.failures[side] >= PATIENCE {
            self.report.stopped[side] = Some(error);
            return true;
        }
        false
    }

    /// Failures of entries that were applied side by side are counted together.
    pub(super) fn give_up_after_failures(&mut self, side: Side) {
        if self.failures[side] >= PATIENCE && self.report.stopped[side].is_none() {
            let message = "several calls in a row failed";
            let error = ConnectorError::not_applied("apply", Reason::Transient, message);
            self.report.stopped[side] = Some(error);
        }
    }

    pub(super) fn succeeded(&mut self, side: Side) {
        self.failures[side] = 0;
    }

    pub(super) fn is_stopped(&self, side: Side) -> bool {
        self.report.stopped[side].is_some() || self.memory.is_stopping() || self.is_spent(side)
    }

    /// Work is left whose time has not come.
    pub(super) fn wait_until(&mut self, due: Option<Timestamp>) {
        self.report.waiting += 1;
        let earliest = self.report.due.into_iter().chain(due).min();
        self.report.due = earliest;
    }
}
