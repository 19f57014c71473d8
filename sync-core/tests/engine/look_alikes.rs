//! Notes that say the same, and whose creates have lost their replies.

use std::time::Duration;

use sync_core::{Archive, Both, Record, RecordId, Side, testing::ModelFault};

use crate::{
    families::{BODY, Family, NOTE, OF, note},
    world::connection,
};

const DONE: Option<ModelFault> = Some(ModelFault::LostAfter);
const NOT_DONE: Option<ModelFault> = Some(ModelFault::LostBefore);

/// Ada and Bob on both sides.
async fn two_people() -> (Family, [Both<RecordId>; 2]) {
    let mut family = Family::new();
    let ada = family.contact("ada").await;
    let bob = family.contact("bob").await;
    (family, [ada, bob])
}

async fn later(family: &mut Family) {
    for _ in 0..8 {
        family.clock.advance(Duration::from_secs(90));
        for contact in family.left.records().into_keys() {
            family.left.touch(&contact);
        }
        family.cycle().await;
    }
}

/// Each note of the right has one on the left, under the same contact, and nothing is open.
async fn are_paired(family: &Family, people: &[Both<RecordId>], count: usize) {
    let links = family.links(&NOTE).await;
    let notes = |side: Side| match side {
        Side::Left => family.left.records_as(&NOTE),
        Side::Right => family.right.records_as(&NOTE),
    };
    let all = Both::from_fn(|side| notes(side).len());
    assert_eq!((all, links.len()), (Both::new(count, count), count));
    for link in links {
        let of = |side: Side| {
            let note: Record = notes(side)[&link.sides[side].id].clone();
            let of = note.get(&OF).unwrap().id;
            let person = people.iter().position(|person| person[side] == of);
            (note.get(&BODY), person.unwrap())
        };
        assert_eq!(of(Side::Left), of(Side::Right));
    }
    let counts = family.store.counts(&connection()).await.unwrap();
    assert_eq!((counts.intents, counts.holds, counts.dirty), (0, 0, 0));
}

async fn crosses(faults: impl IntoIterator<Item = Option<ModelFault>>, under: &[usize]) {
    let (mut family, people) = two_people().await;
    for person in under {
        let note = note("called, no answer", &people[*person].right);
        family.right.enter_as(&NOTE, &note);
    }
    family.left.next_writes(faults);
    later(&mut family).await;
    are_paired(&family, &people, under.len()).await;
}

#[tokio::test]
async fn those_that_nothing_tells_apart_are_taken_one_each() {
    crosses([DONE, DONE], &[0, 0]).await;
    crosses([DONE, DONE, DONE, DONE, DONE], &[0, 0, 0, 0, 0]).await;
}

#[tokio::test]
async fn what_else_was_sent_tells_them_apart() {
    crosses([DONE, DONE], &[0, 1]).await;
    crosses([DONE, DONE, DONE, DONE], &[0, 1, 1, 0]).await;
}

#[tokio::test]
async fn one_that_was_not_made_is_not_taken_for_another() {
    for faults in [[NOT_DONE, DONE], [DONE, NOT_DONE]] {
        crosses(faults.clone(), &[0, 0]).await;
        crosses(faults.clone(), &[0, 1]).await;
        crosses(faults, &[1, 0]).await;
    }
}

/// A person's own note that says the same, but stands elsewhere, is no copy of ours.
#[tokio::test]
async fn one_that_was_there_before_hides_none() {
    let (mut family, people) = two_people().await;
    for _ in 0..5 {
        let same = note("called, no answer", &people[1].left);
        family.left.enter_as(&NOTE, &same);
    }
    later(&mut family).await;
    are_paired(&family, &people, 5).await;
    let same = note("called, no answer", &people[0].right);
    family.right.enter_as(&NOTE, &same);
    family.left.next_writes([DONE]);
    later(&mut family).await;
    are_paired(&family, &people, 6).await;
}
