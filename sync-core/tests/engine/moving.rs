//! Notes that stay under their contact on the left: one that is put elsewhere on the right is
//! copied to there, and the old one is deleted.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::{Context, Waker},
    time::Duration,
};

use async_trait::async_trait;
use sync_core::{
    AccountId, Archive, Body, Both, Call, Capabilities, Change, Connector, ConnectorError, Cursor,
    Deletes, Draft, Email, EngineBuilder, Field, FieldKey, Fields, Hint, HistoryEvent, HoldReason,
    Kind, Lane, Leaving, MatchKey, Memo, MemoryStore, Moves, Page, Reading, Record, RecordId, Ref,
    Reply, Row, RunId, SavedPlan, Seen, Side, Store, Target, Undo, Unfit,
    testing::{Halting, ManualClock, Model, ModelFault},
};

use crate::{
    families::{BODY, Family, NOTE, OF, builder, builder_of, note, of},
    world::{CONTACT, EMAIL, NAME, connection, person},
};

/// What only the left side has.
const COLOUR: Field<String> = Field::new("colour");

fn stays() -> Fields {
    let fields = Fields::new().exact(&BODY).exact(&OF).stays_under(&OF);
    fields.exact(&COLOUR)
}

/// Ada has a note, and Bob is there.
struct Story {
    family: Family,
    ada: Both<RecordId>,
    bob: Both<RecordId>,
    left: RecordId,
    right: RecordId,
}

impl Story {
    async fn new() -> Self {
        Self::of(Family::whose_notes(stays(), |builder| builder)).await
    }

    async fn of(mut family: Family) -> Self {
        let (ada, bob) = (family.contact("ada").await, family.contact("bob").await);
        let mut record = note("call", &ada.left);
        record.set(&COLOUR, "red".to_owned());
        let left = family.left.enter_as(&NOTE, &record);
        family.left.touch(&ada.left);
        family.cycles(3).await;
        let right = family.right.records_as(&NOTE).into_keys().next().unwrap();
        Self {
            family,
            ada,
            bob,
            left,
            right,
        }
    }

    fn put_under(&self, side: Side, id: &RecordId, contact: &RecordId) {
        let model = match side {
            Side::Left => &self.family.left,
            Side::Right => &self.family.right,
        };
        model.edit(id, |note| _ = note.set(&OF, of(contact)));
    }

    /// The copy is made, the old note could not be deleted, and somebody edits it.
    async fn with_an_edit_left_behind() -> Self {
        let mut story = Self::new().await;
        story.move_to_bob();
        let refused = Some(ModelFault::Refuse);
        story.family.left.next_writes([None, refused]);
        story.family.cycle().await;
        story.family.left.edit(&story.left, |note| {
            note.set(&BODY, "call back".to_owned());
        });
        story
    }

    fn move_to_bob(&self) {
        self.put_under(Side::Right, &self.right, &self.bob.right);
    }

    /// The notes of the left, each with its text and its contact.
    fn notes(&self, side: Side) -> Vec<(String, RecordId)> {
        let model = match side {
            Side::Left => &self.family.left,
            Side::Right => &self.family.right,
        };
        let notes = model.records_as(&NOTE).into_values();
        let shown = |note: Record| Some((note.get(&BODY)?, note.get(&OF)?.id));
        notes.filter_map(shown).collect()
    }

    async fn undo(&mut self, run: RunId, creates: bool) -> SavedPlan {
        let plan = self.family.engine.undo(&Undo::Run(run), creates).await;
        plan.unwrap().save().await.unwrap()
    }

    async fn later(&mut self) {
        for _ in 0..6 {
            self.family.clock.advance(Duration::from_secs(90));
            self.family.left.touch(&self.ada.left);
            self.family.left.touch(&self.bob.left);
            self.family.cycle().await;
        }
    }

