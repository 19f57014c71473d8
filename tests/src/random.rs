//! Random histories in numbers: two threads, seeds that are told, and each twentieth one twice.

use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
    thread,
    time::Instant,
};

use serde::Serialize;
use sync_core::ConnectionId;

use crate::{
    failure::{Failure, Proved},
    histories, lives, references,
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
        Ok(HistoriesProved {
            edits: self.count,
            lives: self.count,
            references: self.count,
            seed: self.seed,
            steps: self.steps,
            repeated: 3 * self.count.div_ceil(AGAIN),
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

/// Everything in a history is ready after a few polls.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Some(done) = poll(future.as_mut(), ENOUGH, || {}) {
            return done;
        }
    }
}
