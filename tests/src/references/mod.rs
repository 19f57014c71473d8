//! Random histories of records that refer to others: people work for companies, and notes stand
//! under people. Hands undo, unlink and forget; filters, mappings and clocks change; a credential
//! loses sight of records, or is another account's. Whatever happens: nothing is born twice or
//! dies for nothing, references lead to counterparts, and nothing is written to a stranger.

mod notes;

use std::{
    collections::BTreeSet,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use sync_core::{
    Act, Archive, Both, Capabilities, Clock, CycleReport, Deletes, Engine, EngineError, Feed,
    Field, Fields, Forgotten, Hint, Hold, HoldReason, Intent, Kind, Link, MatchKey, Matcher,
    MemoryStore, Record, RecordId, Ref, Scope, Side, Store, Subject, Tier, Undo,
    testing::{
        ManualClock, Model, ModelFault,
        people::{ByEmail, CITY, CONTACT, EMAIL, NAME, left_fields, person, right_fields},
    },
};

use self::notes::{Notes, Shown, seen};
use crate::random::{
    Check, ENOUGH, check_births_and_deaths, connection, engine_over, ensure, holds, poll,
    serves_somehow, told, wait, will_fail,
};

const COMPANY: Kind = Kind::from_static("company");
pub(crate) const NOTE: Kind = Kind::from_static("note");
const KINDS: [Kind; 3] = [COMPANY, CONTACT, NOTE];

/// For whom a person works.
const EMPLOYER: Field<Ref> = Field::new("employer");
/// What a note says.
pub(crate) const BODY: Field<String> = Field::new("body");
/// Under whom it stands.
pub(crate) const OF: Field<Ref> = Field::new("of");

/// Companies by name, people by e-mail; notes are only found again.
pub(crate) struct Keys;

impl Matcher for Keys {
    fn keys(&self, kind: &Kind, record: &Record) -> Vec<MatchKey> {
        let named = |tier, field: &Field<String>, name| {
            let value = record.get(field);
            value.map(|value| MatchKey::new(tier, name, value))
        };
        let key = match kind {
            kind if *kind == COMPANY => named(Tier::First, &NAME, "name"),
            kind if *kind == NOTE => named(Tier::Recovery, &BODY, "body"),
            _ => return ByEmail.keys(kind, record),
        };
        key.into_iter().collect()
    }

    fn agree(&self, _: &Kind, _: &MatchKey, _: &Record, _: &Record) -> bool {
        true
    }
}

/// People whose names begin with an x are left out.
struct Filter(bool);

impl Filter {
    fn leaves_out(record: &Record) -> bool {
        record.get(&NAME).is_some_and(|name| name.starts_with('x'))
    }
}

impl Scope for Filter {
    fn admits(&self, kind: &Kind, _: Side, record: &Record) -> bool {
        !self.0 || *kind != CONTACT || !Self::leaves_out(record)
    }

    fn digest(&self) -> u64 {
        u64::from(self.0)
    }
}

/// Our clock: it goes as the servers' do, but for what it jumps.
#[derive(Clone)]
struct Jumping {
    servers: ManualClock,
    ahead: Arc<AtomicI64>,
}

impl Clock for Jumping {
    fn now(&self) -> Timestamp {
        self.servers.now() + SignedDuration::from_secs(self.ahead.load(Ordering::Relaxed))
    }

    fn sleep_until(&self, until: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let ahead = SignedDuration::from_secs(self.ahead.load(Ordering::Relaxed));
        self.servers.sleep_until(until - ahead)
    }
}

/// What the program is started with.
#[derive(Debug, Clone, Copy)]
struct Settings {
    deletes: Both<Deletes>,
    filter: bool,
    revision: u32,
}

struct References {
    rng: Rng,
    clock: Jumping,
    sides: Both<Model>,
    store: MemoryStore,
    engine: Engine,
    settings: Settings,
    /// What people deleted.
    deleted: BTreeSet<(Side, RecordId)>,
    /// What hands have touched: the two sides may differ, or go on alone.
    by_hand: BTreeSet<(Side, RecordId)>,
    /// Whom nothing may tell of any more.
    forgotten: BTreeSet<String>,
    /// Addresses of people who were merged: forgetting one of two records leaves the other.
    merged: BTreeSet<String>,
    hidden: Vec<(Side, RecordId)>,
    /// Whether a cycle has ended, so that both accounts are known.
    known: bool,
    /// By how many seconds our clock has jumped.
    jumped: u64,
    /// Notes stay under their contacts on the left: nobody but a person can put them elsewhere.
    stays: bool,
    /// What is drawn for people who put notes under others, if they do.
    moves: Option<Rng>,
    /// How far the indexes of notes are behind.
    note_lags: Both<Duration>,
    /// What people did with notes.
    notes: Notes,
    names: u32,
    steps: Vec<String>,
}

/// Its ids begin with this, too.
fn account_of(side: Side) -> &'static str {
    match side {
        Side::Left => "L",
        Side::Right => "R",
    }
}

