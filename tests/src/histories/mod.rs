//! Random histories: people edit, writes fail, replies are lost, the program dies, and all ends
//! well. An account of every edit, kept apart from the engine, says what must be so.

#![allow(
    clippy::unwrap_used,
    reason = "a lock that another thread broke breaks the proof"
)]

mod edits;
mod watched;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use fastrand::Rng;
use jiff::Timestamp;
use sync_core::{
    Archive, Both, Clock, Connector, Coverage, CycleReport, Differences, Engine, EngineError,
    FieldKey, FirstSync, Guards, HistoryEvent, Link, MemoryStore, Record, RecordId, Side, Store,
    Subject, Tags,
    rules::{Conflict, ConflictRule, HoldAll, LongestText, NewestWins, Otherwise, Prefer, Verdict},
    testing::{
        Halting, ManualClock, Model, ModelFault,
        people::{ByEmail, CITY, CONTACT, NAME, TAGS, left_fields, person, right_fields},
    },
};

use self::edits::{Account, Told, email_of, on_the_left, scalars, tags, text};
use self::watched::Watched;
use crate::random::{
    Check, ENOUGH, connection, ensure, poll, say_which_are_copies, serves_somehow, told, wait,
};

/// A rule whose evidence is held against the account.
struct Witnessed {
    rule: Box<dyn ConflictRule>,
    account: Arc<Mutex<Account>>,
}

impl ConflictRule for Witnessed {
    fn decide(&self, conflict: &Conflict<'_>) -> Verdict {
        for side in Side::BOTH {
            let version = conflict.versions[side];
            if let (Some(value), Some(changed)) = (version.value, version.changed) {
                let mut account = self.account.lock().unwrap();
                account.heard(
                    conflict.field,
                    side,
                    value,
                    changed.earliest,
                    changed.latest,
                );
            }
        }
        self.rule.decide(conflict)
    }

    fn name(&self, field: &FieldKey) -> &str {
        self.rule.name(field)
    }
}

/// Both names, one after the other.
fn both_texts(conflict: &Conflict<'_>) -> Verdict {
    match conflict.versions.as_ref().map(|version| version.value) {
        Both {
            left: Some(left),
            right: Some(right),
        } if conflict.field == NAME.key() => {
            Verdict::Merge(sync_core::Value::Text(format!("{left} & {right}").into()))
        }
        Both { right: Some(_), .. } => Verdict::TakeRight,
        _ => Verdict::TakeLeft,
    }
}

/// What a history is played with; the same for the same seed.
#[derive(Debug, Clone, Copy)]
struct Setting {
    rule: u8,
    first_sync: FirstSync,
    lag: Both<u64>,
    grain: u64,
}

impl Setting {
    fn draw(rng: &mut Rng) -> Self {
        let differences = [
            Differences::Hold,
            Differences::Prefer(Side::Left),
            Differences::Prefer(Side::Right),
            Differences::Rule,
        ];
        Self {
            rule: rng.u8(0..8),
            first_sync: FirstSync {
                differences: differences[rng.usize(0..4)],
                ..FirstSync::default()
            },
            lag: Both::new([0, 5_000][rng.usize(0..2)], [0, 0, 2_000][rng.usize(0..3)]),
            grain: [1, 1_000][rng.usize(0..2)],
        }
    }

    fn rule(&self) -> Box<dyn ConflictRule> {
        let newest = |otherwise| Box::new(NewestWins { otherwise });
        match self.rule {
            0 | 1 => newest(Otherwise::Prefer(Side::Left)),
            2 => newest(Otherwise::Prefer(Side::Right)),
            3 => newest(Otherwise::Hold),
            4 => Box::new(Prefer(Side::Right)),
            5 => Box::new(LongestText),
            6 => Box::new(HoldAll),
            _ => Box::new(both_texts),
        }
    }
}

struct History {
    rng: Rng,
    setting: Setting,
    clock: ManualClock,
    sides: Both<Watched>,
    store: MemoryStore,
    account: Arc<Mutex<Account>>,
    engine: Engine,
    /// Names a new value each time.
    values: u32,
    /// Whether a number of writes can be excused: lost replies and killed cycles.
    mishaps: u64,
    told_up_to: u64,
    /// By people.
    entered: BTreeSet<(Side, RecordId)>,
    steps: Vec<String>,
}

