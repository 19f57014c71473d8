//! Notes under contacts: the left side reads them under each parent, the right one has a feed.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use sync_core::{
    Archive, Both, Capabilities, Connector, CycleReport, Deletes, Email, Engine, EngineBuilder,
    Feed, Field, Fields, Guards, Hint, Hold, HoldReason, Kind, Leaving, MatchKey, Matcher,
    MemoryStore, Record, RecordId, Ref, Side, Store, Tier, Undo,
    testing::{ManualClock, Model, ModelFault},
};

use crate::world::{
    ByEmail, CONTACT, EMAIL, NAME, connection, left_fields, newest_or, person, right_fields,
};

pub(crate) const NOTE: Kind = Kind::from_static("note");
pub(crate) const BODY: Field<String> = Field::new("body");
pub(crate) const OF: Field<Ref> = Field::new("of");
pub(crate) const ABOUT: Field<Ref> = Field::new("about");

pub(crate) struct Family {
    pub(crate) clock: ManualClock,
    pub(crate) left: Model,
    pub(crate) right: Model,
    pub(crate) store: MemoryStore,
    pub(crate) engine: Engine,
}

/// Contacts by e-mail; notes are only found again.
struct Keys;

impl Matcher for Keys {
    fn keys(&self, kind: &Kind, record: &Record) -> Vec<MatchKey> {
        if *kind != NOTE {
            return ByEmail.keys(kind, record);
        }
        let body = record.get(&BODY);
        body.map(|body| MatchKey::new(Tier::Recovery, "body", body))
            .into_iter()
            .collect()
    }

    fn agree(&self, _: &Kind, _: &MatchKey, _: &Record, _: &Record) -> bool {
        true
    }
}

fn fields() -> Fields {
    let fields = Fields::new().exact(&BODY).exact(&OF).parent(&OF);
    fields.exact(&ABOUT)
}

fn notes(fields: Fields, feed: Feed, stamps: bool) -> Capabilities {
    Capabilities {
        fields,
        feed,
        stamps,
        index_lag: Duration::ZERO,
        finds: false,
        sees_all: true,
    }
}

pub(crate) fn note(body: &str, contact: &RecordId) -> Record {
    let mut note = Record::default();
    note.set(&BODY, body.to_owned()).set(
        &OF,
        Ref {
            kind: CONTACT,
            id: contact.clone(),
        },
    );
    note
}

impl Family {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(settings: impl FnOnce(EngineBuilder) -> EngineBuilder) -> Self {
        Self::whose_notes(fields(), settings)
    }

    /// What the left side holds of notes.
    pub(crate) fn whose_notes(
        held: Fields,
        settings: impl FnOnce(EngineBuilder) -> EngineBuilder,
    ) -> Self {
        let clock = ManualClock::at(Timestamp::from_second(1_800_000_000).unwrap());
        let shared = || Arc::new(clock.clone());
        let by_parent = notes(held, Feed::ByParent { parent: CONTACT }, false);
        let left = Model::new("L", left_fields(), Duration::ZERO, shared());
        let left = left.with_kind(NOTE, by_parent);
        let right = Model::new("R", right_fields(), Duration::ZERO, shared());
        let right = right.with_kind(NOTE, notes(fields(), Feed::Changes, true));
        let store = MemoryStore::new();
        let engine = settings(builder(&clock, &left, &right, &store));
        let engine = engine.build().unwrap();
        Self {
            clock,
            left,
            right,
            store,
            engine,
        }
    }

    fn restart(&mut self) {
        let engine = builder(&self.clock, &self.left, &self.right, &self.store);
        self.engine = engine.visits(2).build().unwrap();
    }

    /// The store is lost: all that is left stands in the two systems.
    pub(crate) fn lose_the_store(&mut self) {
        self.store = MemoryStore::new();
        self.restart();
    }

    pub(crate) async fn cycle(&mut self) -> CycleReport {
        self.clock.advance(Duration::from_secs(2));
        self.engine.cycle().await.unwrap()
    }

    pub(crate) async fn cycles(&mut self, count: usize) {
        for _ in 0..count {
            self.cycle().await;
        }
    }

    /// A day later, what can be done at once.
    async fn daily_run(&mut self) {
        self.clock.advance(Duration::from_secs(24 * 3600));
        self.engine.settle(Duration::ZERO).await.unwrap();
    }

    /// A linked contact, by its ids.
    pub(crate) async fn contact(&mut self, name: &str) -> Both<RecordId> {
        let left = self
            .left
            .enter(&person(name, &format!("{name}@example.com")));
        self.cycles(4).await;
        let links = self.links(&CONTACT).await;
        let link = links.iter().find(|link| link.sides.left.id == left);
        link.unwrap().sides.as_ref().map(|side| side.id.clone())
    }

    /// A person says that they are not the same.
    async fn part(&mut self, contact: &Both<RecordId>) {
        let engine = &mut self.engine;
        let parted = engine.unlink(&CONTACT, Side::Right, &contact.right).await;
        parted.unwrap();
    }

    /// A person says that they are, and what follows from that is done.
    async fn link_again(&mut self, contact: &Both<RecordId>) {
        let engine = &mut self.engine;
        let linked = engine.link(&CONTACT, &contact.left, &contact.right).await;
        linked.unwrap();
        self.cycles(4).await;
    }

    pub(crate) async fn links(&self, kind: &Kind) -> Vec<Arc<sync_core::Link>> {
        let here = connection();
        let page = self.store.link_page(&here, kind, None, 1_000).await;
        page.unwrap()
    }

