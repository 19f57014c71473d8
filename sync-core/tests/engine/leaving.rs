//! Records that are deleted, restored, merged, or leave what is synced.

use std::time::Duration;

use sync_core::{
    Deletes, GuardName, Guards, HistoryEvent, Hold, HoldReason, Leaving, Record, RecordId, Side,
    Subject, Tags, rules::Prefer, testing::ModelFault,
};

use crate::world::{CITY, EMAIL, LAG, NAME, TAGS, World, person};

fn rename(record: &mut Record, to: &str) {
    record.set(&NAME, to.to_owned());
}

/// A linked pair.
async fn pair(world: &mut World) -> (RecordId, RecordId) {
    let left = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let right = world.right.records().into_keys().next().unwrap();
    (left, right)
}

async fn events(world: &World) -> Vec<HistoryEvent> {
    let history = world.history().await;
    history.into_iter().map(|happened| happened.event).collect()
}

#[tokio::test]
async fn a_delete_follows_where_the_policy_says_so() {
    let mut world = World::with_deletes();
    let (left, _) = pair(&mut world).await;
    world.left.delete_record(&left);
    world.hint(Side::Left, &left).await;
    world.settle().await;
    assert!(world.right.records().is_empty());
    let deleted = HistoryEvent::Deleted { side: Side::Right };
    assert!(events(&world).await.contains(&deleted));
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn a_delete_waits_for_a_person_by_default() {
    let mut world = World::new();
    let (left, _) = pair(&mut world).await;
    world.left.delete_record(&left);
    world.hint(Side::Left, &left).await;
    world.settle().await;
    assert_eq!(world.right.records().len(), 1);
    assert_eq!(world.holds().await[0].reason, HoldReason::Deleted);
}

#[tokio::test]
async fn what_may_be_hidden_is_not_deleted() {
    let mut world = World::with_deletes();
    world.left = world.left.clone().sees_part();
    world.restart();
    let (left, right) = pair(&mut world).await;
    world.left.delete_record(&left);
    world.hint(Side::Left, &left).await;
    world.settle().await;
    assert_eq!(world.right.records().len(), 1);
    assert_eq!(world.holds().await[0].reason, HoldReason::Deleted);
    // What goes on the side that is seen whole is deleted still.
    let (other, _) = (world.left.enter(&person("Bob", "bob@example.com")), right);
    world.settle().await;
    let there = world.right.records();
    let bob = there
        .iter()
        .find(|(_, r)| r.get(&NAME).as_deref() == Some("Bob"));
    let bob = bob.unwrap().0.clone();
    world.right.delete_record(&bob);
    world.hint(Side::Right, &bob).await;
    world.settle().await;
    assert_eq!(world.left.record(&other), None);
}

#[tokio::test]
async fn missing_once_is_not_deleted() {
    let mut world = World::with_deletes();
    let (left, right) = pair(&mut world).await;
    let ada = world.left.record(&left).unwrap();
    world.left.delete_record(&left);
    world.hint(Side::Left, &left).await;
    world.cycle().await;
    world.left.restore(&left, &ada);
    world.right.edit(&right, |r| rename(r, "Ada L"));
    world.settle().await;
    assert_eq!(world.right.records().len(), 1);
    let back = world.left.record(&left).unwrap();
    assert_eq!(back.get(&NAME).as_deref(), Some("Ada L"));
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn a_record_that_was_back_for_a_moment_is_looked_for_again() {
    for deleted_again in [false, true] {
        let mut world = World::with_deletes();
        let (_, right) = pair(&mut world).await;
        let ada = world.right.record(&right).unwrap();
        world.right.delete_record(&right);
        world.hint(Side::Right, &right).await;
        world.cycle().await;
        world.right.restore(&right, &ada);
        world.cycle().await;
        if deleted_again {
            world.right.delete_record(&right);
            world.hint(Side::Right, &right).await;
        }
        world.settle().await;
        assert_eq!(world.left.records().is_empty(), deleted_again);
        assert!(world.holds().await.is_empty());
    }
}

#[tokio::test]
async fn a_hint_that_comes_after_a_row_is_not_answered_by_it() {
    let mut world = World::with_deletes();
    let (left, right) = pair(&mut world).await;
    world
        .left
        .next_writes([Some(ModelFault::Refuse), Some(ModelFault::Refuse)]);
    for name in ["Ada L", "Ada K"] {
        world.right.edit(&right, |r| rename(r, name));
        world.cycle().await;
    }
    assert_eq!(world.left.writes(), 2, "and both were refused");
    world.right.delete_record(&right);
    world.hint(Side::Right, &right).await;
    world.cycle().await;
    let there = world.left.record(&left).unwrap();
    assert_eq!(there.get(&NAME).as_deref(), Some("Ada"), "it may be gone");
}

#[tokio::test]
async fn of_several_records_with_the_keys_of_one_that_is_gone_a_person_says_which_it_became() {
    for both_stay in [true, false] {
        let mut world = World::with_deletes();
        let (left, _) = pair(&mut world).await;
        let heirs = [(); 2].map(|()| world.left.enter(&person("Ada", "ada@example.com")));
        world.left.delete_record(&left);
        world.clock.advance(LAG * 2);
        world.hint(Side::Left, &left).await;
        world.cycle().await;
        if !both_stay {
            // Merged one after the other.
            world.left.delete_record(&heirs[0]);
        }
        world.settle().await;
        assert_eq!(world.right.records().len(), 1, "nothing is deleted");
        let holds = world.holds().await;
        let asked = holds.iter().any(|hold| hold.reason == HoldReason::Merged);
        assert_eq!(asked, both_stay, "{holds:?}");
    }
}

#[tokio::test]
async fn an_heir_that_cannot_be_read_now_is_not_nobody() {
    for fault in [ModelFault::Refuse, ModelFault::LostBefore] {
        let mut world = World::with_deletes();
        let (left, right) = pair(&mut world).await;
        let heir = world.left.enter(&person("Ada", "ada@example.com"));
        world.left.delete_record(&left);
        world.clock.advance(LAG * 2);
        world.hint(Side::Left, &left).await;
        world.cycle().await;
        world.clock.advance(LAG * 2);
        // The record that is gone is read once more, and then the heir.
        world.left.next_reads([None, Some(fault)]);
        world.cycle().await;
        assert_eq!(world.right.records().len(), 1, "it may have been merged");
        world.settle().await;
        assert!(world.holds().await.is_empty());
        world.left.edit(&heir, |r| rename(r, "Ada L"));
        world.settle().await;
        let there = world.right.record(&right).unwrap();
        assert_eq!(there.get(&NAME).as_deref(), Some("Ada L"), "the heir's");
    }
}

#[tokio::test]
async fn an_heir_that_may_not_be_seen_is_a_question() {
    let mut world = World::with_deletes();
    let (left, _) = pair(&mut world).await;
    let heir = world.left.enter(&person("Ada", "ada@example.com"));
    world.left.delete_record(&left);
    world.clock.advance(LAG * 2);
    world.hint(Side::Left, &left).await;
    world.cycle().await;
    world.left.hide(&heir, true);
    world.settle().await;
    assert_eq!(world.right.records().len(), 1, "nothing is deleted");
    let holds = world.holds().await;
    assert!(holds.iter().any(|hold| hold.reason == HoldReason::Merged));
}

#[tokio::test]
async fn an_heir_that_is_gone_keeps_nobody_waiting_however_the_connector_says_so() {
    let mut world = World::with_deletes();
    let (left, _) = pair(&mut world).await;
    world.left.fails_for_missing();
    let heir = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    world.left.delete_record(&left);
    world.left.delete_record(&heir);
    world.hint(Side::Left, &left).await;
    world.settle().await;
    assert!(world.right.records().is_empty());
    assert_eq!(world.cycle().await.looks, 0, "nothing is asked again");
}

#[tokio::test]
async fn a_record_whose_read_is_refused_is_held_and_the_side_goes_on() {
    let mut world = World::with_deletes();
    let (left, right) = pair(&mut world).await;
    let refuse = ModelFault::RefuseField(NAME.key().clone());
    world.left.next_reads(vec![Some(refuse); 20]);
    world.right.delete_record(&right);
    world.hint(Side::Right, &right).await;
    world.settle().await;
    assert_eq!(world.left.records().len(), 1, "it was not looked at");
    let report = world.cycle().await;
    assert_eq!(report.looks, 0, "it is not asked for ever");
    assert_eq!(world.holds().await[0].reason, HoldReason::Refused);
    world.left.heal();
    world.left.edit(&left, |r| rename(r, "Ada L"));
    world.settle().await;
    assert_eq!(world.holds().await[0].reason, HoldReason::EditedMeanwhile);
}

#[tokio::test]
async fn two_looks_in_one_breath_are_no_proof_of_a_delete() {
    let mut world = World::with_deletes();
    let (left, _) = pair(&mut world).await;
    let ada = world.left.record(&left).unwrap();
    world.left.delete_record(&left);
    for _ in 0..3 {
        world.hint(Side::Left, &left).await;
        world.cycle().await;
    }
    world.left.restore(&left, &ada);
    world.settle().await;
    assert_eq!(world.right.records().len(), 1);
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn a_record_that_may_not_be_seen_is_frozen_and_goes_on_when_it_may() {
    let mut world = World::with_deletes();
    let (left, right) = pair(&mut world).await;
    world.left.hide(&left, true);
    world.hint(Side::Left, &left).await;
    for _ in 0..4 {
        world.clock.advance(Duration::from_secs(90));
        world.cycle().await;
    }
    assert_eq!(world.right.records().len(), 1, "nobody has deleted it");
    assert_eq!(world.holds().await[0].reason, HoldReason::Forbidden);
    world.right.edit(&right, |r| rename(r, "Ada L"));
    world.settle().await;
    assert_eq!(world.holds().await[0].reason, HoldReason::Forbidden);
    world.left.hide(&left, false);
    world.clock.advance(Duration::from_secs(25 * 3600));
    world.settle().await;
    let seen = world.left.record(&left).unwrap();
    assert_eq!(seen.get(&NAME).as_deref(), Some("Ada L"));
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn a_record_that_is_shown_again_is_held_no_longer_though_nobody_has_edited_it() {
    let mut world = World::new();
    let (left, right) = pair(&mut world).await;
    world.left.hide(&left, true);
    world.hint(Side::Left, &left).await;
    world.settle().await;
    assert_eq!(world.holds().await[0].reason, HoldReason::Forbidden);
    // That the other side is seen tells nothing.
    world.hint(Side::Right, &right).await;
    world.settle().await;
    assert_eq!(world.holds().await[0].reason, HoldReason::Forbidden);
    world.left.hide(&left, false);
    // The next walk, long before what is refused is tried again.
    world.clock.advance(Duration::from_secs(3700));
    world.settle().await;
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn a_record_that_a_write_finds_hidden_is_written_when_a_walk_shows_it_again() {
    let mut world = World::new();
    let (left, right) = pair(&mut world).await;
    world.left.hide(&left, true);
    world.right.edit(&right, |r| rename(r, "Ada L"));
    world.settle().await;
    assert_eq!(world.holds().await[0].reason, HoldReason::Forbidden);
    world.left.hide(&left, false);
    world.clock.advance(Duration::from_secs(3700));
    world.settle().await;
    let seen = world.left.record(&left).unwrap();
    assert_eq!(seen.get(&NAME).as_deref(), Some("Ada L"));
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn many_records_that_may_not_be_seen_keep_nobody_waiting() {
    let mut world = World::new();
    for n in 0..6 {
        let email = format!("p{n}@example.com");
        world.left.enter(&person("Ada", &email));
    }
    world.settle().await;
    for id in world.left.records().into_keys().take(5) {
        world.left.hide(&id, true);
    }
    for id in world.right.records().into_keys() {
        world.right.edit(&id, |r| rename(r, "Ada L"));
    }
    let report = world.cycle().await;
    assert!(report.stopped.left.is_none(), "{:?}", report.stopped);
    assert_eq!(report.updated.left, 1);
    assert_eq!(world.holds().await.len(), 5);
}

#[tokio::test]
async fn what_was_edited_meanwhile_is_not_deleted() {
    let mut world = World::with_deletes();
    let (left, right) = pair(&mut world).await;
    world.left.delete_record(&left);
    world.right.edit(&right, |r| rename(r, "Ada L"));
    world.settle().await;
    assert_eq!(world.holds().await[0].reason, HoldReason::EditedMeanwhile);
    let kept = world.right.record(&right).unwrap();
    assert_eq!(kept.get(&NAME).as_deref(), Some("Ada L"));
    assert!(world.left.records().is_empty());
}

/// The preferred side's edit was known before its record was deleted, and of that no feed tells.
#[tokio::test]
async fn an_edit_does_not_lose_to_a_record_that_is_gone() {
    let mut world = World::with_deletes();
    world.restart_with(Prefer(Side::Left));
    let (left, right) = pair(&mut world).await;
    world.left.edit(&left, |r| rename(r, "Ada R"));
    world.right.next_writes([Some(ModelFault::Refuse)]);
    world.clock.advance(LAG * 2);
    world.cycle().await;
    world.left.delete_record(&left);
    world.right.edit(&right, |r| rename(r, "Ada L"));
    world.restart_with(Prefer(Side::Left));
    world.settle().await;
    assert_eq!(world.holds().await[0].reason, HoldReason::EditedMeanwhile);
    let kept = world.right.record(&right).unwrap();
    assert_eq!(kept.get(&NAME).as_deref(), Some("Ada L"));
}

#[tokio::test]
async fn an_edit_that_comes_just_before_the_delete_stops_it() {
    let mut world = World::with_deletes();
    let (left, right) = pair(&mut world).await;
    world.right.stop_the_feed(true);
    world.left.delete_record(&left);
    world.right.edit(&right, |r| rename(r, "Ada L"));
    world.hint(Side::Left, &left).await;
    world.settle().await;
    assert_eq!(world.right.records().len(), 1);
    assert_eq!(world.holds().await[0].reason, HoldReason::EditedMeanwhile);
}

#[tokio::test]
async fn a_kept_record_is_not_created_again_on_the_side_that_deleted_it() {
    let mut world = World::new();
    world.leaving = Leaving::default().deletes(Side::Right, Deletes::Keep);
    world.restart();
    let (left, right) = pair(&mut world).await;
    world.left.delete_record(&left);
    world.hint(Side::Left, &left).await;
    world.settle().await;
    world.right.edit(&right, |r| rename(r, "Ada L"));
    let report = world.settle().await;
    assert_eq!(report.writes(), 0);
    assert!(world.left.records().is_empty());
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn a_pair_of_which_both_records_are_gone_ends_without_a_word() {
    let mut world = World::new();
    let (left, right) = pair(&mut world).await;
    world.left.delete_record(&left);
    world.right.delete_record(&right);
    world.hint(Side::Left, &left).await;
    world.hint(Side::Right, &right).await;
    world.settle().await;
    assert!(world.pairs().await.is_empty());
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn who_is_gone_is_asked_about_no_longer() {
    let mut world = World::new();
    let bob = world.right.enter(&person("Bob", "bob@example.com"));
    for name in ["Bob", "Rob"] {
        world.left.enter(&person(name, "bob@example.com"));
    }
    world.settle().await;
    let is_of = |hold: &Hold| hold.subject == Subject::Record(Side::Right, bob.clone());
    assert!(world.holds().await.iter().any(is_of));
    world.right.delete_record(&bob);
    world.clock.advance(Duration::from_secs(25 * 3600));
    world.settle().await;
    assert!(!world.holds().await.iter().any(is_of));
}

#[tokio::test]
async fn a_record_restored_from_the_bin_goes_on_where_it_was() {
    let mut world = World::new();
    world.leaving = Leaving::default().deletes(Side::Right, Deletes::Keep);
    world.restart();
    let (left, right) = pair(&mut world).await;
    let ada = world.left.record(&left).unwrap();
    world.left.delete_record(&left);
    world.hint(Side::Left, &left).await;
    world.settle().await;
    world.right.edit(&right, |r| {
        r.set(&CITY, "Oslo".to_owned());
    });
    world.settle().await;
    world.left.restore(&left, &ada);
    world.settle().await;
    let back = world.left.record(&left).unwrap();
    assert_eq!(back.get(&CITY).as_deref(), Some("Oslo"), "{:?}", world.left);
    assert_eq!(world.left.records().len(), 1);
    let woke = HistoryEvent::Woke { side: Side::Left };
    assert!(events(&world).await.contains(&woke));
}

#[tokio::test]
async fn a_restored_record_whose_counterpart_we_deleted_is_a_question() {
    let mut world = World::with_deletes();
    let (left, _) = pair(&mut world).await;
    let ada = world.left.record(&left).unwrap();
    world.left.delete_record(&left);
    world.hint(Side::Left, &left).await;
    world.settle().await;
    world.left.restore(&left, &ada);
    world.settle().await;
    assert!(world.right.records().is_empty());
    assert_eq!(world.holds().await[0].reason, HoldReason::Restored);
}

#[tokio::test]
async fn the_index_that_still_shows_a_deleted_record_asks_no_question() {
    let mut world = World::with_deletes();
    let (left, _) = pair(&mut world).await;
    world.left.edit(&left, |r| rename(r, "Ada L"));
    world.settle().await;
    world.left.delete_record(&left);
    world.hint(Side::Left, &left).await;
    world.settle().await;
    for _ in 0..3 {
        world.cycle().await;
    }
    assert!(world.holds().await.is_empty());
    assert!(world.right.records().is_empty());
}

#[tokio::test]
async fn a_merged_record_is_relinked_and_nothing_is_deleted() {
    let mut world = World::with_deletes();
    let (left, right) = pair(&mut world).await;
    world.left.delete_record(&left);
    let survivor = world.left.enter(&person("Ada King", "ada@example.com"));
    world.hint(Side::Left, &left).await;
    world.settle().await;
    assert_eq!(world.right.records().len(), 1, "{:?}", world.right);
    let relinked = |event: &HistoryEvent| matches!(event, HistoryEvent::Relinked { .. });
    assert!(events(&world).await.iter().any(relinked));
    // The names differ, and no shadow tells which one changed.
    assert_eq!(world.holds().await[0].reason, HoldReason::FirstSync);
    world.left.edit(&survivor, |r| rename(r, "Ada"));
    world.right.edit(&right, |r| {
        r.set(&CITY, "Oslo".to_owned());
    });
    world.settle().await;
    let survivor = world.left.record(&survivor).unwrap();
    assert_eq!(survivor.get(&CITY).as_deref(), Some("Oslo"));
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn a_lost_reply_to_a_delete_is_settled_by_looking() {
    for fault in [ModelFault::LostBefore, ModelFault::LostAfter] {
        let mut world = World::with_deletes();
        let (left, _) = pair(&mut world).await;
        world.left.delete_record(&left);
        world.hint(Side::Left, &left).await;
        world.right.next_writes([Some(fault)]);
        world.settle().await;
        assert!(world.right.records().is_empty());
        assert!(world.holds().await.is_empty());
    }
}

#[tokio::test]
async fn many_deletes_at_once_ask_first() {
    let mut world = World::with_deletes();
    world.guards = Guards {
        deletes: Some(3),
        ..Guards::OFF
    };
    world.restart();
    for n in 0..30 {
        world
            .left
            .enter(&person("Ada", &format!("ada{n}@example.com")));
    }
    world.settle().await;
    let ids: Vec<_> = world.left.records().into_keys().take(4).collect();
    for id in &ids {
        world.left.delete_record(id);
        world.hint(Side::Left, id).await;
    }
    let mut stop = None;
    for _ in 0..4 {
        world.clock.advance(Duration::from_secs(90));
        stop = world.cycle().await.guard;
    }
    assert_eq!(stop.unwrap().guard, GuardName::Deletes);
    assert_eq!(world.right.records().len(), 30);
    world.engine().set_guards(Guards::OFF);
    world.settle().await;
    assert_eq!(world.right.records().len(), 26);
}

#[tokio::test]
async fn a_side_that_is_suddenly_empty_stops_everything() {
    let mut world = World::with_deletes();
    world.guards = Guards {
        share: Some(50),
        ..Guards::OFF
    };
    world.restart();
    for n in 0..20 {
        world
            .left
            .enter(&person("Ada", &format!("ada{n}@example.com")));
    }
    world.settle().await;
    for id in world.left.records().into_keys().take(11) {
        world.left.delete_record(&id);
        world.hint(Side::Left, &id).await;
    }
    let report = world.cycle().await;
    assert_eq!(report.guard.unwrap().guard, GuardName::Missing);
    assert_eq!(world.right.records().len(), 20);
}

#[tokio::test]
async fn what_leaves_the_scope_is_frozen_and_goes_on_when_it_is_back() {
    let mut world = World::new();
    world.only_tagged = true;
    world.restart();
    let mut tagged = person("Ada", "ada@example.com");
    tagged.set(&TAGS, Tags::new(["sync"]));
    let left = world.left.enter(&tagged);
    world.left.enter(&person("Bob", "bob@example.com"));
    world.settle().await;
    assert_eq!(world.right.records().len(), 1, "Bob is outside");
    let right = world.right.records().into_keys().next().unwrap();

    world.left.edit(&left, |r| {
        r.set(&TAGS, Tags::default());
    });
    world.right.edit(&right, |r| rename(r, "Ada L"));
    let report = world.settle().await;
    assert_eq!(report.writes(), 0);
    assert_eq!(
        world.right.record(&right).unwrap().get(&TAGS),
        tagged.get(&TAGS)
    );
    assert_eq!(
        world.left.record(&left).unwrap().get(&NAME).as_deref(),
        Some("Ada")
    );

    world.left.edit(&left, |r| {
        r.set(&TAGS, Tags::new(["sync", "vip"]));
    });
    world.settle().await;
    assert_eq!(
        world.left.record(&left).unwrap().get(&NAME).as_deref(),
        Some("Ada L")
    );
    let tags = world.right.record(&right).unwrap().get(&TAGS).unwrap();
    assert_eq!(tags.names().collect::<Vec<_>>(), ["sync", "vip"]);
}

#[tokio::test]
async fn a_twin_outside_the_scope_is_not_doubled() {
    let mut world = World::new();
    world.only_tagged = true;
    world.restart();
    world.left.enter(&person("Ada", "ada@example.com"));
    world.right.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    assert_eq!(world.left.records().len(), 1);
    assert_eq!(world.right.records().len(), 1);
    let email = |record: &Record| record.get(&EMAIL);
    assert_eq!(
        world.left.records().values().next().and_then(email),
        world.right.records().values().next().and_then(email)
    );
}
