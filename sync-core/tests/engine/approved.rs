//! Plans that a person has seen: what they say, and what is done of them later.

use std::time::Duration;

use sync_core::{
    Both, Differences, EngineError, FirstSync, GuardName, Guards, Limits, SavedPlan, Side,
    testing::ModelFault,
};

use crate::world::{LAG, NAME, World, person};

fn rename(record: &mut sync_core::Record, to: &str) {
    record.set(&NAME, to.to_owned());
}

/// Once to JSON and back, as a plan in a file.
fn on_paper(plan: &SavedPlan) -> SavedPlan {
    let text = serde_json::to_string(plan).unwrap();
    serde_json::from_str(&text).unwrap()
}

async fn saved(world: &mut World) -> SavedPlan {
    world.clock.advance(LAG * 4);
    let plan = world.engine().plan().await.unwrap();
    on_paper(&plan.save().await.unwrap())
}

#[tokio::test]
async fn a_step_is_one_sentence_that_says_why() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    let plan = saved(&mut world).await;
    let told = plan.steps[0].to_string();
    assert_eq!(
        told,
        "create contact in right from left L0001: email = `ada@example.com`, name = `Ada`"
    );
    world.settle().await;
    world.left.edit(&ada, |r| rename(r, "Ada L"));
    let plan = saved(&mut world).await;
    let told = plan.steps[0]
        .told(&Both::new("GHL", "Insightly"))
        .to_string();
    assert_eq!(
        told,
        "update contact R0001 in Insightly: name = `Ada L` (GHL changed it from `Ada`)"
    );
}

#[tokio::test]
async fn a_link_is_explained_by_the_key_that_both_have() {
    let mut world = World::new();
    world.left.enter(&person("Ada", "ada@example.com"));
    let mut twin = person("Ada", "ada@example.com");
    twin.set(&crate::world::CITY, "Oslo".to_owned());
    world.right.enter(&twin);
    let told = saved(&mut world).await.steps[0].to_string();
    assert_eq!(
        told,
        "link contact left L0001 with right R0001, because email `ada@example.com` is on both; update contact L0001 in left: city = `Oslo` (it is (blank), and the two meet for the first time)"
    );
}

#[tokio::test]
async fn a_decided_conflict_names_its_rule() {
    let policy = FirstSync {
        differences: Differences::Prefer(Side::Left),
        ..FirstSync::default()
    };
    let mut world = World::with(policy, Guards::OFF);
    world.left.enter(&person("Ada", "ada@example.com"));
    world.right.enter(&person("Eda", "ada@example.com"));
    let told = saved(&mut world).await.steps[0].to_string();
    assert!(
        told.ends_with("name = `Ada` (it is `Eda`, and `first sync prefers left` decided)"),
        "{told}"
    );
}

#[tokio::test]
async fn a_saved_plan_is_done_as_it_says() {
    let mut world = World::new();
    world.left.enter(&person("Ada", "ada@example.com"));
    world.right.enter(&person("Bob", "bob@example.com"));
    let plan = saved(&mut world).await;
    assert_eq!(world.left.writes() + world.right.writes(), 0);
    let done = world.engine().apply(&plan).await.unwrap();
    assert_eq!((done.applied, done.refused.len()), (2, 0));
    assert_eq!(
        (done.report.created.left, done.report.created.right),
        (1, 1)
    );
    let again = world.engine().apply(&plan).await.unwrap();
    assert_eq!((again.applied, again.refused.len()), (0, 2));
    assert_eq!(world.left.records().len() + world.right.records().len(), 4);
    world.settle().await;
}

#[tokio::test]
async fn a_step_whose_world_has_moved_is_refused_and_named() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    let bob = world.left.enter(&person("Bob", "bob@example.com"));
    world.settle().await;
    world.left.edit(&ada, |r| rename(r, "Ada L"));
    world.left.edit(&bob, |r| rename(r, "Bob L"));
    let plan = saved(&mut world).await;
    world.left.edit(&bob, |r| rename(r, "Robert"));
    world.clock.advance(LAG * 4);
    let before = world.right.writes();
    let done = world.engine().apply(&plan).await.unwrap();
    assert_eq!((done.applied, done.refused.len()), (1, 1));
    assert_eq!(world.right.writes(), before + 1);
    let told = done.refused[0].to_string();
    assert!(
        told.starts_with(
            "step 2, contact L0002 on the left side: the left side shows name = `Robert`"
        ),
        "{told}"
    );
    assert!(told.ends_with("(it was `Bob L`)"), "{told}");
    world.settle().await;
    let names = world.right.records().into_values();
    let names: Vec<_> = names.filter_map(|record| record.get(&NAME)).collect();
    assert_eq!(names, ["Ada L", "Robert"]);
}

