//! Records that no feed shows, and that a create would double.

use std::{sync::Arc, time::Duration};

use sync_core::{CycleReport, HoldReason, testing::ModelFault};

use crate::{
    reading::builder,
    world::{ByEmail, EMAIL, World, person},
};

const MINUTE: Duration = Duration::from_secs(60);

/// Both sides find people by e-mail, and are read whole once a day.
async fn world() -> World {
    let mut world = World::new();
    world.left = world.left.finds_by(ByEmail);
    world.right = world.right.finds_by(ByEmail);
    let (left, right) = (world.left.clone(), world.right.clone());
    let engine = builder(&world, Arc::new(left), Arc::new(right)).walk_every(MINUTE * 60 * 24);
    *world.engine() = engine.build().unwrap();
    world.settle().await;
    world
}

/// Somebody is entered on the right, and comes into sight hours later, under the old stamp.
async fn with_one_who_comes_back() -> World {
    let mut world = world().await;
    let ada = world.right.enter(&person("Ada", "ada@example.com"));
    world.right.appears_late(&ada, MINUTE * 180);
    for _ in 0..20 {
        world.clock.advance(MINUTE * 10);
        world.cycle().await;
    }
    assert!(world.left.records().is_empty(), "a feed has shown her");
    world
}

fn enter(world: &World, from: usize, count: usize) {
    for number in from..from + count {
        let email = format!("p{number}@example.com");
        world.left.enter(&person("Guest", &email));
    }
}

#[tokio::test]
async fn who_came_back_under_an_old_stamp_is_found_before_she_is_created() {
    let mut world = with_one_who_comes_back().await;
    world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    assert_eq!(world.right.records().len(), 1, "{:?}", world.right);
    assert_eq!(world.pairs().await.len(), 1);
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn for_many_the_side_is_read_whole_once_an_hour_and_nobody_is_asked_for() {
    let mut world = with_one_who_comes_back().await;
    world.left.enter(&person("Ada", "ada@example.com"));
    enter(&world, 0, 60);
    let report = world.settle().await;
    assert_eq!((report.created.right, report.looks), (60, 0));
    assert_eq!(world.right.records().len(), 61);
    assert_eq!(world.pairs().await.len(), 61);
    world.clock.advance(MINUTE * 10);
    world.cycle().await;
    enter(&world, 60, 60);
    let calls = |report: &CycleReport| report.requests.right - report.created.right;
    let mut dearest = 0;
    for _ in 0..5 {
        world.clock.advance(MINUTE);
        dearest = dearest.max(calls(&world.cycle().await));
    }
    assert_eq!(world.right.records().len(), 121);
    assert_eq!(dearest, 2, "two pages of what we wrote ourselves");
}

#[tokio::test]
async fn a_plan_counts_who_is_asked_for() {
    let mut world = world().await;
    enter(&world, 0, 1);
    world.clock.advance(MINUTE);
    let plan = world.engine().plan().await.unwrap();
    assert_eq!((plan.counts.creates.right, plan.counts.looks.right), (1, 1));
    let report = world.settle().await;
    assert_eq!((report.created.right, report.looks), (1, 1));
}

#[tokio::test]
async fn nobody_is_created_while_the_other_side_cannot_be_asked() {
    let mut world = world().await;
    world.right.next_reads([Some(ModelFault::Refuse), None]);
    enter(&world, 0, 1);
    world.clock.advance(MINUTE);
    let report = world.cycle().await;
    assert_eq!(report.created.right, 0);
    assert!(report.waiting > 0);
    world.settle().await;
    assert_eq!(world.right.records().len(), 1);
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn a_key_that_the_other_side_refuses_holds_the_create() {
    let mut world = world().await;
    let refused = ModelFault::RefuseField(EMAIL.key().clone());
    world.right.next_reads([Some(refused)]);
    enter(&world, 0, 1);
    world.settle().await;
    assert!(world.right.records().is_empty());
    let held = world.holds().await.remove(0);
    assert_eq!(held.reason, HoldReason::Unfit);
    assert!(held.message.contains("email"), "{}", held.message);
    // The next whole reading looks at it anew.
    world.clock.advance(MINUTE * 60 * 24);
    world.settle().await;
    assert_eq!(world.right.records().len(), 1);
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn a_whole_reading_that_is_asked_for_meets_who_came_back() {
    let mut world = with_one_who_comes_back().await;
    world.engine().read_whole().await.unwrap();
    world.settle().await;
    assert_eq!(world.left.records().len(), 1, "{:?}", world.left);
}
