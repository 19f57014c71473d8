//! What an embedder brings is broken: mappers, rules and matchers that panic or break their laws,
//! and connectors that say what is not so of themselves.

use std::{sync::Arc, time::Duration};

use sync_core::{
    Both, Deletes, Engine, FieldKey, Guards, HistoryEvent, HoldReason, Kind, Leaving, MatchKey,
    Matcher, Record, RecordId, Side, Value,
    rules::{Conflict, ConflictRule, Verdict},
    testing::ModelFault,
};

use crate::{
    lying::{Drafted, Lie, Lying},
    reading::{builder, lie, rename},
    world::{ByEmail, CITY, CONTACT, EMAIL, NAME, World, connection, newest_or, person},
};

const BUG: &str = "Bug";
/// Longer than the worlds wait between two walks.
const WALK: Duration = Duration::from_secs(3_700);

fn names(world: &World, side: Side) -> Vec<String> {
    let records = world.model(side).records().into_values();
    let mut names: Vec<String> = records.filter_map(|record| record.get(&NAME)).collect();
    names.sort();
    names
}

/// The ids of a pair by the name that its left record shows.
fn ids(world: &World, name: &str) -> Both<RecordId> {
    let find = |side: Side| {
        let records = world.model(side).records().into_iter();
        let mut named = records.filter(|(_, record)| record.get(&NAME).as_deref() == Some(name));
        named.next().unwrap().0
    };
    Both::from_fn(find)
}

/// Ada and Bob are linked, and Ada lives in Oslo.
async fn linked() -> World {
    let mut world = World::new();
    let mut ada = person("Ada", "ada@example.com");
    ada.set(&CITY, "Oslo".to_owned());
    world.left.enter(&ada);
    world.left.enter(&person("Bob", "bob@example.com"));
    world.settle().await;
    world
}

fn set(world: &World, side: Side, id: &RecordId, name: &str) {
    world.model(side).edit(id, |record| {
        record.set(&NAME, name.to_owned());
    });
}

/// After a walk over both sides nothing is written any more.
async fn is_quiet(world: &mut World) {
    world.clock.advance(WALK);
    world.settle().await;
    let writes = world.left.writes() + world.right.writes();
    world.clock.advance(WALK);
    world.settle().await;
    assert_eq!(world.left.writes() + world.right.writes(), writes);
}

#[tokio::test]
async fn a_mapper_that_panics_over_a_write_holds_it_and_all_others_go_on() {
    let mut world = linked().await;
    let ada = ids(&world, "Ada");
    lie(&mut world, Lie::PanicsInWrite(BUG));
    set(&world, Side::Right, &ada.right, BUG);
    world.right.enter(&person(BUG, "new@example.com"));
    world.right.enter(&person("Cleo", "cleo@example.com"));
    world.settle().await;
    assert_eq!(names(&world, Side::Left), ["Ada", "Bob", "Cleo"]);
    let holds = world.holds().await;
    let unfit = |hold: &sync_core::Hold| {
        hold.reason == HoldReason::Unfit && hold.message.contains("a bug in the mapper")
    };
    assert!(holds.iter().all(unfit), "{holds:?}");
    let of = |id: &RecordId| holds.iter().any(|hold| hold.ids.right.as_ref() == Some(id));
    let new = world.right.records().into_iter();
    let mut new =
        new.filter(|(_, record)| record.get(&EMAIL).unwrap().as_str() == "new@example.com");
    assert!(of(&ada.right) && of(&new.next().unwrap().0), "{holds:?}");
    is_quiet(&mut world).await;

    world.restart();
    world.clock.advance(WALK);
    world.settle().await;
    assert_eq!(names(&world, Side::Left), ["Bob", BUG, BUG, "Cleo"]);
    assert_eq!(world.holds().await, []);
}

#[tokio::test]
async fn a_draft_that_claims_more_than_was_asked_is_held_and_not_sent() {
    for (wrong, why) in [
        (Drafted::Claims, "which nobody asked for"),
        (Drafted::Creates, "makes another record"),
    ] {
        let mut world = linked().await;
        let ada = ids(&world, "Ada");
        lie(&mut world, Lie::Drafts(wrong));
        let writes = world.left.writes();
        set(&world, Side::Right, &ada.right, "Ada R");
        let bob = ids(&world, "Bob");
        set(&world, Side::Left, &bob.left, "Bob L");
        world.settle().await;
        assert_eq!(world.left.writes(), writes);
        assert_eq!(names(&world, Side::Left), ["Ada", "Bob L"]);
        assert_eq!(names(&world, Side::Right), ["Ada R", "Bob L"]);
        let holds = world.holds().await;
        assert!(
            matches!(&holds[..], [hold] if hold.reason == HoldReason::Unfit && hold.message.contains(why)),
            "{holds:?}"
        );
        is_quiet(&mut world).await;
    }
}