impl History {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let setting = Setting::draw(&mut rng);
        let clock = ManualClock::at(Timestamp::from_millisecond(1_800_000_000_123).unwrap());
        let account = Arc::new(Mutex::new(Account::default()));
        let model = |side: Side| {
            let (prefix, fields) = match side {
                Side::Left => ("L", left_fields()),
                Side::Right => ("R", right_fields()),
            };
            let lag = Duration::from_millis(setting.lag[side]);
            let model = Model::new(prefix, fields, lag, Arc::new(clock.clone()));
            model.stamp_grain(Duration::from_millis(setting.grain));
            Watched {
                side,
                model,
                account: Arc::clone(&account),
                failing_reads: Arc::default(),
            }
        };
        let sides = Both::from_fn(model);
        let served = sides
            .as_ref()
            .map(|side| serves_somehow(&side.model, &mut rng));
        let store = MemoryStore::new();
        let engine = engine(&setting, &clock, &sides, &store, &account);
        Self {
            rng,
            setting,
            clock,
            sides,
            store,
            account,
            engine,
            values: 0,
            mishaps: 0,
            told_up_to: 0,
            entered: BTreeSet::new(),
            steps: vec![format!("{setting:?}, {served:?}")],
        }
    }

    fn say(&mut self, step: impl std::fmt::Display) {
        self.steps.push(format!("{} {step}", self.clock.now()));
    }

    fn pass(&mut self, milliseconds: u64) {
        self.clock.advance(Duration::from_millis(milliseconds));
    }

    fn side(&mut self) -> Side {
        Side::BOTH[self.rng.usize(0..2)]
    }

    fn account<T>(&self, tell: impl FnOnce(&mut Account) -> T) -> T {
        let mut account = self.account.lock().unwrap();
        account.now = self.clock.now();
        tell(&mut account)
    }

    fn value(&mut self) -> String {
        self.values += 1;
        let long = if self.rng.bool() {
            " of the long names"
        } else {
            ""
        };
        format!("v{}{long}", self.values)
    }

    fn new_person(&mut self, email: &str) -> Record {
        let name = self.value();
        let mut record = person(if self.rng.u8(0..8) == 0 { "" } else { &name }, email);
        if self.rng.bool() {
            record.set(&CITY, self.value());
        }
        if self.rng.bool() {
            self.values += 1;
            record.set(&TAGS, Tags::new([format!("t{}", self.values).as_str()]));
        }
        record
    }

    fn enter(&mut self, side: Side, record: &Record) {
        let model = &self.sides[side].model;
        let id = model.enter(record);
        let shown = model.record(&id).unwrap_or_default();
        self.entered.insert((side, id.clone()));
        self.account(|account| account.entered(side, &id, &shown));
        self.say(format!("{side} enters {id} {shown:?}"));
    }

    /// One world, disturbed twice: each system has people of its own, and most of the others', some
    /// of them with a field that is blank there, or another one.
    fn related_worlds(&mut self, people: u64) {
        const MISSING: [Option<Side>; 5] = [None, None, None, Some(Side::Left), Some(Side::Right)];
        for number in 0..people {
            let whole = self.new_person(&format!("p{number}@example.com"));
            let missing = MISSING[self.rng.usize(0..MISSING.len())];
            for side in Side::BOTH.into_iter().filter(|side| Some(*side) != missing) {
                let disturbed = self.disturbed(&whole);
                self.enter(side, &disturbed);
                self.time_passes();
            }
        }
        // Who was entered within the lag of an index cannot be known before it.
        self.pass(self.setting.lag.left.max(self.setting.lag.right) + 1_000);
    }

    fn disturbed(&mut self, whole: &Record) -> Record {
        let mut copy = whole.clone();
        let other = self.rng.bool().then(|| self.value());
        match self.rng.u8(0..8) {
            0 => _ = copy.set(&NAME, other),
            1 => _ = copy.set(&CITY, other),
            2 => _ = copy.set(&TAGS, other.map(|tag| Tags::new([tag.as_str()]))),
            _ => {}
        }
        copy
    }

    /// Somebody new: on one side, or on both at once, the same or a little different.
    fn someone_new(&mut self) {
        let email = format!(
            "p{}@example.com",
            self.account(|account| account.people.len())
        );
        let record = self.new_person(&email);
        let side = self.side();
        self.enter(side, &record);
        match self.rng.u8(0..6) {
            0 => self.enter(!side, &record),
            1 => {
                let other = self.new_person(&email);
                self.enter(!side, &other);
            }
            _ => {}
        }
    }

    fn someone(&mut self) -> Option<(Side, RecordId)> {
        let side = self.side();
        let ids: Vec<_> = self.sides[side].model.records().into_keys().collect();
        let at = self.rng.usize(0..ids.len().max(1));
        ids.get(at).map(|id| (side, id.clone()))
    }

    fn edit(&mut self, side: Side, id: &RecordId, change: impl FnOnce(&mut Record)) {
        let model = &self.sides[side].model;
        // Nobody does so within the grain of a stamp.
        if model.is_being_born(id) {
            return;
        }
        let before = model.record(id).unwrap_or_default();
        model.edit(id, change);
        let after = model.record(id).unwrap_or_default();
        self.account(|account| account.edited(side, id, &before, &after));
        self.say(format!("{side} edits {id} to {after:?}"));
    }

    fn edit_somehow(&mut self, side: Side, id: &RecordId) {
        let what = self.rng.u8(0..12);
        let value = self.value();
        let clears = self.rng.u8(0..6) == 0;
        let value = (!clears).then_some(value);
        let tag = format!("t{}", self.values);
        let takes = self.rng.usize(0..4);
        self.edit(side, id, |record| match what {
            0..6 => _ = record.set(&NAME, value),
            6..9 => _ = record.set(&CITY, value),
            _ => {
                let mut all: Vec<String> = tags(record).into_iter().collect();
                if takes < all.len() {
                    all.remove(takes);
                } else {
                    all.push(tag);
                }
                record.set(&TAGS, Tags::new(all.iter().map(String::as_str)));
            }
        });
    }

    fn someone_edits(&mut self) {
        if let Some((side, id)) = self.someone() {
            self.edit_somehow(side, &id);
        }
    }

    fn edit_both(&mut self, side: Side, id: &RecordId) {
        let email = email_of(&self.sides[side].model.record(id).unwrap_or_default());
        let others = self.sides[!side].model.records();
        let twin = others
            .into_iter()
            .find(|(_, record)| email_of(record) == email);
        self.edit_somehow(side, id);
        if self.rng.bool() {
            self.time_passes();
        }
        if let Some((twin, _)) = twin {
            self.edit_somehow(!side, &twin);
        }
    }

    fn time_passes(&mut self) {
        let spans = [
            1, 10, 300, 900, 1_500, 3_000, 5_000, 8_000, 31_000, 61_000, 700_000,
        ];
        let span = spans[self.rng.usize(0..spans.len())];
        self.pass(span);
    }

    /// Pages leave the tags out, or show them again.
    fn tags_disappear(&mut self, side: Side) {
        const SHOWN: [Coverage; 3] = [
            Coverage::WHOLE,
            Coverage::without(&["tags"]),
            Coverage::without(&["tags"]),
        ];
        let shown = SHOWN[self.rng.usize(0..SHOWN.len())];
        self.sides[side].model.pages_show(shown);
        self.say(format!("pages of the {side} show {shown:?}"));
    }

    fn something_breaks(&mut self) {
        let side = self.side();
        if self.rng.u8(0..4) == 0 {
            let reads = self.rng.u32(1..4);
            *self.sides[side].failing_reads.lock().unwrap() = reads;
            self.say(format!("{side} fails {reads} reads"));
            return;
        }
        if self.rng.u8(0..4) == 0 {
            self.tags_disappear(side);
            return;
        }
        let all = scalars()
            .into_iter()
            .chain([TAGS.key().clone()])
            .collect::<Vec<_>>();
        let fault = match self.rng.u8(0..4) {
            0 => ModelFault::Refuse,
            1 => ModelFault::LostBefore,
            2 => ModelFault::LostAfter,
            _ => ModelFault::RefuseField(all[self.rng.usize(0..all.len())].clone()),
        };
        self.mishaps += 1;
        self.say(format!("{side} will fail: {fault:?}"));
        let well = vec![None; self.rng.usize(0..2)];
        self.sides[side]
            .model
            .next_writes(well.into_iter().chain([Some(fault)]));
    }

    /// A cycle, perhaps with edits while it runs; `None` when it was dropped.
    fn cycle(&mut self, edits: bool, polls: Option<u32>) -> Result<Option<CycleReport>, String> {
        self.pass(10);
        self.account(|_| ());
        let spare = engine(
            &self.setting,
            &self.clock,
            &self.sides,
            &self.store,
            &self.account,
        );
        let mut engine = std::mem::replace(&mut self.engine, spare);
        let report = poll(engine.cycle(), polls.unwrap_or(ENOUGH), || {
            if edits && self.rng.u8(0..8) == 0 {
                self.someone_edits();
            }
        });
        self.engine = engine;
        self.account(|account| account.cycle_ended(report.is_none()));
        self.say(format!("cycle {}", outcome(report.as_ref())));
        report.transpose().map_err(|error| error.to_string())
    }

    fn restart(&mut self) {
        self.engine = engine(
            &self.setting,
            &self.clock,
            &self.sides,
            &self.store,
            &self.account,
        );
        self.say("restart");
    }

    fn dry_run(&mut self) -> Check {
        let before = format!("{:?}", self.store);
        let sends = self.account(|account| account.sends);
        match wait(self.engine.plan()) {
            Ok(_) | Err(EngineError::Unreachable { .. }) => {}
            Err(error) => return Err(error.to_string()),
        }
        ensure(before == format!("{:?}", self.store), || {
            "a dry run changed the store".to_owned()
        })?;
        ensure(sends == self.account(|account| account.sends), || {
            "a dry run wrote".to_owned()
        })
    }

    fn step(&mut self) -> Check {
        match self.rng.u8(0..100) {
            0..5 => {
                if self.account(|account| account.people.len()) < 6 {
                    self.someone_new();
                }
            }
            5..35 => self.someone_edits(),
            35..45 => {
                if let Some((side, id)) = self.someone() {
                    self.edit_both(side, &id);
                }
            }
            45..60 => self.time_passes(),
            60..76 => _ = self.cycle(false, None)?,
            76..82 => _ = self.cycle(true, None)?,
            82..88 => {
                let polls = self.rng.u32(1..120);
                if self.cycle(false, Some(polls))?.is_none() {
                    self.mishaps += 1;
                }
                if self.rng.bool() {
                    self.restart();
                }
            }
            88..96 => self.something_breaks(),
            96..98 => self.dry_run()?,
            _ => self.restart(),
        }
        Ok(())
    }

    /// Everything works again, and nobody edits: it must come to rest.
    fn settle(&mut self) -> Check {
        for side in Side::BOTH {
            self.sides[side].model.heal();
            self.sides[side].model.pages_show(Coverage::WHOLE);
            *self.sides[side].failing_reads.lock().unwrap() = 0;
        }
        self.say("all is healed");
        for round in 0..14 {
            self.pass(if round == 1 { 700_000 } else { 11_000 });
            let report = self.cycle(false, None)?.ok_or("the cycle does not end")?;
            self.say_which_are_copies()?;
            let counts = wait(self.store.counts(&connection())).map_err(|e| e.to_string())?;
            if round > 2 && report.is_settled() && counts.dirty == 0 && counts.intents == 0 {
                return Ok(());
            }
            if report.waiting > 0 {
                self.pass(70_000);
            }
        }
        Err("it does not settle".to_owned())
    }

    fn say_which_are_copies(&mut self) -> Check {
        let models = self.sides.as_ref().map(|side| &side.model);
        let said = say_which_are_copies(&mut self.engine, &self.store, models, &self.entered)?;
        for said in said {
            self.say(said);
        }
        Ok(())
    }

    fn check(&mut self) -> Check {
        let sends = self.account(|account| account.sends);
        self.pass(11_000);
        self.cycle(false, None)?;
        let more = self.account(|account| account.sends) - sends;
        ensure(more == 0, || format!("{more} writes after all had settled"))?;
        self.check_people()?;
        self.check_pairs()?;
        let (lies, idle) = self.account(|a| (a.lies.clone(), a.idle_sends));
        ensure(lies.is_empty(), || lies.join("\n"))?;
        ensure(idle <= self.mishaps, || {
            format!("{idle} writes changed nothing")
        })
    }

    fn check_people(&self) -> Check {
        let people = self.account(|account| account.people.clone());
        for side in Side::BOTH {
            let all = self.sides[side].model.records();
            let emails: Vec<String> = all.values().map(email_of).collect();
            let each: BTreeSet<String> = emails.iter().cloned().collect();
            ensure(emails.len() == each.len() && each == people, || {
                format!("on the {side}: {emails:?}, and there are {people:?}")
            })?;
        }
        Ok(())
    }

    fn check_pairs(&mut self) -> Check {
        let links = wait(
            self.store
                .link_page(&connection(), &CONTACT, None, usize::MAX),
        )
        .unwrap();
        let holds = wait(self.store.holds(&connection(), 0, usize::MAX)).unwrap();
        let holds: Vec<_> = holds.into_iter().map(|(_, hold)| hold).collect();
        let told = self.told();
        let mut held = BTreeSet::new();
        for link in &links {
            let pair = Both::from_fn(|side| {
                self.sides[side]
                    .model
                    .record(&link.sides[side].id)
                    .unwrap_or_default()
            });
            let email = email_of(&pair.left);
            let about = Subject::Link(link.id.clone());
            for hold in holds.iter().filter(|hold| hold.subject == about) {
                let field = hold
                    .field
                    .clone()
                    .ok_or_else(|| format!("held: {hold:?}"))?;
                held.insert((email.clone(), field));
            }
            for side in Side::BOTH {
                self.account(|account| account.check_tags(&email, side, &pair[side]))?;
            }
            for field in scalars() {
                let shown = pair.as_ref().map(|record| record.value(&field));
                self.account(|a| a.check_field(&email, &field, shown, &told))?;
            }
            check_agreed(link, &email, &pair, &held)?;
        }
        self.account(|account| account.settled(held));
        Ok(())
    }

    /// What the history tells since the last time: what a rule saw.
    fn told(&mut self) -> Told {
        let history = wait(
            self.store
                .history(&connection(), self.told_up_to, usize::MAX),
        )
        .unwrap();
        let mut told = Told::new();
        for (at, happened) in history {
            self.told_up_to = at;
            let Some(field) = happened.field else {
                continue;
            };
            let email = Side::BOTH.into_iter().find_map(|side| {
                let record = self.sides[side]
                    .model
                    .record(happened.ids[side].as_ref()?)?;
                Some(email_of(&record))
            });
            let email = email.unwrap_or_default();
            if let HistoryEvent::Decided { seen, .. } = happened.event {
                for side in Side::BOTH {
                    let seen = text(seen[side].as_ref());
                    told.insert((email.clone(), field.clone(), side, seen));
                }
            }
        }
        told
    }

    fn digest(&self) -> String {
        let models = self.sides.as_ref().map(|side| format!("{:?}", side.model));
        format!("{:?} {models:?}", self.store)
    }
}

