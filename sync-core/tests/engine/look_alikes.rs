//! Notes that say the same, and whose creates have lost their replies.

use std::time::Duration;

use sync_core::{
    Archive, Both, Fields, HistoryEvent, Hold, HoldReason, Record, RecordId, Ref, Side,
    testing::{Model, ModelFault},
};

use crate::{
    families::{ABOUT, BODY, Family, NOTE, OF, note},
    world::{CONTACT, connection},
};

const DONE: Option<ModelFault> = Some(ModelFault::LostAfter);
const NOT_DONE: Option<ModelFault> = Some(ModelFault::LostBefore);

/// Ada and Bob on both sides.
async fn two_people() -> (Family, [Both<RecordId>; 2]) {
    in_family(Family::new()).await
}

/// Where no note is put under another contact.
fn stays() -> Fields {
    let fields = Fields::new().exact(&BODY).exact(&OF).stays_under(&OF);
    fields.exact(&ABOUT)
}

async fn in_family(mut family: Family) -> (Family, [Both<RecordId>; 2]) {
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

/// A note of the right whose create on the left loses its reply, and what that has made.
async fn lost(family: &mut Family, ours: &Record) -> (RecordId, RecordId) {
    let ours = family.right.enter_as(&NOTE, ours);
    family.left.next_writes([DONE]);
    family.cycle().await;
    let copy = family.left.records_as(&NOTE).into_keys().next().unwrap();
    (ours, copy)
}

/// Somebody puts a note of the left under another contact.
fn put_under(family: &Family, note: &RecordId, contact: &RecordId) {
    let of = person(contact);
    family.left.edit(note, |note| _ = note.set(&OF, of));
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

/// A hint tells of the copy before any feed shows it: it is read by id, and not copied back.
#[tokio::test]
async fn a_copy_that_is_known_by_a_hint_first_is_no_new_note() {
    let (mut family, people) = two_people().await;
    let said = note("called, no answer", &people[0].right);
    let (_, copy) = lost(&mut family, &said).await;
    family.hint(Side::Left, NOTE, &copy).await;
    family.cycle().await;
    assert_eq!(family.right.records_as(&NOTE).len(), 1);
    later(&mut family).await;
    are_paired(&family, &people, 1).await;
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

/// Several that nothing tells apart have a counterpart each; one that was written meanwhile has none.
#[tokio::test]
async fn notes_are_not_doubled_when_the_store_is_lost() {
    let (mut family, people) = two_people().await;
    for body in ["called, no answer", "called, no answer", "will call back"] {
        for of in &people {
            family.left.enter_as(&NOTE, &note(body, &of.left));
        }
    }
    for of in &people {
        family.left.touch(&of.left);
    }
    later(&mut family).await;
    are_paired(&family, &people, 6).await;
    family.lose_the_store();
    let new = note("called, no answer", &people[0].right);
    family.right.enter_as(&NOTE, &new);
    family.cycles(20).await;
    are_paired(&family, &people, 7).await;
}

/// What stands under most contacts is read some cycles after these are linked.
#[tokio::test]
async fn a_note_is_not_created_before_what_stands_under_its_contact_is_read() {
    let (mut family, two) = two_people().await;
    let mut people = two.to_vec();
    for name in ["Cal", "Dee", "Eve", "Flo"] {
        people.push(family.contact(name).await);
    }
    for of in &people {
        family.left.enter_as(&NOTE, &note("called", &of.left));
        family.left.touch(&of.left);
    }
    later(&mut family).await;
    are_paired(&family, &people, 6).await;
    family.lose_the_store();
    family.cycles(20).await;
    are_paired(&family, &people, 6).await;
}

/// A person has said that they are not the same.
#[tokio::test]
async fn notes_that_were_parted_are_not_linked_by_what_they_show() {
    let (mut family, people) = two_people().await;
    let same = note("called, no answer", &people[0].right);
    let id = family.right.enter_as(&NOTE, &same);
    later(&mut family).await;
    let parted = family.engine.unlink(&NOTE, Side::Right, &id).await;
    parted.unwrap();
    later(&mut family).await;
    assert_eq!(family.links(&NOTE).await, []);
}

/// Two people write the same in one moment, one on each side, and the replies to both creates are lost.
#[tokio::test]
async fn the_source_of_another_is_no_copy() {
    let (mut family, people) = two_people().await;
    family.cycles(3).await;
    let same = people[0].as_ref().map(|ada| note("called, no answer", ada));
    family.left.enter_as(&NOTE, &same.left);
    family.right.enter_as(&NOTE, &same.right);
    family.left.touch(&people[0].left);
    family.left.next_writes([DONE]);
    family.right.next_writes([DONE]);
    // The grain of a stamp later: nobody can say which was there first.
    family.clock.advance(Duration::from_secs(1));
    family.engine.cycle().await.unwrap();
    let counts = family.store.counts(&connection()).await.unwrap();
    assert_eq!(counts.intents, 2);
    later(&mut family).await;
    are_paired(&family, &people, 2).await;
}

fn person(id: &RecordId) -> Ref {
    Ref {
        kind: CONTACT,
        id: id.clone(),
    }
}

/// What was not sent tells them apart, too.
#[tokio::test]
async fn the_copy_of_another_that_says_more_is_not_taken() {
    let (mut family, people) = two_people().await;
    let short = note("called, no answer", &people[0].right);
    let mut long = short.clone();
    long.set(&ABOUT, person(&people[1].right));
    for note in [&short, &long] {
        family.right.enter_as(&NOTE, note);
    }
    family.left.next_writes([NOT_DONE, DONE]);
    later(&mut family).await;
    are_paired(&family, &people, 2).await;
    let notes = family.left.records_as(&NOTE).into_values();
    assert_eq!(notes.filter(|note| note.get(&ABOUT).is_some()).count(), 1);
}

/// Nothing tells when it was entered, but no note is ever put under another contact there.
#[tokio::test]
async fn a_note_under_another_contact_is_not_taken_where_none_moves() {
    let (mut family, people) = in_family(Family::whose_notes(stays(), |b| b)).await;
    let theirs = note("called, no answer", &people[1].left);
    let ours = note("called, no answer", &people[0].right);
    family.right.enter_as(&NOTE, &ours);
    family.left.next_writes([NOT_DONE]);
    family.cycle().await;
    family.left.enter_as(&NOTE, &theirs);
    later(&mut family).await;
    are_paired(&family, &people, 2).await;
}

/// The contact of the copy is merged into another one, which has its notes now.
#[tokio::test]
async fn a_copy_whose_contact_was_merged_is_asked_about() {
    for into_bob in [true, false] {
        let (mut family, people) = in_family(Family::whose_notes(stays(), |b| b)).await;
        let [ada, bob] = &people;
        let said = note("called, no answer", &ada.right);
        let (ours, copy) = lost(&mut family, &said).await;
        let survivor = match into_bob {
            true => bob.left.clone(),
            false => family.left.enter(&family.left.record(&ada.left).unwrap()),
        };
        put_under(&family, &copy, &survivor);
        family.left.delete_record(&ada.left);
        later(&mut family).await;
        later(&mut family).await;
        let count = |model: &Model| model.records_as(&NOTE).len();
        let notes = (count(&family.left), count(&family.right));
        assert_eq!(notes, (1, 1), "it is not copied back");
        let holds = family.holds().await;
        let asks = |hold: &Hold| hold.message.contains(copy.as_str());
        assert!(holds.iter().any(asks), "{holds:?}");
        if !into_bob {
            family.engine.link(&NOTE, &copy, &ours).await.unwrap();
            later(&mut family).await;
            let survivor = Both::new(survivor, ada.right.clone());
            are_paired(&family, &[survivor, bob.clone()], 1).await;
        }
    }
}

/// Ada has a note on the left, and its create on the right has had no reply.
async fn one_crosses(
    family: &mut Family,
    people: &[Both<RecordId>; 2],
    fault: Option<ModelFault>,
) -> RecordId {
    let ours = note("called, no answer", &people[0].left);
    let ours = family.left.enter_as(&NOTE, &ours);
    family.left.touch(&people[0].left);
    family.right.next_writes([fault]);
    family.cycle().await;
    ours
}

/// Ours would have been put there since it was made.
#[tokio::test]
async fn a_note_that_was_born_under_another_contact_is_not_taken() {
    let (mut family, people) = two_people().await;
    one_crosses(&mut family, &people, NOT_DONE).await;
    let theirs = note("called, no answer", &people[1].right);
    family.right.enter_as(&NOTE, &theirs);
    later(&mut family).await;
    are_paired(&family, &people, 2).await;
}

#[tokio::test]
async fn a_copy_that_was_put_under_another_contact_may_be_ours() {
    let (mut family, people) = two_people().await;
    let ours = one_crosses(&mut family, &people, DONE).await;
    let copy = family.right.records_as(&NOTE).into_keys().next().unwrap();
    family.clock.advance(Duration::from_secs(2));
    let bob = person(&people[1].right);
    family.right.edit(&copy, |note| _ = note.set(&OF, bob));
    later(&mut family).await;
    asked(&family).await;
    family.engine.link(&NOTE, &ours, &copy).await.unwrap();
    later(&mut family).await;
    are_paired(&family, &people, 1).await;
}

/// The number of the only hold, which asks what a create has made.
async fn asked(family: &Family) -> u64 {
    let holds = family.store.holds(&connection(), 0, 9).await.unwrap();
    let [(number, hold)] = holds.as_slice() else {
        panic!("{holds:?}")
    };
    assert_eq!((hold.reason, &hold.field), (HoldReason::InDoubt, &None));
    *number
}

#[tokio::test]
async fn a_person_says_that_none_of_them_is_the_one() {
    let (mut family, people) = two_people().await;
    let theirs = note("called, no answer", &people[1].left);
    let ours = note("called, no answer", &people[0].right);
    family.right.enter_as(&NOTE, &ours);
    family.left.next_writes([NOT_DONE]);
    family.cycle().await;
    family.left.enter_as(&NOTE, &theirs);
    later(&mut family).await;
    let number = asked(&family).await;
    let notes = [Side::Left, Side::Right].map(|side| family.bodies(side).len());
    assert_eq!(notes, [1, 1]);
    family.engine.none_of_these(number).await.unwrap();
    let history = family.store.history(&connection(), 0, usize::MAX).await;
    let (_, last) = history.unwrap().pop().unwrap();
    assert_eq!(last.event, HistoryEvent::NoneOfThese { side: Side::Left });
    let ours = family.right.records_as(&NOTE).into_keys().next();
    assert_eq!(last.ids, Both::new(None, ours));
    later(&mut family).await;
    are_paired(&family, &people, 2).await;
}

/// Whoever says that none is the one may have deleted those that were in question.
#[tokio::test]
async fn what_was_deleted_while_it_was_in_question_does_not_cross() {
    for is_linked in [false, true] {
        let (mut family, people) = two_people().await;
        let ours = note("called, no answer", &people[0].right);
        let (ours, copy) = lost(&mut family, &ours).await;
        let other = note("called, no answer", &people[0].left);
        let other = family.left.enter_as(&NOTE, &other);
        for note in [&copy, &other] {
            put_under(&family, note, &people[1].left);
        }
        later(&mut family).await;
        let number = asked(&family).await;
        family.left.delete_record(&other);
        match is_linked {
            true => _ = family.engine.link(&NOTE, &copy, &ours).await.unwrap(),
            false => {
                family.left.delete_record(&copy);
                family.engine.none_of_these(number).await.unwrap();
            }
        }
        later(&mut family).await;
        let notes = [Side::Left, Side::Right].map(|side| family.bodies(side).len());
        assert_eq!(notes, [1, 1]);
    }
}

#[tokio::test]
async fn the_likeliest_are_named_first() {
    let (mut family, people) = two_people().await;
    let [ada, bob] = people.each_ref().map(|of| person(&of.left));
    let mut ours = note("called, no answer", &people[0].right);
    ours.set(&ABOUT, person(&people[0].right));
    let (_, copy) = lost(&mut family, &ours).await;
    let mut other = note("called, no answer", &people[0].left);
    other.set(&ABOUT, ada);
    let other = family.left.enter_as(&NOTE, &other);
    for note in [&other, &copy] {
        family
            .left
            .edit(note, |note| _ = note.set(&ABOUT, bob.clone()));
    }
    put_under(&family, &other, &people[1].left);
    later(&mut family).await;
    asked(&family).await;
    let holds = family.store.holds(&connection(), 0, 9).await.unwrap();
    let [parent, bob] = [&people[0].left, &people[1].left];
    let question = format!(
        "(of = `contact {parent}`, about = `contact {parent}`, body = `called, no answer`) \
         was lost, and {copy} (it shows about = `contact {bob}`) could be it, or less likely \
         {other} (it shows of = `contact {bob}`, about = `contact {bob}`);"
    );
    assert!(holds[0].1.message.contains(&question), "{holds:?}");
}

#[tokio::test]
async fn what_is_in_question_for_another_is_not_linked() {
    let (mut family, people) = two_people().await;
    let texts = ["called, no answer", "called back"];
    let theirs = texts.map(|text| family.right.enter_as(&NOTE, &note(text, &people[0].right)));
    family.left.next_writes([DONE, DONE]);
    family.cycle().await;
    let copies: Vec<_> = family.left.records_as(&NOTE).into_iter().collect();
    for (copy, _) in &copies {
        put_under(&family, copy, &people[1].left);
    }
    later(&mut family).await;
    let of = |text: &str| {
        let is_it = |(_, note): &&(RecordId, Record)| note.get(&BODY).as_deref() == Some(text);
        copies.iter().find(is_it).unwrap().0.clone()
    };
    let error = family.engine.link(&NOTE, &of(texts[1]), &theirs[0]).await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains(theirs[1].as_str()), "{error}");
    for (text, own) in texts.into_iter().zip(&theirs) {
        family.engine.link(&NOTE, &of(text), own).await.unwrap();
    }
    later(&mut family).await;
    are_paired(&family, &people, 2).await;
}

/// A note that somebody has entered under another contact, and edited, long after.
#[tokio::test]
async fn what_was_entered_elsewhere_later_is_not_asked_about() {
    let (mut family, people) = two_people().await;
    let ours = note("called, no answer", &people[0].right);
    let (_, copy) = lost(&mut family, &ours).await;
    put_under(&family, &copy, &people[1].left);
    later(&mut family).await;
    let number = asked(&family).await;
    let theirs = note("called, no answer", &people[1].left);
    let theirs = family.left.enter_as(&NOTE, &theirs);
    later(&mut family).await;
    let about = person(&people[1].left);
    family
        .left
        .edit(&theirs, |note| _ = note.set(&ABOUT, about));
    later(&mut family).await;
    assert_eq!(asked(&family).await, number);
    assert_eq!(family.bodies(Side::Right).len(), 2, "theirs has crossed");
}

#[tokio::test]
async fn a_person_says_which_of_them_is_the_one_and_its_edit_arrives() {
    let (mut family, people) = two_people().await;
    let ours = note("called, no answer", &people[0].right);
    let (ours, copy) = lost(&mut family, &ours).await;
    put_under(&family, &copy, &people[1].left);
    later(&mut family).await;
    asked(&family).await;
    let idle = family.cycle().await;
    assert_eq!(
        (idle.waiting, idle.requests.left),
        (0, 1),
        "it only waits for a person"
    );
    family.engine.link(&NOTE, &copy, &ours).await.unwrap();
    later(&mut family).await;
    are_paired(&family, &people, 1).await;
    let of = family.right.record(&ours).unwrap().get(&OF).unwrap();
    assert_eq!(of.id, people[1].right);
}

/// The copy of a note that is moved takes its place, if a person says so.
#[tokio::test]
async fn a_person_says_which_of_them_a_move_has_made() {
    let (mut family, people) = in_family(Family::whose_notes(stays(), |b| b)).await;
    let mut ours = note("called, no answer", &people[0].right);
    ours.set(&ABOUT, person(&people[0].right));
    let ours = family.right.enter_as(&NOTE, &ours);
    later(&mut family).await;
    let old = family.left.records_as(&NOTE).into_keys().next().unwrap();
    let bob = person(&people[1].right);
    family.right.edit(&ours, |note| _ = note.set(&OF, bob));
    family.left.next_writes([DONE]);
    family.cycle().await;
    let mut notes = family.left.records_as(&NOTE).into_keys();
    let copy = notes.find(|id| *id != old).unwrap();
    let bob = person(&people[1].left);
    family.left.edit(&copy, |note| _ = note.set(&ABOUT, bob));
    later(&mut family).await;
    asked(&family).await;
    family.engine.link(&NOTE, &copy, &ours).await.unwrap();
    later(&mut family).await;
    are_paired(&family, &people, 1).await;
    let about = family.right.record(&ours).unwrap().get(&ABOUT).unwrap();
    assert_eq!(about.id, people[1].right);
}

#[tokio::test]
async fn only_what_asks_for_a_lost_create_is_answered_by_none() {
    let (mut family, _) = two_people().await;
    let error = family.engine.none_of_these(7).await.unwrap_err();
    assert!(error.to_string().contains("there is no hold 7"), "{error}");
}