    /// One note under Bob on both sides, linked; nothing is open or held, and nothing more happens.
    async fn ends_well(&mut self, body: &str) {
        self.later().await;
        let (left, right) = (self.bob.left.clone(), self.bob.right.clone());
        assert_eq!(self.notes(Side::Left), [(body.to_owned(), left)]);
        assert_eq!(self.notes(Side::Right), [(body.to_owned(), right)]);
        let links = self.family.links(&NOTE).await;
        assert_eq!(links.len(), 1);
        let link = links[0].sides.as_ref().map(|side| side.id.clone());
        assert_eq!(link.right, self.right);
        let kept = self.family.left.record(&link.left).unwrap();
        assert_eq!(kept.get(&COLOUR).as_deref(), Some("red"));
        let counts = self.family.store.counts(&connection()).await.unwrap();
        assert_eq!((counts.intents, counts.holds, counts.dirty), (0, 0, 0));
        let writes = (self.family.left.writes(), self.family.right.writes());
        self.later().await;
        assert_eq!(
            writes,
            (self.family.left.writes(), self.family.right.writes())
        );
    }
}

#[tokio::test]
async fn a_note_that_is_put_elsewhere_is_copied_and_the_old_one_is_deleted() {
    let mut story = Story::new().await;
    story.move_to_bob();
    let plan = story.family.engine.plan().await.unwrap();
    assert_eq!(plan.counts.moves, Both::new(1, 0));
    assert_eq!((plan.counts.creates.left, plan.counts.deletes.left), (0, 0));
    assert_eq!((plan.counts.calls.left, plan.counts.looks.left), (2, 2));
    let step = plan.steps(0, 1).await.unwrap().remove(0);
    let told = format!(
        "move note {} in left to contact {}, by creating it there and deleting the old one: ",
        story.left, story.bob.left
    );
    assert!(step.to_string().starts_with(&told), "{step}");
    let report = story.family.cycle().await;
    assert_eq!((report.moved.left, report.deleted.left), (1, 0));
    assert_eq!(report.writes(), 1);
    assert_eq!(story.family.left.record(&story.left), None);
    story.ends_well("call").await;
}

#[tokio::test]
async fn what_else_was_edited_moves_along() {
    let mut story = Story::new().await;
    story.move_to_bob();
    story.family.right.edit(&story.right, |note| {
        note.set(&BODY, "call him".to_owned());
    });
    story.family.cycle().await;
    story.ends_well("call him").await;
    let mut story = Story::new().await;
    story.move_to_bob();
    story.family.left.edit(&story.left, |note| {
        note.set(&BODY, "call back".to_owned());
    });
    story.family.left.touch(&story.ada.left);
    story.family.cycle().await;
    story.ends_well("call back").await;
}

#[tokio::test]
async fn a_side_that_says_so_has_moves_held() {
    let leaving = Leaving::default().moves(Side::Left, Moves::Hold);
    let family = Family::whose_notes(stays(), |builder| builder.leaving(leaving));
    let mut story = Story::of(family).await;
    story.move_to_bob();
    story.family.right.edit(&story.right, |note| {
        note.set(&BODY, "call him".to_owned());
    });
    story.later().await;
    let ada = story.ada.left.clone();
    assert_eq!(story.notes(Side::Left), [("call him".to_owned(), ada)]);
    let holds = story.family.holds().await;
    let held: Vec<_> = holds
        .iter()
        .map(|hold| (hold.reason, &hold.field))
        .collect();
    assert_eq!(held, [(HoldReason::Unfit, &Some(OF.key().clone()))]);
    // The policy is another one: what it held is tried at once.
    let family = &mut story.family;
    let engine = builder(&family.clock, &family.left, &family.right, &family.store);
    family.engine = engine.build().unwrap();
    story.ends_well("call him").await;
}

#[tokio::test]
async fn a_move_waits_until_the_other_contact_is_linked() {
    let mut story = Story::new().await;
    let carol = story
        .family
        .right
        .enter(&person("carol", "carol@example.com"));
    let twin = person("carola", "carol@example.com");
    let twin = story.family.right.enter(&twin);
    story.put_under(Side::Right, &story.right, &carol);
    story.family.cycles(4).await;
    assert_eq!(story.notes(Side::Left).len(), 1);
    assert_eq!(story.notes(Side::Left)[0].1, story.ada.left);
    story.family.right.edit(&twin, |carola| {
        carola.set(&EMAIL, Email::new("carola@example.com"));
    });
    story.family.right.edit(&carol, |carol| {
        carol.set(&NAME, "Carol".to_owned());
    });
    story.later().await;
    story.later().await;
    let links = story.family.links(&CONTACT).await;
    let carol = links.iter().find(|link| link.sides.right.id == carol);
    story.bob = carol.unwrap().sides.as_ref().map(|side| side.id.clone());
    story.ends_well("call").await;
}