pub(crate) fn of_kind(fields: Fields, feed: Feed, lag: Duration) -> Capabilities {
    Capabilities {
        stamps: feed == Feed::Changes,
        fields,
        feed,
        index_lag: lag,
        finds: false,
        sees_all: true,
    }
}

/// Creates of notes that are open.
pub(crate) fn open_creates(store: &MemoryStore, side: Side) -> Vec<Intent> {
    let mut intents = wait(store.intents(&connection())).unwrap_or_default();
    intents
        .retain(|intent| intent.kind == NOTE && intent.side == side && intent.act == Act::Create);
    intents
}

/// What they say. By nothing else are they found again.
pub(crate) fn open_texts(store: &MemoryStore, side: Side) -> Vec<String> {
    let creates = open_creates(store, side).into_iter();
    let texts = creates.flat_map(|intent| intent.keys);
    texts.map(|key| key.value.to_string()).collect()
}

impl References {
    fn new(seed: u64, moves: bool) -> Self {
        let mut rng = Rng::with_seed(seed);
        let start = Timestamp::from_millisecond(1_800_000_000_000 + 7).unwrap_or_default();
        let clock = Jumping {
            servers: ManualClock::at(start),
            ahead: Arc::default(),
        };
        let lag = |rng: &mut Rng| Duration::from_millis([0, 3_000][rng.usize(0..2)]);
        let lags = Both::new(lag(&mut rng), lag(&mut rng));
        let notes_by_parent = rng.bool();
        let is_by_parent = |side: Side| side == Side::Left && notes_by_parent;
        let note_lags = Both::from_fn(|side| match is_by_parent(side) {
            true => Duration::ZERO,
            false => lags[side],
        });
        // Drawn apart, so that a seed tells the same story with and without moves.
        let mut moves = moves.then(|| Rng::with_seed(!seed));
        let stays = moves.as_mut().is_some_and(|rng| rng.u8(0..4) > 0);
        let sides = Both::from_fn(|side| {
            let fields = match side {
                Side::Left => left_fields(),
                Side::Right => right_fields(),
            };
            let (prefix, lag) = (account_of(side), lags[side]);
            let feed = match is_by_parent(side) {
                true => Feed::ByParent { parent: CONTACT },
                false => Feed::Changes,
            };
            let notes = Fields::new().exact(&BODY).exact(&OF);
            let notes = match side == Side::Left && stays {
                true => notes.stays_under(&OF),
                false => notes.parent(&OF),
            };
            let companies = of_kind(Fields::new().exact(&NAME), Feed::Changes, lag);
            let people = fields.exact(&EMPLOYER);
            let system = Model::new(prefix, people, lag, Arc::new(clock.servers.clone()))
                .with_kind(COMPANY, companies)
                .with_kind(NOTE, of_kind(notes, feed, note_lags[side]));
            system.takes_children();
            system
        });
        let policies = [Deletes::Hold, Deletes::Follow, Deletes::Keep];
        let settings = Settings {
            deletes: Both::from_fn(|_| policies[rng.usize(0..3)]),
            filter: false,
            revision: 1,
        };
        let served = sides
            .as_ref()
            .map(|system| serves_somehow(system, &mut rng));
        let told = format!("{settings:?}, lag {lags:?}, {notes_by_parent}, {stays}, {served:?}");
        let store = MemoryStore::new();
        Self {
            engine: engine(&clock, &sides, &store, settings),
            steps: vec![told],
            rng,
            clock,
            sides,
            store,
            settings,
            deleted: BTreeSet::new(),
            by_hand: BTreeSet::new(),
            forgotten: BTreeSet::new(),
            merged: BTreeSet::new(),
            hidden: Vec::new(),
            known: false,
            jumped: 0,
            stays,
            moves,
            note_lags,
            notes: Notes::default(),
            names: 0,
        }
    }

    fn say(&mut self, step: impl std::fmt::Display) {
        let now = self.clock.servers.now();
        self.steps.push(format!("{now} {step}"));
    }

    fn side(&mut self) -> Side {
        Side::BOTH[self.rng.usize(0..2)]
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        let at = self.rng.usize(0..all.len().max(1));
        all.get(at).cloned()
    }

    fn name(&mut self) -> String {
        self.names += 1;
        let left_out = self.rng.u8(0..8) == 0;
        format!("{}{:03}", if left_out { "x" } else { "n" }, self.names)
    }

    fn any(&mut self, kind: &Kind) -> Option<(Side, RecordId)> {
        let side = self.side();
        Some((side, self.any_of(side, kind)?))
    }

    fn any_of(&mut self, side: Side, kind: &Kind) -> Option<RecordId> {
        let ids: Vec<_> = self.sides[side].records_as(kind).into_keys().collect();
        self.one_of(&ids)
    }

    fn a_ref(&mut self, side: Side, kind: &Kind) -> Option<Ref> {
        let id = self.any_of(side, kind)?;
        let kind = kind.clone();
        Some(Ref { kind, id })
    }