    pub(crate) fn bodies(&self, side: Side) -> Vec<String> {
        let notes = self.system(side).records_as(&NOTE).into_values();
        let mut bodies: Vec<_> = notes.filter_map(|note| note.get(&BODY)).collect();
        bodies.sort();
        bodies
    }

    pub(crate) async fn holds(&self) -> Vec<Hold> {
        let holds = self.store.holds(&connection(), 0, 100).await;
        holds.unwrap().into_iter().map(|(_, hold)| hold).collect()
    }

    fn about(&self, side: Side) -> Vec<Option<Ref>> {
        let notes = self.system(side).records_as(&NOTE).into_values();
        notes.map(|note| note.get(&ABOUT)).collect()
    }

    pub(crate) async fn hint(&mut self, side: Side, kind: Kind, id: &RecordId) {
        let hints = self.engine.hints().await.unwrap();
        let hint = Hint {
            kind,
            id: id.clone(),
            locator: None,
        };
        hints.hint(side, hint).await.unwrap();
    }

    pub(crate) async fn is_clean(&self) -> bool {
        self.store.counts(&connection()).await.unwrap().dirty == 0
    }
}

pub(crate) fn builder(
    clock: &ManualClock,
    left: &Model,
    right: &Model,
    store: &MemoryStore,
) -> EngineBuilder {
    let sides: Both<Arc<dyn Connector>> =
        Both::new(Arc::new(left.clone()), Arc::new(right.clone()));
    builder_of(clock, sides, store.clone())
}

pub(crate) fn builder_of(
    clock: &ManualClock,
    sides: Both<Arc<dyn Connector>>,
    store: impl Store,
) -> EngineBuilder {
    let (store, clock) = (Arc::new(store), Arc::new(clock.clone()));
    Engine::builder(
        connection(),
        sides,
        store,
        clock,
        Keys,
        newest_or(Side::Left),
    )
    .kinds([CONTACT, NOTE])
    .guards(Guards::OFF)
}

#[tokio::test]
async fn a_note_under_a_contact_that_moved_crosses_in_the_next_cycles() {
    let mut family = Family::new();
    let ada = family.contact("ada").await;
    family.left.enter_as(&NOTE, &note("call her", &ada.left));
    family.left.touch(&ada.left);
    family.cycles(2).await;
    assert_eq!(family.bodies(Side::Right), ["call her"]);
    let there = family.right.records_as(&NOTE).into_values().next().unwrap();
    assert_eq!(there.get(&OF).unwrap().id, ada.right);
    family
        .right
        .enter_as(&NOTE, &note("she called", &ada.right));
    family.cycles(4).await;
    assert_eq!(family.bodies(Side::Left), ["call her", "she called"]);
    assert!(family.is_clean().await);
}

#[tokio::test]
async fn a_note_of_which_nothing_tells_is_met_by_the_sweep_within_its_interval() {
    let mut family = Family::with(|b| b.sweep_every(Duration::from_secs(3600)));
    let (ada, bob) = (family.contact("ada").await, family.contact("bob").await);
    family.cycles(2).await;
    family.left.enter_as(&NOTE, &note("quiet", &bob.left));
    family.left.enter_as(&NOTE, &note("silent", &ada.left));
    family.cycles(2).await;
    assert!(family.bodies(Side::Right).is_empty());
    for _ in 0..26 {
        family.clock.advance(Duration::from_secs(300));
        family.cycle().await;
    }
    assert_eq!(family.bodies(Side::Right), ["quiet", "silent"]);
}

#[tokio::test]
async fn who_runs_once_a_day_visits_every_parent_each_day() {
    let mut family = Family::with(|b| b.visits(2));
    let mut last = None;
    for name in ["ada", "bob", "cyd", "dan", "eve"] {
        last = Some(family.contact(name).await.left);
    }
    for nth in 1..4 {
        family.daily_run().await;
        let note = note("quiet", last.as_ref().unwrap());
        family.left.enter_as(&NOTE, &note);
        family.daily_run().await;
        assert_eq!(family.bodies(Side::Right).len(), nth);
    }
}

#[tokio::test]
async fn after_a_month_one_round_of_visits_is_caught_up_on() {
    let mut family = Family::with(|b| b.sweep_every(Duration::from_secs(3600)));
    family.contact("ada").await;
    family.cycles(3).await;
    family.clock.advance(Duration::from_secs(30 * 24 * 3600));
    family.cycles(3).await;
    let mut requests = 0;
    for _ in 0..12 {
        family.clock.advance(Duration::from_secs(300));
        requests += family.cycle().await.requests.left;
    }
    let (cycles, visits) = (12, 2);
    assert!(requests <= cycles + visits, "{requests}");
}

#[tokio::test]
async fn a_contact_that_moved_is_visited_once_and_an_idle_cycle_visits_nobody() {
    let mut family = Family::new();
    let ada = family.contact("ada").await;
    family.cycles(3).await;
    let idle = family.cycle().await;
    assert_eq!((idle.requests.left, idle.requests.right), (1, 2));
    family.left.touch(&ada.left);
    let requests = [
        family.cycle().await,
        family.cycle().await,
        family.cycle().await,
    ];
    let left = requests.map(|report| report.requests.left);
    assert_eq!(left, [2, 1, 1]);
}

