//! Short stories, each ending well.

use std::{sync::Arc, time::Duration};

use sync_core::{
    Clock, Coverage, Differences, Email, EngineError, Field, Fields, FirstSync, GuardName, Guards,
    Happened, HistoryEvent, HoldReason, Lines, List, Map, Record, Side, Tags, Value,
    rules::{HoldAll, Verdict},
    testing::{ManualClock, Model, ModelFault},
};

use crate::{
    lying::{Lie, NOBODY},
    reading::lie,
    world::{CITY, CONTACT, EMAIL, LAG, NAME, TAGS, World, left_fields, person, right_fields},
};

fn name(record: &Record) -> String {
    record.get(&NAME).unwrap_or_default()
}

fn rename(record: &mut Record, to: &str) {
    record.set(&NAME, to.to_owned());
}

/// Two people add to one text; then both rewrite one line of it.
#[tokio::test]
async fn edits_of_different_lines_of_one_text_are_both_kept() {
    const ABOUT: Field<Lines> = Field::new("about");
    let mut world = World::new();
    world.left = world.left.clone().mapped(left_fields().exact(&ABOUT));
    world.right = world.right.clone().mapped(right_fields().exact(&ABOUT));
    world.restart();
    let mut ada = person("Ada", "ada@example.com");
    ada.set(
        &ABOUT,
        Lines::new("likes chess\nlives in Oslo\ncalls on Mondays"),
    );
    let left = world.left.enter(&ada);
    world.settle().await;
    let right = world.right.records().into_keys().next().unwrap();
    let write = |record: &mut Record, text: &str| {
        record.set(&ABOUT, Lines::new(text));
    };
    world.left.edit(&left, |r| {
        write(r, "likes go\nlives in Oslo\ncalls on Mondays");
    });
    world.right.edit(&right, |r| {
        write(r, "likes chess\nlives in Oslo\ncalls on Mondays\nhas a dog");
    });
    let report = world.settle().await;
    assert_eq!(report.decided, 0, "nobody had to decide");
    let both = "likes go\nlives in Oslo\ncalls on Mondays\nhas a dog";
    let about = |record: Option<Record>| record.unwrap().get(&ABOUT).unwrap();
    assert_eq!(about(world.left.record(&left)).as_str(), both);
    assert_eq!(about(world.right.record(&right)).as_str(), both);
    world
        .left
        .edit(&left, |r| write(r, "likes shogi\nlives in Oslo"));
    world
        .right
        .edit(&right, |r| write(r, "likes bridge\nlives in Oslo"));
    let report = world.settle().await;
    assert_eq!(report.decided, 1, "both edited one line");
}

/// A checklist and some settings, edited on both sides at once.
#[tokio::test]
async fn edits_of_different_entries_of_a_list_and_names_of_a_map_are_both_kept() {
    const STEPS: Field<List> = Field::new("steps");
    const SIZES: Field<Map> = Field::new("sizes");
    let mut world = World::new();
    let with = |fields: Fields| fields.exact(&STEPS).exact(&SIZES);
    world.left = world.left.clone().mapped(with(left_fields()));
    world.right = world.right.clone().mapped(with(right_fields()));
    world.restart();
    let mut ada = person("Ada", "ada@example.com");
    ada.set(&STEPS, List::new(["call", "meet", "sign"]))
        .set(&SIZES, Map::new([("shoe", "38"), ("hat", "56")]));
    let left = world.left.enter(&ada);
    world.settle().await;
    let right = world.right.records().into_keys().next().unwrap();
    world.left.edit(&left, |r| {
        r.set(&STEPS, List::new(["write", "call", "meet", "sign"]))
            .set(&SIZES, Map::new([("shoe", "39"), ("hat", "56")]));
    });
    world.right.edit(&right, |r| {
        r.set(&STEPS, List::new(["call", "sign"]))
            .set(&SIZES, Map::new([("shoe", "38")]));
    });
    let report = world.settle().await;
    assert_eq!(report.decided, 0, "nobody had to decide");
    for record in [world.left.record(&left), world.right.record(&right)] {
        let record = record.unwrap();
        let steps = record.get(&STEPS);
        assert_eq!(steps, Some(List::new(["write", "call", "sign"])));
        assert_eq!(record.get(&SIZES), Some(Map::new([("shoe", "39")])));
    }
    world.left.edit(&left, |r| {
        r.set(&SIZES, Map::new([("shoe", "40")]));
    });
    world.right.edit(&right, |r| {
        r.set(&SIZES, Map::new([("shoe", "41")]));
    });
    let report = world.settle().await;
    assert_eq!(report.decided, 1, "both edited one name");
}