    fn someone_enters(&mut self) {
        let (side, name) = (self.side(), self.name());
        let mut record = Record::default();
        let kind = match self.rng.u8(0..6) {
            0 => {
                record.set(&NAME, name);
                COMPANY
            }
            1..4 => {
                record = person(&name, &format!("{name}@example.com"));
                record.set(&EMPLOYER, self.a_ref(side, &COMPANY));
                CONTACT
            }
            _ => {
                let Some(of) = self.a_ref(side, &CONTACT) else {
                    return;
                };
                record.set(&BODY, format!("note {name}")).set(&OF, of);
                NOTE
            }
        };
        if self.sides[side].records_as(&kind).len() < 6 {
            let id = self.sides[side].enter_as(&kind, &record);
            if let (Some(text), Some(of)) = (record.get(&BODY), record.get(&OF)) {
                let person = self.email(side, &of.id);
                self.notes.entered(&text, person, (side, self.written_at()));
            }
            self.say(format!("{side} enters {kind} {id} {record:?}"));
        }
    }

    fn someone_edits(&mut self) {
        let kind = KINDS[self.rng.usize(0..3)].clone();
        let Some((side, id)) = self.any(&kind) else {
            return;
        };
        // Nobody does so within the grain of a stamp.
        if self.sides[side].is_being_born(&id) {
            return;
        }
        let name = self.name();
        let employer = self.a_ref(side, &COMPANY).filter(|_| self.rng.u8(0..4) > 0);
        let what = self.rng.u8(0..3);
        if kind == NOTE {
            return self.rewrite(side, &id, &name);
        }
        self.sides[side].edit(&id, |record| match (what, kind) {
            (_, kind) if kind == COMPANY => _ = record.set(&NAME, name),
            (0, _) => _ = record.set(&EMPLOYER, employer),
            (1, _) => _ = record.set(&CITY, name),
            _ => _ = record.set(&NAME, name),
        });
        let shown = self.sides[side].record(&id);
        self.say(format!("{side} edits {id} to {shown:?}"));
    }

    /// Somebody changes what a note says.
    fn rewrite(&mut self, side: Side, id: &RecordId, name: &str) {
        let text = format!("note {name}");
        if let Some(before) = self.text(side, id) {
            if open_texts(&self.store, side).contains(&before) {
                self.notes.by_hand(&before);
            }
            let at = (side, self.written_at());
            self.notes.edited(&before, &text, at);
        }
        self.say(format!("{side} rewrites {id}: {text}"));
        self.sides[side].edit(id, |note| _ = note.set(&BODY, text));
    }

    /// By the servers' clock.
    fn written_at(&self) -> Timestamp {
        self.clock.servers.now()
    }

    fn text(&self, side: Side, note: &RecordId) -> Option<String> {
        self.sides[side].record(note)?.get(&BODY)
    }

    fn email(&self, side: Side, person: &RecordId) -> Option<String> {
        let email = self.sides[side].record(person)?.get(&EMAIL)?;
        Some(email.as_str().to_owned())
    }

    /// Now and then somebody puts a note of the right under another person, and more happens
    /// around it.
    fn someone_moves(&mut self) -> Check {
        let Some(mut rng) = self.moves.take() else {
            return Ok(());
        };
        let moved = match rng.u8(0..6) {
            0 => self.move_a_note(&mut rng),
            _ => Ok(()),
        };
        self.moves = Some(rng);
        moved
    }

    fn move_a_note(&mut self, rng: &mut Rng) -> Check {
        let right = &self.sides.right;
        let notes: Vec<_> = right.records_as(&NOTE).into_iter().collect();
        let people: Vec<_> = right.records_as(&CONTACT).into_keys().collect();
        let (Some((id, note)), false) = (rng.choice(&notes), people.is_empty()) else {
            return Ok(());
        };
        let of = Ref {
            kind: CONTACT,
            id: people[rng.usize(0..people.len())].clone(),
        };
        let text = note.get(&BODY).unwrap_or_default();
        // Nobody does so within the grain of a stamp.
        self.clock.servers.advance(Duration::from_secs(1));
        self.say(format!("right puts {id} under {}", of.id));
        let (person, at) = (self.email(Side::Right, &of.id), self.written_at());
        self.notes.put_under(&text, person, (Side::Right, at));
        self.sides.right.edit(id, |note| _ = note.set(&OF, of));
        for _ in 0..rng.u8(0..4) {
            self.happens_around_a_move(rng, &text)?;
        }
        Ok(())
    }

    fn happens_around_a_move(&mut self, rng: &mut Rng, text: &str) -> Check {
        match rng.u8(0..8) {
            0..3 => {
                let side = Side::BOTH[rng.usize(0..2)];
                let seen = seen(&self.sides);
                let shown = self.notes.showing(text, &seen);
                if let Some(shown) = rng.choice(&shown[side]) {
                    self.names += 1;
                    let name = format!("m{:03}", self.names);
                    self.rewrite(side, &shown.id, &name);
                }
            }
            3..5 => {
                use ModelFault::{LostAfter, LostBefore, Refuse};
                let drawn = [None, Some(LostBefore), Some(LostAfter), Some(Refuse)];
                let faults = [(); 2].map(|()| drawn[rng.usize(0..4)].clone());
                self.say(format!("left will fail: {faults:?}"));
                self.sides.left.next_writes(faults);
            }
            5..7 => {
                let polls = rng.u32(1..200);
                self.cycle(Some(polls))?;
                if rng.bool() {
                    self.restart();
                }
            }
            _ => _ = self.cycle(None)?,
        }
        Ok(())
    }

