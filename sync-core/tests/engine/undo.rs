//! Taking back what was written.

use std::time::Duration;

use sync_core::{
    Archive, Email, Happened, HistoryEvent, HistoryOf, Record, RecordId, SavedPlan, Side, Tags,
    Undo, testing::ModelFault,
};

use crate::world::{CITY, CONTACT, EMAIL, LAG, NAME, TAGS, World, connection, person};

fn name(record: &Record) -> String {
    record.get(&NAME).unwrap_or_default()
}

fn rename(record: &mut Record, to: &str) {
    record.set(&NAME, to.to_owned());
}

/// A linked pair whose left name was changed from Ada to Bad, which reached the right.
async fn spoilt() -> (World, RecordId, RecordId) {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let twin = world.right.records().into_keys().next().unwrap();
    world.left.edit(&ada, |r| rename(r, "Bad"));
    world.settle().await;
    (world, ada, twin)
}

async fn last(world: &World) -> (u64, Happened) {
    let all = world.store.history(&connection(), 0, 1000).await.unwrap();
    all.into_iter().next_back().unwrap()
}

async fn planned(world: &mut World, what: &Undo) -> SavedPlan {
    world.clock.advance(LAG * 4);
    let plan = world.engine().undo(what, false).await.unwrap();
    plan.save().await.unwrap()
}

/// One of the two is blanked for a moment, to make way.
#[tokio::test]
async fn a_swap_is_taken_back_and_no_value_is_lost() {
    let mut world = World::new();
    let [ada, bob] = ["ada@example.com", "bob@example.com"];
    let people = [person("Ada", ada), person("Bob", bob)].map(|who| world.left.enter(&who));
    world.settle().await;
    world.right.unique(EMAIL.key());
    for (id, email) in people.iter().zip([bob, ada]) {
        world.left.edit(id, |r| {
            r.set(&EMAIL, Email::new(email));
        });
    }
    world.settle().await;
    let mut olds = Vec::new();
    let mut runs = std::collections::BTreeSet::new();
    for happened in world.history().await {
        if let HistoryEvent::Wrote { old: Some(old), .. } = &happened.event {
            olds.push(old.to_string());
            runs.insert(happened.run);
        }
    }
    olds.sort();
    assert_eq!(olds, [ada, bob]);
    for run in runs {
        let plan = planned(&mut world, &Undo::Run(run)).await;
        world.engine().apply(&plan).await.unwrap();
    }
    world.settle().await;
    // One by one they were in each other's way: what was refused is tried again a day later.
    world.clock.advance(Duration::from_secs(25 * 3_600));
    world.settle().await;
    let shown = |name: &str| {
        let all = world.right.records().into_values();
        let mut all = all.filter(|r| r.get(&NAME).as_deref() == Some(name));
        all.next().unwrap().get(&EMAIL)
    };
    assert_eq!(shown("Ada"), Some(Email::new(ada)));
    assert_eq!(shown("Bob"), Some(Email::new(bob)));
}

#[tokio::test]
async fn an_undone_write_shows_the_old_value_and_does_not_travel() {
    let (mut world, ada, twin) = spoilt().await;
    let (_, wrote) = last(&world).await;
    let plan = planned(&mut world, &Undo::Run(wrote.run)).await;
    assert_eq!(
        plan.steps[0].to_string(),
        "update contact R0001 in right: name = `Ada` (it is `Bad`, and that was decided before)"
    );
    assert_eq!(
        name(&world.right.record(&twin).unwrap()),
        "Bad",
        "a plan writes nothing"
    );
    let done = world.engine().apply(&plan).await.unwrap();
    assert_eq!((done.applied, done.refused.len()), (1, 0));
    let report = world.settle().await;
    assert_eq!(report.writes(), 0);
    assert_eq!(name(&world.right.record(&twin).unwrap()), "Ada");
    assert_eq!(name(&world.left.record(&ada).unwrap()), "Bad");

    world.right.edit(&twin, |r| rename(r, "Ada K"));
    world.settle().await;
    assert_eq!(
        name(&world.left.record(&ada).unwrap()),
        "Ada K",
        "the next edit travels again"
    );
}