#[tokio::test]
async fn a_note_waits_for_its_contact_and_costs_nothing_meanwhile() {
    let mut family = Family::new();
    let bob = family.right.enter(&person("bob", "bob@example.com"));
    family.right.enter_as(&NOTE, &note("hello", &bob));
    let twins = ["bob", "rob"].map(|name| family.left.enter(&person(name, "bob@example.com")));
    family.cycles(4).await;
    assert!(family.links(&CONTACT).await.is_empty(), "two could be bob");
    assert!(family.is_clean().await, "what waits is not looked at");
    assert!(family.bodies(Side::Left).is_empty(), "under whom?");
    family.left.edit(&twins[1], |rob| {
        rob.set(&EMAIL, Email::new("rob@example.com"));
    });
    family.cycle().await;
    family.left.edit(&twins[0], |bob| {
        bob.set(&NAME, "Bob".to_owned());
    });
    family.cycles(6).await;
    assert_eq!(family.links(&CONTACT).await.len(), 2);
    assert_eq!(family.bodies(Side::Left), ["hello"]);
}

#[tokio::test]
async fn a_note_that_is_not_under_its_contact_any_more_is_read_by_id() {
    let mut family = Family::new();
    let (ada, bob) = (family.contact("ada").await, family.contact("bob").await);
    let id = family.left.enter_as(&NOTE, &note("moves", &ada.left));
    family.left.touch(&ada.left);
    family.cycles(3).await;
    family.left.edit(&id, |record| {
        let of = Ref {
            kind: CONTACT,
            id: bob.left.clone(),
        };
        record.set(&OF, of);
    });
    family.left.touch(&ada.left);
    let report = family.cycle().await;
    assert_eq!(report.looks, 1);
    family.cycles(2).await;
    let links = family.links(&NOTE).await;
    let locator = links[0].sides.left.locator.as_ref().unwrap();
    assert_eq!(locator.as_str(), bob.left.as_str());
    let there = family.right.records_as(&NOTE).into_values().next().unwrap();
    assert_eq!(there.get(&OF).unwrap().id, bob.right);
}

/// The reply said nothing of its contact, and its delete would never have been noticed.
#[tokio::test]
async fn a_note_that_is_gone_after_a_write_whose_reply_showed_nothing_is_missed() {
    let mut family = Family::with(deletes_follow);
    let ada = family.contact("ada").await;
    let written = family.left.enter_as(&NOTE, &note("one", &ada.left));
    family.left.touch(&ada.left);
    family.cycles(3).await;
    family.left.silent_replies(true);
    let there = family.right.records_as(&NOTE).into_keys().next().unwrap();
    family.right.edit(&there, |note| {
        note.set(&BODY, "two".to_owned());
    });
    family.cycle().await;
    assert_eq!(family.bodies(Side::Left), ["two"]);
    family.left.delete_record(&written);
    family.left.touch(&ada.left);
    for _ in 0..4 {
        family.clock.advance(Duration::from_secs(90));
        family.cycle().await;
    }
    assert!(family.bodies(Side::Right).is_empty());
}

#[tokio::test]
async fn visits_keep_to_their_budget_oldest_first_and_survive_a_restart() {
    let mut family = Family::new();
    let mut contacts = Vec::new();
    for n in 0..6 {
        contacts.push(family.contact(&format!("c{n}")).await);
    }
    family.cycles(3).await;
    for contact in &contacts {
        let body = format!("of {}", contact.left);
        family.left.enter_as(&NOTE, &note(&body, &contact.left));
        family.left.touch(&contact.left);
        family.clock.advance(Duration::from_millis(100));
    }
    family.restart();
    let report = family.cycle().await;
    assert_eq!(report.requests.left, 3, "one poll, and the budget of two");
    assert_eq!(family.bodies(Side::Right).len(), 2);
    family.restart();
    family.cycles(8).await;
    assert_eq!(family.bodies(Side::Right).len(), 6);
}

#[tokio::test]
async fn many_hints_cost_one_read_for_each_record_and_forged_ones_do_no_harm() {
    let mut family = Family::new();
    let ada = family.contact("ada").await;
    let note = family.left.enter_as(&NOTE, &note("hinted", &ada.left));
    let hints = family.engine.hints().await.unwrap();
    let hint = |kind: Kind, id: &str| Hint {
        kind,
        id: id.into(),
        locator: None,
    };
    for _ in 0..50 {
        for n in 0..9 {
            let forged = hint(CONTACT, &format!("forged{n}"));
            hints.hint(Side::Left, forged).await.unwrap();
        }
        let told = hint(NOTE, note.as_str());
        hints.hint(Side::Left, told).await.unwrap();
    }
    let unknown = hint(Kind::new("invoice"), "1");
    hints.hint(Side::Right, unknown).await.unwrap();
    let report = family.cycle().await;
    assert_eq!(report.looks, 10);
    assert_eq!(family.bodies(Side::Right), ["hinted"]);
    family.cycles(2).await;
    assert!(family.is_clean().await);
    assert_eq!(family.store.counts(&connection()).await.unwrap().holds, 0);
    assert_eq!(family.right.records().len(), 1);
}

#[tokio::test]
async fn a_hint_of_a_contact_has_its_notes_read() {
    let mut family = Family::new();
    let ada = family.contact("ada").await;
    family.cycles(2).await;
    family.left.enter_as(&NOTE, &note("by phone", &ada.left));
    family.left.touch(&ada.left);
    family.left.stop_the_feed(true);
    let hints = family.engine.hints().await.unwrap();
    let hint = Hint {
        kind: CONTACT,
        id: ada.left.clone(),
        locator: None,
    };
    hints.hint(Side::Left, hint).await.unwrap();
    family.cycle().await;
    family.left.stop_the_feed(false);
    family.cycles(2).await;
    assert_eq!(family.bodies(Side::Right), ["by phone"]);
}

pub(crate) fn of(contact: &RecordId) -> Ref {
    Ref {
        kind: CONTACT,
        id: contact.clone(),
    }
}

