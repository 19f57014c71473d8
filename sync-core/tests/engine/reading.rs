//! Lanes: late rows, walks that tell who is missing, and connectors that lie.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use sync_core::{
    AccountId, Body, Both, Call, Capabilities, Change, Connector, ConnectorError, Cursor, Draft,
    Engine, EngineBuilder, FirstSync, GuardName, Guards, Hint, Kind, Lane, LaneFault, LaneKey,
    MatchKey, Memo, Page, Reading, RecordId, Ref, Reply, Row, Seen, Side, Store, Target, Unfit,
    testing::Model,
};

use crate::world::{ByEmail, CONTACT, LAG, NAME, World, connection, newest_or, person};

fn rename(world: &World, id: &RecordId, to: &str) {
    world.left.edit(id, |record| {
        record.set(&NAME, to.to_owned());
    });
}

#[tokio::test]
async fn a_row_that_appears_late_is_met_by_the_settled_lane() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    let (left, right) = (world.left.clone(), world.right.clone());
    let engine = builder(&world, Arc::new(left), Arc::new(right));
    *world.engine() = engine
        .walk_every(Duration::from_secs(86_400))
        .build()
        .unwrap();
    world.settle().await;
    let late = Duration::from_secs(1_500);
    rename(&world, &ada, "Ada L");
    world.left.appears_late(&ada, late);
    for _ in 0..30 {
        world.clock.advance(Duration::from_secs(60));
        world.cycle().await;
    }
    let name = |world: &World| {
        world
            .right
            .records()
            .into_values()
            .next()
            .unwrap()
            .get(&NAME)
    };
    assert_eq!(name(&world).unwrap(), "Ada", "the fast lane has passed it");
    world.clock.advance(Duration::from_secs(3_600));
    world.settle().await;
    assert_eq!(name(&world).unwrap(), "Ada L");
}

async fn many(world: &mut World, count: usize) -> Vec<RecordId> {
    let enter = |n| {
        world
            .left
            .enter(&person(&format!("P{n}"), &format!("p{n}@example.com")))
    };
    let ids = (0..count).map(enter).collect();
    world.settle().await;
    // Until what the engine wrote is older than any lag.
    world.clock.advance(LAG * 4);
    ids
}

#[tokio::test]
async fn a_walk_looks_for_the_linked_records_that_it_did_not_meet() {
    let mut world = World::new();
    let ids = many(&mut world, 12).await;
    world.left.page_size(5);
    world.left.delete_record(&ids[3]);
    world.clock.advance(Duration::from_secs(3_700));
    let report = world.cycle().await;
    assert_eq!(report.looks, 1);
    assert_eq!(world.right.records().len(), 12, "missing is not deleted");
}

#[tokio::test]
async fn a_walk_that_was_begun_before_a_restart_does_not_judge() {
    let mut world = World::new();
    let ids = many(&mut world, 12).await;
    world.left.page_size(5);
    world.clock.advance(Duration::from_secs(3_700));
    let state = LaneKey {
        side: Side::Left,
        kind: CONTACT,
        lane: Lane::Walk,
    };
    let lying = Lying::over(&world.left, Lie::WalksOnly(2));
    let engine = builder(&world, Arc::new(lying), Arc::new(world.right.clone()));
    *world.engine() = engine
        .walk_every(Duration::from_secs(3_600))
        .build()
        .unwrap();
    world.cycle().await;
    let begun = world.store.lane(&connection(), &state).await.unwrap();
    assert!(begun.unwrap().started.is_some());
    world.left.delete_record(&ids[3]);
    world.restart();
    let report = world.cycle().await;
    assert_eq!(report.looks, 0);
    world.clock.advance(Duration::from_secs(3_700));
    assert_eq!(world.cycle().await.looks, 1, "the next walk does");
}

#[tokio::test]
async fn a_side_that_is_suddenly_empty_stops_the_cycle() {
    let mut world = World::with(FirstSync::default(), Guards::default());
    let ids = many(&mut world, 30).await;
    for id in &ids {
        world.left.delete_record(id);
    }
    world.clock.advance(Duration::from_secs(3_700));
    for _ in 0..2 {
        let report = world.cycle().await;
        let stop = report.guard.unwrap();
        assert_eq!((stop.guard, stop.side), (GuardName::Missing, Side::Left));
        assert_eq!((stop.planned, report.looks), (30, 0));
    }
}

