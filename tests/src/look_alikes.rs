//! Random histories of notes that say the same: nothing but what else they show, or nothing at
//! all, tells them apart. Writes fail and replies are lost, the program dies, people enter one
//! more, rewrite one, and put one under somebody else. Whatever happens: as many stand under each
//! person as were entered there, on both sides, and what somebody typed into one of them is there
//! once or its loss is told.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use fastrand::Rng;
use jiff::Timestamp;
use sync_core::{
    Archive, Both, Clock, Deletes, Differences, Engine, Feed, Field, Fields, FirstSync,
    HistoryEvent, Hold, HoldReason, Intent, MemoryStore, Record, RecordId, Ref, Side, Store,
    Subject, Value,
    testing::{
        ManualClock, Model, ModelFault,
        people::{CONTACT, EMAIL, left_fields, person, right_fields},
    },
};

use crate::{
    random::{
        Check, ENOUGH, answer, connection, engine_over, ensure, holds, poll, serves_somehow, told,
        wait, will_fail,
    },
    references::{BODY, Keys, NOTE, OF, of_kind, open_creates, open_texts},
};

/// What a note is about besides: blank, the same as others', or somebody's own word.
const WHEN: Field<String> = Field::new("when");

const TEXTS: [&str; 3] = ["Called, no answer", "Called back", "Left a message"];
const PEOPLE: [&str; 3] = ["ada@example.com", "bob@example.com", "eve@example.com"];

/// So many notes are entered at most.
const MOST: usize = 12;

struct LookAlikes {
    rng: Rng,
    clock: ManualClock,
    sides: Both<Model>,
    store: MemoryStore,
    engine: Engine,
    /// How many notes were entered under each person, and put there.
    entered: BTreeMap<&'static str, usize>,
    /// How often somebody wrote what the open create of another note says. Nothing tells such a
    /// note from the one that we may have made.
    taken_for_ours: usize,
    /// Copies that were put under another person, where they may be taken for another's: their
    /// sources stay where they are.
    stays: BTreeMap<&'static str, usize>,
    /// What somebody typed and nobody has overwritten.
    typed: BTreeSet<String>,
    words: u32,
    /// Notes that people entered, and when.
    by_people: BTreeMap<RecordId, Timestamp>,
    /// Copies whose creates have had no reply, and of which notes they may be.
    copies: BTreeMap<RecordId, BTreeSet<RecordId>>,
    /// Notes of the left do not tell when they were entered.
    stampless: bool,
    steps: Vec<String>,
}

impl LookAlikes {
    fn new(seed: u64) -> Result<Self, String> {
        let mut rng = Rng::with_seed(seed);
        let start = Timestamp::from_millisecond(1_800_000_000_000 + 7).unwrap_or_default();
        let clock = ManualClock::at(start);
        let stays = rng.bool();
        let lags = Both::from_fn(|_| Duration::from_millis([0, 3_000][rng.usize(0..2)]));
        let by_parent = rng.bool();
        let sides = Both::from_fn(|side| {
            let (prefix, people) = match side {
                Side::Left => ("L", left_fields()),
                Side::Right => ("R", right_fields()),
            };
            let (feed, lag) = match side == Side::Left && by_parent {
                true => (Feed::ByParent { parent: CONTACT }, Duration::ZERO),
                false => (Feed::Changes, lags[side]),
            };
            let notes = Fields::new().exact(&BODY).exact(&OF).exact(&WHEN);
            let notes = match side == Side::Left && stays {
                true => notes.stays_under(&OF),
                false => notes.parent(&OF),
            };
            Model::new(prefix, people, lags[side], Arc::new(clock.clone()))
                .with_kind(NOTE, of_kind(notes, feed, lag))
        });
        let served = sides
            .as_ref()
            .map(|system| serves_somehow(system, &mut rng));
        let store = MemoryStore::new();
        let mut history = Self {
            engine: engine(&clock, &sides, &store),
            steps: vec![format!("{stays}, lag {lags:?}, {by_parent}, {served:?}")],
            rng,
            clock,
            sides,
            store,
            entered: PEOPLE.map(|person| (person, 0)).into(),
            taken_for_ours: 0,
            stays: BTreeMap::new(),
            typed: BTreeSet::new(),
            words: 0,
            by_people: BTreeMap::new(),
            copies: BTreeMap::new(),
            stampless: by_parent,
        };
        for email in PEOPLE {
            for side in Side::BOTH {
                history.sides[side].enter(&person(email, email));
            }
        }
        history.settle()?;
        Ok(history)
    }