#[tokio::test]
async fn a_field_that_is_found_in_another_place_is_not_blanked() {
    let mut world = World::new();
    let mut ada = person("Ada", "ada@example.com");
    ada.set(&CITY, "London".to_owned());
    let left = world.left.enter(&ada);
    world.settle().await;
    let right = world.right.records().into_keys().next().unwrap();
    // The field of the other place is blank, and the mapper reads that from now on.
    world.left.edit(&left, |r| {
        r.set(&CITY, None);
    });
    world.left = world
        .left
        .clone()
        .mapped(left_fields().found_in(&CITY, "town"));
    world.restart();
    world.clock.advance(Duration::from_secs(4000));
    world.settle().await;
    for record in [world.left.record(&left), world.right.record(&right)] {
        let city = record.unwrap().get(&CITY);
        assert_eq!(city.as_deref(), Some("London"));
    }
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn a_record_of_either_side_reaches_the_other_and_then_all_is_quiet() {
    let mut world = World::new();
    world.left.enter(&person("Ada", "ada@example.com"));
    world.right.enter(&person("Bob", "bob@example.com"));
    let report = world.settle().await;
    assert_eq!((report.created.left, report.created.right), (1, 1));
    let pairs = world.pairs().await;
    assert_eq!(pairs.len(), 2);
    assert!(pairs.iter().all(|pair| pair.left == pair.right));
    let writes = world.left.writes() + world.right.writes();
    let report = world.settle().await;
    assert_eq!(report.writes(), 0);
    assert_eq!(world.left.writes() + world.right.writes(), writes);
}

#[tokio::test]
async fn an_edit_on_either_side_reaches_the_other_with_one_write() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let twin = world.right.records().into_keys().next().unwrap();
    world.left.edit(&ada, |r| rename(r, "Ada L"));
    let before = world.right.writes();
    world.settle().await;
    assert_eq!(name(&world.right.record(&twin).unwrap()), "Ada L");
    assert_eq!(world.right.writes(), before + 1);
    world.right.edit(&twin, |r| {
        r.set(&CITY, "Oslo".to_owned());
    });
    world.settle().await;
    assert_eq!(world.left.record(&ada).unwrap().get(&CITY).unwrap(), "Oslo");
}

#[tokio::test]
async fn an_idle_cycle_costs_one_request_on_each_side() {
    let mut world = World::new();
    world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    world.clock.advance(LAG * 4);
    world.cycle().await;
    let idle = world.cycle().await;
    assert_eq!((idle.requests.left, idle.requests.right), (1, 1));
}

#[tokio::test]
async fn different_fields_of_one_record_cross_in_both_directions() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let twin = world.right.records().into_keys().next().unwrap();
    world.left.edit(&ada, |r| rename(r, "Ada L"));
    world.right.edit(&twin, |r| {
        r.set(&CITY, "Oslo".to_owned());
    });
    let report = world.settle().await;
    assert_eq!(report.decided, 0);
    let pair = &world.pairs().await[0];
    assert_eq!(pair.left, pair.right);
    assert_eq!(
        (name(&pair.left), pair.left.get(&CITY)),
        ("Ada L".into(), Some("Oslo".into()))
    );
}

#[tokio::test]
async fn the_same_field_on_both_sides_is_decided_and_the_loser_stays_readable() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let twin = world.right.records().into_keys().next().unwrap();
    world.left.edit(&ada, |r| rename(r, "Ada L"));
    world.right.edit(&twin, |r| rename(r, "Ada R"));
    let report = world.settle().await;
    assert_eq!(report.decided, 1);
    let pair = &world.pairs().await[0];
    assert_eq!(
        (name(&pair.left), name(&pair.right)),
        ("Ada L".into(), "Ada L".into())
    );
    let lost = Some(Value::Text("Ada R".into()));
    let told = world.history().await.into_iter().any(|happened| {
        matches!(happened.event, HistoryEvent::Decided { ref seen, .. } if seen.right == lost)
    });
    assert!(told);
}

#[tokio::test]
async fn the_later_edit_wins_where_the_reads_between_tell_which_it_is() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let twin = world.right.records().into_keys().next().unwrap();
    world.left.next_writes([Some(ModelFault::Refuse)]);
    world.right.next_writes([Some(ModelFault::Refuse)]);
    world.left.edit(&ada, |r| rename(r, "early"));
    world.clock.advance(LAG * 4);
    world.cycle().await;
    world.clock.advance(LAG * 4);
    world.right.edit(&twin, |r| rename(r, "late"));
    world.settle().await;
    let pair = &world.pairs().await[0];
    assert_eq!(
        (name(&pair.left), name(&pair.right)),
        ("late".into(), "late".into())
    );
}

#[tokio::test]
async fn an_edit_that_the_index_does_not_show_yet_is_not_written_over() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let twin = world.right.records().into_keys().next().unwrap();
    world.right.edit(&twin, |r| rename(r, "Ada R"));
    world.left.edit(&ada, |r| rename(r, "Ada L"));
    let report = world.cycle().await;
    assert_eq!(report.writes(), 0, "the second look showed the other edit");
    world.settle().await;
    let told = world
        .history()
        .await
        .into_iter()
        .any(|happened| matches!(happened.event, HistoryEvent::Decided { .. }));
    assert!(told);
}

#[tokio::test]
async fn tags_of_both_sides_merge_item_by_item() {
    let mut world = World::new();
    let mut ada = person("Ada", "ada@example.com");
    ada.set(&TAGS, Tags::new(["vip", "old"]));
    let ada = world.left.enter(&ada);
    world.settle().await;
    let twin = world.right.records().into_keys().next().unwrap();
    world.left.edit(&ada, |r| {
        r.set(&TAGS, Tags::new(["vip", "old", "left"]));
    });
    world.right.edit(&twin, |r| {
        r.set(&TAGS, Tags::new(["VIP", "right"]));
    });
    world.settle().await;
    let pair = &world.pairs().await[0];
    let tags = |r: &Record| {
        r.get(&TAGS)
            .unwrap()
            .names()
            .map(str::to_lowercase)
            .collect::<Vec<_>>()
    };
    assert_eq!(tags(&pair.left), ["left", "right", "vip"]);
    assert_eq!(tags(&pair.right), ["left", "right", "vip"]);
}