/// How a connector lies about its feed.
#[derive(Clone, Copy, PartialEq)]
enum Lie {
    /// The cursor never moves.
    Stuck,
    /// Every page is the first one, under another cursor.
    Repeats,
    /// A read by id answers with another record.
    AnotherRecord,
    /// No walk goes on after so many pages.
    WalksOnly(u32),
    /// The mapper panics over a name.
    Panics(&'static str),
}

struct Lying {
    model: Model,
    lie: Lie,
    pages: Mutex<u32>,
}

impl Lying {
    fn over(model: &Model, lie: Lie) -> Self {
        Self {
            model: model.clone(),
            lie,
            pages: Mutex::new(0),
        }
    }
}

#[async_trait]
impl Connector for Lying {
    fn capabilities(&self, kind: &Kind) -> Option<&Capabilities> {
        self.model.capabilities(kind)
    }

    fn read(&self, kind: &Kind, row: &Row, memo: &Memo) -> Reading {
        let reading = self.model.read(kind, row, memo);
        if let (Lie::Panics(name), Some(shown)) = (self.lie, reading.record.get(&NAME)) {
            assert!(shown != name, "a bug in the mapper");
        }
        reading
    }

    fn draft(&self, kind: &Kind, change: &Change<'_, Row>) -> Result<Draft<Body>, Unfit> {
        self.model.draft(kind, change)
    }

    async fn account(&self) -> Result<AccountId, ConnectorError> {
        self.model.account().await
    }

    async fn changes(
        &self,
        kind: &Kind,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<Page, ConnectorError> {
        let number = {
            let mut pages = self.pages.lock().unwrap();
            *pages += u32::from(lane == Lane::Walk || self.lie == Lie::Repeats);
            *pages
        };
        match (self.lie, from) {
            (Lie::Stuck, Some(from)) => {
                let page = self.model.changes(kind, lane, Some(from)).await?;
                Ok(Page {
                    next: from.clone(),
                    more: true,
                    ..page
                })
            }
            (Lie::Repeats, _) => {
                let page = self.model.changes(kind, Lane::Walk, None).await?;
                Ok(Page {
                    next: Cursor(number.to_string()),
                    more: true,
                    ..page
                })
            }
            (Lie::WalksOnly(last), _) if number > last => Err(ConnectorError::not_applied(
                "changes",
                sync_core::Reason::Transient,
                "down",
            )),
            _ => self.model.changes(kind, lane, from).await,
        }
    }

    async fn children(&self, kind: &Kind, parent: &Ref) -> Result<Page, ConnectorError> {
        self.model.children(kind, parent).await
    }

    async fn fetch(&self, kind: &Kind, target: &Target) -> Result<Option<Seen>, ConnectorError> {
        if self.lie == Lie::AnotherRecord {
            let another = self.model.records().into_keys().find(|id| *id != target.id);
            return self.model.fetch(kind, &another.unwrap().into()).await;
        }
        self.model.fetch(kind, target).await
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
        self.model.send(kind, target, call).await
    }

    async fn delete(&self, kind: &Kind, target: &Target) -> Result<(), ConnectorError> {
        self.model.delete(kind, target).await
    }
}

fn builder(world: &World, left: Arc<dyn Connector>, right: Arc<dyn Connector>) -> EngineBuilder {
    let (store, clock) = (Arc::new(world.store.clone()), Arc::new(world.clock.clone()));
    let rule = newest_or(Side::Left);
    Engine::builder(
        connection(),
        Both::new(left, right),
        store,
        clock,
        ByEmail,
        rule,
    )
    .kinds([CONTACT])
    .guards(Guards::OFF)
}

fn lie(world: &mut World, lie: Lie) {
    let lying = Lying::over(&world.left, lie);
    let engine = builder(world, Arc::new(lying), Arc::new(world.right.clone()));
    *world.engine() = engine.build().unwrap();
}

#[tokio::test]
async fn a_lane_that_does_not_end_stops_alone_and_the_other_side_is_synced() {
    for told in [Lie::Stuck, Lie::Repeats] {
        let mut world = World::new();
        let ada = world.left.enter(&person("Ada", "ada@example.com"));
        world.settle().await;
        lie(&mut world, told);
        let twin = world.right.records().into_keys().next().unwrap();
        world.right.edit(&twin, |record| {
            record.set(&NAME, "Ada R".to_owned());
        });
        let report = world.cycle().await;
        let fault = &report.lanes[0];
        assert_eq!((fault.side, fault.lane), (Side::Left, Lane::Fast));
        assert!(matches!(
            (told, &fault.why),
            (Lie::Stuck, LaneFault::Stuck) | (_, LaneFault::Repeats)
        ));
        assert!(!report.is_settled());
        assert_eq!(
            world.left.record(&ada).unwrap().get(&NAME).unwrap(),
            "Ada R"
        );
    }
}
