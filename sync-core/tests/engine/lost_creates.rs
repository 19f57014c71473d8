//! Creates whose reply was lost, and what people have made of their copies until these are looked
//! for.

use std::time::Duration;

use sync_core::{Email, Forgotten, HoldReason, Record, RecordId, Side, Tags, testing::ModelFault};

use crate::world::{CITY, CONTACT, EMAIL, NAME, TAGS, World, person};

const ADA: &str = "ada@example.com";

/// Ada of the left, whose create on the right lost its request or its reply a moment ago.
async fn lost(fault: ModelFault) -> (World, RecordId) {
    lost_in(World::new(), fault).await
}

async fn lost_in(world: World, fault: ModelFault) -> (World, RecordId) {
    let (world, ada) = just_lost_in(world, fault).await;
    world.clock.advance(Duration::from_secs(2));
    (world, ada)
}

/// The same, and the clock has not moved since.
async fn just_lost_in(mut world: World, fault: ModelFault) -> (World, RecordId) {
    let mut ada = person("Ada", ADA);
    ada.set(&CITY, "Oslo".to_owned());
    ada.set(&TAGS, Tags::new(["vip"]));
    let ada = world.left.enter(&ada);
    world.right.next_writes([Some(fault)]);
    world.until_written(1).await;
    (world, ada)
}

/// The same where the create has arrived, and its copy.
async fn made() -> (World, RecordId, RecordId) {
    let (world, ada) = lost(ModelFault::LostAfter).await;
    let copy = world.right.records().into_keys().next().unwrap();
    (world, ada, copy)
}

/// Until it is known what the create has made, and for a while after.
async fn later(world: &mut World) {
    for _ in 0..6 {
        world.clock.advance(Duration::from_secs(70));
        world.cycle().await;
    }
}

fn people(world: &World) -> (usize, usize) {
    (world.left.records().len(), world.right.records().len())
}

/// One question is asked, and names these.
async fn asks_about(world: &World, these: &[&RecordId]) {
    let holds = world.holds().await;
    assert_eq!(holds.len(), 1, "{holds:?}");
    assert_eq!(holds[0].reason, HoldReason::InDoubt);
    let names = |id: &&RecordId| holds[0].message.contains(id.as_str());
    assert!(these.iter().all(names), "{}", holds[0].message);
}

fn has_all(record: &Record) -> bool {
    let tags = record.get(&TAGS);
    let is_tagged = tags.is_some_and(|tags| tags.names().eq(["vip"]));
    record.get(&CITY).as_deref() == Some("Oslo") && is_tagged
}

#[tokio::test]
async fn what_somebody_has_not_entered_is_not_erased() {
    let (mut world, ada) = lost(ModelFault::LostBefore).await;
    let by_hand = world.right.enter(&person("Ada", ADA));
    later(&mut world).await;
    world.settle().await;
    assert!(world.holds().await.is_empty());
    assert_eq!((people(&world), world.pairs().await.len()), ((1, 1), 1));
    assert!(has_all(&world.left.record(&ada).unwrap()));
    assert!(has_all(&world.right.record(&by_hand).unwrap()), "filled");
}

/// Taken from ours since, or entered without by somebody who has changed it since: who knows.
#[tokio::test]
async fn what_is_missing_in_a_changed_copy_is_asked_about() {
    for is_it in [true, false] {
        let (mut world, ada, copy) = made().await;
        world
            .right
            .edit(&copy, |copy| copy.put(CITY.key().clone(), None));
        later(&mut world).await;
        asks_about(&world, &[&copy]).await;
        match is_it {
            true => _ = world.engine().link(&CONTACT, &ada, &copy).await.unwrap(),
            false => world.engine().none_of_these(1).await.unwrap(),
        }
        world.settle().await;
        assert!(world.holds().await.is_empty());
        assert_eq!((people(&world), world.pairs().await.len()), ((1, 1), 1));
        for shown in [world.left.record(&ada), world.right.record(&copy)] {
            let city = shown.unwrap().get(&CITY);
            assert_eq!(city.is_none(), is_it, "{city:?}");
        }
    }
}

/// Nothing that was sent is left in it.
fn rewrite(world: &World, copy: &RecordId) {
    world.right.edit(copy, |copy| {
        copy.set(&NAME, "Eve".to_owned());
        copy.set(&EMAIL, Email::new("eve@example.org"));
        copy.put(CITY.key().clone(), None);
        copy.put(TAGS.key().clone(), None);
    });
}