#[tokio::test]
async fn a_side_that_cuts_texts_does_not_cut_the_other() {
    let mut world = World::new();
    let mut ada = person("Ada", "ada@example.com");
    ada.set(&CITY, "Llanfairpwllgwyngyll".to_owned());
    let ada = world.right.enter(&ada);
    world.settle().await;
    let twin = world.left.records().into_keys().next().unwrap();
    assert_eq!(
        world.left.record(&twin).unwrap().get(&CITY).unwrap(),
        "Llanfairpw"
    );
    world.left.edit(&twin, |r| rename(r, "Ada L"));
    world.settle().await;
    let right = world.right.record(&ada).unwrap();
    assert_eq!(right.get(&CITY).unwrap(), "Llanfairpwllgwyngyll");
    assert_eq!(name(&right), "Ada L");
}

#[tokio::test]
async fn the_first_sync_fills_blanks_and_holds_differences() {
    let mut world = World::new();
    let mut left = person("Ada", "ada@example.com");
    left.set(&CITY, "Oslo".to_owned());
    world.left.enter(&left);
    world
        .right
        .enter(&person("Ada Lovelace", "ADA@example.com"));
    let report = world.settle().await;
    assert_eq!(
        (report.linked, report.created.left, report.created.right),
        (1, 0, 0)
    );
    let pair = &world.pairs().await[0];
    assert_eq!(pair.right.get(&CITY).unwrap(), "Oslo");
    assert_eq!(
        (name(&pair.left), name(&pair.right)),
        ("Ada".into(), "Ada Lovelace".into())
    );
    let holds = world.holds().await;
    assert_eq!(holds.len(), 1);
    assert_eq!(
        (holds[0].reason, holds[0].field.as_ref()),
        (HoldReason::FirstSync, Some(NAME.key()))
    );
}

#[tokio::test]
async fn a_held_difference_is_released_when_a_person_makes_the_sides_equal() {
    let mut world = World::new();
    let left = world.left.enter(&person("Ada", "ada@example.com"));
    world.right.enter(&person("Ada L", "ada@example.com"));
    world.settle().await;
    assert_eq!(world.holds().await.len(), 1);
    world.left.edit(&left, |r| rename(r, "Ada L"));
    world.settle().await;
    assert!(world.holds().await.is_empty());
    world.left.edit(&left, |r| rename(r, "Ada K"));
    world.settle().await;
    assert_eq!(name(&world.pairs().await[0].right), "Ada K");
}

#[tokio::test]
async fn a_held_conflict_does_not_let_the_other_side_through() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    world.restart_with(HoldAll);
    let twin = world.right.records().into_keys().next().unwrap();
    world.left.edit(&ada, |r| rename(r, "Ada L"));
    world.right.edit(&twin, |r| rename(r, "Ada R"));
    world.settle().await;
    world.right.edit(&twin, |r| {
        r.set(&CITY, "Oslo".to_owned());
    });
    world.settle().await;
    let pair = &world.pairs().await[0];
    assert_eq!(
        (name(&pair.left), name(&pair.right)),
        ("Ada L".into(), "Ada R".into())
    );
    assert_eq!(pair.left.get(&CITY).unwrap(), "Oslo");
    assert_eq!(world.holds().await.len(), 1);
}

#[tokio::test]
async fn two_records_with_one_email_are_held_and_nothing_is_created() {
    let mut world = World::new();
    world.left.enter(&person("Ada", "ada@example.com"));
    world.right.enter(&person("Ada", "ada@example.com"));
    world.right.enter(&person("Ada again", "ada@example.com"));
    world.settle().await;
    assert!(world.pairs().await.is_empty());
    assert_eq!(
        (world.left.records().len(), world.right.records().len()),
        (1, 2)
    );
    let holds = world.holds().await;
    assert!(
        holds
            .iter()
            .all(|hold| hold.reason == HoldReason::Ambiguous)
            && !holds.is_empty()
    );
}

/// Its double has another e-mail now, as the person was told to give it.
#[tokio::test]
async fn who_was_held_as_a_double_goes_on_once_the_key_is_free() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    world.right.enter(&person("Ada too", "ada@example.com"));
    world.settle().await;
    assert_eq!(world.holds().await[0].reason, HoldReason::Ambiguous);
    world.left.edit(&ada, |ada| {
        ada.set(&EMAIL, Email::new("ada@example.org"));
    });
    world.settle().await;
    assert!(world.holds().await.is_empty());
    assert_eq!(world.pairs().await.len(), 2);
}

#[tokio::test]
async fn two_who_were_held_as_doubles_of_each_other_go_on_once_one_has_another_key() {
    let mut world = World::new();
    world.right.enter(&person("Ada", "ada@example.com"));
    let other = world.right.enter(&person("Ada too", "ada@example.com"));
    world.settle().await;
    assert_eq!(world.holds().await.len(), 2);
    world.right.edit(&other, |ada| {
        ada.set(&EMAIL, Email::new("ada@example.org"));
    });
    world.settle().await;
    assert!(world.holds().await.is_empty());
    assert_eq!(world.pairs().await.len(), 2);
}