#[tokio::test]
async fn an_undo_is_in_the_history_and_can_be_undone() {
    let (mut world, _, twin) = spoilt().await;
    let (number, _) = last(&world).await;
    let plan = planned(&mut world, &Undo::Entry(number)).await;
    world.engine().apply(&plan).await.unwrap();
    world.settle().await;
    let (number, undone) = last(&world).await;
    assert!(matches!(
        undone.event,
        HistoryEvent::Wrote {
            side: Side::Right,
            ..
        }
    ));
    let by = world.history().await;
    let told =
        |h: &Happened| matches!(&h.event, HistoryEvent::Decided { rule, .. } if rule == "undo");
    assert!(by.iter().any(told));
    let plan = planned(&mut world, &Undo::Entry(number)).await;
    let done = world.engine().apply(&plan).await.unwrap();
    assert_eq!(done.applied, 1);
    assert_eq!(name(&world.right.record(&twin).unwrap()), "Bad");
    assert_eq!(world.settle().await.writes(), 0);
}

#[tokio::test]
async fn what_somebody_has_edited_since_is_left_and_named() {
    let (mut world, _, twin) = spoilt().await;
    let (_, wrote) = last(&world).await;
    world.right.edit(&twin, |r| rename(r, "Ada Lovelace"));
    let plan = planned(&mut world, &Undo::Run(wrote.run)).await;
    assert!(plan.steps.is_empty());
    assert_eq!(
        plan.left[0].why,
        "the right side shows `Ada Lovelace` by now, not the `Bad` that we wrote"
    );
}

#[tokio::test]
async fn an_edit_between_plan_and_undo_is_not_written_over() {
    let (mut world, ada, twin) = spoilt().await;
    let (_, wrote) = last(&world).await;
    let plan = planned(&mut world, &Undo::Run(wrote.run)).await;
    world.right.edit(&twin, |r| rename(r, "Ada Lovelace"));
    world.clock.advance(LAG * 4);
    let done = world.engine().apply(&plan).await.unwrap();
    assert_eq!((done.applied, done.refused.len()), (0, 1));
    world.settle().await;
    assert_eq!(name(&world.left.record(&ada).unwrap()), "Ada Lovelace");
}

#[tokio::test]
async fn a_record_goes_back_to_how_it_was_at_a_time() {
    let (mut world, ada, twin) = spoilt().await;
    let since = last(&world).await.1.at;
    for change in ["Worse", "Worst"] {
        world.left.edit(&ada, |r| {
            rename(r, change);
            r.set(&CITY, change.to_owned());
            r.set(&TAGS, Tags::new([change]));
        });
        world.settle().await;
    }
    let what = Undo::Record {
        kind: CONTACT,
        side: Side::Left,
        id: ada,
        since,
    };
    let plan = planned(&mut world, &what).await;
    let done = world.engine().apply(&plan).await.unwrap();
    assert_eq!((done.applied, plan.left.as_slice()), (1, [].as_slice()));
    let shown = world.right.record(&twin).unwrap();
    assert_eq!((name(&shown).as_str(), shown.get(&CITY)), ("Ada", None));
    assert_eq!(shown.get(&TAGS), None);
    assert_eq!(world.settle().await.writes(), 0);
}

#[tokio::test]
async fn an_undo_that_is_dropped_in_the_middle_is_done_by_the_next_cycle() {
    let (mut world, _, twin) = spoilt().await;
    let (_, wrote) = last(&world).await;
    let plan = planned(&mut world, &Undo::Run(wrote.run)).await;
    world
        .right
        .next_writes([Some(sync_core::testing::ModelFault::LostBefore)]);
    world.engine().apply(&plan).await.unwrap();
    assert_eq!(name(&world.right.record(&twin).unwrap()), "Bad");
    world.restart();
    world.settle().await;
    assert_eq!(name(&world.right.record(&twin).unwrap()), "Ada");
}

