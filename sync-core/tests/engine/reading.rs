//! Lanes: late rows, walks that tell who is missing, and connectors that lie.

use std::{sync::Arc, time::Duration};

use sync_core::{
    Both, Clock, Connector, Engine, EngineBuilder, FirstSync, GuardName, Guards, Hint,
    HistoryEvent, HoldReason, Lane, LaneFault, LaneKey, RecordId, Side, Store,
    testing::{ManualClock, ModelFault},
};

use crate::{
    lying::{Lie, Lying},
    world::{ByEmail, CITY, CONTACT, LAG, NAME, World, connection, newest_or, person},
};

pub(crate) fn rename(world: &World, id: &RecordId, to: &str) {
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

#[tokio::test]
async fn a_row_at_the_very_edge_of_the_overlap_is_met() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    rename(&world, &ada, "Ada L");
    world.left.appears_late(&ada, Duration::from_millis(1_005));
    world.clock.advance(LAG + Duration::from_millis(990));
    world.cycle().await;
    world.cycle().await;
    let there = world.right.records().into_values().next().unwrap();
    assert_eq!(there.get(&NAME).as_deref(), Some("Ada L"));
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
    assert!(report.waiting > 0);
    world.clock.advance(LAG * 2);
    assert_eq!(world.cycle().await.looks, 1, "the next walk does, at once");
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

pub(crate) fn builder(
    world: &World,
    left: Arc<dyn Connector>,
    right: Arc<dyn Connector>,
) -> EngineBuilder {
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

pub(crate) fn lie(world: &mut World, lie: Lie) {
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
        lie(&mut world, told.clone());
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

#[tokio::test]
async fn a_mapper_that_panics_over_a_record_holds_it_and_all_others_go_on() {
    let mut world = World::new();
    lie(&mut world, Lie::Panics("Bug"));
    world.left.enter(&person("Bug", "bug@example.com"));
    world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let names = world.right.records().into_values().map(|r| r.get(&NAME));
    assert_eq!(names.collect::<Vec<_>>(), [Some("Ada".to_owned())]);
    let holds = world.holds().await;
    assert!(!holds.is_empty());
    assert!(holds.iter().all(|hold| {
        hold.reason == HoldReason::Unfit && hold.message.contains("a bug in the mapper")
    }));
}

#[tokio::test]
async fn a_connector_that_answers_with_another_record_is_not_believed() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.left.enter(&person("Bob", "bob@example.com"));
    world.settle().await;
    lie(&mut world, Lie::AnotherRecord);
    let hints = world.engine().hints().await.unwrap();
    let hint = Hint {
        kind: CONTACT,
        id: ada,
        locator: None,
    };
    hints.hint(Side::Left, hint).await.unwrap();
    let writes = world.right.writes();
    let report = world.cycle().await;
    assert_eq!((report.held, report.stopped.left.is_some()), (1, false));
    assert_eq!(world.holds().await[0].reason, HoldReason::Unfit);
    assert_eq!(world.right.writes(), writes);
}

#[tokio::test]
async fn what_a_row_does_not_show_is_not_blank() {
    let mut world = World::new();
    let mut ada = person("Ada", "ada@example.com");
    ada.set(&CITY, "Oslo".to_owned());
    let ada = world.left.enter(&ada);
    world.settle().await;
    lie(&mut world, Lie::Hides);
    rename(&world, &ada, "Ada L");
    world.settle().await;
    let pair = &world.pairs().await[0];
    for side in [&pair.left, &pair.right] {
        assert_eq!(side.get(&NAME).as_deref(), Some("Ada L"));
        assert_eq!(side.get(&CITY).as_deref(), Some("Oslo"));
    }
}

#[tokio::test]
async fn a_row_that_is_older_than_what_a_hint_told_is_no_news() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    rename(&world, &ada, "one");
    world.clock.advance(Duration::from_secs(4));
    rename(&world, &ada, "two");
    world.hint(Side::Left, &ada).await;
    world.cycle().await;
    let writes = world.right.writes();
    world.clock.advance(Duration::from_millis(1_500));
    world.cycle().await;
    assert_eq!(world.right.writes(), writes, "the index is at `one`");
    let there = world.right.records().into_values().next().unwrap();
    assert_eq!(there.get(&NAME).as_deref(), Some("two"));
}

#[tokio::test]
async fn what_a_server_makes_of_our_write_is_nobodys_edit() {
    let mut world = World::new();
    let ada = world.right.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    lie(&mut world, Lie::Shouts);
    world.right.edit(&ada, |record| {
        record.set(&NAME, "Ada L".to_owned());
    });
    world.settle().await;
    let pair = &world.pairs().await[0];
    assert_eq!(pair.left.get(&NAME).as_deref(), Some("ADA L"));
    assert_eq!(pair.right.get(&NAME).as_deref(), Some("Ada L"));
    let history = world.history().await;
    let rewritten = history
        .iter()
        .any(|happened| matches!(happened.event, HistoryEvent::Rewritten { .. }));
    assert!(rewritten, "and people can read it");
}

#[tokio::test]
async fn a_write_that_is_answered_with_the_old_value_is_held_and_tried_again() {
    for cleared in [true, false] {
        let mut world = World::new();
        let mut entered = person("Ada", "ada@example.com");
        entered.set(&CITY, "Paris".to_owned());
        let ada = world.right.enter(&entered);
        world.settle().await;
        let there = world.left.records().into_keys().next().unwrap();
        let city = |world: &World| world.left.record(&there).unwrap().get(&CITY);
        lie(&mut world, Lie::Keeps);
        let wanted = (!cleared).then(|| "Rome".to_owned());
        world.right.edit(&ada, |record| {
            record.set(&CITY, wanted.clone());
        });
        world.settle().await;
        assert_eq!(city(&world).as_deref(), Some("Paris"), "{wanted:?}");
        let holds = world.holds().await;
        assert!(
            matches!(&holds[..], [hold] if hold.reason == HoldReason::Refused),
            "{holds:?}"
        );
        let writes = world.left.writes();
        world.settle().await;
        assert_eq!(world.left.writes(), writes, "not at once again");

        world.restart();
        world.clock.advance(Duration::from_secs(25 * 3_600));
        world.settle().await;
        assert_eq!(city(&world), wanted);
        assert!(world.holds().await.is_empty());
    }
}

#[tokio::test]
async fn nothing_is_created_before_both_sides_were_read_to_their_ends() {
    let mut world = World::new();
    world.left.enter(&person("Zoe", "zoe@example.com"));
    for (name, email) in [("Ada", "ada@example.com"), ("Zoe", "zoe@example.com")] {
        world.right.enter(&person(name, email));
    }
    world.right.page_size(1);
    world.clock.advance(LAG * 4);
    let right = Lying::over(&world.right, Lie::WalksOnly(1));
    let engine = builder(&world, Arc::new(world.left.clone()), Arc::new(right));
    *world.engine() = engine.build().unwrap();
    world.cycle().await;
    assert_eq!(world.left.records().len(), 1, "Ada could be there, too");
    assert_eq!(world.right.records().len(), 2, "Zoe is there already");
    world.restart();
    world.settle().await;
    assert_eq!(world.pairs().await.len(), 2);
}

#[tokio::test]
async fn a_refused_field_is_tried_again_long_before_the_next_walk() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let (left, right) = (world.left.clone(), world.right.clone());
    let engine = builder(&world, Arc::new(left), Arc::new(right));
    let engine = engine.walk_every(Duration::from_secs(30 * 86_400));
    *world.engine() = engine.build().unwrap();
    let refuse = ModelFault::RefuseField(NAME.key().clone());
    world.right.next_writes([Some(refuse)]);
    rename(&world, &ada, "Ada L");
    world.settle().await;
    assert_eq!(world.holds().await.len(), 1);
    world.clock.advance(Duration::from_secs(25 * 3_600));
    world.settle().await;
    assert!(world.holds().await.is_empty());
    let there = world.right.records().into_values().next().unwrap();
    assert_eq!(there.get(&NAME).as_deref(), Some("Ada L"));
}

