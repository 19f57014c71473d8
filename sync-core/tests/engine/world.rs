//! Two systems, an engine between them, and a clock that stands still.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use sync_core::{
    Archive, Backlog, Batch, Both, Clock, ConnectionId, Connector, CycleReport, Deletes, Dirty,
    Engine, EngineBuilder, Epoch, FirstSync, Guards, Happened, Hold, Kind, Leaving, Marker,
    MemoryStore, OneWay, Op, Record, RecordId, Scope, Side, Store, StrayEdits,
    rules::{ConflictRule, NewestWins, Otherwise},
    testing::{ManualClock, Model},
};

pub(crate) use sync_core::testing::people::{
    ByEmail, CITY, CONTACT, EMAIL, NAME, TAGS, left_fields, person, right_fields,
};

/// The left index lags as a search engine does.
pub(crate) const LAG: Duration = Duration::from_secs(5);

pub(crate) struct World {
    pub(crate) clock: ManualClock,
    pub(crate) left: Model,
    pub(crate) right: Model,
    pub(crate) store: MemoryStore,
    pub(crate) first_sync: FirstSync,
    pub(crate) guards: Guards,
    pub(crate) leaving: Leaving,
    pub(crate) only_tagged: bool,
    /// What the backlog enters that was changed so many days before.
    pub(crate) backlog_days: Option<u64>,
    pub(crate) way: Option<OneWay>,
    pub(crate) reply_grace: Option<Duration>,
    engine: Engine,
}

pub(crate) fn newest_or(side: Side) -> NewestWins {
    NewestWins {
        otherwise: Otherwise::Prefer(side),
    }
}

/// So many days.
pub(crate) struct Recent(pub(crate) u64);

/// On the left only what has the tag `sync` is synced.
pub(crate) struct OnlyTagged;

impl Backlog for Recent {
    fn enters(&self, _kind: &Kind, _side: Side, _record: &Record, age: Duration) -> bool {
        age <= Duration::from_secs(self.0 * 86_400)
    }

    fn digest(&self) -> u64 {
        self.0
    }
}

impl Scope for OnlyTagged {
    fn admits(&self, _kind: &Kind, side: Side, record: &Record) -> bool {
        let tags = record.get(&TAGS);
        side == Side::Right || tags.is_some_and(|tags| tags.names().any(|tag| tag == "sync"))
    }