#[tokio::test]
async fn a_copy_that_shows_nothing_of_what_was_sent_is_asked_about() {
    let (mut world, ada, copy) = made().await;
    rewrite(&world, &copy);
    later(&mut world).await;
    asks_about(&world, &[&copy]).await;
    assert_eq!(people(&world), (1, 1), "neither is created again");
    world.engine().link(&CONTACT, &ada, &copy).await.unwrap();
    world.settle().await;
    assert_eq!((people(&world), world.pairs().await.len()), ((1, 1), 1));
    let name = world.left.record(&ada).unwrap().get(&NAME);
    assert_eq!(name.as_deref(), Some("Eve"));
}

/// What a server says of its clock may be two seconds old; a request is given less.
#[tokio::test]
async fn a_copy_is_no_later_than_the_clock_can_tell() {
    let mut world = World::new();
    world.reply_grace = Some(Duration::from_millis(500));
    world.restart();
    let (mut world, _) = lost_in(world, ModelFault::LostAfter).await;
    let copy = world.right.records().into_keys().next().unwrap();
    rewrite(&world, &copy);
    later(&mut world).await;
    asks_about(&world, &[&copy]).await;
}

/// A rule of the system itself gives whoever is new another e-mail, within the grain of a stamp.
#[tokio::test]
async fn a_copy_that_was_changed_as_it_was_born_is_asked_about() {
    let (mut world, _) = just_lost_in(World::new(), ModelFault::LostAfter).await;
    let copy = world.right.records().into_keys().next().unwrap();
    world.right.edit(&copy, |copy| {
        copy.set(&EMAIL, Email::new("ada@example.org"));
        copy.set(&NAME, "Ada L".to_owned());
    });
    later(&mut world).await;
    asks_about(&world, &[&copy]).await;
    assert_eq!(people(&world), (1, 1));
}

#[tokio::test]
async fn who_is_asked_about_stays_in_the_question() {
    for is_asked_first in [true, false] {
        let (mut world, ada, copy) = made().await;
        rewrite(&world, &copy);
        if is_asked_first {
            later(&mut world).await;
            asks_about(&world, &[&copy]).await;
        }
        let mut whole = person("Ada", ADA);
        if is_asked_first {
            whole.set(&CITY, "Oslo".to_owned());
            whole.set(&TAGS, Tags::new(["vip"]));
        }
        let beside = world.right.enter(&whole);
        later(&mut world).await;
        asks_about(&world, &[&copy, &beside]).await;
        assert_eq!(people(&world), (1, 2));

        world.engine().link(&CONTACT, &ada, &copy).await.unwrap();
        world.settle().await;
        assert!(world.holds().await.is_empty());
        assert_eq!((people(&world), world.pairs().await.len()), ((2, 2), 2));
    }
}

#[tokio::test]
async fn who_was_entered_meanwhile_and_never_changed_is_somebody_else() {
    let (mut world, _) = lost(ModelFault::LostBefore).await;
    world.right.enter(&person("Eve", "eve@example.org"));
    later(&mut world).await;
    world.settle().await;
    assert!(world.holds().await.is_empty());
    assert_eq!((people(&world), world.pairs().await.len()), ((2, 2), 2));
}

#[tokio::test]
async fn who_is_in_question_is_forgotten_once_that_is_answered() {
    let (mut world, ada, copy) = made().await;
    rewrite(&world, &copy);
    later(&mut world).await;
    let message = world.holds().await.remove(0).message;
    for (side, id) in [(Side::Left, &ada), (Side::Right, &copy)] {
        let engine = world.engine();
        let forgotten = engine.forget(&CONTACT, side, id).await.unwrap();
        let Forgotten::Waits { why, .. } = forgotten else {
            panic!("{forgotten:?}");
        };
        assert!(why.contains(&message), "{why}");
        let why = engine.unlink(&CONTACT, side, id).await.unwrap_err();
        assert!(why.to_string().contains(&message), "{why}");
    }
    world.engine().link(&CONTACT, &ada, &copy).await.unwrap();
    let forgotten = world.engine().forget(&CONTACT, Side::Left, &ada).await;
    assert!(matches!(forgotten.unwrap(), Forgotten::Erased { .. }));
    world.settle().await;
    assert_eq!(people(&world), (1, 1));
    assert!(world.holds().await.is_empty());
}