pub(crate) fn deletes_follow(builder: EngineBuilder) -> EngineBuilder {
    let leaving = Leaving::default()
        .deletes(Side::Left, Deletes::Follow)
        .deletes(Side::Right, Deletes::Follow);
    builder.leaving(leaving)
}

#[tokio::test]
async fn the_notes_of_a_merged_contact_are_found_under_its_heir_and_none_is_deleted() {
    let mut family = Family::with(deletes_follow);
    family.left.reads_under_parents();
    let ada = family.contact("ada").await;
    let call = family.left.enter_as(&NOTE, &note("call her", &ada.left));
    family.left.touch(&ada.left);
    family.cycles(3).await;
    let heir = family.left.enter(&person("ada", "ada@example.com"));
    family.left.delete_record(&ada.left);
    family.left.edit(&call, |note| {
        note.set(&OF, of(&heir));
    });
    family.hint(Side::Left, CONTACT, &ada.left).await;
    family.hint(Side::Left, NOTE, &call).await;
    for _ in 0..6 {
        family.clock.advance(Duration::from_secs(90));
        family.cycle().await;
    }
    assert_eq!(family.bodies(Side::Left), ["call her"]);
    assert_eq!(family.bodies(Side::Right), ["call her"]);
    let links = family.links(&NOTE).await;
    let locator = links[0].sides.left.locator.as_ref().unwrap();
    assert_eq!(locator.as_str(), heir.as_str());
}

#[tokio::test]
async fn the_notes_of_a_contact_that_was_merged_into_a_linked_one_are_not_deleted() {
    let mut family = Family::with(deletes_follow);
    family.left.reads_under_parents();
    let (ada, bob) = (family.contact("ada").await, family.contact("bob").await);
    let call = family.left.enter_as(&NOTE, &note("call her", &ada.left));
    family.left.touch(&ada.left);
    family.cycles(3).await;
    assert_eq!(family.bodies(Side::Right), ["call her"]);
    family.left.delete_record(&ada.left);
    family.left.edit(&bob.left, |bob| {
        bob.set(&EMAIL, Email::new("ada@example.com"));
    });
    family.left.edit(&call, |note| {
        note.set(&OF, of(&bob.left));
    });
    family.hint(Side::Left, CONTACT, &ada.left).await;
    family.hint(Side::Left, NOTE, &call).await;
    for _ in 0..8 {
        family.clock.advance(Duration::from_secs(90));
        family.cycle().await;
    }
    assert_eq!(family.bodies(Side::Left), ["call her"]);
    assert_eq!(family.bodies(Side::Right), ["call her"]);
}

/// A family of which one contact, with a note of each side, is about to be deleted on the left.
async fn about_to_part() -> (Family, Both<RecordId>) {
    let mut family = Family::with(deletes_follow);
    family.left.takes_children();
    family.right.takes_children();
    let ada = family.contact("ada").await;
    family.left.enter_as(&NOTE, &note("from left", &ada.left));
    family
        .right
        .enter_as(&NOTE, &note("from right", &ada.right));
    family.left.touch(&ada.left);
    family.cycles(4).await;
    for side in Side::BOTH {
        assert_eq!(family.bodies(side), ["from left", "from right"]);
    }
    (family, ada)
}

impl Family {
    /// A person deletes the contact on a side, which is told.
    async fn someone_deletes(&mut self, side: Side, contact: &Both<RecordId>) {
        self.system(side).delete_record(&contact[side]);
        self.hint(side, CONTACT, &contact[side]).await;
    }

    fn system(&self, side: Side) -> &Model {
        match side {
            Side::Left => &self.left,
            Side::Right => &self.right,
        }
    }

    /// Long enough for a record that is gone to be known as such.
    async fn cycles_apart(&mut self, count: usize) {
        for _ in 0..count {
            self.clock.advance(Duration::from_secs(90));
            self.cycle().await;
        }
    }

    /// What is held for a day is tried again after each.
    async fn days(&mut self, count: usize) {
        for _ in 0..count {
            self.clock.advance(Duration::from_secs(24 * 3600));
            self.cycles_apart(4).await;
        }
    }

    /// The one question about a contact.
    async fn question(&self) -> String {
        let holds = self.store.holds(&connection(), 0, 9).await.unwrap();
        let mut whole = holds.iter().filter(|(_, hold)| hold.kind == CONTACT);
        let (_, hold) = whole.next().unwrap();
        assert_eq!(hold.reason, HoldReason::EditedMeanwhile);
        assert!(whole.next().is_none());
        hold.message.clone()
    }
}

#[tokio::test]
async fn notes_that_both_sides_had_go_with_their_contact() {
    let (mut family, ada) = about_to_part().await;
    family.someone_deletes(Side::Left, &ada).await;
    family.cycles_apart(4).await;
    assert!(family.right.records().is_empty());
    assert!(family.bodies(Side::Right).is_empty());
    family.cycles_apart(4).await;
    assert!(family.links(&NOTE).await.is_empty());
    assert!(family.is_clean().await);
}

/// A system that restores a contact does not restore what went with it.
#[tokio::test]
async fn what_went_with_a_contact_that_is_back_is_not_deleted_on_the_other_side() {
    for side in Side::BOTH {
        for noticed in [false, true] {
            let (mut family, ada) = about_to_part().await;
            let person = family.system(side).record(&ada[side]).unwrap();
            family.someone_deletes(side, &ada).await;
            if noticed {
                // It is missing, and no more than that.
                family.cycle().await;
            }
            family.system(side).restore(&ada[side], &person);
            family.hint(side, CONTACT, &ada[side]).await;
            family.days(3).await;
            assert_eq!(family.bodies(!side), ["from left", "from right"]);
            let holds = family.store.holds(&connection(), 0, 9).await.unwrap();
            let reasons = holds.iter().map(|(_, hold)| (&hold.kind, hold.reason));
            let reasons: Vec<_> = reasons.collect();
            assert_eq!(reasons, [(&NOTE, HoldReason::Deleted); 2], "{side}");
        }
    }
}