    /// What stands under a record, or refers to it, on its side.
    fn related(&self, side: Side, id: &RecordId) -> Vec<(Kind, RecordId)> {
        let mut related = Vec::new();
        for (kind, field) in [(CONTACT, &EMPLOYER), (NOTE, &OF)] {
            let all = self.sides[side].records_as(&kind);
            let to = all
                .into_iter()
                .filter(|(_, record)| record.get(field).is_some_and(|of| of.id == *id));
            related.extend(to.map(|(id, _)| (kind.clone(), id)));
        }
        related
    }

    /// A CRM takes the notes of a person with them, and lets people go whose company is no more.
    fn someone_deletes(&mut self) {
        let kind = KINDS[self.rng.usize(0..3)].clone();
        let Some((side, id)) = self.any(&kind) else {
            return;
        };
        for (of, child) in self.related(side, &id) {
            if of == NOTE {
                self.delete(side, &child);
            } else {
                self.sides[side].edit(&child, |record| _ = record.set(&EMPLOYER, None));
            }
        }
        self.delete(side, &id);
    }

    fn delete(&mut self, side: Side, id: &RecordId) {
        if let Some(text) = self.text(side, id) {
            self.notes.deleted(&text);
        }
        self.sides[side].delete_record(id);
        self.deleted.insert((side, id.clone()));
        self.say(format!("{side} deletes {id}"));
        for _ in 0..self.rng.u8(0..3) {
            self.hint(side, id);
        }
    }

    /// A person who was entered twice becomes one; the notes go to the one that stays.
    fn someone_merges(&mut self) {
        let Some((side, gone)) = self.any(&CONTACT) else {
            return;
        };
        let Some(mut record) = self.sides[side].record(&gone) else {
            return;
        };
        record.set(&NAME, self.name());
        if let Some(email) = record.get(&EMAIL) {
            self.forgotten.remove(email.as_str());
            self.merged.insert(email.as_str().to_owned());
        }
        let heir = self.sides[side].enter_as(&CONTACT, &record);
        self.say(format!("{side} enters {heir}, and merges {gone} into it"));
        if self.by_hand.contains(&(side, gone.clone())) {
            self.by_hand.insert((side, heir.clone()));
        }
        for (_, note) in self.related(side, &gone) {
            let of = Ref {
                kind: CONTACT,
                id: heir.clone(),
            };
            self.sides[side].edit(&note, |note| _ = note.set(&OF, of));
        }
        self.delete(side, &gone);
    }

    fn hint(&mut self, side: Side, id: &RecordId) {
        let kind = KINDS
            .into_iter()
            .find(|kind| self.sides[side].records_as(kind).contains_key(id));
        let hint = Hint {
            kind: kind.unwrap_or(CONTACT),
            id: id.clone(),
            locator: None,
        };
        // A hint that cannot be kept is a lost one.
        let _lost = wait(async {
            let hints = self.engine.hints().await?;
            hints.hint(side, hint).await
        });
    }

    fn fault(&mut self) {
        let side = self.side();
        let drawn = self.rng.u8(0..16);
        let fault = match drawn / 4 {
            0 => ModelFault::Refuse,
            1 => ModelFault::LostBefore,
            2 => ModelFault::LostAfter,
            _ => ModelFault::RefuseField(EMPLOYER.key().clone()),
        };
        let well = drawn.is_multiple_of(4).then(|| self.rng.usize(0..3));
        let will = will_fail(&self.sides[side], fault, well);
        self.say(format!("{side} {will}"));
    }

    fn sight_changes(&mut self) {
        if let Some((side, id)) = self.hidden.pop() {
            self.sides[side].hide(&id, false);
            self.say(format!("{side} shows {id} again"));
        } else if let Some((side, id)) = self.any(&CONTACT) {
            self.sides[side].hide(&id, true);
            self.say(format!("{side} hides {id}"));
            self.hidden.push((side, id));
        }
    }

    fn writes(&self) -> u64 {
        self.sides.left.writes() + self.sides.right.writes()
    }

    /// The credential is another account's for a while: nothing may be written to either side.
    fn a_stranger_comes(&mut self) -> Check {
        if !self.known {
            return Ok(());
        }
        let side = self.side();
        self.sides[side].become_account("stranger");
        self.say(format!("{side} is another account"));
        self.restart();
        let before = self.writes();
        let ended = poll(self.engine.cycle(), ENOUGH, || {});
        let refused = matches!(ended, Some(Err(_)));
        ensure(refused && self.writes() == before, || {
            format!("another account was taken for ours: {ended:?}")
        })?;
        self.sides[side].become_account(account_of(side));
        self.restart();
        Ok(())
    }

