//! What people do by hand: link, unlink, relink, decide, look for twins.

use sync_core::{
    Archive, EngineError, HistoryEvent, Record, RecordId, Side, Value,
    rules::{HoldAll, Verdict},
};

use crate::world::{CONTACT, EMAIL, LAG, NAME, World, connection, person};

fn name(record: &Record) -> String {
    record.get(&NAME).unwrap_or_default()
}

fn rename(record: &mut Record, to: &str) {
    record.set(&NAME, to.to_owned());
}

async fn twins_by_hand() -> (World, RecordId, RecordId) {
    let mut world = World::new();
    world.first_sync.creates = sync_core::Both::new(false, false);
    world.restart();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    let same = world.right.enter(&person("Ada", "ada@work.example"));
    world.settle().await;
    assert!(world.pairs().await.is_empty());
    (world, ada, same)
}

#[tokio::test]
async fn two_records_are_linked_by_hand_whatever_their_keys() {
    let (mut world, ada, same) = twins_by_hand().await;
    world.engine().link(&CONTACT, &ada, &same).await.unwrap();
    world.settle().await;
    let email = |hold: &sync_core::Hold| hold.field.as_ref() == Some(EMAIL.key());
    assert!(world.holds().await.iter().any(email), "the e-mails differ");
    world.left.edit(&ada, |r| rename(r, "Ada L"));
    world.settle().await;
    assert_eq!(name(&world.right.record(&same).unwrap()), "Ada L");
    let told = world
        .history()
        .await
        .into_iter()
        .any(|h| matches!(h.event, HistoryEvent::Linked { ref by } if by == "a person"));
    assert!(told);
    let again = world
        .engine()
        .link(&CONTACT, &ada, &same)
        .await
        .unwrap_err();
    assert!(
        again
            .to_string()
            .contains("is linked to R0001; unlink it first"),
        "{again}"
    );
}

#[tokio::test]
async fn a_record_that_is_not_there_is_named() {
    let (mut world, ada, _) = twins_by_hand().await;
    let refused = world.engine().link(&CONTACT, &ada, &"R9".into()).await;
    assert_eq!(
        refused.unwrap_err().to_string(),
        "cannot link: there is no contact R9 on the right side"
    );
}

#[tokio::test]
async fn an_unlinked_pair_stays_apart_until_a_person_links_it() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let twin = world.right.records().into_keys().next().unwrap();
    world
        .engine()
        .unlink(&CONTACT, Side::Right, &twin)
        .await
        .unwrap();
    world.left.edit(&ada, |r| rename(r, "Ada L"));
    world.clock.advance(LAG * 1000);
    world.settle().await;
    assert_eq!(
        (world.left.records().len(), world.right.records().len()),
        (1, 1)
    );
    assert_eq!(name(&world.right.record(&twin).unwrap()), "Ada");
    world.engine().link(&CONTACT, &ada, &twin).await.unwrap();
    world.settle().await;
    assert_eq!(world.pairs().await.len(), 1);
}

#[tokio::test]
async fn a_held_conflict_is_decided_by_hand() {
    for (verdict, left, right) in [
        (Verdict::TakeLeft, "Ada L", "Ada L"),
        (Verdict::TakeRight, "Ada R", "Ada R"),
        (
            Verdict::Merge(Value::Text("Ada LR".into())),
            "Ada LR",
            "Ada LR",
        ),
    ] {
        let mut world = World::new();
        let ada = world.left.enter(&person("Ada", "ada@example.com"));
        world.settle().await;
        world.restart_with(HoldAll);
        let twin = world.right.records().into_keys().next().unwrap();
        world.left.edit(&ada, |r| rename(r, "Ada L"));
        world.right.edit(&twin, |r| rename(r, "Ada R"));
        world.settle().await;
        let (hold, _) = world
            .store
            .holds(&connection(), 0, 9)
            .await
            .unwrap()
            .remove(0);
        world.engine().decide(hold, &verdict).await.unwrap();
        assert!(world.holds().await.is_empty());
        world.settle().await;
        let shown = |side: &sync_core::testing::Model, id| name(&side.record(id).unwrap());
        assert_eq!(shown(&world.left, &ada), left);
        assert_eq!(shown(&world.right, &twin), right);
        assert_eq!(world.settle().await.writes(), 0);
        let again = world.engine().decide(hold, &verdict).await.unwrap_err();
        assert!(matches!(again, EngineError::Impossible { .. }));
    }
}

#[tokio::test]
async fn an_edit_after_the_decision_wins_over_it() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    world.restart_with(HoldAll);
    let twin = world.right.records().into_keys().next().unwrap();
    world.left.edit(&ada, |r| rename(r, "Ada L"));
    world.right.edit(&twin, |r| rename(r, "Ada R"));
    world.settle().await;
    let (hold, _) = world
        .store
        .holds(&connection(), 0, 9)
        .await
        .unwrap()
        .remove(0);
    world
        .engine()
        .decide(hold, &Verdict::TakeLeft)
        .await
        .unwrap();
    world.right.edit(&twin, |r| rename(r, "Ada later"));
    world.settle().await;
    assert_eq!(name(&world.left.record(&ada).unwrap()), "Ada later");
}

#[tokio::test]
async fn a_survivor_takes_the_place_of_the_record_that_is_gone() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let twin = world.right.records().into_keys().next().unwrap();
    world.first_sync.creates.left = false;
    world.restart();
    let survivor = world.right.enter(&person("Ada", "ada@work.example"));
    world.settle().await;
    let id = world
        .engine()
        .relink(&CONTACT, Side::Right, &twin, &survivor)
        .await
        .unwrap();
    assert_eq!(id.as_str(), "L0001~R0002");
    world.right.delete_record(&twin);
    world.settle().await;
    world.left.edit(&ada, |r| rename(r, "Ada L"));
    world.settle().await;
    assert_eq!(name(&world.right.record(&survivor).unwrap()), "Ada L");
}

#[tokio::test]
async fn twins_of_linked_records_are_reported() {
    let mut world = World::new();
    world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    assert!(world.engine().twins(&CONTACT).await.unwrap().is_empty());
    world.first_sync.creates = sync_core::Both::new(false, false);
    world.restart();
    world.right.enter(&person("Ada again", "ada@example.com"));
    world.settle().await;
    let twins = world.engine().twins(&CONTACT).await.unwrap();
    assert_eq!(twins.len(), 1);
    let twin = &twins[0];
    assert_eq!(
        (twin.side, twin.linked.as_str(), twin.unlinked.as_str()),
        (Side::Right, "R0001", "R0002")
    );
    assert_eq!(twin.key.value, "ada@example.com");
}