#[tokio::test]
async fn a_draft_that_claims_a_part_twice_writes_it_twice_and_makes_nobody_twice() {
    let mut world = linked().await;
    let ada = ids(&world, "Ada");
    lie(&mut world, Lie::Drafts(Drafted::Twice));
    set(&world, Side::Right, &ada.right, "Ada R");
    world.right.enter(&person("Cleo", "cleo@example.com"));
    world.settle().await;
    assert_eq!(names(&world, Side::Left), ["Ada R", "Bob"]);
    let holds = world.holds().await;
    let of_cleo = |hold: &sync_core::Hold| {
        hold.reason == HoldReason::Unfit && hold.message.contains("makes another record")
    };
    assert!(!holds.is_empty() && holds.iter().all(of_cleo), "{holds:?}");
    is_quiet(&mut world).await;
    world.restart();
    world.clock.advance(WALK);
    world.settle().await;
    assert_eq!(names(&world, Side::Left), ["Ada R", "Bob", "Cleo"]);
    assert_eq!(world.holds().await, []);
}

#[tokio::test]
async fn a_draft_that_writes_what_nobody_asked_for_ends_and_the_lost_value_is_in_the_history() {
    let mut world = linked().await;
    let ada = ids(&world, "Ada");
    lie(&mut world, Lie::Drafts(Drafted::More));
    set(&world, Side::Right, &ada.right, "Ada R");
    is_quiet(&mut world).await;
    for side in Side::BOTH {
        assert_eq!(names(&world, side), ["Ada R", "Bob"]);
        let shown = world.model(side).record(&ada[side]).unwrap();
        assert_eq!(shown.get(&CITY).as_deref(), Some("Nowhere"));
    }
    let history = world.history().await;
    let oslo = Some(Value::Text("Oslo".into()));
    let lost = history.iter().any(|happened| {
        matches!(&happened.event, HistoryEvent::Wrote { side: Side::Right, old, .. } if *old == oslo)
    });
    assert!(lost, "{history:?}");
}

#[tokio::test]
async fn a_draft_that_writes_another_value_is_told_and_does_not_travel_back() {
    let mut world = linked().await;
    let ada = ids(&world, "Ada");
    lie(&mut world, Lie::Drafts(Drafted::Other));
    set(&world, Side::Right, &ada.right, "Ada R");
    is_quiet(&mut world).await;
    assert_eq!(names(&world, Side::Left), ["Ada R II", "Bob"]);
    assert_eq!(names(&world, Side::Right), ["Ada R", "Bob"]);
    let history = world.history().await;
    let rewritten = history
        .iter()
        .any(|happened| matches!(happened.event, HistoryEvent::Rewritten { .. }));
    assert!(rewritten, "and people can read it");
}

/// Panics over conflicts about the bug, and over its own name; else the right side wins.
struct Panicking;

impl ConflictRule for Panicking {
    fn decide(&self, conflict: &Conflict<'_>) -> Verdict {
        let bug = Value::Text(BUG.into());
        assert!(
            conflict.versions.left.value != Some(&bug),
            "a bug in the rule"
        );
        Verdict::TakeRight
    }

    fn name(&self, _field: &FieldKey) -> &str {
        panic!("a rule without a name")
    }
}

#[tokio::test]
async fn a_rule_that_panics_holds_the_field_and_all_else_goes_on() {
    let mut world = linked().await;
    let (ada, bob) = (ids(&world, "Ada"), ids(&world, "Bob"));
    world.restart_with(Panicking);
    set(&world, Side::Left, &ada.left, BUG);
    set(&world, Side::Right, &ada.right, "Ada R");
    world.left.edit(&ada.left, |record| {
        record.set(&CITY, "Bergen".to_owned());
    });
    set(&world, Side::Left, &bob.left, "Bob L");
    set(&world, Side::Right, &bob.right, "Bob R");
    world.settle().await;
    assert_eq!(names(&world, Side::Left), ["Bob R", BUG]);
    assert_eq!(names(&world, Side::Right), ["Ada R", "Bob R"]);
    let city = world.right.record(&ada.right).unwrap().get(&CITY);
    assert_eq!(city.as_deref(), Some("Bergen"), "another field of Ada's");
    let holds = world.holds().await;
    assert!(
        matches!(&holds[..], [hold] if hold.reason == HoldReason::Conflict
            && hold.message.contains("a bug in the rule")
            && hold.field.as_ref() == Some(NAME.key())),
        "{holds:?}"
    );
    let history = world.history().await;
    let decided = history.iter().any(|happened| {
        matches!(&happened.event, HistoryEvent::Decided { rule, .. } if rule.contains("without a name"))
    });
    assert!(decided, "{history:?}");

    world.restart_with(newest_or(Side::Left));
    world.clock.advance(WALK);
    world.settle().await;
    assert_eq!(world.holds().await, []);
    assert_eq!(names(&world, Side::Left), names(&world, Side::Right));
}