    fn note_hands(&mut self, ids: &Both<Option<RecordId>>) {
        for side in Side::BOTH {
            let Some(id) = &ids[side] else { continue };
            if let Some(text) = self.text(side, id) {
                self.notes.by_hand(&text);
            }
            self.by_hand.insert((side, id.clone()));
        }
    }

    /// Records into which one of a pair was merged.
    fn note_heirs(&mut self, link: &Link) {
        for side in Side::BOTH {
            let email = link.sides[side].shadow.get(&EMAIL);
            let all = self.sides[side].records().into_iter();
            let heirs = all.filter(|(_, record)| email.is_some() && record.get(&EMAIL) == email);
            self.by_hand.extend(heirs.map(|(id, _)| (side, id)));
        }
    }

    /// A person unlinks a record, has one forgotten, or takes back what a cycle did.
    fn a_hand_acts(&mut self) -> Check {
        let kind = KINDS[self.rng.usize(0..3)].clone();
        let Some((side, id)) = self.any(&kind) else {
            return Ok(());
        };
        match self.rng.u8(0..3) {
            0 => {
                let link = self.link_of(&kind, side, &id)?;
                let Some(link) = link else { return Ok(()) };
                let done = wait(self.engine.unlink(&kind, side, &id));
                self.say(format!("{side} {id} is unlinked: {done:?}"));
                if done.is_ok() {
                    self.note_hands(&link.sides.as_ref().map(|of| Some(of.id.clone())));
                    self.note_heirs(&link);
                }
            }
            1 if kind == CONTACT => self.forget(side, &id)?,
            1 => {}
            _ => self.undo()?,
        }
        Ok(())
    }

    /// Records of a person who wants to be forgotten, with their notes.
    fn forget(&mut self, side: Side, id: &RecordId) -> Check {
        let link = self.link_of(&CONTACT, side, id)?;
        let twin = link.map(|link| link.sides[!side].id.clone());
        let twin = twin.map(|twin| (!side, twin));
        for (side, id) in [(side, id.clone())].into_iter().chain(twin) {
            let email = self.sides[side].record(&id).and_then(|r| r.get(&EMAIL));
            if self.forget_one(&CONTACT, side, &id)? {
                let email = email.map(|email| email.as_str().to_owned());
                let alone = email.filter(|email| !self.merged.contains(email));
                self.forgotten.extend(alone);
            }
        }
        Ok(())
    }