#[tokio::test]
async fn a_move_ends_though_replies_are_lost() {
    use ModelFault::{LostAfter, LostBefore, Refuse};
    let faults = [None, Some(LostBefore), Some(LostAfter), Some(Refuse)];
    for create in &faults {
        for delete in &faults {
            let mut story = Story::new().await;
            story.move_to_bob();
            let order = [create.clone(), delete.clone()];
            story.family.left.next_writes(order.clone());
            story.family.cycle().await;
            story.ends_well("call").await;
            eprintln!("{order:?} ended well");
        }
    }
}

/// Whatever else is to be written arrives.
#[tokio::test]
async fn a_copy_that_would_lack_something_is_none() {
    let mut story = Story::new().await;
    story.move_to_bob();
    story.family.right.edit(&story.right, |note| {
        note.set(&BODY, "call him".to_owned());
    });
    let refused = ModelFault::RefuseField(COLOUR.key().clone());
    story.family.left.next_writes([Some(refused)]);
    story.family.cycle().await;
    let ada = story.ada.left.clone();
    assert_eq!(story.notes(Side::Left), [("call him".to_owned(), ada)]);
    let holds = story.family.holds().await;
    let fields = holds.iter().filter_map(|hold| hold.field.as_ref());
    let mut held: Vec<&str> = fields.map(FieldKey::name).collect();
    held.sort_unstable();
    assert_eq!(held, ["colour", "of"]);
    story.family.clock.advance(Duration::from_secs(25 * 3600));
    story.ends_well("call him").await;
}

#[tokio::test]
async fn a_move_ends_though_replies_show_nothing() {
    let mut story = Story::new().await;
    story.family.left.silent_replies(true);
    story.move_to_bob();
    story.family.cycle().await;
    story.ends_well("call").await;
}

#[tokio::test]
async fn what_a_move_left_behind_is_never_a_new_record() {
    let mut story = Story::new().await;
    let old = story.family.left.record(&story.left).unwrap();
    story.move_to_bob();
    story
        .family
        .left
        .next_writes([None, Some(ModelFault::Refuse)]);
    let report = story.family.cycle().await;
    assert_eq!(report.moved.left, 1);
    // It stands beside its copy, and is read with what stands under Ada.
    assert_eq!(story.notes(Side::Left).len(), 2);
    story.ends_well("call").await;
    // An index shows it once more; then somebody takes it from the bin.
    story.family.left.restore(&story.left, &old);
    story.family.left.touch(&story.ada.left);
    story.family.cycles(3).await;
    assert_eq!(story.notes(Side::Right).len(), 1, "it is no new note");
    let holds = story.family.holds().await;
    assert_eq!(holds[0].reason, HoldReason::Restored, "{holds:?}");
    story.family.left.delete_record(&story.left);
    story.later().await;
}

#[tokio::test]
async fn an_edit_of_the_old_note_is_brought_to_its_copy() {
    let mut story = Story::with_an_edit_left_behind().await;
    story.ends_well("call back").await;
}

#[tokio::test]
async fn an_edit_of_both_is_held_and_nothing_is_deleted() {
    let mut story = Story::new().await;
    story.move_to_bob();
    story
        .family
        .left
        .next_writes([None, Some(ModelFault::Refuse)]);
    story.family.cycle().await;
    let copies: Vec<_> = story.family.left.records_as(&NOTE).into_keys().collect();
    for (id, body) in copies.iter().zip(["old", "new"]) {
        story.family.left.edit(id, |note| {
            note.set(&BODY, body.to_owned());
        });
    }
    story.later().await;
    let holds = story.family.holds().await;
    assert_eq!(holds.len(), 1, "{holds:?}");
    assert_eq!(holds[0].reason, HoldReason::EditedMeanwhile);
    for id in copies {
        assert!(
            holds[0].message.contains(id.as_str()),
            "{}",
            holds[0].message
        );
    }
    assert_eq!(story.notes(Side::Left).len(), 2);
    story.family.left.edit(&story.left, |note| {
        note.set(&BODY, "new".to_owned());
    });
    story.family.clock.advance(Duration::from_secs(25 * 3600));
    story.ends_well("new").await;
}

