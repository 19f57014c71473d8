//! Random histories of births and deaths: people enter, edit, delete, restore and merge records,
//! hints come late, doubled or never, and deletes are lost on the way. Whatever happens: nothing
//! dies that nobody deleted, nothing is born twice, and nothing that was deleted comes back.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use fastrand::Rng;
use jiff::Timestamp;
use sync_core::{
    Archive, Both, Clock, CycleReport, Deletes, Email, Engine, EngineError, Hint, Hold, HoldReason,
    Link, LinkEnd, MemoryStore, Record, RecordId, Side, Store, Subject,
    testing::{
        ManualClock, Model, ModelFault,
        people::{ByEmail, CITY, CONTACT, EMAIL, NAME, left_fields, person, right_fields},
    },
};

use crate::random::{
    Check, ENOUGH, check_births_and_deaths, connection, engine_over, ensure, holds, poll,
    say_which_are_copies, serves_somehow, told, wait, will_fail,
};

/// What becomes of deletes in one history.
const POLICIES: [Deletes; 3] = [Deletes::Hold, Deletes::Follow, Deletes::Keep];

type People = BTreeMap<RecordId, Record>;

struct Lives {
    rng: Rng,
    clock: ManualClock,
    sides: Both<Model>,
    store: MemoryStore,
    engine: Engine,
    policy: Both<Deletes>,
    /// Where no two records may have the same address.
    unique: Both<bool>,
    /// Which systems can be asked for an address.
    finds: Both<bool>,
    /// Whether some of what people do appears late.
    late: bool,
    /// What people deleted, with what it showed.
    bin: BTreeMap<(Side, RecordId), Record>,
    /// What people ever deleted.
    deleted: BTreeSet<(Side, RecordId)>,
    /// What people ever entered.
    entered: BTreeSet<(Side, RecordId)>,
    names: u32,
    people: u32,
    steps: Vec<String>,
}

