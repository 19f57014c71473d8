//! Changes that travel in one direction only.

use sync_core::{Archive, HoldReason, Record, RecordId, Side, StrayEdits, Tags, rules::Verdict};

use crate::world::{CITY, NAME, TAGS, World, connection, person};

fn rename(record: &mut Record, to: &str) {
    record.set(&NAME, to.to_owned());
}

fn name(world: &World, side: Side, id: &RecordId) -> String {
    let record = world.model(side).record(id).unwrap();
    record.get(&NAME).unwrap()
}

/// A pair that began on the left.
async fn pair(world: &mut World) -> (RecordId, RecordId) {
    let left = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let right = world.right.records().into_keys().next().unwrap();
    (left, right)
}

#[tokio::test]
async fn nothing_is_created_where_the_changes_come_from() {
    let mut world = World::with_one_way(StrayEdits::Keep);
    pair(&mut world).await;
    world.right.enter(&person("Bob", "bob@example.com"));
    world.settle().await;
    assert_eq!(world.left.records().len(), 1);
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn a_stray_edit_is_kept_until_the_source_changes_the_field() {
    let mut world = World::with_one_way(StrayEdits::Keep);
    let (left, right) = pair(&mut world).await;
    world.right.edit(&right, |r| rename(r, "Ada L"));
    world.settle().await;
    assert_eq!(name(&world, Side::Left, &left), "Ada");
    assert_eq!(name(&world, Side::Right, &right), "Ada L");
    world.left.edit(&left, |r| {
        r.set(&CITY, "Bath".to_owned());
    });
    world.settle().await;
    assert_eq!(name(&world, Side::Right, &right), "Ada L");
    world.left.edit(&left, |r| rename(r, "Countess"));
    world.settle().await;
    assert_eq!(name(&world, Side::Right, &right), "Countess");
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn a_stray_edit_is_reverted_and_stays_in_the_history() {
    let mut world = World::with_one_way(StrayEdits::Revert);
    let (left, right) = pair(&mut world).await;
    world.right.edit(&right, |r| {
        rename(r, "Ada L");
        r.set(&TAGS, Tags::new(["vip"]));
    });
    world.settle().await;
    assert_eq!(name(&world, Side::Left, &left), "Ada");
    assert_eq!(name(&world, Side::Right, &right), "Ada");
    let shown = world.right.record(&right).unwrap();
    assert!(
        shown
            .get(&TAGS)
            .is_none_or(|tags| tags.names().next().is_none())
    );
    let history = world.history().await;
    let lost = history
        .iter()
        .any(|happened| format!("{:?}", happened.event).contains("Ada L"));
    assert!(lost, "{history:#?}");
    let writes = world.right.writes();
    world.settle().await;
    assert_eq!(world.right.writes(), writes, "once is enough");
}

#[tokio::test]
async fn a_stray_edit_is_held_and_a_person_decides_either_way() {
    let mut world = World::with_one_way(StrayEdits::Hold);
    let (left, right) = pair(&mut world).await;
    for (edit, verdict, outcome) in [
        ("Ada L", Verdict::TakeLeft, "Ada"),
        ("Ada M", Verdict::TakeRight, "Ada M"),
    ] {
        world.right.edit(&right, |r| rename(r, edit));
        world.settle().await;
        let holds = world.store.holds(&connection(), 0, 10).await.unwrap();
        let [(number, hold)] = &holds[..] else {
            panic!("{holds:?}");
        };
        assert_eq!(hold.reason, HoldReason::Stray);
        world.engine().decide(*number, &verdict).await.unwrap();
        world.settle().await;
        assert_eq!(name(&world, Side::Left, &left), "Ada");
        assert_eq!(name(&world, Side::Right, &right), outcome);
        assert!(world.holds().await.is_empty());
    }
}

#[tokio::test]
async fn a_delete_never_travels_to_the_source() {
    let mut world = World::with_one_way(StrayEdits::Revert);
    let (_, right) = pair(&mut world).await;
    world.right.delete_record(&right);
    world.hint(Side::Right, &right).await;
    world.settle().await;
    assert_eq!(world.left.records().len(), 1);
    assert_eq!(world.holds().await[0].reason, HoldReason::Deleted);
}

#[tokio::test]
async fn both_ways_again_starts_from_what_each_side_shows() {
    let mut world = World::with_one_way(StrayEdits::Keep);
    let (left, right) = pair(&mut world).await;
    world.right.edit(&right, |r| rename(r, "Ada L"));
    world.settle().await;
    world.way = None;
    world.restart();
    world.settle().await;
    assert_eq!(name(&world, Side::Left, &left), "Ada");
    world.right.edit(&right, |r| rename(r, "Countess"));
    world.settle().await;
    assert_eq!(name(&world, Side::Left, &left), "Countess");
}