#[tokio::test]
async fn an_undo_moves_a_note_back() {
    let mut story = Story::new().await;
    story.move_to_bob();
    let run = story.family.cycle().await.run;
    story.later().await;
    let plan = story.undo(run, false).await;
    assert_eq!(plan.counts.moves.left, 1);
    let done = story.family.engine.apply(&plan).await.unwrap();
    assert_eq!(done.applied, 1, "{:?}", done.refused);
    story.later().await;
    let ada = story.ada.left.clone();
    assert_eq!(story.notes(Side::Left), [("call".to_owned(), ada)]);
    let bob = story.bob.right.clone();
    assert_eq!(story.notes(Side::Right), [("call".to_owned(), bob)]);
}

/// The copy has another id than the history of what was done before it was made.
#[tokio::test]
async fn what_was_done_before_a_move_is_undone_after_it() {
    let mut story = Story::new().await;
    story.family.right.edit(&story.right, |note| {
        note.set(&BODY, "cal".to_owned());
    });
    let edited = story.family.cycle().await.run;
    story.move_to_bob();
    let moved = story.family.cycle().await.run;
    story.later().await;
    assert_eq!(story.family.left.record(&story.left), None);
    let carol = story.family.contact("carol").await;
    story.put_under(Side::Right, &story.right, &carol.right);
    story.later().await;
    let plan = story.undo(moved, false).await;
    assert_eq!(plan.steps.len(), 0);
    let whys: Vec<_> = plan.left.iter().map(|left| left.why.as_str()).collect();
    let [why] = whys[..] else { panic!("{whys:?}") };
    assert!(why.contains("by now, not the"), "{why}");
    let plan = story.undo(edited, false).await;
    assert_eq!((plan.steps.len(), plan.left.len()), (1, 0), "{plan:?}");
    let done = story.family.engine.apply(&plan).await.unwrap();
    assert_eq!(done.applied, 1, "{:?}", done.refused);
    story.later().await;
    let shown = ("call".to_owned(), carol.left);
    assert_eq!(story.notes(Side::Left), [shown]);
    let stays = ("cal".to_owned(), carol.right);
    assert_eq!(story.notes(Side::Right), [stays]);
}

/// Its create is told under the id that it had before it was moved.
#[tokio::test]
async fn the_create_of_what_was_moved_is_not_undone_once_an_edit_of_it_has_travelled() {
    let mut story = Story::new().await;
    let entered = note("write", &story.ada.right);
    let entered = story.family.right.enter_as(&NOTE, &entered);
    let created = story.family.cycle().await;
    assert_eq!(created.created.left, 1);
    let notes = story.family.left.records_as(&NOTE).into_keys();
    let twin = notes.last().unwrap();
    story.family.left.edit(&twin, |note| {
        note.set(&BODY, "write back".to_owned());
    });
    story.later().await;
    let travelled = story.family.right.record(&entered).unwrap();
    assert_eq!(travelled.get(&BODY).as_deref(), Some("write back"));
    story.put_under(Side::Right, &entered, &story.bob.right);
    story.later().await;
    assert_eq!(story.family.left.record(&twin), None);
    let plan = story.undo(created.run, true).await;
    assert_eq!(plan.steps.len(), 0, "{plan:?}");
    assert!(plan.left.iter().any(|left| left.why.contains("edited it")));
}

/// What a rule had answered led to a contact that is no more.
#[tokio::test]
async fn a_note_that_was_put_elsewhere_on_both_sides_goes_to_the_heir_of_a_merge() {
    let mut story = Story::new().await;
    let carol = story.family.contact("carol").await;
    story.put_under(Side::Left, &story.left, &story.bob.left);
    story.put_under(Side::Right, &story.right, &carol.right);
    story.family.left.touch(&story.bob.left);
    story.family.right.next_writes([Some(ModelFault::Refuse)]);
    story.family.cycle().await;
    let held = story.family.right.record(&story.right).unwrap();
    assert_eq!(held.get(&OF), Some(of(&carol.right)));
    let heir = story.family.right.enter(&person("bob", "bob@example.com"));
    story.family.right.delete_record(&story.bob.right);
    story.later().await;
    story.bob.right = heir;
    story.ends_well("call").await;
}