#[tokio::test]
async fn the_one_note_of_a_contact_that_was_missing_is_not_deleted_when_that_is_back() {
    let mut family = Family::with(deletes_follow);
    family.left.takes_children();
    let ada = family.contact("ada").await;
    family.right.enter_as(&NOTE, &note("only", &ada.right));
    family.cycles(4).await;
    assert_eq!(family.bodies(Side::Left), ["only"]);
    let person = family.left.record(&ada.left).unwrap();
    family.someone_deletes(Side::Left, &ada).await;
    family.cycle().await;
    family.left.restore(&ada.left, &person);
    family.hint(Side::Left, CONTACT, &ada.left).await;
    family.cycles_apart(6).await;
    assert_eq!(family.bodies(Side::Right), ["only"]);
}

/// Whoever unlinks a contact of which one record is gone keeps the other one, and what it has.
#[tokio::test]
async fn what_stands_under_a_contact_that_a_person_keeps_is_kept() {
    for side in Side::BOTH {
        let (mut family, ada) = about_to_part().await;
        family.someone_deletes(!side, &ada).await;
        let new = note("new", &ada[side]);
        family.system(side).enter_as(&NOTE, &new);
        family.cycles_apart(4).await;
        family.question().await;
        family.part(&ada).await;
        family.days(3).await;
        assert_eq!(family.bodies(side), ["from left", "from right", "new"]);
        assert_eq!(family.store.counts(&connection()).await.unwrap().holds, 0);
    }
}

/// Our own delete took the notes of one side; those of the other come back with their contact.
#[tokio::test]
async fn notes_that_are_restored_with_their_contact_are_not_deleted_after_it() {
    for side in Side::BOTH {
        let (mut family, ada) = about_to_part().await;
        let there = family.system(side).clone();
        let (person, notes) = (there.record(&ada[side]).unwrap(), there.records_as(&NOTE));
        family.someone_deletes(side, &ada).await;
        while !family.system(!side).records().is_empty() {
            family.cycles_apart(1).await;
        }
        there.restore(&ada[side], &person);
        for (id, note) in &notes {
            there.restore(id, note);
        }
        family.hint(side, CONTACT, &ada[side]).await;
        family.days(3).await;
        assert_eq!(family.bodies(side), ["from left", "from right"], "{side}");
    }
}

#[tokio::test]
async fn who_deletes_the_edited_note_lets_the_delete_of_its_contact_go_on() {
    for side in Side::BOTH {
        let (mut family, ada) = about_to_part().await;
        let there = family.system(side).clone();
        let edited = there.records_as(&NOTE).into_keys().next().unwrap();
        there.edit(&edited, |note| _ = note.set(&BODY, "edited".to_owned()));
        family.someone_deletes(!side, &ada).await;
        family.cycles_apart(4).await;
        family.question().await;
        there.delete_record(&edited);
        family.engine.read_whole().await.unwrap();
        for _ in 0..2 {
            family.clock.advance(Duration::from_secs(24 * 3600));
            family.cycles_apart(6).await;
        }
        assert!(family.system(side).records().is_empty(), "{side}");
        assert_eq!(family.store.counts(&connection()).await.unwrap().holds, 0);
    }
}

/// A person deletes a contact where that leaves its notes; our delete on the other side takes them.
#[tokio::test]
async fn notes_that_a_delete_has_left_are_not_deleted_for_those_that_ours_took() {
    let mut family = Family::with(deletes_follow);
    family.left.takes_children();
    let ada = family.contact("ada").await;
    family
        .right
        .enter_as(&NOTE, &note("left there", &ada.right));
    family.cycles(4).await;
    assert_eq!(family.bodies(Side::Left), ["left there"]);
    family.someone_deletes(Side::Right, &ada).await;
    for id in family.right.records_as(&NOTE).into_keys() {
        family.right.edit(&id, |note| _ = note.set(&OF, None));
    }
    family.days(3).await;
    assert_eq!(family.bodies(Side::Right), ["left there"]);
}

/// One system deletes notes with their contact, the other one leaves them under nobody.
#[tokio::test]
async fn notes_that_were_left_by_our_own_delete_were_not_edited() {
    let mut family = Family::with(deletes_follow);
    family.left.takes_children();
    let ada = family.contact("ada").await;
    for body in ["one", "two"] {
        family.left.enter_as(&NOTE, &note(body, &ada.left));
    }
    family.left.touch(&ada.left);
    family.cycles(4).await;
    family.someone_deletes(Side::Left, &ada).await;
    while !family.right.records().is_empty() {
        family.cycles_apart(1).await;
    }
    let left = family.right.records_as(&NOTE);
    assert_eq!(left.len(), 2);
    for id in left.keys() {
        family.right.edit(id, |note| _ = note.set(&OF, None));
    }
    let edited = left.into_keys().next().unwrap();
    family
        .right
        .edit(&edited, |note| _ = note.set(&BODY, "edited".to_owned()));
    family.cycles_apart(6).await;
    assert_eq!(family.bodies(Side::Right), ["edited"]);
    assert_eq!(family.store.counts(&connection()).await.unwrap().holds, 1);
}