#[tokio::test]
async fn one_person_entered_on_both_sides_at_once_is_not_doubled() {
    let mut world = World::new();
    world.settle().await;
    world.right.enter(&person("Ada", "ada@example.com"));
    world.left.enter(&person("Ada", "ada@example.com"));
    let first = world.cycle().await;
    assert_eq!(
        first.writes(),
        0,
        "the left index may still hide the record"
    );
    let report = world.settle().await;
    assert_eq!(
        (report.linked, report.created.left, report.created.right),
        (1, 0, 0)
    );
}

#[tokio::test]
async fn a_create_whose_reply_was_lost_is_adopted_not_repeated() {
    let mut world = World::new();
    world.left.enter(&person("Ada", "ada@example.com"));
    world.right.next_writes([Some(ModelFault::LostAfter)]);
    let report = world.settle().await;
    assert_eq!((report.created.right, report.adopted), (0, 1));
    assert_eq!(world.right.records().len(), 1);
    assert_eq!(world.pairs().await.len(), 1);
}

#[tokio::test]
async fn a_create_that_never_arrived_is_repeated_once_the_index_would_show_it() {
    let mut world = World::new();
    world.right.enter(&person("Ada", "ada@example.com"));
    world.left.next_writes([Some(ModelFault::LostBefore)]);
    world.settle().await;
    assert_eq!(world.left.records().len(), 1);
    assert_eq!(world.pairs().await.len(), 1);
}

#[tokio::test]
async fn of_two_records_that_a_lost_create_may_have_made_none_is_adopted() {
    let mut world = World::new();
    world.left.enter(&person("Ada", "ada@example.com"));
    world.right.next_writes([Some(ModelFault::LostAfter)]);
    world.until_written(1).await;
    let other = world.right.enter(&person("Ada", "ada@example.com"));
    for _ in 0..6 {
        world.clock.advance(Duration::from_secs(70));
        world.cycle().await;
    }
    assert!(world.pairs().await.is_empty());
    assert_eq!(world.right.records().len(), 2, "and none is created again");
    assert_eq!(world.holds().await[0].reason, HoldReason::InDoubt);

    world.right.delete_record(&other);
    world.hint(Side::Right, &other).await;
    world.settle().await;
    assert_eq!(world.pairs().await.len(), 1, "it can be only one now");
    assert!(world.holds().await.is_empty(), "and nothing is asked");
}

#[tokio::test]
async fn a_record_that_was_there_before_a_lost_create_is_met_not_adopted() {
    let mut world = World::new();
    let living_in = |city: &str| {
        let mut ada = person("Ada", "ada@example.com");
        ada.set(&CITY, city.to_owned());
        ada
    };
    let older = world.right.enter(&living_in("Oslo"));
    world.right.appears_late(&older, Duration::from_secs(3600));
    world.clock.advance(LAG);
    let ada = world.left.enter(&living_in("Lyon"));
    world.right.next_writes([Some(ModelFault::LostBefore)]);
    world.until_written(1).await;
    world.hint(Side::Right, &older).await;
    world.cycle().await;
    for _ in 0..4 {
        world.clock.advance(Duration::from_secs(70));
        world.cycle().await;
    }
    assert_eq!(world.right.records().len(), 1);
    assert_eq!(world.holds().await[0].reason, HoldReason::FirstSync);
    let city = world.left.record(&ada).unwrap().get(&CITY);
    assert_eq!(city.as_deref(), Some("Lyon"), "nobody has edited it");
    let adopted = |happened: &Happened| matches!(happened.event, HistoryEvent::Adopted { .. });
    assert!(!world.history().await.iter().any(adopted));
}

#[tokio::test]
async fn a_lost_create_is_adopted_after_a_restart_and_a_further_edit() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.right.next_writes([Some(ModelFault::LostAfter)]);
    world.clock.advance(LAG * 2);
    world.cycle().await;
    world.clock.advance(LAG * 2);
    world.cycle().await;
    world.restart();
    world.left.edit(&ada, |r| rename(r, "Ada K"));
    world.settle().await;
    assert_eq!(world.right.records().len(), 1);
    assert_eq!(name(&world.pairs().await[0].right), "Ada K");
}

