//! Forgetting a person, whatever is going on with them.

use std::time::Duration;

use sync_core::{Archive, Counts, Forgotten, Record, Side, rules::HoldAll, testing::ModelFault};

use crate::{
    families::{Family, NOTE, note},
    world::{CONTACT, EMAIL, LAG, NAME, World, connection, person},
};

fn rename(record: &mut Record, to: &str) {
    record.set(&NAME, to.to_owned());
}

async fn counts(world: &World) -> Counts {
    world.store.counts(&connection()).await.unwrap()
}

#[tokio::test]
async fn a_forgotten_person_is_not_brought_back_by_late_rows() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.left.enter(&person("Bob", "bob@example.com"));
    world.settle().await;
    let twin = world.right.records();
    let twin = twin
        .iter()
        .find(|(_, r)| r.get(&NAME).as_deref() == Some("Ada"));
    let twin = twin.unwrap().0.clone();
    world.right.delete_record(&twin);
    let forgotten = world
        .engine()
        .forget(&CONTACT, Side::Left, &ada)
        .await
        .unwrap();
    assert!(matches!(&forgotten, Forgotten::Erased { ids, .. } if ids.right == Some(twin)));
    assert!(!format!("{:?}", world.store).contains("ada@example.com"));

    world.left.edit(&ada, |r| rename(r, "Ada L"));
    world.clock.advance(LAG * 1000);
    world.settle().await;
    assert_eq!(world.right.records().len(), 1, "not created again");
    assert!(!format!("{:?}", world.store).contains("ada@example.com"));
    world.left.delete_record(&ada);
    world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    assert_eq!(
        world.right.records().len(),
        2,
        "who is entered anew is synced"
    );
}

#[tokio::test]
async fn who_was_forgotten_is_not_linked_by_hand() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let twin = world.right.records().into_keys().next().unwrap();
    let engine = world.engine();
    engine.forget(&CONTACT, Side::Right, &twin).await.unwrap();
    let refused = engine.link(&CONTACT, &ada, &twin).await.unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("L0001 was forgotten on the left side"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_person_in_a_hold_is_forgotten_with_it() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    world.restart_with(HoldAll);
    let twin = world.right.records().into_keys().next().unwrap();
    world.left.edit(&ada, |r| rename(r, "Ada L"));
    world.right.edit(&twin, |r| rename(r, "Ada R"));
    world.settle().await;
    assert_eq!(world.holds().await.len(), 1);
    world
        .engine()
        .forget(&CONTACT, Side::Right, &twin)
        .await
        .unwrap();
    assert_eq!(counts(&world).await, Counts::default());
    assert!(!format!("{:?}", world.store).contains("Ada"));
    world.settle().await;
    assert_eq!(counts(&world).await, Counts::default());
}

#[tokio::test]
async fn a_hold_of_somebody_else_does_not_go_on_naming_them() {
    let mut world = World::new();
    world.left.enter(&person("Ada", "ada@example.com"));
    let rival = world.left.enter(&person("Eda", "ada@example.com"));
    world.right.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    assert!(world.holds().await.len() > 1);
    world
        .engine()
        .forget(&CONTACT, Side::Left, &rival)
        .await
        .unwrap();
    world.settle().await;
    assert!(world.holds().await.is_empty());
    assert_eq!(world.pairs().await.len(), 1, "the other two are a pair now");
}

#[tokio::test]
async fn an_open_write_is_settled_before_its_record_is_forgotten() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.clock.advance(LAG * 4);
    world.right.next_writes([Some(ModelFault::LostAfter)]);
    world.cycle().await;
    assert_eq!(counts(&world).await.intents, 1);
    let forgotten = world
        .engine()
        .forget(&CONTACT, Side::Left, &ada)
        .await
        .unwrap();
    let twin = world.right.records().into_keys().next();
    assert!(
        matches!(&forgotten, Forgotten::Erased { ids, .. } if ids.right == twin),
        "the lost create was found, and forgotten with it: {forgotten:?}"
    );
    assert_eq!(counts(&world).await, Counts::default());
}

#[tokio::test]
async fn a_write_that_may_be_on_its_way_makes_forgetting_wait() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.clock.advance(LAG * 4);
    world.right.next_writes([Some(ModelFault::LostBefore)]);
    world.cycle().await;
    let forgotten = world
        .engine()
        .forget(&CONTACT, Side::Left, &ada)
        .await
        .unwrap();
    let Forgotten::Waits { why, due } = forgotten else {
        panic!("{forgotten:?}");
    };
    assert!(why.contains("`create` on the right side"), "{why}");
    assert!(due.is_some());
    assert_eq!(counts(&world).await.intents, 1);
    world.clock.advance(Duration::from_secs(120));
    let forgotten = world
        .engine()
        .forget(&CONTACT, Side::Left, &ada)
        .await
        .unwrap();
    assert!(matches!(forgotten, Forgotten::Erased { .. }));
    world.settle().await;
    assert!(world.right.records().is_empty());
}

#[tokio::test]
async fn who_may_be_what_a_lost_create_made_is_forgotten_with_its_source() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.right.next_writes([Some(ModelFault::LostAfter)]);
    world.until_written(1).await;
    let made = world.right.records().into_keys().next().unwrap();
    let forgotten = world.engine().forget(&CONTACT, Side::Right, &made).await;
    assert!(
        matches!(&forgotten, Ok(Forgotten::Erased { ids, .. }) if ids.left == Some(ada)),
        "{forgotten:?}"
    );
    world.clock.advance(LAG * 1000);
    world.settle().await;
    assert_eq!(world.right.records().len(), 1, "not created again");
}

#[tokio::test]
async fn who_refuses_a_key_is_not_linked_after_being_forgotten() {
    let mut world = World::new();
    world.left.unique(EMAIL.key());
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let engine = world.engine();
    engine.forget(&CONTACT, Side::Left, &ada).await.unwrap();
    world.right.enter(&person("Anna", "ada@example.com"));
    world.clock.advance(LAG * 1000);
    world.settle().await;
    let mut left = world.left.records();
    left.remove(&ada);
    assert_eq!(left.len(), 1, "she is somebody new");
    let holds = world.store.holds(&connection(), 0, 9).await.unwrap();
    let why = &holds[0].1.message;
    assert!(why.contains("by a record that was forgotten"), "{why}");
}

/// Also what is written about the person afterwards.
#[tokio::test]
async fn the_notes_of_a_person_are_forgotten_with_them() {
    let mut family = Family::new();
    let ada = family.left.enter(&person("Ada", "ada@example.com"));
    let bea = family.left.enter(&person("Bea", "bea@example.com"));
    for whose in [&ada, &bea] {
        family.left.enter_as(&NOTE, &note(whose.as_str(), whose));
    }
    family.cycles(4).await;
    assert_eq!(family.links(&NOTE).await.len(), 2);
    let known = family.links(&CONTACT).await;
    let her = known.iter().find(|link| link.sides.left.id == ada).unwrap();
    let twin = her.sides.right.id.clone();
    let forgotten = family.engine.forget(&CONTACT, Side::Left, &ada).await;
    let Forgotten::Erased { below, .. } = forgotten.unwrap() else {
        panic!("not forgotten");
    };
    assert_eq!(below.len(), 1);
    family.right.enter_as(&NOTE, &note("a secret", &twin));
    family.left.touch(&bea);
    family.cycles(4).await;
    let kept = format!("{:?}", family.store);
    for word in [ada.as_str(), "a secret"] {
        assert!(!kept.contains(word), "{word} is still known");
    }
    assert_eq!(family.links(&NOTE).await.len(), 1);
}