/// By e-mail, and it panics over the bug: over its keys, or over whether it agrees with anybody.
struct PanicsOver {
    keys: bool,
}

fn is_bug(record: &Record) -> bool {
    record.get(&NAME).as_deref() == Some(BUG)
}

impl Matcher for PanicsOver {
    fn keys(&self, kind: &Kind, record: &Record) -> Vec<MatchKey> {
        assert!(!(self.keys && is_bug(record)), "a bug in the matcher");
        ByEmail.keys(kind, record)
    }

    fn agree(&self, _: &Kind, _: &MatchKey, left: &Record, right: &Record) -> bool {
        assert!(!is_bug(left) && !is_bug(right), "a bug in the matcher");
        true
    }
}

fn match_by(world: &mut World, matcher: impl Matcher) {
    let sides = Both::new(
        Arc::new(world.left.clone()) as Arc<dyn sync_core::Connector>,
        Arc::new(world.right.clone()) as _,
    );
    let (store, clock) = (Arc::new(world.store.clone()), Arc::new(world.clock.clone()));
    let rule = newest_or(Side::Left);
    let engine = Engine::builder(connection(), sides, store, clock, matcher, rule)
        .kinds([CONTACT])
        .guards(Guards::OFF)
        .leaving(
            Leaving::default()
                .deletes(Side::Left, Deletes::Follow)
                .deletes(Side::Right, Deletes::Follow),
        )
        .walk_every(Duration::from_secs(3_600));
    *world.engine() = engine.build().unwrap();
}

#[tokio::test]
async fn a_matcher_that_panics_holds_the_record_and_nobody_is_doubled() {
    for keys in [true, false] {
        let mut world = World::new();
        match_by(&mut world, PanicsOver { keys });
        for side in Side::BOTH {
            world.model(side).enter(&person(BUG, "bug@example.com"));
        }
        world.left.enter(&person("Ada", "ada@example.com"));
        world.settle().await;
        for side in Side::BOTH {
            assert_eq!(names(&world, side), ["Ada", BUG], "keys: {keys}");
        }
        let holds = world.holds().await;
        let told = |hold: &sync_core::Hold| hold.message.contains("a bug in the matcher");
        assert!(!holds.is_empty() && holds.iter().all(told), "{holds:?}");
        is_quiet(&mut world).await;

        match_by(&mut world, ByEmail);
        world.clock.advance(WALK);
        world.settle().await;
        assert_eq!(world.pairs().await.len(), 2, "keys: {keys}");
        assert_eq!(world.holds().await, []);
    }
}

#[tokio::test]
async fn a_record_whose_heir_a_matcher_cannot_look_for_is_not_deleted() {
    for keys in [true, false] {
        let mut world = World::new();
        match_by(&mut world, ByEmail);
        world.left.enter(&person(BUG, "bug@example.com"));
        world.left.enter(&person("Ada", "ada@example.com"));
        world.settle().await;
        match_by(&mut world, PanicsOver { keys });
        for name in [BUG, "Ada"] {
            let gone = ids(&world, name).left;
            world.left.delete_record(&gone);
        }
        // Merged: another one has the e-mail, under another name.
        world.left.enter(&person("Heir", "bug@example.com"));
        for _ in 0..3 {
            world.clock.advance(WALK);
            world.settle().await;
        }
        assert!(
            names(&world, Side::Right).contains(&BUG.to_owned()),
            "keys: {keys}"
        );
        assert!(!names(&world, Side::Right).contains(&"Ada".to_owned()));
        let holds = world.holds().await;
        let told = |hold: &sync_core::Hold| hold.message.contains("a bug in the matcher");
        assert!(holds.iter().any(told), "{holds:?}");

        match_by(&mut world, ByEmail);
        for _ in 0..3 {
            world.clock.advance(WALK);
            world.settle().await;
        }
        let pairs = world.pairs().await;
        assert_eq!(pairs.len(), 1, "keys: {keys}");
        assert_eq!(world.left.records().len(), 1, "the heir took its place");
    }
}