#[tokio::test]
async fn a_contact_is_not_deleted_with_a_note_that_was_edited_under_it() {
    for side in Side::BOTH {
        let (mut family, ada) = about_to_part().await;
        let there = family.system(side).clone();
        let edited = there.records_as(&NOTE).into_keys().next().unwrap();
        there.edit(&edited, |note| _ = note.set(&BODY, "edited".to_owned()));
        family.someone_deletes(!side, &ada).await;
        family.cycles_apart(4).await;
        let named = format!("note {edited} (edited)");
        let question = family.question().await;
        assert!(question.contains(&named), "{question}");
        assert!(family.bodies(side).contains(&"edited".to_owned()));
    }
}

#[tokio::test]
async fn a_contact_is_not_deleted_with_a_note_that_the_other_side_never_had() {
    for side in Side::BOTH {
        let (mut family, ada) = about_to_part().await;
        let there = family.system(side).clone();
        family.someone_deletes(!side, &ada).await;
        let new = there.enter_as(&NOTE, &note("new", &ada[side]));
        family.cycles_apart(4).await;
        let named = format!("note {new} (without a counterpart)");
        let question = family.question().await;
        assert!(question.contains(&named), "{question}");
        assert!(family.bodies(side).contains(&"new".to_owned()));
    }
}

#[tokio::test]
async fn what_is_written_under_a_contact_in_the_moment_of_its_delete_holds_it() {
    for side in Side::BOTH {
        let (mut family, ada) = about_to_part().await;
        let there = family.system(side).clone();
        family.someone_deletes(!side, &ada).await;
        // Its feed does not tell, and nobody has read under the contact.
        there.stop_the_feed(true);
        there.enter_as(&NOTE, &note("new", &ada[side]));
        family.cycles_apart(4).await;
        assert!(family.bodies(side).contains(&"new".to_owned()));
        there.stop_the_feed(false);
        family.cycles_apart(4).await;
        assert!(family.question().await.contains("(without a counterpart)"));
    }
}

#[tokio::test]
async fn a_contact_is_deleted_a_day_after_the_note_that_held_it_is_gone() {
    let (mut family, ada) = about_to_part().await;
    family.someone_deletes(Side::Left, &ada).await;
    let new = family.right.enter_as(&NOTE, &note("new", &ada.right));
    family.cycles_apart(4).await;
    family.question().await;
    family.right.delete_record(&new);
    family.clock.advance(Duration::from_secs(24 * 3600));
    family.cycles_apart(4).await;
    assert!(family.right.records().is_empty());
    assert_eq!(family.store.counts(&connection()).await.unwrap().holds, 0);
}

#[tokio::test]
async fn a_note_that_was_put_under_another_is_moved_before_its_old_contact_is_deleted() {
    let (mut family, ada) = about_to_part().await;
    let bob = family.contact("bob").await;
    let notes = family.right.records_as(&NOTE);
    let moved = notes
        .into_iter()
        .find(|(_, note)| note.get(&BODY).unwrap() == "from left");
    let (moved, _) = moved.unwrap();
    family.someone_deletes(Side::Right, &ada).await;
    family.right.restore(&moved, &note("from left", &bob.right));
    family.cycles_apart(4).await;
    family.clock.advance(Duration::from_secs(24 * 3600));
    family.cycles_apart(4).await;
    for (side, contact) in [(Side::Left, &bob.left), (Side::Right, &bob.right)] {
        let system = family.system(side);
        let notes = system.records_as(&NOTE).into_values();
        let notes: Vec<_> = notes
            .map(|note| (note.get(&BODY).unwrap(), note.get(&OF).unwrap().id))
            .collect();
        assert_eq!(notes, [("from left".to_owned(), contact.clone())]);
        assert_eq!(system.records().len(), 1);
    }
}

#[tokio::test]
async fn a_note_of_a_contact_that_is_gone_unnoticed_is_asked_for_once() {
    let mut family = Family::new();
    let ada = family.contact("ada").await;
    family.left.delete_record(&ada.left);
    family.right.enter_as(&NOTE, &note("late", &ada.right));
    let mut requests = 0;
    for _ in 0..20 {
        requests += family.cycle().await.requests.left;
    }
    // A poll of each cycle, the create, and three looks at the contact.
    assert!(requests <= 20 + 1 + 3, "{requests}");
    family.cycles_apart(4).await;
    let holds = family.store.holds(&connection(), 0, 9).await.unwrap();
    assert_eq!(holds.len(), 1);
    assert_eq!(
        (&holds[0].1.kind, holds[0].1.reason),
        (&CONTACT, HoldReason::Deleted)
    );
    assert!(family.bodies(Side::Left).is_empty());
}

/// Both sides have put it elsewhere, and where the one that wins has put it nobody is any more.
#[tokio::test]
async fn a_note_is_not_put_under_a_contact_that_is_gone() {
    let (mut family, ada) = about_to_part().await;
    let (bob, cyd) = (family.contact("bob").await, family.contact("cyd").await);
    family.left.enter_as(&NOTE, &note("moves", &cyd.left));
    family.left.touch(&cyd.left);
    family.cycles(4).await;
    let links = family.links(&NOTE).await;
    let link = links
        .iter()
        .find(|link| link.sides.left.shadow.get(&OF) == Some(of(&cyd.left)));
    let ids = link.unwrap().sides.as_ref().map(|side| side.id.clone());
    family.right.restore(&ids.right, &note("moves", &bob.right));
    family.left.restore(&ids.left, &note("moves", &ada.left));
    family.left.touch(&ada.left);
    family.someone_deletes(Side::Right, &ada).await;
    family.cycles_apart(6).await;
    let before = family.left.writes() + family.right.writes();
    let asked = family.question().await;
    assert!(asked.contains(&format!("note {} (", ids.left)), "{asked}");
    family.cycles(20).await;
    assert_eq!(family.left.writes() + family.right.writes(), before);
    for side in Side::BOTH {
        assert!(family.bodies(side).contains(&"moves".to_owned()));
    }
}

