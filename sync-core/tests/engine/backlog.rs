//! What was there before the connection was, and is not created.

use std::{sync::Arc, time::Duration};

use sync_core::{
    Clock, EngineBuilder, Record, RecordId, Side,
    testing::{ManualClock, Model},
};

use crate::{
    families::{BODY, Family, NOTE, note},
    world::{EMAIL, LAG, NAME, Recent, World, left_fields, person},
};

const DAY: Duration = Duration::from_secs(86_400);

/// Ada and Bob were changed a hundred days ago on the left, Carol ten days ago; Bob is on both
/// sides. What was changed within thirty days enters.
async fn years_later() -> (World, [RecordId; 3]) {
    let mut world = World::new();
    let enter = |name: &str| person(name, &format!("{name}@example.com"));
    let [ada, bob] = ["ada", "bob"].map(|name| world.left.enter(&enter(name)));
    world.right.enter(&enter("bob"));
    world.clock.advance(90 * DAY);
    let carol = world.left.enter(&enter("carol"));
    world.clock.advance(10 * DAY);
    world.backlog_days = Some(30);
    world.restart();
    let plan = world.engine().plan().await.unwrap();
    assert_eq!((plan.counts.creates.right, plan.counts.left_alone), (1, 1));
    world.settle().await;
    (world, [ada, bob, carol])
}

fn emails(world: &World) -> Vec<String> {
    let records = world.right.records().into_values();
    let mut emails: Vec<_> = records
        .filter_map(|record| Some(record.get(&EMAIL)?.as_str().to_owned()))
        .collect();
    emails.sort();
    emails
}

fn rename(record: &mut Record) {
    record.set(&NAME, "another name".to_owned());
}

#[tokio::test]
async fn what_nobody_has_changed_for_long_is_left_alone_and_matched_all_the_same() {
    let (mut world, [_, bob, _]) = years_later().await;
    assert_eq!(emails(&world), ["bob@example.com", "carol@example.com"]);
    world.left.edit(&bob, rename);
    world.settle().await;
    let names = world.right.records().into_values();
    let mut names = names.filter_map(|record| record.get(&NAME));
    assert!(names.any(|name| name == "another name"));
}

#[tokio::test]
async fn what_was_left_alone_is_created_once_it_is_changed() {
    let (mut world, [ada, ..]) = years_later().await;
    world.clock.advance(40 * DAY);
    world.settle().await;
    assert_eq!(emails(&world), ["bob@example.com", "carol@example.com"]);
    world.left.edit(&ada, rename);
    // A later opening of the store is not another beginning.
    world.clock.advance(40 * DAY);
    world.restart();
    world.settle().await;
    assert_eq!(
        emails(&world),
        ["ada@example.com", "bob@example.com", "carol@example.com"]
    );
}

#[tokio::test]
async fn what_was_left_alone_is_linked_when_it_is_entered_there_too() {
    let (mut world, [ada, ..]) = years_later().await;
    world.right.enter(&person("ada", "ada@example.com"));
    world.settle().await;
    assert_eq!(world.left.records().len(), 3);
    assert_eq!(emails(&world).len(), 3);
    world.left.edit(&ada, rename);
    world.settle().await;
    assert_eq!(emails(&world).len(), 3);
}

#[tokio::test]
async fn another_answer_brings_what_was_left_alone() {
    let (mut world, _) = years_later().await;
    world.backlog_days = Some(365);
    world.restart();
    world.settle().await;
    assert_eq!(emails(&world).len(), 3);
    assert_eq!(world.left.records().len(), 3);
}

/// A server whose clock is behind stamps what is entered now as if it had been before.
#[tokio::test]
async fn a_clock_that_is_behind_makes_nothing_old() {
    let mut world = World::new();
    let behind = ManualClock::at(world.clock.now() - 60 * DAY);
    world.left = Model::new("L", left_fields(), LAG, Arc::new(behind.clone()));
    world.backlog_days = Some(30);
    world.restart();
    world.settle().await;
    behind.advance(LAG);
    world.left.enter(&person("ada", "ada@example.com"));
    for _ in 0..10 {
        behind.advance(LAG);
        world.clock.advance(LAG);
        world.cycle().await;
    }
    assert_eq!(emails(&world), ["ada@example.com"]);
}

/// The left side stamps no changes of notes; that is what tells of them.
#[tokio::test]
async fn what_was_left_alone_is_created_once_its_fields_show_a_change() {
    let recent = |builder: EngineBuilder| builder.backlog(Recent(30));
    let mut family = Family::with(recent);
    let ada = family.left.enter(&person("ada", "ada@example.com"));
    let old = family.left.enter_as(&NOTE, &note("of long ago", &ada));
    family.clock.advance(100 * DAY);
    family.cycles(6).await;
    assert_eq!(family.right.records().len(), 0);
    family.left.edit(&ada, rename);
    family.cycles(6).await;
    assert_eq!(family.right.records().len(), 1);
    assert!(family.bodies(Side::Right).is_empty());
    family.left.touch(&ada);
    family.cycles(6).await;
    assert!(family.bodies(Side::Right).is_empty());
    family.left.edit(&old, |note| {
        note.set(&BODY, "called again".to_owned());
    });
    family.left.touch(&ada);
    family.cycles(6).await;
    assert_eq!(family.bodies(Side::Right), ["called again"]);
}

#[tokio::test]
async fn what_is_entered_later_is_of_no_backlog() {
    let mut world = World::new();
    world.backlog_days = Some(0);
    world.restart();
    world.left.enter(&person("ada", "ada@example.com"));
    world.settle().await;
    assert!(emails(&world).is_empty());
    for (count, name) in ["bob", "carol"].into_iter().enumerate() {
        let entered = person(name, &format!("{name}@example.com"));
        world.left.enter(&entered);
        world.settle().await;
        world.restart();
        world.settle().await;
        assert_eq!(emails(&world).len(), count + 1);
    }
}