/// Somebody corrects the e-mail of the copy before it is looked for. Nothing is copied, and a
/// person says which it is.
#[tokio::test]
async fn what_a_lost_create_has_made_is_asked_about_where_its_email_was_changed_since() {
    for is_it in [true, false] {
        let mut world = World::new();
        let ada = world.left.enter(&person("Ada", "ada@example.com"));
        world.right.next_writes([Some(ModelFault::LostAfter)]);
        world.until_written(1).await;
        let copy = world.right.records().into_keys().next().unwrap();
        world.clock.advance(Duration::from_secs(2));
        world.right.edit(&copy, |copy| {
            copy.set(&EMAIL, Email::new("ada@example.org"));
        });
        world.restart();
        for _ in 0..6 {
            world.clock.advance(Duration::from_secs(70));
            world.cycle().await;
        }
        let both = (world.left.records().len(), world.right.records().len());
        assert_eq!(both, (1, 1), "neither is created again");
        let holds = world.holds().await;
        assert_eq!(holds.len(), 1, "{holds:?}");
        assert_eq!(holds[0].reason, HoldReason::InDoubt);
        let told = holds[0].message.contains(copy.as_str());
        assert!(told, "{}", holds[0].message);

        match is_it {
            true => _ = world.engine().link(&CONTACT, &ada, &copy).await.unwrap(),
            false => world.engine().none_of_these(1).await.unwrap(),
        }
        world.settle().await;
        assert!(world.holds().await.is_empty());
        let both = (world.left.records().len(), world.right.records().len());
        let people = if is_it { 1 } else { 2 };
        assert_eq!(
            (both, world.pairs().await.len()),
            ((people, people), people)
        );
        let shown = world.left.record(&ada).unwrap().get(&EMAIL).unwrap();
        let edited = if is_it {
            "ada@example.org"
        } else {
            "ada@example.com"
        };
        assert_eq!(shown.as_str(), edited);
    }
}

/// Of two namesakes whose creates are lost, each gets its own, and nobody is asked.
#[tokio::test]
async fn what_a_lost_create_has_made_is_no_namesakes() {
    let mut world = World::new();
    world.left.enter(&person("Ada", "ada@example.com"));
    world.left.enter(&person("Ada", "ada@example.org"));
    let lost = [Some(ModelFault::LostBefore), Some(ModelFault::LostAfter)];
    world.right.next_writes(lost);
    world.until_written(2).await;
    world.restart();
    for _ in 0..6 {
        world.clock.advance(Duration::from_secs(600));
        world.cycle().await;
        assert!(world.holds().await.is_empty());
    }
    let (people, pairs) = (world.right.records().len(), world.pairs().await.len());
    assert_eq!((people, pairs), (2, 2));
}

/// Its source is gone, too: not adopted, it would come back from there.
#[tokio::test]
async fn a_lost_create_is_adopted_though_the_servers_clock_was_put_forward() {
    let mut world = World::with_deletes();
    let there = ManualClock::at(world.clock.now());
    let clock = Arc::new(there.clone());
    world.right = Model::new("R", right_fields(), Duration::ZERO, clock);
    world.restart();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.right.next_writes([Some(ModelFault::LostAfter)]);
    let minute = Duration::from_secs(60);
    for round in 0..12 {
        let jump = if round == 2 { minute } else { Duration::ZERO };
        there.advance(minute + jump);
        world.clock.advance(minute);
        world.cycle().await;
        if world.right.records().len() == 1 && world.left.records().len() == 1 {
            world.left.delete_record(&ada);
            world.restart();
        }
    }
    assert!(world.right.records().is_empty(), "{:?}", world.right);
    assert!(world.left.records().is_empty(), "{:?}", world.left);
}

#[tokio::test]
async fn an_update_whose_reply_was_lost_is_settled_by_looking() {
    for fault in [ModelFault::LostAfter, ModelFault::LostBefore] {
        let mut world = World::new();
        let ada = world.left.enter(&person("Ada", "ada@example.com"));
        world.settle().await;
        world.left.edit(&ada, |r| rename(r, "Ada K"));
        world.right.next_writes([Some(fault.clone())]);
        let report = world.settle().await;
        assert_eq!(report.decided, 0, "{fault:?}");
        assert_eq!(name(&world.pairs().await[0].right), "Ada K", "{fault:?}");
    }
}

#[tokio::test]
async fn an_edit_made_while_a_reply_was_lost_is_not_taken_for_a_conflict() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    world.left.edit(&ada, |r| rename(r, "one"));
    world.right.next_writes([Some(ModelFault::LostAfter)]);
    world.clock.advance(LAG * 2);
    world.cycle().await;
    world.left.edit(&ada, |r| rename(r, "two"));
    let report = world.settle().await;
    assert_eq!(report.decided, 0);
    let pair = &world.pairs().await[0];
    assert_eq!(
        (name(&pair.left), name(&pair.right)),
        ("two".into(), "two".into())
    );
}

#[tokio::test]
async fn a_merged_answer_is_kept_when_one_of_its_two_writes_is_refused() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    world.restart_with(|conflict: &sync_core::rules::Conflict<'_>| {
        let text = |v: Option<&Value>| v.map(ToString::to_string).unwrap_or_default();
        let [left, right] = [conflict.versions.left.value, conflict.versions.right.value].map(text);
        Verdict::Merge(Value::Text(format!("{left} & {right}").into()))
    });
    let twin = world.right.records().into_keys().next().unwrap();
    world.left.edit(&ada, |r| rename(r, "Ada K"));
    world.right.edit(&twin, |r| rename(r, "Ada L"));
    world.right.next_writes([Some(ModelFault::Refuse)]);
    let report = world.settle().await;
    assert_eq!(report.decided, 1);
    let pair = &world.pairs().await[0];
    assert_eq!(name(&pair.left), "Ada K & Ada L");
    assert_eq!(name(&pair.right), "Ada K & Ada L");
}