    fn forget_one(&mut self, kind: &Kind, side: Side, id: &RecordId) -> Result<bool, String> {
        let done = wait(self.engine.forget(kind, side, id));
        self.say(format!("{side} {id} is forgotten: {done:?}"));
        match done.map_err(|error| error.to_string())? {
            Forgotten::Erased { ids, below } => {
                self.note_hands(&ids);
                for (_, ids) in &below {
                    self.note_hands(ids);
                }
                self.note_hands(&Both::from_fn(|of| (of == side).then(|| id.clone())));
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn undo(&mut self) -> Check {
        let history = wait(self.store.history(&connection(), 0, usize::MAX));
        let history = history.map_err(|error| error.to_string())?;
        let Some((number, happened)) = self.one_of(&history) else {
            return Ok(());
        };
        let what = match self.rng.bool() {
            true => Undo::Run(happened.run),
            false => Undo::Entry(number),
        };
        let before = self.writes();
        let saved = wait(async {
            let plan = self.engine.undo(&what, false).await?;
            Ok::<_, EngineError>(plan.save().await?)
        });
        self.say(format!(
            "undo {what:?}: {:?}",
            saved.as_ref().map(|s| s.counts)
        ));
        ensure(self.writes() == before, || "a plan wrote".to_owned())?;
        let saved = match saved {
            Ok(saved) => saved,
            Err(EngineError::Unreachable { .. }) => return Ok(()),
            Err(error) => return Err(error.to_string()),
        };
        if self.rng.bool() {
            self.someone_edits();
        }
        for step in &saved.steps {
            self.note_hands(&step.ids().map(Option::<&RecordId>::cloned));
        }
        let done = wait(self.engine.apply(&saved)).map_err(|error| error.to_string())?;
        self.say(format!("applied {}, {:?}", done.applied, done.refused));
        Ok(())
    }

    fn settings_change(&mut self) {
        match self.rng.u8(0..3) {
            0 => self.settings.filter = !self.settings.filter,
            1 => {
                self.settings.revision += 1;
                let fields = left_fields().exact(&EMPLOYER);
                let fields = fields.revision(&CITY, self.settings.revision);
                self.sides.left = self.sides.left.clone().mapped(fields);
            }
            _ => {
                let jump = [-4_000, -90, -2, 2, 90, 4_000][self.rng.usize(0..6)];
                // What has been created after an hour that comes once more is not known by its age.
                for text in Side::BOTH
                    .map(|side| open_texts(&self.store, side))
                    .concat()
                {
                    self.notes.by_hand(&text);
                }
                self.clock.ahead.fetch_add(jump, Ordering::Relaxed);
                self.jumped += jump.unsigned_abs();
                self.say(format!("our clock jumps {jump} s"));
            }
        }
        self.say(format!("{:?}", self.settings));
        self.restart();
    }

    fn cycle(&mut self, polls: Option<u32>) -> Result<Option<CycleReport>, String> {
        self.clock.servers.advance(Duration::from_millis(10));
        let before = seen(&self.sides);
        let done = poll(self.engine.cycle(), polls.unwrap_or(ENOUGH), || {});
        self.known |= matches!(done, Some(Ok(_)));
        let told = done.as_ref().map(|done| {
            done.as_ref().map(|r| {
                (
                    r.created, r.updated, r.moved, r.deleted, r.linked, r.waiting,
                )
            })
        });
        self.say(format!("cycle {told:?}"));
        let now = seen(&self.sides);
        let at = self.clock.servers.now();
        let hidden_since = self.note_lags.map(|lag| at - lag);
        self.notes
            .after_cycle(&before, &now, self.stays, hidden_since)?;
        done.transpose().map_err(|error| error.to_string())
    }

    fn restart(&mut self) {
        self.engine = engine(&self.clock, &self.sides, &self.store, self.settings);
        self.say("restart");
    }

    fn step(&mut self) -> Check {
        self.someone_moves()?;
        match self.rng.u8(0..100) {
            0..14 => self.someone_enters(),
            14..34 => self.someone_edits(),
            34..40 => self.someone_deletes(),
            40..43 => self.someone_merges(),
            43..47 => {
                let kind = KINDS[self.rng.usize(0..3)].clone();
                if let Some((side, id)) = self.any(&kind) {
                    self.hint(side, &id);
                }
            }
            47..60 => {
                let spans = [5, 700, 4_000, 31_000, 70_000, 130_000, 700_000];
                let span = spans[self.rng.usize(0..spans.len())];
                self.clock.servers.advance(Duration::from_millis(span));
            }
            60..80 => _ = self.cycle(None)?,
            80..85 => {
                let polls = self.rng.u32(1..200);
                self.cycle(Some(polls))?;
                if self.rng.bool() {
                    self.restart();
                }
            }
            85..90 => self.fault(),
            90..92 => self.sight_changes(),
            92..95 => self.a_hand_acts()?,
            95..96 => self.a_stranger_comes()?,
            96..98 => self.settings_change(),
            _ => self.restart(),
        }
        Ok(())
    }

    fn settle(&mut self) -> Check {
        for side in Side::BOTH {
            self.sides[side].heal();
        }
        while let Some((side, id)) = self.hidden.pop() {
            self.sides[side].hide(&id, false);
        }
        // What our clock said before it was put back lies in the future for as long.
        let jumped = std::mem::take(&mut self.jumped);
        self.clock.servers.advance(Duration::from_secs(jumped));
        self.say("all is healed");
        let mut last = None;
        for round in 0..30 {
            let long = matches!(round, 1 | 8 | 14);
            let span = if long { 700_000 } else { 71_000 };
            self.clock.servers.advance(Duration::from_millis(span));
            let report = self.cycle(None)?.ok_or("the cycle does not end")?;
            let counts = wait(self.store.counts(&connection())).map_err(|e| e.to_string())?;
            let holds = holds(&self.store)?;
            let in_doubt = |(_, hold): &&(u64, Hold)| hold.reason == HoldReason::InDoubt;
            let asked = holds.iter().filter(in_doubt).count();
            // What waits for a counterpart that never comes stays marked.
            let is_done = counts.intents <= asked as u64;
            if round > 16 && report.is_settled() && is_done {
                return Ok(());
            }
            last = Some((report, holds));
        }
        let dirty = KINDS.map(|kind| wait(self.store.dirty(&connection(), &kind, None, 99)));
        let intents = wait(self.store.intents(&connection()));
        let links = KINDS.map(|kind| wait(self.store.link_page(&connection(), &kind, None, 99)));
        Err(format!(
            "it does not settle\n{dirty:#?}\n{intents:#?}\n{links:#?}\n{last:#?}"
        ))
    }

    fn check(&mut self) -> Check {
        let before = self.writes();
        self.clock.servers.advance(Duration::from_secs(71));
        self.cycle(None)?;
        ensure(self.writes() == before, || {
            "it writes after all had settled".to_owned()
        })?;
        let by_hand = |side, id: &RecordId| self.by_hand.contains(&(side, id.clone()));
        let deletes = self.settings.deletes;
        check_births_and_deaths(&self.store, deletes, &self.deleted, by_hand)?;
        self.check_forgotten()?;
        let held = self.held()?;
        for kind in KINDS {
            for side in Side::BOTH {
                for (id, record) in self.sides[side].records_as(&kind) {
                    self.check_record(&kind, side, &id, &record, &held)?;
                }
            }
        }
        let (now, excused) = (seen(&self.sides), |side, shown: &Shown| {
            self.is_excused(side, shown, &held)
        });
        self.notes.end_well(&now, excused)
    }

    /// What a person is asked about: what is held, and what may be what a lost create has made.
    fn held(&self) -> Result<BTreeSet<Subject>, String> {
        let mut held = BTreeSet::new();
        for (_, hold) in holds(&self.store)? {
            if let (HoldReason::InDoubt, Subject::Record(side, _)) = (hold.reason, &hold.subject) {
                let all = self.sides[!*side].records_as(&hold.kind).into_keys();
                let named = all.filter(|id| hold.message.contains(id.as_str()));
                held.extend(named.map(|id| Subject::Record(!*side, id)));
                // What it is copied from may be linked: it is on its way to another place.
                let source = hold.ids[*side].as_ref();
                let link = source
                    .map(|id| self.link_of(&hold.kind, *side, id))
                    .transpose()?;
                held.extend(link.flatten().map(|link| Subject::Link(link.id.clone())));
            }
            held.insert(hold.subject);
        }
        Ok(held)
    }

    /// A hold names a note, or its person is not one that both sides have.
    fn is_excused(
        &self,
        side: Side,
        shown: &Shown,
        held: &BTreeSet<Subject>,
    ) -> Result<bool, String> {
        let record = self.sides[side].record(&shown.id).unwrap_or_default();
        let link = self.link_of(&NOTE, side, &shown.id)?;
        let link = link.map(|link| Subject::Link(link.id.clone()));
        let asked = held.contains(&Subject::Record(side, shown.id.clone()))
            || link.is_some_and(|link| held.contains(&link))
            || self.waits_for_a_person(side, &record, held)?;
        let synced = |side: Side| {
            let is_it = |person: &Record| {
                let email = person.get(&EMAIL);
                email.map(|email| email.as_str().to_owned()) == shown.person
            };
            let mut people = self.sides[side].records_as(&CONTACT);
            people.retain(|_, person| shown.person.is_some() && is_it(person));
            // Two with one address are what a merge has left.
            let alone = people.len() == 1;
            alone
                && people.into_iter().all(|(id, person)| {
                    let left_out = self.settings.filter && Filter::leaves_out(&person);
                    !left_out && !self.by_hand.contains(&(side, id))
                })
        };
        Ok(asked || !Side::BOTH.into_iter().all(synced))
    }

    fn check_forgotten(&self) -> Check {
        let kept = format!("{:?}", self.store);
        let known = self.forgotten.iter().find(|email| kept.contains(*email));
        ensure(known.is_none(), || format!("{known:?} is not forgotten"))
    }

    fn link_of(&self, kind: &Kind, side: Side, id: &RecordId) -> Result<Option<Arc<Link>>, String> {
        let ids = std::slice::from_ref(id);
        let links = wait(self.store.links(&connection(), kind, side, ids));
        let mut links = links.map_err(|error| error.to_string())?;
        Ok(links.pop().flatten())
    }

    /// It is linked and equal, or a person is asked about it, or there is a reason to leave it.
    fn check_record(
        &self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
        record: &Record,
        held: &BTreeSet<Subject>,
    ) -> Check {
        let asked = held.contains(&Subject::Record(side, id.clone()));
        let by_hand = |side, id: &RecordId| self.by_hand.contains(&(side, id.clone()));
        if asked || by_hand(side, id) {
            return Ok(());
        }
        let link = self.link_of(kind, side, id)?;
        if self.waits_for_a_person(side, record, held)? {
            return Ok(());
        }
        let Some(link) = link else {
            let left_alone = self.is_left_alone(kind, side, id, record)?;
            return ensure(left_alone, || {
                format!("the {side} {kind} {id} {record:?} is alone, and nobody is asked")
            });
        };
        if held.contains(&Subject::Link(link.id.clone())) || self.is_left_out(&link) {
            return Ok(());
        }
        let pair = Both::from_fn(|side| self.sides[side].record(&link.sides[side].id));
        for side in Side::BOTH {
            // A move by hand gives a note another id.
            if by_hand(side, &link.sides[side].id) {
                return Ok(());
            }
            // What is gone stood under somebody, too.
            let last = pair[side].as_ref().unwrap_or(&link.sides[side].shadow);
            if self.waits_for_a_person(side, last, held)? {
                return Ok(());
            }
        }
        let (Some(left), Some(right)) = (&pair.left, &pair.right) else {
            return Err(format!(
                "{} has lost a record, and nobody is asked",
                link.id
            ));
        };
        let rests = self.is_under_strangers(Side::Left, left)?
            && self.is_under_strangers(Side::Right, right)?;
        for field in [&NAME, &CITY, &BODY] {
            let equal = left.get(field) == right.get(field);
            ensure(equal || rests, || {
                format!(
                    "{} of {} differs: {left:?} and {right:?}",
                    field.key(),
                    link.id
                )
            })?;
        }
        for field in [&EMPLOYER, &OF] {
            self.check_reference(&link, field, left.get(field), right.get(field))?;
        }
        Ok(())
    }

    /// Whether the filter leaves a pair as it is.
    fn is_left_out(&self, link: &Link) -> bool {
        self.settings.filter
            && link.kind == CONTACT
            && Side::BOTH.into_iter().any(|side| {
                let record = self.sides[side].record(&link.sides[side].id);
                record.is_some_and(|record| Filter::leaves_out(&record))
            })
    }

    /// Whether it stands under somebody who was unlinked, whom the filter leaves out, or about whom
    /// a person is asked.
    fn waits_for_a_person(
        &self,
        side: Side,
        record: &Record,
        held: &BTreeSet<Subject>,
    ) -> Result<bool, String> {
        let Some(parent) = record.get(&OF) else {
            return Ok(false);
        };
        let link = self.link_of(&CONTACT, side, &parent.id)?;
        let asked = Subject::Record(side, parent.id.clone());
        let waits = |link: Arc<Link>| {
            held.contains(&Subject::Link(link.id.clone())) || self.is_left_out(&link)
        };
        let unlinked = self.by_hand.contains(&(side, parent.id.clone()));
        Ok(held.contains(&asked) || unlinked || link.is_some_and(waits))
    }

    /// Whether it stands under somebody who has no counterpart: where notes are read under their
    /// contacts, it is not read.
    fn is_under_strangers(&self, side: Side, record: &Record) -> Result<bool, String> {
        let Some(parent) = record.get(&OF) else {
            return Ok(false);
        };
        Ok(self.link_of(&CONTACT, side, &parent.id)?.is_none())
    }

    /// References lead to records that are linked with each other. One to a record that has no
    /// counterpart leads nowhere on the other side.
    fn check_reference(
        &self,
        link: &Link,
        field: &Field<Ref>,
        left: Option<Ref>,
        right: Option<Ref>,
    ) -> Check {
        let leads = Both::new(left, right);
        for side in Side::BOTH {
            let Some(to) = &leads[side] else { continue };
            let linked = self.link_of(&to.kind, side, &to.id)?;
            let Some(linked) = linked else { continue };
            let twin = &linked.sides[!side].id;
            let there = leads[!side].as_ref().map(|of| &of.id);
            // No CRM takes what stands under nobody; these do.
            let is_there = |id: &RecordId| self.sides[!side].record(id).is_some();
            let mut excused = !is_there(twin);
            if let Some(there) = there {
                // What leads to a record without a counterpart waits for one.
                excused |= !is_there(there) || self.link_of(&to.kind, !side, there)?.is_none();
            }
            ensure(there == Some(twin) || excused, || {
                format!(
                    "{} of {} leads to {} on the {side}, and to {there:?} and not {twin} on the other",
                    field.key(),
                    link.id,
                    to.id
                )
            })?;
        }
        Ok(())
    }

    /// Its link has ended, it is left out, or what it stands under has no counterpart.
    fn is_left_alone(
        &self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
        record: &Record,
    ) -> Result<bool, String> {
        let ids = std::slice::from_ref(id);
        let buried = wait(self.store.tombstones(&connection(), kind, side, ids));
        let buried = buried.map_err(|error| error.to_string())?;
        if buried.into_iter().flatten().next().is_some() {
            return Ok(true);
        }
        if self.settings.filter && *kind == CONTACT && Filter::leaves_out(record) {
            return Ok(true);
        }
        let Some(parent) = record.get(&OF) else {
            return Ok(false);
        };
        Ok(self.link_of(&CONTACT, side, &parent.id)?.is_none())
    }
}

fn engine(clock: &Jumping, sides: &Both<Model>, store: &MemoryStore, settings: Settings) -> Engine {
    let clock = Arc::new(clock.clone());
    let built = engine_over(sides, store, clock, Keys, settings.deletes)
        .kinds(KINDS)
        .scope(Filter(settings.filter))
        .visits(2)
        .sweep_every(Duration::from_secs(600))
        .build();
    match built {
        Ok(engine) => engine,
        Err(error) => unreachable!("{error}"),
    }
}

/// One history; its digest, or why it did not end well, with its steps.
pub fn run(seed: u64, steps: u32) -> Result<String, String> {
    play(References::new(seed, true), steps)
}

/// The same, but nobody puts a note under another person.
pub fn run_without_moves(seed: u64, steps: u32) -> Result<String, String> {
    play(References::new(seed, false), steps)
}

fn play(mut references: References, steps: u32) -> Result<String, String> {
    let mut play = || {
        for _ in 0..2 {
            for _ in 0..steps.div_ceil(2) {
                references.step()?;
            }
            references.settle()?;
            references.check()?;
        }
        // The key by which forgotten records are known again is drawn anew each time.
        let history = wait(references.store.history(&connection(), 0, usize::MAX));
        Ok(format!("{history:?} {:?}", references.sides))
    };
    let played = play();
    played.map_err(|why: String| told(&why, &references.steps, &references.store))
}