#[tokio::test]
async fn what_stands_under_a_contact_whose_delete_is_held_is_not_deleted_either() {
    for side in Side::BOTH {
        let (mut family, ada) = about_to_part().await;
        family.someone_deletes(!side, &ada).await;
        let new = note("new", &ada[side]);
        family.system(side).enter_as(&NOTE, &new);
        family.days(3).await;
        assert_eq!(family.bodies(side), ["from left", "from right", "new"]);
    }
}

#[tokio::test]
async fn an_undo_deletes_a_contact_after_its_notes_and_never_with_them() {
    let mut family = Family::with(deletes_follow);
    family.left.takes_children();
    family.right.takes_children();
    let ada = family.contact("ada").await;
    family.left.enter_as(&NOTE, &note("from left", &ada.left));
    family.left.touch(&ada.left);
    family.cycles(4).await;
    assert_eq!(family.bodies(Side::Right), ["from left"]);
    let whole = |kind: Kind, id: &RecordId| Undo::Record {
        kind,
        side: Side::Right,
        id: id.clone(),
        since: Timestamp::MIN,
    };
    let contact = whole(CONTACT, &ada.right);
    let plan = family.engine.undo(&contact, true).await.unwrap();
    assert_eq!(plan.counts.deletes.right, 0);
    assert!(
        plan.left[0].why.contains("stands under it"),
        "{:?}",
        plan.left
    );
    let there = family.right.records_as(&NOTE).into_keys().next().unwrap();
    for undo in [whole(NOTE, &there), contact] {
        let plan = family.engine.undo(&undo, true).await.unwrap();
        assert_eq!(plan.left, []);
        family
            .engine
            .apply(&plan.save().await.unwrap())
            .await
            .unwrap();
    }
    assert!(family.right.records().is_empty());
    family.cycles_apart(6).await;
    assert_eq!(family.bodies(Side::Left), ["from left"]);
    assert_eq!(family.left.records().len(), 1);
}

#[tokio::test]
async fn an_undo_says_what_it_leaves_for_what_was_written_since_it_was_planned() {
    let mut family = Family::with(deletes_follow);
    family.right.takes_children();
    let ada = family.contact("ada").await;
    let created = Undo::Record {
        kind: CONTACT,
        side: Side::Right,
        id: ada.right.clone(),
        since: Timestamp::MIN,
    };
    let plan = family.engine.undo(&created, true).await.unwrap();
    let saved = plan.save().await.unwrap();
    family.right.stop_the_feed(true);
    let new = family.right.enter_as(&NOTE, &note("new", &ada.right));
    let applied = family.engine.apply(&saved).await.unwrap();
    let why = &applied.refused[0].why;
    assert!(why.contains(&format!("note {new} (")), "{why}");
    assert_eq!(family.right.records().len(), 1);
    assert_eq!(family.store.counts(&connection()).await.unwrap().holds, 0);
}

#[tokio::test]
async fn the_notes_that_went_with_their_contact_are_looked_for_and_follow() {
    let mut family = Family::with(deletes_follow);
    family.left.reads_under_parents();
    let ada = family.contact("ada").await;
    family
        .right
        .enter_as(&NOTE, &note("made by us there", &ada.right));
    family.left.enter_as(&NOTE, &note("call her", &ada.left));
    family.left.touch(&ada.left);
    family.cycles(3).await;
    assert_eq!(family.bodies(Side::Left).len(), 2);
    for note in family.left.records_as(&NOTE).into_keys() {
        family.left.delete_record(&note);
    }
    family.left.delete_record(&ada.left);
    family.hint(Side::Left, CONTACT, &ada.left).await;
    for _ in 0..6 {
        family.clock.advance(Duration::from_secs(90));
        family.cycle().await;
    }
    assert!(family.right.records().is_empty());
    assert!(family.bodies(Side::Right).is_empty());
    assert!(family.links(&NOTE).await.is_empty());
}

#[tokio::test]
async fn notes_of_contacts_that_were_parted_wait_until_they_are_linked_again() {
    let mut family = Family::new();
    let ada = family.contact("ada").await;
    family.right.enter_as(&NOTE, &note("call her", &ada.right));
    family.cycles(3).await;
    let there = family.right.records_as(&NOTE).into_keys().next().unwrap();
    family.part(&ada).await;
    family.right.edit(&there, |note| {
        note.set(&BODY, "she called".to_owned());
    });
    family.cycles(4).await;
    assert_eq!(family.bodies(Side::Left), ["call her"]);
    assert!(family.is_clean().await, "nothing is planned in vain");
    family.link_again(&ada).await;
    assert_eq!(family.bodies(Side::Left), ["she called"]);
}

#[tokio::test]
async fn what_waits_for_a_contact_crosses_when_a_person_links_it() {
    let mut family = Family::new();
    let ada = family.contact("ada").await;
    family.part(&ada).await;
    family.right.enter_as(&NOTE, &note("call her", &ada.right));
    family.cycles(4).await;
    assert!(family.bodies(Side::Left).is_empty());
    family.link_again(&ada).await;
    assert_eq!(family.bodies(Side::Left), ["call her"]);
}