#[tokio::test]
async fn a_refused_field_is_held_and_the_rest_of_the_record_goes_on() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let refuse = || Some(ModelFault::RefuseField(CITY.key().clone()));
    world.right.next_writes([refuse()]);
    world.left.edit(&ada, |r| {
        rename(r, "Ada K");
        r.set(&CITY, "Nowhere".to_owned());
    });
    world.settle().await;
    let pair = &world.pairs().await[0];
    assert_eq!(
        (name(&pair.right), pair.right.get(&CITY)),
        ("Ada K".into(), None)
    );
    let holds = world.holds().await;
    assert_eq!((holds.len(), holds[0].reason), (1, HoldReason::Refused));
    let writes = world.right.writes();
    world.left.edit(&ada, |r| rename(r, "Ada M"));
    world.settle().await;
    assert_eq!(
        world.right.writes(),
        writes + 1,
        "the refused field is not tried again yet"
    );
    assert_eq!(world.pairs().await[0].right.get(&CITY), None, "nor with it");
    world.clock.advance(Duration::from_secs(25 * 3600));
    world.settle().await;
    let city = world.pairs().await[0].right.get(&CITY);
    assert_eq!(city.as_deref(), Some("Nowhere"), "tried again by itself");
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn a_guard_stops_before_anything_is_written() {
    let guards = Guards {
        creates: Some(2),
        updates: Some(2),
        ..Guards::OFF
    };
    let mut world = World::with(FirstSync::default(), guards);
    for n in 0..3 {
        world
            .left
            .enter(&person("Ada", &format!("ada{n}@example.com")));
    }
    world.clock.advance(LAG * 2);
    world.cycle().await;
    world.clock.advance(LAG * 2);
    let report = world.cycle().await;
    let stop = report.guard.unwrap();
    assert_eq!(
        (stop.side, stop.guard, stop.planned),
        (Side::Right, GuardName::Creates, 3)
    );
    assert_eq!(world.right.writes(), 0);
    world.engine().set_guards(Guards::OFF);
    world.settle().await;
    assert_eq!(world.right.records().len(), 3);
}

#[tokio::test]
async fn another_accounts_credential_is_refused() {
    let mut world = World::new();
    world.settle().await;
    world.right.become_account("somebody-else");
    world.restart();
    let refused = world.engine().cycle().await.unwrap_err();
    assert!(
        matches!(
            refused,
            EngineError::WrongAccount {
                side: Side::Right,
                ..
            }
        ),
        "{refused}"
    );
}

#[tokio::test]
async fn a_plan_foretells_the_run_and_moves_nothing() {
    let mut world = World::new();
    world.left.enter(&person("Ada", "ada@example.com"));
    world.left.enter(&person("Eve", "eve@example.com"));
    world.right.enter(&person("Ada", "ada@example.com"));
    world.clock.advance(LAG * 2);
    let plan = world.engine().plan().await.unwrap();
    assert_eq!((plan.counts.links, plan.counts.creates.right), (1, 1));
    let steps = plan.steps(0, 10).await.unwrap();
    assert_eq!(steps.len(), 2);
    assert_eq!(world.right.writes() + world.left.writes(), 0);
    assert!(world.pairs().await.is_empty());
    let report = world.settle().await;
    assert_eq!((report.linked, report.created.right), (1, 1));
}

#[tokio::test]
async fn a_record_that_disappears_holds_its_link_and_kills_nothing() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let twin = world.right.records().into_keys().next().unwrap();
    world.right.delete_record(&twin);
    world.left.edit(&ada, |r| rename(r, "Ada K"));
    world.settle().await;
    assert_eq!(world.holds().await[0].reason, HoldReason::EditedMeanwhile);
    assert!(world.right.records().is_empty());
    assert_eq!(name(&world.left.record(&ada).unwrap()), "Ada K");
}

#[tokio::test]
async fn a_preferred_side_settles_first_differences_when_told() {
    let policy = FirstSync {
        differences: Differences::Prefer(Side::Right),
        ..FirstSync::default()
    };
    let mut world = World::with(policy, Guards::OFF);
    world.left.enter(&person("Ada", "ada@example.com"));
    world
        .right
        .enter(&person("Ada Lovelace", "ada@example.com"));
    world.settle().await;
    let pair = &world.pairs().await[0];
    assert_eq!(name(&pair.left), "Ada Lovelace");
    assert_eq!(pair.left.get(&EMAIL), pair.right.get(&EMAIL));
}

/// The page by which it was found again left its tags out, and the removed one came back.
#[tokio::test]
async fn what_is_removed_from_a_lost_create_stays_removed_though_no_page_shows_it() {
    let mut world = World::new();
    world.settle().await;
    let mut ada = person("Ada", "ada@example.com");
    ada.set(&TAGS, Tags::new(["one", "two"]));
    let ada = world.right.enter(&ada);
    world.left.pages_show(Coverage::without(&["tags"]));
    world.left.next_writes([Some(ModelFault::LostAfter)]);
    world.clock.advance(LAG * 2);
    world.cycle().await;
    let created = world.left.records().into_keys().next().unwrap();
    world.left.edit(&created, |record| {
        record.set(&TAGS, Tags::new(["two"]));
    });
    let report = world.settle().await;
    assert_eq!(report.adopted, 1);
    world.left.pages_show(Coverage::WHOLE);
    world.clock.advance(Duration::from_secs(3_600));
    world.settle().await;
    for shown in [world.left.record(&created), world.right.record(&ada)] {
        assert_eq!(shown.unwrap().get(&TAGS), Some(Tags::new(["two"])));
    }
}