/// Whoever undoes what the create wrote would have it stand under nothing.
#[tokio::test]
async fn no_undo_and_no_edit_takes_a_note_from_its_contact() {
    let mut story = Story::new().await;
    story
        .family
        .right
        .enter_as(&NOTE, &note("write", &story.ada.right));
    story.later().await;
    let ada = story.ada.left.clone();
    let both = [("call", &ada), ("write", &ada)].map(|(body, of)| (body.to_owned(), of.clone()));
    assert_eq!(story.notes(Side::Left), both);
    let history = story.family.store.history(&connection(), 0, 1_000).await;
    let mut history = history.unwrap().into_iter();
    let wrote = history.find(|(_, of)| {
        let is_ours = matches!(of.event, HistoryEvent::Wrote { side, .. } if side == Side::Left);
        is_ours && of.field.as_ref() == Some(OF.key())
    });
    let what = Undo::Entry(wrote.unwrap().0);
    let plan = story.family.engine.undo(&what, false).await.unwrap();
    let plan = plan.save().await.unwrap();
    assert_eq!((plan.steps.len(), plan.left.len()), (0, 1));
    story.family.right.edit(&story.right, |note| {
        note.set(&OF, None);
        note.set(&BODY, "call him".to_owned());
    });
    story.later().await;
    assert_eq!(
        story.notes(Side::Left)[0],
        ("call him".to_owned(), ada.clone())
    );
    let holds = story.family.holds().await;
    let held: Vec<_> = holds.iter().map(|hold| hold.reason).collect();
    assert_eq!(held, [HoldReason::Unfit]);
    assert!(holds[0].message.contains("under nothing"), "{holds:?}");
    story.move_to_bob();
    story.later().await;
    assert_eq!(story.family.holds().await, []);
    assert_eq!(story.family.left.record(&story.left), None);
}

/// It has not the copy to bring it to, and is no record of its own.
#[tokio::test]
async fn an_edit_of_the_old_note_is_held_when_its_copy_is_gone() {
    let mut story = Story::with_an_edit_left_behind().await;
    let notes = story.family.left.records_as(&NOTE).into_keys();
    for copy in notes.filter(|id| *id != story.left) {
        story.family.left.delete_record(&copy);
    }
    story.later().await;
    let holds = story.family.holds().await;
    let held = holds
        .iter()
        .find(|hold| hold.ids.left.as_ref() == Some(&story.left));
    assert!(held.unwrap().message.contains("is gone"), "{holds:?}");
    assert!(story.family.cycle().await.is_settled());
    assert_eq!(
        story
            .family
            .left
            .record(&story.left)
            .unwrap()
            .get(&BODY)
            .as_deref(),
        Some("call back")
    );
}

#[tokio::test]
async fn the_history_tells_of_a_move() {
    let mut story = Story::new().await;
    story.move_to_bob();
    let run = story.family.cycle().await.run;
    let history = story.family.store.history(&connection(), 0, 1_000).await;
    let told = history.unwrap().into_iter().filter(|(_, of)| of.run == run);
    let told: Vec<_> = told.map(|(_, of)| of.event).collect();
    let from = story.left.clone();
    let side = Side::Left;
    assert_eq!(told[0], HistoryEvent::Moved { side, from });
    assert!(matches!(
        told[1],
        HistoryEvent::Wrote {
            side: Side::Left,
            ..
        }
    ));
    assert_eq!(told[2..], [HistoryEvent::Deleted { side }]);
}

/// A connector at whose effects the program dies: another one opens the store.
#[derive(Clone)]
struct Mortal {
    model: Model,
    store: MemoryStore,
    /// How many effects are left.
    left: Arc<AtomicU32>,
}

impl Mortal {
    async fn goes_on(&self) {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.store.open(&connection()).await.unwrap();
        }
    }
}

#[async_trait]
impl Connector for Mortal {
    fn capabilities(&self, kind: &Kind) -> Option<&Capabilities> {
        self.model.capabilities(kind)
    }