    fn say(&mut self, step: impl std::fmt::Display) {
        self.steps.push(format!("{} {step}", self.clock.now()));
    }

    fn side(&mut self) -> Side {
        Side::BOTH[self.rng.usize(0..2)]
    }

    fn text(&mut self) -> &'static str {
        // One of them is what nearly everybody writes.
        TEXTS[self.rng.usize(0..6).saturating_sub(3)]
    }

    fn word(&mut self) -> String {
        self.words += 1;
        let word = format!("w{}.", self.words);
        self.typed.insert(word.clone());
        word
    }

    fn notes(&self, side: Side) -> BTreeMap<RecordId, Record> {
        self.sides[side].records_as(&NOTE)
    }

    fn any_note(&mut self, side: Side) -> Option<(RecordId, Record)> {
        let notes: Vec<_> = self.notes(side).into_iter().collect();
        self.rng.choice(&notes).cloned()
    }

    fn person(&self, side: Side, email: &str) -> Option<Ref> {
        let people = self.sides[side].records();
        let is_it = |record: &Record| record.get(&EMAIL).is_some_and(|of| of.as_str() == email);
        let (id, _) = people.into_iter().find(|(_, record)| is_it(record))?;
        Some(Ref { kind: CONTACT, id })
    }

    /// Under whom a note stands.
    fn stands_under(&self, side: Side, note: &Record) -> Option<&'static str> {
        let of = note.get(&OF)?;
        let person = self.sides[side].record(&of.id)?.get(&EMAIL)?;
        PEOPLE.into_iter().find(|email| *email == person.as_str())
    }

    fn is_open(&self, side: Side, text: &str) -> bool {
        open_texts(&self.store, side)
            .iter()
            .any(|open| open == text)
    }

    /// Somebody wrote it: if it shows all that an open create has sent, it is taken for ours.
    fn may_be_taken(&mut self, side: Side, id: &RecordId) -> bool {
        let Some(note) = self.sides[side].record(id) else {
            return false;
        };
        let open = open_creates(&self.store, side);
        let is_taken = open.iter().any(|open| shows_all(open, side, &note));
        let may_be = is_taken && !self.is_linked(side, id);
        if may_be {
            self.taken_for_ours += 1;
            self.say(format!("{side} {id} may be taken for ours"));
        }
        may_be
    }

    /// Whether nothing tells that a note was entered before a create was sent.
    fn may_be_younger(&self, side: Side, note: &RecordId, create: &Intent) -> bool {
        let is_told = !(self.stampless && side == Side::Left);
        let sent = create.at_server.filter(|_| is_told);
        let entered = self.by_people.get(note);
        entered.is_some_and(|entered| sent.is_none_or(|sent| *entered >= sent))
    }

    fn is_linked(&self, side: Side, id: &RecordId) -> bool {
        let ids = std::slice::from_ref(id);
        let links = wait(self.store.links(&connection(), &NOTE, side, ids));
        links.is_ok_and(|links| links.iter().any(Option::is_some))
    }

    fn someone_enters(&mut self) {
        let (side, text) = (self.side(), self.text());
        let email = PEOPLE[self.rng.usize(0..PEOPLE.len())];
        let mut note = Record::default();
        note.set(&BODY, text.to_owned())
            .set(&OF, self.person(side, email));
        match self.rng.u8(0..4) {
            0 => _ = note.set(&WHEN, "today".to_owned()),
            1 => _ = note.set(&WHEN, self.word()),
            _ => {}
        }
        let id = self.sides[side].enter_as(&NOTE, &note);
        self.by_people.insert(id.clone(), self.clock.now());
        *self.entered.entry(email).or_default() += 1;
        self.say(format!("{side} enters {id}: {note:?}"));
        self.may_be_taken(side, &id);
    }

    fn someone_types(&mut self) {
        let side = self.side();
        let Some((id, note)) = self.any_note(side) else {
            return;
        };
        if let Some(before) = note.get(&WHEN) {
            self.typed.remove(&before);
        }
        let word = self.word();
        self.say(format!("{side} types {word} into {id}"));
        self.sides[side].edit(&id, |note| _ = note.set(&WHEN, word));
    }

    /// By its text alone a lost create is found again: such a note is not rewritten here.
    fn someone_rewrites(&mut self) {
        let (side, text) = (self.side(), self.text());
        let Some((id, note)) = self.any_note(side) else {
            return;
        };
        let before = note.get(&BODY).unwrap_or_default();
        if before == text || self.is_open(side, &before) {
            return;
        }
        self.say(format!("{side} rewrites {id} to {text}"));
        self.sides[side].edit(&id, |note| _ = note.set(&BODY, text.to_owned()));
        self.may_be_taken(side, &id);
    }

    /// Somebody puts a note of the right under another person.
    fn someone_moves(&mut self) {
        let Some((id, note)) = self.any_note(Side::Right) else {
            return;
        };
        let email = PEOPLE[self.rng.usize(0..PEOPLE.len())];
        let (before, of) = (
            self.stands_under(Side::Right, &note),
            self.person(Side::Right, email),
        );
        if let Some(before) = before {
            *self.entered.entry(before).or_default() -= 1;
            *self.entered.entry(email).or_default() += 1;
        }
        // Nobody does so within the grain of a stamp.
        self.clock.advance(Duration::from_secs(1));
        self.say(format!("right puts {id} under {email}"));
        self.sides.right.edit(&id, |note| _ = note.set(&OF, of));
        if let (true, Some(before)) = (self.may_be_taken(Side::Right, &id), before) {
            *self.stays.entry(before).or_default() += 1;
        }
    }

    fn faults(&mut self) {
        let side = self.side();
        for _ in 0..self.rng.u8(1..4) {
            let fault = match self.rng.u8(0..8) {
                0 => ModelFault::Refuse,
                1 | 2 => ModelFault::LostBefore,
                _ => ModelFault::LostAfter,
            };
            let well = (self.rng.u8(0..10) == 0).then(|| self.rng.usize(0..3));
            let will = will_fail(&self.sides[side], fault, well);
            self.say(format!("{side} {will}"));
        }
    }

    fn cycle(&mut self, polls: Option<u32>) -> Result<bool, String> {
        self.clock.advance(Duration::from_millis(10));
        let before = Side::BOTH
            .map(|side| open_creates(&self.store, side))
            .concat();
        let notes = Both::from_fn(|side| self.notes(side));
        let done = poll(self.engine.cycle(), polls.unwrap_or(ENOUGH), || {});
        let told = done.as_ref().map(|done| {
            let told = done.as_ref();
            told.map(|r| (r.created, r.updated, r.moved, r.waiting, r.frozen))
        });
        self.say(format!("cycle {told:?}"));
        for side in Side::BOTH {
            let mut opened = open_creates(&self.store, side);
            opened.retain(|open| !before.iter().any(|known| known.id == open.id));
            for (id, copy) in self.notes(side) {
                if notes[side].contains_key(&id) {
                    continue;
                }
                let of = opened.iter().filter(|open| shows_all(open, side, &copy));
                self.copies
                    .insert(id, of.map(|open| open.source.id.clone()).collect());
            }
            for (id, note) in &notes[side] {
                let may_be = |open: &Intent| {
                    self.may_be_younger(side, id, open) && shows_all(open, side, note)
                };
                if opened.iter().any(may_be) && !self.is_linked(side, id) {
                    self.taken_for_ours += 1;
                }
            }
        }
        let done = done.transpose().map_err(|error| error.to_string())?;
        Ok(done.is_some_and(|report| report.is_settled()))
    }

    fn restart(&mut self) {
        self.engine = engine(&self.clock, &self.sides, &self.store);
        self.say("restart");
    }

    fn step(&mut self) -> Check {
        match self.rng.u8(0..100) {
            0..22 if self.entered.values().sum::<usize>() < MOST => self.someone_enters(),
            22..36 => self.someone_types(),
            36..40 => self.someone_rewrites(),
            40..45 => self.someone_moves(),
            45..55 => {
                let spans = [5, 700, 4_000, 31_000, 70_000, 130_000, 700_000];
                let span = spans[self.rng.usize(0..spans.len())];
                self.clock.advance(Duration::from_millis(span));
            }
            55..75 => _ = self.cycle(None)?,
            75..82 => {
                let polls = self.rng.u32(1..200);
                self.cycle(Some(polls))?;
                if self.rng.bool() {
                    self.restart();
                }
            }
            82..97 => self.faults(),
            _ => self.restart(),
        }
        Ok(())
    }

    fn settle(&mut self) -> Check {
        for side in Side::BOTH {
            self.sides[side].heal();
        }
        self.say("all is healed");
        for round in 0..30 {
            let long = matches!(round, 1 | 8 | 14);
            let span = if long { 700_000 } else { 71_000 };
            self.clock.advance(Duration::from_millis(span));
            let is_settled = self.cycle(None)?;
            let counts = wait(self.store.counts(&connection())).map_err(|e| e.to_string())?;
            let asked = holds(&self.store)?.len() as u64;
            if round > 16 && is_settled && counts.intents <= asked {
                return Ok(());
            }
        }
        let dirty = wait(self.store.dirty(&connection(), &NOTE, None, 99));
        let intents = wait(self.store.intents(&connection()));
        Err(format!(
            "it does not settle\n{dirty:?}\n{intents:?}\n{:?}",
            holds(&self.store)
        ))
    }

    fn writes(&self) -> u64 {
        self.sides.left.writes() + self.sides.right.writes()
    }

    /// People know which notes are theirs, and answer what they are asked.
    fn answer(&mut self) -> Check {
        for _ in 0..MOST {
            let Some((number, hold)) = holds(&self.store)?.into_iter().next() else {
                return Ok(());
            };
            match hold.reason {
                HoldReason::InDoubt => self.says_which(number, &hold)?,
                HoldReason::EditedMeanwhile => self.deletes_what_was_left(&hold)?,
                _ => return Err(format!("{hold:?}")),
            }
            self.settle()?;
        }
        Err(format!(
            "people are asked again and again: {:?}",
            holds(&self.store)
        ))
    }

    /// A note was edited on both of its records while it was moved: its own edit is enough.
    fn deletes_what_was_left(&mut self, hold: &Hold) -> Check {
        let Subject::Record(side, old) = &hold.subject else {
            return Err(format!("{hold:?}"));
        };
        let note = self.sides[*side].record(old).unwrap_or_default();
        if let Some(word) = note.get(&WHEN) {
            self.typed.remove(&word);
        }
        self.sides[*side].delete_record(old);
        self.say(format!("{side} deletes {old}: {}", hold.message));
        Ok(())
    }

    fn says_which(&mut self, number: u64, hold: &Hold) -> Check {
        let Subject::Record(side, source) = &hold.subject else {
            return Err(format!("{hold:?}"));
        };
        let is_its_copy = |id: &&RecordId| {
            let of = self.copies.get(*id);
            of.is_some_and(|of| of.contains(source)) && hold.message.contains(id.as_str())
        };
        // One that says the same may have got another's copy, and left it its own.
        let is_left = |id: &&RecordId| {
            let of = self.copies.get(*id);
            of.is_some_and(|of| of.iter().all(|of| self.is_linked(*side, of)))
                && hold.message.contains(id.as_str())
        };
        let notes = self.notes(!*side);
        let copy = notes.keys().find(is_its_copy);
        let copy = copy.or_else(|| notes.keys().find(is_left)).cloned();
        let done = answer(&mut self.engine, number, hold, copy.as_ref());
        self.say(format!("{}: it is {copy:?}, {done:?}", hold.message));
        done
    }

    fn check(&mut self) -> Check {
        self.answer()?;
        let before = self.writes();
        self.clock.advance(Duration::from_secs(71));
        self.cycle(None)?;
        ensure(self.writes() == before, || {
            "it writes after all had settled".to_owned()
        })?;
        self.check_counts()?;
        self.check_pairs()?;
        self.check_typed()
    }

    /// Nothing is doubled, and nothing is missing but what was taken for ours.
    fn check_counts(&self) -> Check {
        for side in Side::BOTH {
            let mut there: BTreeMap<&str, usize> = BTreeMap::new();
            for note in self.notes(side).values() {
                let email = self.stands_under(side, note).unwrap_or("nobody");
                *there.entry(email).or_default() += 1;
            }
            let mut missing = 0;
            for (email, entered) in &self.entered {
                let there = there.remove(email).unwrap_or(0);
                let stays = self.stays.get(email).copied().unwrap_or(0);
                ensure(there <= entered + stays, || {
                    format!("{there} notes stand under {email} on the {side}, and not {entered}")
                })?;
                missing += entered.saturating_sub(there);
            }
            ensure(there.is_empty(), || format!("{side}: {there:?}"))?;
            let excused = self.taken_for_ours;
            ensure(missing <= excused, || {
                format!("{missing} notes are missing on the {side}, {excused} may be")
            })?;
        }
        Ok(())
    }

    /// Each note has one on the other side, and both show the same.
    fn check_pairs(&self) -> Check {
        for side in Side::BOTH {
            for (id, note) in self.notes(side) {
                let ids = std::slice::from_ref(&id);
                let links = wait(self.store.links(&connection(), &NOTE, side, ids));
                let link = links.map_err(|error| error.to_string())?.pop().flatten();
                let link = link.ok_or(format!("the {side} {id} {note:?} is alone"))?;
                let twin = self.sides[!side].record(&link.sides[!side].id);
                let twin = twin.ok_or(format!("the counterpart of {id} is gone"))?;
                let shows = |side, note: &Record| {
                    let of = self.stands_under(side, note);
                    (note.get(&BODY), note.get(&WHEN), of)
                };
                ensure(shows(side, &note) == shows(!side, &twin), || {
                    format!("the {side} {id} is {note:?}, and {twin:?}")
                })?;
            }
        }
        Ok(())
    }

    /// What somebody typed is there once on each side, or the history tells what it lost to.
    fn check_typed(&self) -> Check {
        let history = wait(self.store.history(&connection(), 0, usize::MAX));
        let history = history.map_err(|error| error.to_string())?;
        let lost = |word: &str| {
            let is_it = |value: &Option<Value>| *value == Some(Value::Text(word.into()));
            history.iter().any(|(_, happened)| match &happened.event {
                HistoryEvent::Wrote { old, .. } => is_it(old),
                HistoryEvent::Decided { seen, .. } => is_it(&seen.left) || is_it(&seen.right),
                _ => false,
            })
        };
        for word in &self.typed {
            let there = Both::from_fn(|side| {
                let notes = self.notes(side).into_values();
                let shows = |note: &Record| note.get(&WHEN).as_ref() == Some(word);
                notes.filter(shows).count()
            });
            let is_told = there == Both::new(0, 0) && lost(word);
            ensure(there == Both::new(1, 1) || is_told, || {
                format!("{word} is there {there:?} times, and nothing tells why")
            })?;
        }
        Ok(())
    }
}

/// Whether a note shows everything that a create has sent.
fn shows_all(create: &Intent, side: Side, note: &Record) -> bool {
    let mut cells = create.cells.iter();
    cells.all(|cell| {
        cell.shown[side].is_none() || cell.shown[side].as_ref() == note.value(&cell.key)
    })
}

fn engine(clock: &ManualClock, sides: &Both<Model>, store: &MemoryStore) -> Engine {
    let clock = Arc::new(clock.clone());
    let deletes = Both::new(Deletes::Hold, Deletes::Hold);
    let built = engine_over(sides, store, clock, Keys, deletes)
        .kinds([CONTACT, NOTE])
        .first_sync(FirstSync {
            differences: Differences::Rule,
            ..FirstSync::default()
        })
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
    let mut alikes = LookAlikes::new(seed)?;
    let mut play = || {
        for _ in 0..2 {
            for _ in 0..steps.div_ceil(2) {
                alikes.step()?;
            }
            alikes.settle()?;
            alikes.check()?;
        }
        Ok(format!("{:?} {:?}", alikes.store, alikes.sides))
    };
    let played = play();
    played.map_err(|why: String| told(&why, &alikes.steps, &alikes.store))
}