#[tokio::test]
async fn a_late_row_between_two_of_our_writes_is_not_taken_for_an_edit() {
    let mut world = World::new();
    let ada = world.right.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    world.left.silent_replies(true);
    let tag = |world: &World, tag: &str| {
        world.right.edit(&ada, |r| {
            r.set(&TAGS, Tags::new([tag]));
        });
    };
    tag(&world, "one");
    world.cycle().await;
    world.clock.advance(Duration::from_secs(4));
    tag(&world, "two");
    world.cycle().await;
    world.clock.advance(Duration::from_secs(2));
    world.cycle().await;
    world.settle().await;
    let pair = &world.pairs().await[0];
    for side in [&pair.left, &pair.right] {
        let tags: Vec<_> = side
            .get(&TAGS)
            .unwrap_or_default()
            .names()
            .map(str::to_owned)
            .collect();
        assert_eq!(
            tags,
            ["two"],
            "the index showed `one` after `two` was written"
        );
    }
    assert_eq!(world.right.writes(), 0, "and nobody went by that");
}

#[tokio::test]
async fn a_blank_that_somebody_fills_behind_the_index_is_not_written_over() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let twin = world.right.records().into_keys().next().unwrap();
    world
        .left
        .edit(&ada, |r| _ = r.set(&CITY, "Oslo".to_owned()));
    world
        .right
        .edit(&twin, |r| _ = r.set(&CITY, "Bergen".to_owned()));
    let report = world.cycle().await;
    assert_eq!(report.writes(), 0, "a look shows that it is not blank");
    let report = world.settle().await;
    assert_eq!(report.decided, 1);
}

#[tokio::test]
async fn an_edit_in_the_instant_of_our_own_write_is_not_taken_for_it() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let twin = world.right.records().into_keys().next().unwrap();
    world.left.edit(&ada, |r| rename(r, "Ada K"));
    world.clock.advance(LAG * 2);
    world.cycle().await;
    world.right.edit(&twin, |r| rename(r, "Ada R"));
    world.left.edit(&ada, |r| rename(r, "Ada L"));
    let report = world.settle().await;
    assert_eq!(report.decided, 1, "both edits were seen");
}

#[tokio::test]
async fn edits_on_both_sides_of_a_lost_create_are_edits_and_no_first_meeting() {
    let policy = FirstSync {
        differences: Differences::Prefer(Side::Left),
        ..FirstSync::default()
    };
    let mut world = World::with(policy, Guards::OFF);
    world.settle().await;
    let ada = world.right.enter(&person("Ada", "ada@example.com"));
    world.left.next_writes([Some(ModelFault::LostAfter)]);
    world.clock.advance(LAG * 2);
    world.cycle().await;
    let twin = world.left.records().into_keys().next().unwrap();
    world.clock.advance(Duration::from_secs(2));
    world.left.edit(&twin, |r| rename(r, "Ada L"));
    world.right.edit(&ada, |r| rename(r, "Ada R"));
    let report = world.settle().await;
    assert_eq!((report.adopted, report.decided), (1, 1));
    let told = world.history().await.into_iter().any(|happened| {
        matches!(happened.event, HistoryEvent::Decided { ref rule, .. } if rule == "newest wins")
    });
    assert!(told);
}

#[tokio::test]
async fn what_loses_to_a_preferred_side_stays_readable() {
    let policy = FirstSync {
        differences: Differences::Prefer(Side::Right),
        ..FirstSync::default()
    };
    let mut world = World::with(policy, Guards::OFF);
    world.left.enter(&person("Ada", "ada@example.com"));
    world.right.enter(&person("Ada L", "ada@example.com"));
    world.settle().await;
    let lost = Some(Value::Text("Ada".into()));
    let told = world.history().await.into_iter().any(|happened| {
        matches!(
            happened.event,
            HistoryEvent::Decided { ref rule, ref seen, .. }
                if rule == "first sync prefers the right side" && seen.left == lost
        )
    });
    assert!(told);
}

#[tokio::test]
async fn a_refused_field_is_tried_again_though_nobody_edits() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let refuse = ModelFault::RefuseField(CITY.key().clone());
    world.right.next_writes([Some(refuse)]);
    world
        .left
        .edit(&ada, |r| _ = r.set(&CITY, "Oslo".to_owned()));
    world.settle().await;
    assert_eq!(world.holds().await.len(), 1);
    world.clock.advance(Duration::from_secs(25 * 3600));
    world.settle().await;
    assert_eq!(world.pairs().await[0].right.get(&CITY).unwrap(), "Oslo");
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn a_dry_run_leaves_no_trace_in_an_empty_store() {
    let mut world = World::new();
    world.left.enter(&person("Ada", "ada@example.com"));
    let before = format!("{:?}", world.store);
    world.engine().plan().await.unwrap();
    assert_eq!(format!("{:?}", world.store), before);
}