#[tokio::test]
async fn a_record_that_always_fails_keeps_nobody_waiting() {
    let mut world = World::new();
    let ids = many(&mut world, 5).await;
    let here = connection();
    let links = world
        .store
        .links(&here, &CONTACT, Side::Left, &ids[..1])
        .await;
    let failing = links.unwrap()[0].as_ref().unwrap().sides.right.id.clone();
    let lying = Lying::over(&world.right, Lie::Fails(failing));
    let engine = builder(&world, Arc::new(world.left.clone()), Arc::new(lying));
    *world.engine() = engine.concurrency(Both::new(1, 1)).build().unwrap();
    for id in &ids {
        rename(&world, id, "new");
    }
    world.clock.advance(LAG * 2);
    assert_eq!(world.cycle().await.updated.right, 0);
    assert_eq!(world.cycle().await.updated.right, 4);
}

#[tokio::test]
async fn a_lane_without_an_end_is_read_within_a_budget_and_given_up_in_the_end() {
    let mut world = World::new();
    world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    lie(&mut world, Lie::Endless);
    let report = world.cycle().await;
    assert_eq!(report.requests.left, 1_000, "the budget of a lane");
    assert!(report.lanes.is_empty() && !report.is_settled());
    for _ in 0..10 {
        world.cycle().await;
    }
    let report = world.cycle().await;
    assert!(matches!(report.lanes[0].why, LaneFault::Endless { .. }));
}

#[tokio::test]
async fn a_create_that_answers_with_a_linked_record_is_held_and_not_repeated() {
    let mut world = World::new();
    world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let lying = Lying::over(&world.right, Lie::AnotherCreated);
    let engine = builder(&world, Arc::new(world.left.clone()), Arc::new(lying));
    *world.engine() = engine.build().unwrap();
    world.left.enter(&person("Bob", "bob@example.com"));
    world.settle().await;
    let writes = world.right.writes();
    assert_eq!(world.pairs().await.len(), 1);
    assert_eq!(world.holds().await[0].reason, HoldReason::Unfit);
    world.settle().await;
    assert_eq!(world.right.writes(), writes);
}

#[tokio::test]
async fn a_clock_that_was_put_back_does_not_keep_a_walk_waiting() {
    let mut world = World::new();
    world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let there = world.right.records().into_keys().next().unwrap();
    let back = ManualClock::at(world.clock.now() - Duration::from_secs(40 * 86_400));
    world.right.delete_record(&there);
    let (left, right) = (world.left.clone(), world.right.clone());
    let engine = builder(&world, Arc::new(left), Arc::new(right)).clock(back);
    *world.engine() = engine.build().unwrap();
    let report = world.engine().cycle().await.unwrap();
    assert!(report.rows.left > 0, "it walks: {report:?}");
}

#[tokio::test]
async fn who_is_linked_in_the_middle_of_a_walk_is_not_looked_for_at_its_end() {
    let mut world = World::new();
    // More pages than a cycle reads.
    for side in [&world.left, &world.right] {
        side.page_size(1);
        for n in 0..1_005 {
            side.enter(&person("Ada", &format!("ada{n}@example.com")));
        }
    }
    // What was changed a moment ago is known to be there.
    world.clock.advance(Duration::from_secs(600));
    let synced = world.settle().await;
    assert_eq!((synced.linked, synced.looks), (1_005, 0));
}