impl Lives {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let start = Timestamp::from_millisecond(1_800_000_000_000 + 7).unwrap_or_default();
        let clock = ManualClock::at(start);
        let lag = |rng: &mut Rng| Duration::from_millis([0, 3_000][rng.usize(0..2)]);
        let (left, right) = (lag(&mut rng), lag(&mut rng));
        let finds = Both::from_fn(|_| rng.bool());
        let system = |side: Side| {
            let (name, fields, lag) = match side {
                Side::Left => ("L", left_fields(), left),
                Side::Right => ("R", right_fields(), right),
            };
            let system = Model::new(name, fields, lag, Arc::new(clock.clone()));
            if finds[side] {
                system.finds_by(ByEmail)
            } else {
                system
            }
        };
        let sides = Both::from_fn(system);
        let store = MemoryStore::new();
        let policy = Both::new(POLICIES[rng.usize(0..3)], POLICIES[rng.usize(0..3)]);
        let unique = Both::from_fn(|_| rng.bool());
        for side in Side::BOTH.into_iter().filter(|side| unique[*side]) {
            sides[side].unique(EMAIL.key());
        }
        let served = sides
            .as_ref()
            .map(|system| serves_somehow(system, &mut rng));
        let late = rng.bool();
        let told = format!(
            "deletes {policy:?}, lag {left:?} and {right:?}, unique {unique:?}, finds {finds:?}, {late}, {served:?}"
        );
        Self {
            engine: engine(&clock, &sides, &store, policy),
            steps: vec![told],
            rng,
            clock,
            sides,
            store,
            policy,
            unique,
            finds,
            late,
            bin: BTreeMap::new(),
            deleted: BTreeSet::new(),
            entered: BTreeSet::new(),
            names: 0,
            people: 0,
        }
    }

    fn say(&mut self, step: impl std::fmt::Display) {
        self.steps.push(format!("{} {step}", self.clock.now()));
    }

    fn side(&mut self) -> Side {
        Side::BOTH[self.rng.usize(0..2)]
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("n{}", self.names)
    }

    /// Whether a system takes one more record with this address.
    fn takes(&self, side: Side, email: &Email) -> bool {
        let all = self.sides[side].records();
        let has_it = |record: &Record| record.get(&EMAIL).as_ref() == Some(email);
        !self.unique[side] || !all.values().any(has_it)
    }

    fn enter(&mut self, side: Side, email: &Email) {
        let name = self.name();
        if self.takes(side, email) {
            let id = self.sides[side].enter(&person(&name, email.as_str()));
            self.entered.insert((side, id.clone()));
            self.say(format!("{side} enters {id} {}", email.as_str()));
            self.perhaps_late(side, &id);
        }
    }

    /// Some of what people do is shown later than the index usually takes.
    fn perhaps_late(&mut self, side: Side, id: &RecordId) {
        if self.late && self.rng.u8(0..4) == 0 {
            let by = [2, 40, 700][self.rng.usize(0..3)];
            self.sides[side].appears_late(id, Duration::from_secs(by));
            self.say(format!("{side} shows {id} {by} s late"));
        }
    }

    /// Somebody new, perhaps on both sides at once.
    fn someone_new(&mut self) {
        self.people += 1;
        let email = Email::new(&format!("p{}@example.com", self.people));
        let side = self.side();
        self.enter(side, &email);
        if self.rng.bool() {
            self.enter(!side, &email);
        }
    }

    fn someone(&mut self) -> Option<(Side, RecordId)> {
        let side = self.side();
        let ids: Vec<_> = self.sides[side].records().into_keys().collect();
        let at = self.rng.usize(0..ids.len().max(1));
        ids.get(at).map(|id| (side, id.clone()))
    }

    fn edit(&mut self, side: Side, id: &RecordId) {
        // Nobody does so within the grain of a stamp.
        if self.sides[side].is_being_born(id) {
            return;
        }
        let value = self.name();
        let city = self.rng.bool();
        self.sides[side].edit(id, |record| match city {
            true => _ = record.set(&CITY, value.clone()),
            false => _ = record.set(&NAME, value.clone()),
        });
        self.say(format!("{side} edits {id} to {value}"));
        self.perhaps_late(side, id);
    }

    fn delete(&mut self, side: Side, id: &RecordId) {
        let Some(record) = self.sides[side].record(id) else {
            return;
        };
        self.sides[side].delete_record(id);
        self.bin.insert((side, id.clone()), record);
        self.deleted.insert((side, id.clone()));
        self.say(format!("{side} deletes {id}"));
        for _ in 0..self.rng.u8(0..3) {
            self.hint(side, id);
        }
    }

    fn hint(&mut self, side: Side, id: &RecordId) {
        let hint = Hint {
            kind: CONTACT,
            id: id.clone(),
            locator: None,
        };
        // A hint that cannot be kept is a lost one.
        let kept = wait(async {
            let hints = self.engine.hints().await?;
            hints.hint(side, hint).await
        });
        self.say(format!("{side} hints {id}: {}", kept.is_ok()));
    }

    fn restore(&mut self) {
        let at = self.rng.usize(0..self.bin.len().max(1));
        let Some(((side, id), record)) = self.bin.iter().nth(at) else {
            return;
        };
        let (side, id, record) = (*side, id.clone(), record.clone());
        let email = record.get(&EMAIL);
        if !email.is_none_or(|email| self.takes(side, &email)) {
            return;
        }
        self.bin.remove(&(side, id.clone()));
        if self.rng.bool() {
            self.sides[side].restore(&id, &record);
            self.say(format!("{side} restores {id}"));
        } else {
            self.sides[side].comes_back(&id, &record);
            self.say(format!("{side} restores {id} under its old stamp"));
        }
    }

    /// Somebody enters a person a second time, and perhaps sees it and merges the two.
    fn double(&mut self, side: Side, id: &RecordId) {
        let email = self.sides[side].record(id).and_then(|r| r.get(&EMAIL));
        let Some(email) = email else { return };
        let merges = self.rng.bool();
        // Where addresses are unique, the old record has to go first.
        if merges && self.unique[side] {
            self.delete(side, id);
        }
        self.enter(side, &email);
        if merges && !self.unique[side] {
            self.delete(side, id);
        }
    }

    fn fault(&mut self) {
        let side = self.side();
        let drawn = self.rng.u8(0..12);
        let fault = match drawn / 4 {
            0 => ModelFault::Refuse,
            1 => ModelFault::LostBefore,
            _ => ModelFault::LostAfter,
        };
        let well = drawn.is_multiple_of(4).then(|| self.rng.usize(0..3));
        let will = will_fail(&self.sides[side], fault, well);
        self.say(format!("{side} {will}"));
    }

    fn cycle(&mut self, polls: Option<u32>) -> Result<Option<CycleReport>, String> {
        self.clock.advance(Duration::from_millis(10));
        let before = self
            .sides
            .clone()
            .map(|side| (side.records(), side.indexed()));
        let done = poll(self.engine.cycle(), polls.unwrap_or(ENOUGH), || {});
        self.check_creates(&before)?;
        let told = done
            .as_ref()
            .map(|done: &Result<CycleReport, EngineError>| {
                done.as_ref()
                    .map(|r| (r.created, r.updated, r.deleted, r.linked, r.waiting))
            });
        self.say(format!("cycle {told:?}"));
        done.transpose().map_err(|error| error.to_string())
    }

    /// Whoever is created alone was not there: her address was asked for.
    fn check_creates(&self, before: &Both<(People, People)>) -> Check {
        for side in Side::BOTH.into_iter().filter(|side| self.finds[*side]) {
            let (were, shown) = &before[side];
            let now = self.sides[side].records();
            let mut new = now.iter().filter(|(id, _)| !were.contains_key(*id));
            let (Some((id, record)), None) = (new.next(), new.next()) else {
                continue;
            };
            let is_she = |(other, shown): (&RecordId, &Record)| {
                were.contains_key(other) && shown.get(&EMAIL) == record.get(&EMAIL)
            };
            ensure(!shown.iter().any(is_she), || {
                format!("the {side} {id} {record:?} was made though she was there: {shown:?}")
            })?;
        }
        Ok(())
    }

    fn restart(&mut self) {
        self.engine = engine(&self.clock, &self.sides, &self.store, self.policy);
        self.say("restart");
    }

    fn step(&mut self) -> Check {
        match self.rng.u8(0..100) {
            0..8 if self.people < 6 => self.someone_new(),
            8..30 => {
                if let Some((side, id)) = self.someone() {
                    self.edit(side, &id);
                }
            }
            30..38 => {
                if let Some((side, id)) = self.someone() {
                    self.delete(side, &id);
                }
            }
            38..43 => self.restore(),
            43..46 => {
                if let Some((side, id)) = self.someone() {
                    self.double(side, &id);
                }
            }
            46..50 => {
                if let Some((side, id)) = self.someone() {
                    self.hint(side, &id);
                }
            }
            50..64 => {
                let spans = [5, 700, 4_000, 31_000, 70_000, 130_000, 700_000];
                let span = spans[self.rng.usize(0..spans.len())];
                self.clock.advance(Duration::from_millis(span));
            }
            64..84 => _ = self.cycle(None)?,
            84..90 => {
                let polls = self.rng.u32(1..120);
                self.cycle(Some(polls))?;
                if self.rng.bool() {
                    self.restart();
                }
            }
            90..97 => self.fault(),
            _ => self.restart(),
        }
        Ok(())
    }

    fn settle(&mut self) -> Check {
        for side in Side::BOTH {
            self.sides[side].heal();
        }
        self.say("all is healed");
        let mut last = None;
        for round in 0..24 {
            let long = round == 1 || round == 8;
            let span = if long { 700_000 } else { 71_000 };
            self.clock.advance(Duration::from_millis(span));
            let report = self.cycle(None)?.ok_or("the cycle does not end")?;
            let models = self.sides.as_ref();
            let said = say_which_are_copies(&mut self.engine, &self.store, models, &self.entered)?;
            for said in said {
                self.say(said);
            }
            let counts = wait(self.store.counts(&connection())).map_err(|e| e.to_string())?;
            let holds = holds(&self.store)?;
            let in_doubt = |hold: &Hold| hold.reason == HoldReason::InDoubt;
            let asked = holds.iter().filter(|(_, hold)| in_doubt(hold)).count() as u64;
            // A create that could be several records stays open until a person has chosen.
            let is_done = counts.intents == asked && counts.dirty <= asked;
            if round > 9 && report.is_settled() && is_done {
                return Ok(());
            }
            last = Some((report, holds));
        }
        let dirty = wait(self.store.dirty(&connection(), &CONTACT, None, 9));
        let links = wait(self.store.link_page(&connection(), &CONTACT, None, 99));
        let intents = wait(self.store.intents(&connection()));
        Err(format!(
            "it does not settle\n{dirty:#?}\n{links:#?}\n{intents:#?}\n{last:#?}"
        ))
    }

    fn check(&mut self) -> Check {
        let writes = |sides: &Both<Model>| sides.left.writes() + sides.right.writes();
        let before = writes(&self.sides);
        self.clock.advance(Duration::from_secs(71));
        self.cycle(None)?;
        ensure(writes(&self.sides) == before, || {
            "it writes after all had settled".to_owned()
        })?;
        let nobody = |_: Side, _: &RecordId| false;
        check_births_and_deaths(&self.store, self.policy, &self.deleted, nobody)?;
        self.check_records()
    }

    /// Each record is linked and equal, or a person is asked about it, or its link has ended.
    fn check_records(&self) -> Check {
        let holds = holds(&self.store)?;
        let held: BTreeSet<Subject> = holds.iter().map(|(_, h)| h.subject.clone()).collect();
        for side in Side::BOTH {
            for (id, record) in self.sides[side].records() {
                let ids = std::slice::from_ref(&id);
                let links = wait(self.store.links(&connection(), &CONTACT, side, ids));
                let link = links
                    .map_err(|e| e.to_string())?
                    .into_iter()
                    .flatten()
                    .next();
                if let Some(link) = link {
                    let is_held = held.contains(&Subject::Link(link.id.clone()));
                    self.check_link(&link, is_held)?;
                    continue;
                }
                let buried = wait(self.store.tombstones(&connection(), &CONTACT, side, ids));
                let buried = buried
                    .map_err(|e| e.to_string())?
                    .into_iter()
                    .flatten()
                    .next();
                let asked = held.contains(&Subject::Record(side, id.clone()));
                let is_kept = |end: LinkEnd| matches!(end, LinkEnd::Kept(gone) if gone != side);
                let ended = buried.is_some_and(|tombstone| is_kept(tombstone.end));
                ensure(asked || ended, || {
                    format!("the {side} {id} {record:?} is alone, and nobody is asked")
                })?;
            }
        }
        Ok(())
    }

    fn check_link(&self, link: &Link, is_held: bool) -> Check {
        let pair = Both::from_fn(|side| self.sides[side].record(&link.sides[side].id));
        let (Some(left), Some(right)) = (&pair.left, &pair.right) else {
            return ensure(is_held, || {
                format!("{} has lost a record, and nobody is asked", link.id)
            });
        };
        for field in [NAME.key(), EMAIL.key(), CITY.key()] {
            let equal = left.value(field) == right.value(field);
            ensure(equal || is_held, || {
                format!("{field} of {} differs: {left:?} and {right:?}", link.id)
            })?;
        }
        Ok(())
    }
}

fn engine(
    clock: &ManualClock,
    sides: &Both<Model>,
    store: &MemoryStore,
    policy: Both<Deletes>,
) -> Engine {
    let clock = Arc::new(clock.clone());
    let built = engine_over(sides, store, clock, ByEmail, policy)
        .kinds([CONTACT])
        .build();
    match built {
        Ok(engine) => engine,
        Err(error) => unreachable!("{error}"),
    }
}

/// One history; its digest, or why it did not end well, with its steps.
pub fn run(seed: u64, steps: u32) -> Result<String, String> {
    let mut lives = Lives::new(seed);
    let mut play = || {
        for _ in 0..2 {
            for _ in 0..steps.div_ceil(2) {
                lives.step()?;
            }
            lives.settle()?;
            lives.check()?;
        }
        Ok(format!("{:?} {:?}", lives.store, lives.sides))
    };
    let played = play();
    played.map_err(|why: String| told(&why, &lives.steps, &lives.store))
}