    fn digest(&self) -> u64 {
        1
    }
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(FirstSync::default(), Guards::OFF)
    }

    pub(crate) fn with(first_sync: FirstSync, guards: Guards) -> Self {
        let clock = ManualClock::at(Timestamp::from_second(1_800_000_000).unwrap());
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let left = Model::new("L", left_fields(), LAG, Arc::clone(&shared));
        let right = Model::new("R", right_fields(), Duration::ZERO, shared);
        let store = MemoryStore::new();
        let builder = engine(&clock, &left, &right, &store, newest_or(Side::Left));
        let engine = builder.first_sync(first_sync).guards(guards);
        Self {
            engine: engine.build().unwrap(),
            clock,
            left,
            right,
            store,
            first_sync,
            guards,
            leaving: Leaving::default(),
            only_tagged: false,
            backlog_days: None,
            way: None,
            reply_grace: None,
        }
    }

    /// Deletes follow on both sides.
    pub(crate) fn with_deletes() -> Self {
        let mut world = Self::new();
        world.leaving = Leaving::default()
            .deletes(Side::Left, Deletes::Follow)
            .deletes(Side::Right, Deletes::Follow);
        world.restart();
        world
    }

    /// Changes travel from the left to the right only.
    pub(crate) fn with_one_way(stray: StrayEdits) -> Self {
        let mut world = Self::with_deletes();
        let from = Side::Left;
        world.way = Some(OneWay { from, stray });
        world.restart();
        world
    }

    /// The program is killed and started again.
    pub(crate) fn restart(&mut self) {
        self.restart_with(newest_or(Side::Left));
    }

    pub(crate) fn restart_with(&mut self, rule: impl ConflictRule) {
        let builder = engine(&self.clock, &self.left, &self.right, &self.store, rule)
            .first_sync(self.first_sync)
            .guards(self.guards)
            .leaving(self.leaving);
        let builder = match self.only_tagged {
            true => builder.scope(OnlyTagged),
            false => builder,
        };
        let builder = match self.backlog_days {
            Some(days) => builder.backlog(Recent(days)),
            None => builder,
        };
        let builder = match self.way {
            Some(way) => builder.one_way(CONTACT, way),
            None => builder,
        };
        let builder = match self.reply_grace {
            Some(grace) => builder.reply_grace(grace),
            None => builder,
        };
        self.engine = builder.build().unwrap();
    }

    pub(crate) fn engine(&mut self) -> &mut Engine {
        &mut self.engine
    }

    pub(crate) fn model(&self, side: Side) -> &Model {
        match side {
            Side::Left => &self.left,
            Side::Right => &self.right,
        }
    }

    pub(crate) async fn cycle(&mut self) -> CycleReport {
        self.clock.advance(Duration::from_millis(10));
        self.engine.cycle().await.unwrap()
    }

    /// Cycles, with time between them, until the right was sent so many writes.
    pub(crate) async fn until_written(&mut self, count: u64) {
        while self.right.writes() < count {
            self.clock.advance(LAG * 2);
            self.cycle().await;
        }
    }

    /// Cycles, with time between them, until nothing is left to do.
    pub(crate) async fn settle(&mut self) -> CycleReport {
        let mut total = CycleReport::default();
        for _ in 0..12 {
            self.clock.advance(LAG * 2);
            let report = self.cycle().await;
            total.created.left += report.created.left;
            total.created.right += report.created.right;
            total.looks += report.looks;
            total.linked += report.linked;
            total.adopted += report.adopted;
            total.decided += report.decided;
            if report.is_settled() && self.store.counts(&connection()).await.unwrap().dirty == 0 {
                return total;
            }
            if report.waiting > 0 {
                self.clock.advance(Duration::from_secs(70));
            }
        }
        panic!("the world does not settle");
    }

    /// Somebody says that a record is to be looked at.
    pub(crate) async fn hint(&self, side: Side, id: &RecordId) {
        let mark = |epoch: u64| {
            Op::Mark(Dirty {
                kind: CONTACT,
                side,
                id: id.clone(),
                locator: None,
                mark: epoch << 32,
                first: self.clock.now(),
                asked: Some(self.clock.now()),
                by: Marker::Hint,
                cause: 0,
            })
        };
        for epoch in 1.. {
            let ops = vec![mark(epoch)];
            let batch = Batch {
                epoch: Epoch(epoch),
                ops,
            };
            if self.store.commit(&connection(), batch).await.is_ok() {
                return;
            }
        }
    }

    pub(crate) async fn holds(&self) -> Vec<Hold> {
        let holds = self.store.holds(&connection(), 0, 100).await.unwrap();
        holds.into_iter().map(|(_, hold)| hold).collect()
    }

    pub(crate) async fn history(&self) -> Vec<Happened> {
        let history = self
            .store
            .history(&connection(), 0, usize::MAX)
            .await
            .unwrap();
        history.into_iter().map(|(_, happened)| happened).collect()
    }

    /// The linked pairs, as both sides show them now.
    pub(crate) async fn pairs(&self) -> Vec<Both<Record>> {
        let links = self
            .store
            .link_page(&connection(), &CONTACT, None, usize::MAX)
            .await
            .unwrap();
        let shown = |side: Side, id: &RecordId| self.model(side).record(id).unwrap_or_default();
        let pair =
            |link: &Arc<sync_core::Link>| Both::from_fn(|side| shown(side, &link.sides[side].id));
        links.iter().map(pair).collect()
    }
}

fn engine(
    clock: &ManualClock,
    left: &Model,
    right: &Model,
    store: &MemoryStore,
    rule: impl ConflictRule,
) -> EngineBuilder {
    let sides: Both<Arc<dyn Connector>> =
        Both::new(Arc::new(left.clone()), Arc::new(right.clone()));
    let clock = Arc::new(clock.clone());
    let store = Arc::new(store.clone());
    Engine::builder(connection(), sides, store, clock, ByEmail, rule)
        .kinds([CONTACT])
        .walk_every(Duration::from_secs(3600))
}

pub(crate) fn connection() -> ConnectionId {
    ConnectionId::new("test")
}