/// Each side shows its shadow, and the left shows what it can of the right, but for what is held.
fn check_agreed(
    link: &Link,
    email: &str,
    pair: &Both<Record>,
    held: &BTreeSet<(String, FieldKey)>,
) -> Check {
    for field in scalars().into_iter().chain([TAGS.key().clone()]) {
        if held.contains(&(email.to_owned(), field.clone())) {
            continue;
        }
        ensure(link.agreed.contains_key(&field), || {
            format!("{field} of {email} never agreed")
        })?;
        let (left, right) = (pair.left.value(&field), pair.right.value(&field));
        ensure(left == on_the_left(&field, right).as_ref(), || {
            format!("{field} of {email} differs: {left:?} and {right:?}")
        })?;
        for side in Side::BOTH {
            let shadow = link.sides[side].shadow.value(&field);
            ensure(shadow == pair[side].value(&field), || {
                format!("{side} {field} of {email} has the shadow {shadow:?}")
            })?;
        }
    }
    Ok(())
}

fn outcome(report: Option<&Result<CycleReport, EngineError>>) -> String {
    match report {
        None => "dropped".to_owned(),
        Some(Err(error)) => error.to_string(),
        Some(Ok(report)) => format!(
            "created {:?} updated {:?} linked {} adopted {} decided {} held {} waiting {} stopped {:?}",
            report.created,
            report.updated,
            report.linked,
            report.adopted,
            report.decided,
            report.held,
            report.waiting,
            report.stopped.as_ref().map(Option::is_some),
        ),
    }
}