#[tokio::test]
async fn creates_are_undone_only_when_asked_and_unedited() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let twin = world.right.records().into_keys().next().unwrap();
    let of = HistoryOf::Record(CONTACT, Side::Left, ada.clone());
    let run = world
        .store
        .history_of(&connection(), &of, 0, 1)
        .await
        .unwrap()[0]
        .1
        .run;
    let kept = planned(&mut world, &Undo::Run(run)).await;
    assert!(kept.steps.is_empty());
    assert!(
        kept.left[0].why.contains("was not asked for"),
        "{}",
        kept.left[0].why
    );

    let plan = world.engine().undo(&Undo::Run(run), true).await.unwrap();
    let plan = plan.save().await.unwrap();
    assert_eq!(plan.steps[0].to_string(), "delete contact R0001 in right");
    assert_eq!(plan.counts.deletes.right, 1);
    let done = world.engine().apply(&plan).await.unwrap();
    assert_eq!(done.applied, 1);
    assert_eq!(world.right.record(&twin), None);
    world.clock.advance(LAG * 1000);
    world.settle().await;
    assert!(world.right.records().is_empty(), "it is not created again");
    assert!(world.left.record(&ada).is_some());
}

#[tokio::test]
async fn an_undo_says_when_it_has_not_deleted() {
    let says = [
        (ModelFault::Refuse, "it cannot be deleted on the right side"),
        (
            ModelFault::LostBefore,
            "whether it was deleted on the right side is not known yet",
        ),
    ];
    for (fault, why) in says {
        let mut world = World::new();
        world.left.enter(&person("Ada", "ada@example.com"));
        world.settle().await;
        let run = Undo::Run(world.history().await[0].run);
        let plan = world.engine().undo(&run, true).await.unwrap();
        let plan = plan.save().await.unwrap();
        world.right.next_writes([Some(fault)]);
        let done = world.engine().apply(&plan).await.unwrap();
        assert_eq!(done.applied, 0);
        assert!(
            done.refused[0].why.starts_with(why),
            "{}",
            done.refused[0].why
        );
        world.clock.advance(LAG * 1000);
        world.settle().await;
        assert_eq!(world.right.records().len(), 1);
        let plan = world.engine().undo(&run, true).await.unwrap();
        let plan = plan.save().await.unwrap();
        world.right.next_reads([Some(ModelFault::LostBefore)]);
        let done = world.engine().apply(&plan).await.unwrap();
        assert_eq!(done.applied, 0);
        assert_eq!(done.refused.len(), 1);
        world.clock.advance(LAG * 1000);
        let plan = world.engine().undo(&run, true).await.unwrap();
        let plan = plan.save().await.unwrap();
        assert_eq!(world.engine().apply(&plan).await.unwrap().applied, 1);
        assert!(world.right.records().is_empty());
    }
}

#[tokio::test]
async fn a_created_record_that_somebody_has_edited_is_not_deleted() {
    let mut world = World::new();
    world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let run = world.history().await[0].run;
    let twin = world.right.records().into_keys().next().unwrap();
    world.right.edit(&twin, |r| rename(r, "Ada K"));
    world.settle().await;
    let plan = world.engine().undo(&Undo::Run(run), true).await.unwrap();
    assert_eq!(plan.counts.deletes.right, 0);
    assert_eq!(
        plan.left[0].why,
        "somebody has edited it since it was created"
    );
}

#[tokio::test]
async fn a_pair_that_lacks_a_record_is_left_as_it_is() {
    let (mut world, ada, twin) = spoilt().await;
    let (_, wrote) = last(&world).await;
    world.left.delete_record(&ada);
    world.hint(Side::Left, &ada).await;
    world.cycle().await;
    let plan = planned(&mut world, &Undo::Run(wrote.run)).await;
    assert_eq!(plan.steps.len(), 0);
    assert!(
        plan.left.iter().any(|left| left.why.contains("missing")),
        "{:?}",
        plan.left
    );
    assert_eq!(name(&world.right.record(&twin).unwrap()), "Bad");
}
