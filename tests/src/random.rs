//! Random histories in numbers: two threads, seeds that are told, and each twentieth one twice.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    iter,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    thread,
    time::{Duration, Instant},
};

use fastrand::Rng;
use serde::Serialize;
use sync_core::{
    Archive, Both, Clock, ConnectionId, Connector, Deletes, Engine, EngineBuilder, FirstSync,
    Guards, HistoryEvent, Hold, HoldReason, Leaving, Matcher, MemoryStore, RecordId, Side, Subject,
    rules::{NewestWins, Otherwise},
    testing::{Halting, Model, ModelFault, Paging, people::EMAIL},
};

use crate::{
    failure::{Failure, Proved},
    histories, lives, look_alikes, references,
};

/// Which histories, and how many.
#[derive(Debug, Clone, Copy)]
pub struct Histories {
    /// How many of each sort.
    pub count: u64,
    /// The first seed.
    pub seed: u64,
    /// How many steps each has.
    pub steps: u32,
}

/// What was played.
#[derive(Debug, Serialize)]
pub struct HistoriesProved {
    /// Histories of edits.
    pub edits: u64,
    /// Histories of births, deaths and restores.
    pub lives: u64,
    /// Histories of records that refer to others.
    pub references: u64,
    /// Histories of notes that say the same.
    pub look_alikes: u64,
    /// The first seed of all.
    pub seed: u64,
    /// Steps of each.
    pub steps: u32,
    /// How many were played twice, and came out the same.
    pub repeated: u64,
    /// How long it took.
    pub seconds: f64,
}

type Run = fn(u64, u32) -> Result<String, String>;

/// Every history of so many is played a second time.
const AGAIN: u64 = 20;

impl Histories {
    /// Plays them all.
    pub fn prove(self) -> Proved<HistoriesProved> {
        let began = Instant::now();
        self.play("edits", histories::run)?;
        self.play("lives", lives::run)?;
        self.play("references", references::run)?;
        self.play("look-alikes", look_alikes::run)?;
        Ok(HistoriesProved {
            edits: self.count,
            lives: self.count,
            references: self.count,
            look_alikes: self.count,
            seed: self.seed,
            steps: self.steps,
            repeated: 4 * self.count.div_ceil(AGAIN),
            seconds: began.elapsed().as_secs_f64(),
        })
    }

    /// Plays one sort of them, on two threads.
    pub fn play(self, sort: &str, run: Run) -> Proved {
        let half = |odd: u64| move || self.half(odd, run);
        let failed = thread::scope(|scope| {
            let halves = [scope.spawn(half(0)), scope.spawn(half(1))];
            let ends = halves.map(|half| half.join().unwrap_or_else(|_| vec![panicked()]));
            ends.concat()
        });
        let Some((_, first)) = failed.first() else {
            return Ok(());
        };
        let line = |(seed, why): &(u64, String)| {
            format!("seed {seed}: {}", why.lines().next().unwrap_or_default())
        };
        let lines: Vec<_> = failed.iter().take(30).map(line).collect();
        Err(Failure::new(format!(
            "{} of {} histories of {sort} do not end well:\n{}\n\n{first}",
            failed.len(),
            self.count,
            lines.join("\n")
        )))
    }

    fn half(self, odd: u64, run: Run) -> Vec<(u64, String)> {
        let mut failed = Vec::new();
        let seeds = self.seed..self.seed + self.count;
        for seed in seeds.filter(|seed| seed % 2 == odd) {
            let ended = run(seed, self.steps);
            if seed % AGAIN == odd && ended != run(seed, self.steps) {
                failed.push((seed, "it does not repeat itself".to_owned()));
            }
            failed.extend(ended.err().map(|why| (seed, why)));
        }
        failed
    }
}

fn panicked() -> (u64, String) {
    (0, "a history panicked".to_owned())
}

/// The connection of every history.
pub(crate) fn connection() -> ConnectionId {
    ConnectionId::new("test")
}

/// Whether a history is as it must be, or why not.
pub(crate) type Check = Result<(), String>;

/// Something that must hold.
pub(crate) fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Check {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// As many polls end any cycle.
pub(crate) const ENOUGH: u32 = 400_000;

/// Polls a future so often, with something done between two polls; `None` when it was dropped.
pub(crate) fn poll<T>(
    future: impl Future<Output = T>,
    polls: u32,
    mut between: impl FnMut(),
) -> Option<T> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..polls {
        if let Poll::Ready(done) = future.as_mut().poll(&mut context) {
            return Some(done);
        }
        between();
    }
    None
}

/// An engine between two model systems, as histories of deletes have it: its kinds are the
/// caller's to name.
pub(crate) fn engine_over(
    sides: &Both<Model>,
    store: &MemoryStore,
    clock: Arc<dyn Clock>,
    matcher: impl Matcher,
    deletes: Both<Deletes>,
) -> EngineBuilder {
    let connectors = sides
        .clone()
        .map(|side| Arc::new(side) as Arc<dyn Connector>);
    let rule = NewestWins {
        otherwise: Otherwise::Prefer(Side::Left),
    };
    let leaving = Leaving::default()
        .deletes(Side::Left, deletes.left)
        .deletes(Side::Right, deletes.right);
    let store = Arc::new(Halting(store.clone()));
    Engine::builder(connection(), connectors, store, clock, matcher, rule)
        .first_sync(FirstSync::default())
        .guards(Guards::OFF)
        .leaving(leaving)
        .walk_every(Duration::from_secs(600))
        .retry_refused_after(Duration::from_secs(600))
}