#[tokio::test]
async fn a_linked_note_waits_for_whom_it_is_about_and_costs_nothing_meanwhile() {
    let mut family = Family::new();
    let (ada, bob) = (family.contact("ada").await, family.contact("bob").await);
    family.right.enter_as(&NOTE, &note("call her", &ada.right));
    family.cycles(3).await;
    let there = family.right.records_as(&NOTE).into_keys().next().unwrap();
    family.part(&bob).await;
    family.right.edit(&there, |note| {
        note.set(&ABOUT, of(&bob.right));
        note.set(&BODY, "she asks about him".to_owned());
    });
    family.cycles(4).await;
    assert_eq!(family.bodies(Side::Left), ["she asks about him"]);
    assert!(family.is_clean().await, "nothing is planned in vain");
    family.restart();
    family.link_again(&bob).await;
    let notes = family.left.records_as(&NOTE).into_values();
    let about: Vec<_> = notes.map(|note| note.get(&ABOUT)).collect();
    assert_eq!(about, [Some(of(&bob.left))]);
    assert!(family.is_clean().await);
}

#[tokio::test]
async fn a_note_of_a_contact_that_is_missing_waits_until_it_is_back() {
    let mut family = Family::new();
    let ada = family.contact("ada").await;
    family.left.enter_as(&NOTE, &note("call her", &ada.left));
    family.left.touch(&ada.left);
    family.cycles(3).await;
    let there = family.right.records_as(&NOTE).into_keys().next().unwrap();
    let contact = family.left.record(&ada.left).unwrap();
    family.left.delete_record(&ada.left);
    family.hint(Side::Left, CONTACT, &ada.left).await;
    family.cycle().await;
    family.right.edit(&there, |note| {
        note.set(&BODY, "called".to_owned());
    });
    family.cycles(2).await;
    assert_eq!(family.bodies(Side::Left), ["call her"]);
    family.left.restore(&ada.left, &contact);
    for _ in 0..3 {
        family.clock.advance(Duration::from_secs(90));
        family.cycle().await;
    }
    assert_eq!(family.bodies(Side::Left), ["called"]);
}

/// A note about Bob on both sides.
async fn about_bob() -> (Family, Both<RecordId>, RecordId) {
    let mut family = Family::new();
    let (ada, bob) = (family.contact("ada").await, family.contact("bob").await);
    let mut asks = note("she asks about him", &ada.right);
    asks.set(&ABOUT, of(&bob.right));
    let there = family.right.enter_as(&NOTE, &asks);
    family.cycles(3).await;
    assert_eq!(family.about(Side::Left), [Some(of(&bob.left))]);
    (family, bob, there)
}

#[tokio::test]
async fn a_reference_that_went_with_its_record_was_not_taken_away() {
    let (mut family, bob, there) = about_bob().await;
    family.right.delete_record(&bob.right);
    family
        .right
        .edit(&there, |note| note.put(ABOUT.key().clone(), None));
    family.cycles(4).await;
    assert_eq!(family.about(Side::Left), [Some(of(&bob.left))]);
    family.clock.advance(Duration::from_secs(86_400));
    family.cycles(4).await;
    assert_eq!(family.about(Side::Left), [Some(of(&bob.left))]);
    assert!(family.is_clean().await);
    let carl = family.contact("carl").await;
    family
        .right
        .edit(&there, |note| _ = note.set(&ABOUT, of(&carl.right)));
    family.cycles(3).await;
    assert_eq!(family.about(Side::Left), [Some(of(&carl.left))]);
}

#[tokio::test]
async fn a_reference_that_somebody_takes_away_is_taken_away() {
    let (mut family, _, there) = about_bob().await;
    family
        .right
        .edit(&there, |note| note.put(ABOUT.key().clone(), None));
    family.cycles(3).await;
    assert_eq!(family.about(Side::Left), [None]);
    assert!(family.is_clean().await);
}

/// The other side refers to somebody else by then.
#[tokio::test]
async fn whom_the_other_side_names_instead_crosses_to_where_a_record_went() {
    let (mut family, bob, there) = about_bob().await;
    let carl = family.contact("carl").await;
    family.right.delete_record(&bob.right);
    family
        .right
        .edit(&there, |note| note.put(ABOUT.key().clone(), None));
    let here = family.left.records_as(&NOTE).into_keys().next().unwrap();
    family
        .left
        .edit(&here, |note| _ = note.set(&ABOUT, of(&carl.left)));
    for (of, _) in family.left.records() {
        family.left.touch(&of);
    }
    family.cycles(4).await;
    assert_eq!(family.about(Side::Right), [Some(of(&carl.right))]);
}

/// The right does not tell under whom a note is read: that it stands under Ada is known once it was
/// read there.
#[tokio::test]
async fn a_delete_does_not_take_a_note_whose_counterpart_was_put_elsewhere() {
    let mut family = Family::with(deletes_follow);
    family.right.takes_children();
    let (ada, bob) = (family.contact("ada").await, family.contact("bob").await);
    let call = family.left.enter_as(&NOTE, &note("call her", &ada.left));
    family.left.touch(&ada.left);
    family.cycles(3).await;
    let refused = ModelFault::RefuseField(OF.key().clone());
    family.right.next_writes(vec![Some(refused); 20]);
    family
        .left
        .edit(&call, |note| _ = note.set(&OF, of(&bob.left)));
    family.left.touch(&bob.left);
    family.cycles(3).await;
    assert_eq!(family.holds().await[0].reason, HoldReason::Refused);
    family.right.heal();
    family.left.delete_record(&ada.left);
    family.hint(Side::Left, CONTACT, &ada.left).await;
    for _ in 0..4 {
        family.clock.advance(Duration::from_secs(3_600));
        family.cycle().await;
    }
    assert_eq!(family.bodies(Side::Right), ["call her"]);
    let holds = family.holds().await;
    let told = holds
        .iter()
        .any(|hold| hold.message.contains("is elsewhere"));
    assert!(told, "{holds:?}");
}