#[tokio::test]
async fn approval_covers_the_plan_and_nothing_beyond_it() {
    let guards = Guards {
        creates: Some(1),
        ..Guards::default()
    };
    let mut world = World::with(FirstSync::default(), guards);
    for name in ["ada", "bob", "cyd"] {
        world
            .left
            .enter(&person(name, &format!("{name}@example.com")));
    }
    world.clock.advance(LAG * 4);
    let plan = world.engine().plan().await.unwrap();
    let stop = plan.guard.clone().unwrap();
    assert_eq!((stop.guard, stop.planned), (GuardName::Creates, 3));
    let plan = on_paper(&plan.save().await.unwrap());
    for name in ["dan", "eve"] {
        world
            .left
            .enter(&person(name, &format!("{name}@example.com")));
    }
    world.clock.advance(LAG * 4);
    let done = world.engine().apply(&plan).await.unwrap();
    assert_eq!((done.applied, done.report.created.right), (3, 3));
    world.clock.advance(LAG * 4);
    let report = world.cycle().await;
    assert_eq!(report.guard.map(|stop| stop.planned), Some(2));
    assert_eq!(world.right.records().len(), 3);
}

#[tokio::test]
async fn a_side_that_is_down_leaves_its_steps_undone_and_says_so() {
    let mut world = World::new();
    for n in 0..6 {
        let name = format!("person{n}");
        let email = format!("{name}@example.com");
        world.left.enter(&person(&name, &email));
    }
    let plan = saved(&mut world).await;
    world.right.next_writes([Some(ModelFault::Refuse)]);
    let done = world.engine().apply(&plan).await.unwrap();
    assert!(done.report.stopped.right.is_some());
    let refused = done.refused.len() as u64;
    assert!(refused > 0, "four at a time are begun");
    assert_eq!(done.applied + refused, 6);
    assert!(done.refused[0].why.contains("given up"));
    world.settle().await;
    assert_eq!(world.right.records().len(), 6);
}

#[tokio::test]
async fn a_plan_of_another_connection_or_a_newer_release_is_refused() {
    let mut world = World::new();
    let mut plan = saved(&mut world).await;
    let newer = serde_json::to_string(&plan).unwrap().replacen('1', "9", 1);
    let refused = serde_json::from_str::<SavedPlan>(&newer).unwrap_err();
    assert!(
        refused.to_string().contains("newer release (form 9"),
        "{refused}"
    );
    plan.connection = "other".into();
    let refused = world.engine().apply(&plan).await.unwrap_err();
    assert!(matches!(refused, EngineError::OtherPlan { .. }));
}

#[tokio::test]
async fn a_plan_tells_its_cost() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let twin = world.right.records().into_keys().next().unwrap();
    world.right.edit(&twin, |r| rename(r, "Ada R"));
    world.left.edit(&ada, |r| {
        r.set(&crate::world::CITY, "Oslo".to_owned());
    });
    world.left.enter(&person("Bob", "bob@example.com"));
    let plan = saved(&mut world).await;
    let slow = Limits {
        per_second: Some(0.5),
        per_day: Some(1),
    };
    let cost = plan.counts.cost(&Both::new(slow, Limits::default()));
    assert_eq!(
        cost.left.requests, 2,
        "the left index lags, so it is read first"
    );
    assert_eq!(
        (cost.left.time, cost.left.days),
        (Duration::from_secs(4), 2)
    );
    assert_eq!((cost.right.requests, cost.right.days), (2, 0));
    let before = world.engine().plan().await.unwrap().read.requests;
    let done = world.engine().apply(&plan).await.unwrap();
    assert_eq!(done.report.requests.left - before.left, cost.left.requests);
    assert_eq!(
        done.report.requests.right - before.right,
        cost.right.requests
    );
}