fn engine(
    setting: &Setting,
    clock: &ManualClock,
    sides: &Both<Watched>,
    store: &MemoryStore,
    account: &Arc<Mutex<Account>>,
) -> Engine {
    let connectors: Both<Arc<dyn Connector>> = sides
        .clone()
        .map(|side| Arc::new(side) as Arc<dyn Connector>);
    let rule = Witnessed {
        rule: setting.rule(),
        account: Arc::clone(account),
    };
    let (clock, store) = (Arc::new(clock.clone()), Arc::new(Halting(store.clone())));
    Engine::builder(connection(), connectors, store, clock, ByEmail, rule)
        .kinds([CONTACT])
        .first_sync(setting.first_sync)
        .guards(Guards::OFF)
        .walk_every(Duration::from_secs(600))
        .retry_refused_after(Duration::from_secs(600))
        .build()
        .unwrap()
}

/// Plays one history and returns its digest.
fn play(seed: u64, steps: u32, history: &mut History) -> Result<String, String> {
    history.related_worlds(seed % 5);
    for _ in 0..2 {
        for _ in 0..steps.div_ceil(2) {
            history.step()?;
        }
        history.settle()?;
        history.check()?;
    }
    Ok(history.digest())
}

/// One history; its digest, or why it did not end well, with its steps.
pub fn run(seed: u64, steps: u32) -> Result<String, String> {
    let mut history = History::new(seed);
    let played = play(seed, steps, &mut history);
    played.map_err(|why| told(&why, &history.steps, &history.store))
}