#[tokio::test]
async fn edits_travel_though_the_stamps_are_not_what_they_are_said_to_be() {
    for (told, from_the_start) in [
        (Lie::NoStamps, true),
        (Lie::NoStamps, false),
        (Lie::NeverStamps, true),
        (Lie::NeverStamps, false),
        (Lie::OneStamp, true),
    ] {
        let mut world = World::new();
        if from_the_start {
            lie(&mut world, told.clone());
        }
        world.left.enter(&person("Ada", "ada@example.com"));
        world.left.enter(&person("Bob", "bob@example.com"));
        world.settle().await;
        let (ada, bob) = (ids(&world, "Ada"), ids(&world, "Bob"));
        lie(&mut world, told.clone());
        rename(&world, &ada.left, "Ada L");
        set(&world, Side::Right, &bob.right, "Bob R");
        world.left.enter(&person("Cleo", "cleo@example.com"));
        is_quiet(&mut world).await;
        rename(&world, &ada.left, "Ada M");
        is_quiet(&mut world).await;
        for side in Side::BOTH {
            assert_eq!(names(&world, side), ["Ada M", "Bob R", "Cleo"]);
        }
        assert_eq!(world.pairs().await.len(), 3);
    }
}

#[tokio::test]
async fn rows_that_come_late_though_the_index_is_said_not_to_lag_lose_and_double_nothing() {
    let mut world = linked().await;
    let (ada, bob) = (ids(&world, "Ada"), ids(&world, "Bob"));
    let late = Duration::from_secs(2 * 3_600);
    // What we write there appears late, and so does what people do there.
    rename(&world, &ada.left, "Ada L");
    world.left.enter(&person("Cleo", "cleo@example.com"));
    world.settle().await;
    for id in world.right.records().keys().filter(|id| **id != bob.right) {
        world.right.appears_late(id, late);
    }
    set(&world, Side::Right, &bob.right, "Bob R");
    world.right.appears_late(&bob.right, late);
    // The engine walks over the old index, and starts anew in the middle.
    world.clock.advance(WALK);
    world.settle().await;
    world.restart();
    rename(&world, &ada.left, "Ada M");
    world.settle().await;
    assert_eq!(names(&world, Side::Right), ["Ada M", "Bob R", "Cleo"]);
    for _ in 0..4 {
        world.clock.advance(WALK);
        world.settle().await;
    }
    for side in Side::BOTH {
        assert_eq!(names(&world, side), ["Ada M", "Bob R", "Cleo"]);
    }
    assert_eq!(world.pairs().await.len(), 3);
    is_quiet(&mut world).await;
}

#[tokio::test]
async fn an_edit_that_the_feed_never_shows_is_found_by_the_walk() {
    let mut world = linked().await;
    let ada = ids(&world, "Ada");
    let lying = Lying::over(&world.left, Lie::Mute);
    let engine = builder(&world, Arc::new(lying), Arc::new(world.right.clone()));
    let hourly = engine.walk_every(Duration::from_secs(3_600));
    *world.engine() = hourly.build().unwrap();
    rename(&world, &ada.left, "Ada L");
    world.left.enter(&person("Cleo", "cleo@example.com"));
    world.settle().await;
    assert_eq!(
        names(&world, Side::Right),
        ["Ada", "Bob"],
        "the feed is mute"
    );
    world.clock.advance(WALK);
    world.settle().await;
    assert_eq!(names(&world, Side::Right), ["Ada L", "Bob", "Cleo"]);
    is_quiet(&mut world).await;
}

#[tokio::test]
async fn a_create_whose_reply_was_lost_is_adopted_though_its_key_finds_nothing() {
    let mut world = linked().await;
    let lying = Lying::over(&world.right, Lie::FindsNothing);
    let engine = builder(&world, Arc::new(world.left.clone()), Arc::new(lying));
    *world.engine() = engine.build().unwrap();
    world.right.next_writes([Some(ModelFault::LostAfter)]);
    world.left.enter(&person("Cleo", "cleo@example.com"));
    world.settle().await;
    is_quiet(&mut world).await;
    assert_eq!(names(&world, Side::Right), ["Ada", "Bob", "Cleo"]);
    assert_eq!(
        (world.pairs().await.len(), world.holds().await),
        (3, vec![])
    );
}