#[tokio::test]
async fn an_email_that_moves_to_another_person_arrives_at_both() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    let bob = world.left.enter(&person("Bob", "bob@example.com"));
    world.settle().await;
    world.right.unique(EMAIL.key());
    let email = |text: &str| Email::new(text);
    world.left.edit(&bob, |r| {
        r.set(&EMAIL, email("ada@example.com"));
    });
    world.left.edit(&ada, |r| {
        r.set(&EMAIL, email("new@example.com"));
    });
    world.settle().await;
    for pair in world.pairs().await {
        assert_eq!(pair.left, pair.right);
    }
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn a_record_that_is_there_already_is_linked_though_its_first_read_fails() {
    let mut world = World::new();
    world.settle().await;
    world.left.unique(EMAIL.key());
    world.right.enter(&person("Ada", "ada@example.com"));
    world.clock.advance(LAG * 2);
    // The index does not show it yet.
    world.left.enter(&person("Ada", "ada@example.com"));
    world.left.next_reads([Some(ModelFault::Refuse)]);
    world.cycle().await;
    assert_eq!(world.left.writes(), 1, "one create, and it is refused");
    world.settle().await;
    assert_eq!(world.left.records().len(), 1);
    assert_eq!(world.pairs().await.len(), 1);
    assert!(world.holds().await.is_empty());
}

#[tokio::test]
async fn two_people_who_swap_their_emails_are_not_stuck() {
    for lost in [
        None,
        Some(ModelFault::LostAfter),
        Some(ModelFault::LostBefore),
    ] {
        let mut world = World::new();
        let ada = world.left.enter(&person("Ada", "ada@example.com"));
        let bob = world.left.enter(&person("Bob", "bob@example.com"));
        world.settle().await;
        world.right.unique(EMAIL.key());
        world.left.edit(&ada, |r| {
            r.set(&EMAIL, Email::new("bob@example.com"));
        });
        world.left.edit(&bob, |r| {
            r.set(&EMAIL, Email::new("ada@example.com"));
        });
        // The first two writes are refused, the third one blanks.
        world.right.next_writes([None, None, lost]);
        world.settle().await;
        for pair in world.pairs().await {
            assert_eq!(pair.left, pair.right);
        }
        let shown = world.left.record(&ada).unwrap();
        assert_eq!(shown.get(&EMAIL), Some(Email::new("bob@example.com")));
        assert!(world.holds().await.is_empty());
    }
}

#[tokio::test]
async fn a_field_that_goes_back_and_forth_with_a_second_tool_is_held() {
    let mut world = World::new();
    let ada = world.left.enter(&person("Ada", "ada@example.com"));
    world.settle().await;
    let right = world.right.records().into_keys().next().unwrap();
    let mut writes = 0;
    for _ in 0..20 {
        // A workflow on each side insists on its own spelling.
        if world.left.record(&ada).unwrap().get(&NAME).as_deref() != Some("ADA") {
            world.left.edit(&ada, |r| rename(r, "ADA"));
        }
        world.clock.advance(LAG * 2);
        writes += world.cycle().await.writes();
        if world.right.record(&right).unwrap().get(&NAME).as_deref() != Some("Ada") {
            world.right.edit(&right, |r| rename(r, "Ada"));
        }
        world.clock.advance(LAG * 2);
        writes += world.cycle().await.writes();
    }
    assert!(writes <= 10, "{writes}");
    assert!(
        world
            .holds()
            .await
            .iter()
            .any(|hold| hold.reason == HoldReason::PingPong)
    );
}

#[tokio::test]
async fn a_made_name_stays_where_it_was_made_though_the_next_call_is_refused() {
    let mut world = World::new();
    let mut nameless = Record::default();
    nameless.set(&EMAIL, Email::new("ada@example.com"));
    nameless.set(&CITY, "Oslo".to_owned());
    let right = world.right.enter(&nameless);
    lie(&mut world, Lie::MakesNames);
    world.left.silent_replies(true);
    world
        .left
        .next_writes([None, Some(ModelFault::RefuseField(CITY.key().clone()))]);
    world.settle().await;
    let shown = world.left.records().into_values().next().unwrap();
    assert_eq!((name(&shown).as_str(), shown.get(&CITY)), (NOBODY, None));
    assert_eq!(world.right.record(&right), Some(nameless));
    assert_eq!(world.holds().await.len(), 1, "the city is held");
}

#[tokio::test]
async fn nobody_is_asked_about_what_no_side_can_be_given_any_more() {
    const AUTHOR: Field<String> = Field::new("author");
    let mut world = World::with(
        FirstSync {
            differences: Differences::Hold,
            ..FirstSync::default()
        },
        Guards::OFF,
    );
    world.left = world
        .left
        .clone()
        .mapped(left_fields().create_only(&AUTHOR));
    world.right = world
        .right
        .clone()
        .mapped(right_fields().create_only(&AUTHOR));
    world.restart();
    let mut ada = person("Ada", "ada@example.com");
    let mut enter = |side: Side, author: &str| {
        ada.set(&AUTHOR, author.to_owned());
        world.model(side).enter(&ada)
    };
    let left = enter(Side::Left, "Grace");
    enter(Side::Right, "Joan");
    world.settle().await;
    assert_eq!(world.holds().await, []);
    world.left.edit(&left, |record| rename(record, "Ada L"));
    world.settle().await;
    let [pair] = &world.pairs().await[..] else {
        panic!("they are one pair");
    };
    assert_eq!([name(&pair.left), name(&pair.right)], ["Ada L", "Ada L"]);
    let authors = [&pair.left, &pair.right].map(|of| of.get(&AUTHOR).unwrap());
    assert_eq!(authors, ["Grace", "Joan"]);
}