    fn read(&self, kind: &Kind, row: &Row, memo: &Memo) -> Reading {
        self.model.read(kind, row, memo)
    }

    fn draft(&self, kind: &Kind, change: &Change<'_, Row>) -> Result<Draft<Body>, Unfit> {
        self.model.draft(kind, change)
    }

    async fn account(&self) -> Result<AccountId, ConnectorError> {
        self.model.account().await
    }

    async fn changes(
        &self,
        kind: &Kind,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<Page, ConnectorError> {
        self.model.changes(kind, lane, from).await
    }

    async fn children(&self, kind: &Kind, parent: &Ref) -> Result<Page, ConnectorError> {
        self.model.children(kind, parent).await
    }

    async fn fetch(&self, kind: &Kind, target: &Target) -> Result<Option<Seen>, ConnectorError> {
        self.goes_on().await;
        self.model.fetch(kind, target).await
    }

    async fn find(&self, kind: &Kind, key: &MatchKey) -> Result<Vec<Row>, ConnectorError> {
        self.model.find(kind, key).await
    }

    async fn resolve(&self, hint: &Hint) -> Result<Option<Target>, ConnectorError> {
        self.model.resolve(hint).await
    }

    async fn send(
        &self,
        kind: &Kind,
        target: Option<&Target>,
        call: &Call<Body>,
    ) -> Result<Reply, ConnectorError> {
        self.goes_on().await;
        let reply = self.model.send(kind, target, call).await;
        self.goes_on().await;
        reply
    }

    async fn delete(&self, kind: &Kind, target: &Target) -> Result<(), ConnectorError> {
        self.goes_on().await;
        let done = self.model.delete(kind, target).await;
        self.goes_on().await;
        done
    }
}

/// The program is killed before or after each call that a move takes.
#[tokio::test]
async fn a_move_ends_wherever_the_program_is_killed() {
    let mut killed = 0;
    for effect in 1..20 {
        let mut story = Story::new().await;
        story.move_to_bob();
        story.family.clock.advance(Duration::from_secs(2));
        let mortal = Mortal {
            model: story.family.left.clone(),
            store: story.family.store.clone(),
            left: Arc::new(AtomicU32::new(effect)),
        };
        let Family {
            clock,
            left,
            right,
            store,
            ..
        } = &story.family;
        let engine = engine_of(clock, &mortal, right, store);
        let died = engine.build().unwrap().cycle().await.is_err();
        killed += u32::from(died);
        story.family.engine = builder(clock, left, right, store).build().unwrap();
        story.ends_well("call").await;
    }
    assert_eq!(killed, 6, "two looks, and two calls");
}

/// The future of a cycle is dropped after each number of polls: before and after each commit, and
/// with that before and after each call.
#[tokio::test]
async fn a_move_ends_wherever_its_cycle_is_dropped() {
    let mut polls = 0;
    let mut ended = false;
    while !ended {
        polls += 1;
        let mut story = Story::new().await;
        story.move_to_bob();
        story.family.clock.advance(Duration::from_secs(2));
        let Family {
            clock,
            left,
            right,
            store,
            ..
        } = &story.family;
        let sides = Both::new(left, right).map(|side| Arc::new(side.clone()) as Arc<dyn Connector>);
        let mut engine = builder_of(clock, sides, Halting(store.clone()))
            .build()
            .unwrap();
        ended = {
            let mut cycle = pin!(engine.cycle());
            let mut context = Context::from_waker(Waker::noop());
            (0..polls).any(|_| cycle.as_mut().poll(&mut context).is_ready())
        };
        drop(engine);
        story.family.engine = builder(clock, left, right, store).build().unwrap();
        story.ends_well("call").await;
    }
    assert!(polls > 20, "{polls} polls end a cycle");
}

fn engine_of(
    clock: &ManualClock,
    left: &Mortal,
    right: &Model,
    store: &MemoryStore,
) -> EngineBuilder {
    let sides: Both<Arc<dyn Connector>> =
        Both::new(Arc::new(left.clone()), Arc::new(right.clone()));
    builder_of(clock, sides, store.clone())
}

/// Until a person has decided about the old contact, the note stays with it.
#[tokio::test]
async fn a_note_is_moved_away_from_a_contact_that_was_unlinked() {
    let mut story = Story::new().await;
    story.family.right.delete_record(&story.ada.right);
    story.family.clock.advance(Duration::from_secs(86_400));
    story.later().await;
    let holds = story.family.holds().await;
    assert_eq!(holds[0].reason, HoldReason::Deleted, "{holds:?}");
    story.move_to_bob();
    story.later().await;
    let at = |contact: &RecordId| vec![("call".to_owned(), contact.clone())];
    assert_eq!(story.notes(Side::Left), at(&story.ada.left));
    assert_eq!(story.family.cycle().await.frozen, 1);
    let (engine, ada) = (&mut story.family.engine, &story.ada.left);
    engine.unlink(&CONTACT, Side::Left, ada).await.unwrap();
    story.later().await;
    assert_eq!(story.notes(Side::Left), at(&story.bob.left));
    assert_eq!(story.notes(Side::Right).len(), 1);
    assert_eq!(story.family.cycle().await.frozen, 0);
}

/// Its own contact on the left is no counterpart any more, the new one is held: it waits for that.
#[tokio::test]
async fn a_note_that_is_put_under_a_held_contact_waits_for_it() {
    let leaving = Leaving::default().deletes(Side::Left, Deletes::Keep);
    let family = Family::whose_notes(stays(), |builder| builder.leaving(leaving));
    let mut story = Story::of(family).await;
    story.move_to_bob();
    story.later().await;
    let ada = story.family.left.record(&story.ada.left).unwrap();
    story.family.right.delete_record(&story.bob.right);
    story.family.clock.advance(Duration::from_secs(86_400));
    story.later().await;
    assert_eq!(story.family.holds().await, []);
    story.family.right.edit(&story.ada.right, |ada| {
        ada.set(&NAME, "Ada K".to_owned());
    });
    story.family.left.delete_record(&story.ada.left);
    story.later().await;
    let holds = story.family.holds().await;
    assert_eq!(holds[0].reason, HoldReason::EditedMeanwhile, "{holds:?}");
    story.put_under(Side::Right, &story.right, &story.ada.right);
    story.later().await;
    let waits = story.family.cycle().await;
    assert!(waits.is_settled() && waits.frozen == 1, "{waits:?}");
    let at = |contact: &RecordId| vec![("call".to_owned(), contact.clone())];
    assert_eq!(story.notes(Side::Left), at(&story.bob.left));
    story.family.left.restore(&story.ada.left, &ada);
    story.family.clock.advance(Duration::from_secs(86_400));
    story.later().await;
    assert_eq!(story.notes(Side::Left), at(&story.ada.left));
    assert_eq!(story.family.holds().await, []);
}

/// The same, of one that is there on both sides, and held since it could not be read.
#[tokio::test]
async fn a_note_that_is_put_under_an_unreadable_contact_waits_for_it() {
    let leaving = Leaving::default().deletes(Side::Left, Deletes::Keep);
    let family = Family::whose_notes(stays(), |builder| builder.leaving(leaving));
    let mut story = Story::of(family).await;
    story.move_to_bob();
    story.later().await;
    story.family.right.delete_record(&story.bob.right);
    story.family.clock.advance(Duration::from_secs(86_400));
    story.later().await;
    let refused = ModelFault::RefuseField(NAME.key().clone());
    story.family.left.next_reads(vec![Some(refused); 20]);
    let ada = story.ada.left.clone();
    story.family.hint(Side::Left, CONTACT, &ada).await;
    story.family.cycle().await;
    let holds = story.family.holds().await;
    assert_eq!(holds[0].reason, HoldReason::Unfit, "{holds:?}");
    story.put_under(Side::Right, &story.right, &story.ada.right);
    let waits = story.family.cycle().await;
    assert!(waits.is_settled() && waits.frozen == 1, "{waits:?}");
    let at = |contact: &RecordId| vec![("call".to_owned(), contact.clone())];
    assert_eq!(story.notes(Side::Left), at(&story.bob.left));
    story.family.left.heal();
    story.family.clock.advance(Duration::from_secs(86_400));
    story.later().await;
    assert_eq!(story.notes(Side::Left), at(&story.ada.left));
    assert_eq!(story.family.holds().await, []);
}