/// Each birth has a source of its own, unless people parted the two before, and each death a
/// reason: somebody deleted the counterpart, and the policy says so.
pub(crate) fn check_births_and_deaths(
    store: &MemoryStore,
    deletes: Both<Deletes>,
    deleted: &BTreeSet<(Side, RecordId)>,
    parted: impl Fn(Side, &RecordId) -> bool,
) -> Check {
    let history = wait(store.history(&connection(), 0, usize::MAX));
    let mut born = BTreeMap::new();
    let mut moved = BTreeSet::new();
    for (_, happened) in history.map_err(|error| error.to_string())? {
        let ids = &happened.ids;
        match happened.event {
            HistoryEvent::Created { side } | HistoryEvent::Adopted { side } => {
                let source = (side, ids[!side].clone());
                let once = match born.insert(source.clone(), ids[side].clone()) {
                    Some(before) => before.is_some_and(|id| parted(side, &id)),
                    None => true,
                };
                ensure(once, || format!("{source:?} was created twice"))?;
            }
            HistoryEvent::Moved { side, from } => _ = moved.insert((side, Some(from))),
            // What was left behind: nobody's record any more.
            HistoryEvent::Deleted { side } if moved.contains(&(side, ids[side].clone())) => {}
            HistoryEvent::Deleted { side } => {
                ensure(deletes[side] == Deletes::Follow, || {
                    format!("{ids:?} was deleted on the {side}, and nobody said so")
                })?;
                let other = ids[!side].clone().map(|id| (!side, id));
                ensure(other.is_some_and(|other| deleted.contains(&other)), || {
                    format!("{ids:?} was deleted on the {side}, and nobody deleted the other")
                })?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// What is held, by the numbers of the holds.
pub(crate) fn holds(store: &MemoryStore) -> Result<Vec<(u64, Hold)>, String> {
    let holds = wait(store.holds(&connection(), 0, usize::MAX));
    holds.map_err(|error| error.to_string())
}

/// People answer which record a lost create has made: they know whom they have entered, and whose
/// e-mail the source shows. What they said is told.
pub(crate) fn say_which_are_copies(
    engine: &mut Engine,
    store: &MemoryStore,
    systems: Both<&Model>,
    entered: &BTreeSet<(Side, RecordId)>,
) -> Result<Vec<String>, String> {
    let mut said = Vec::new();
    for (number, hold) in holds(store)? {
        let (HoldReason::InDoubt, Subject::Record(side, source)) = (hold.reason, &hold.subject)
        else {
            continue;
        };
        let email = |at: Side, id: &RecordId| systems[at].record(id)?.get(&EMAIL);
        let is_copy = |id: &RecordId| {
            let is_entered = entered.contains(&(!*side, id.clone()));
            let is_its = email(!*side, id) == email(*side, source);
            hold.message.contains(id.as_str()) && !is_entered && is_its
        };
        let copy = systems[!*side].records().into_keys().find(is_copy);
        let done = answer(engine, number, &hold, copy.as_ref());
        said.push(format!("{}: it is {copy:?}, {done:?}", hold.message));
        done?;
    }
    Ok(said)
}

/// A person says which record the create that a hold asks about has made, or that none is.
pub(crate) fn answer(
    engine: &mut Engine,
    number: u64,
    hold: &Hold,
    copy: Option<&RecordId>,
) -> Check {
    let done = match (&hold.subject, copy) {
        (Subject::Record(side, source), Some(copy)) => {
            let ids = Both::from_fn(|at| if at == *side { source } else { copy });
            wait(engine.link(&hold.kind, ids.left, ids.right)).map(drop)
        }
        _ => wait(engine.none_of_these(number)),
    };
    done.map_err(|error| error.to_string())
}

/// Draws how a system serves all of a history: the size and the order of its pages, and whether
/// its replies to writes leave out the record.
pub(crate) fn serves_somehow(system: &Model, rng: &mut Rng) -> (usize, Paging, bool) {
    const PAGINGS: [Paging; 3] = [Paging::ByStamp, Paging::ById, Paging::ByOffset];
    let rows = [2, 50][rng.usize(0..2)];
    let paging = PAGINGS[rng.usize(0..PAGINGS.len())];
    let silent = rng.u8(0..4) == 0;
    system.page_size(rows);
    system.paging(paging);
    system.silent_replies(silent);
    (rows, paging, silent)
}

/// Lets the next write to a system fail, or a read by id after some that go well; tells which.
pub(crate) fn will_fail(system: &Model, fault: ModelFault, well: Option<usize>) -> String {
    let said = match well {
        Some(well) => format!("will fail a read after {well}: {fault:?}"),
        None => format!("will fail: {fault:?}"),
    };
    match well {
        Some(well) => system.next_reads(iter::repeat_n(None, well).chain([Some(fault)])),
        None => system.next_writes([Some(fault)]),
    }
    said
}

/// Why a history did not end well, with its steps and what the engine says that it did.
pub(crate) fn told(why: &str, steps: &[String], store: &MemoryStore) -> String {
    let happened = wait(store.history(&connection(), 0, usize::MAX)).unwrap_or_default();
    let happened = happened.into_iter().map(|(_, of)| {
        let id = |side: Side| of.ids[side].as_ref().map_or("-", RecordId::as_str);
        let (left, right) = (id(Side::Left), id(Side::Right));
        let field = of.field.as_ref().map_or("", |key| key.name());
        format!(
            "{} {} {left}~{right} {field} {:?}",
            of.at, of.kind, of.event
        )
    });
    let lines = iter::once(why.to_owned()).chain(steps.iter().cloned());
    lines.chain(happened).collect::<Vec<_>>().join("\n")
}

/// Everything in a history is ready after a few polls.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Some(done) = poll(future.as_mut(), ENOUGH, || {}) {
            return done;
        }
    }
}
