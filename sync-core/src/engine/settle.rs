//! Cycling until nothing is left to do.

use std::time::Duration;

use jiff::Timestamp;

use crate::engine::{Engine, EngineError, report::CycleReport};

/// How [`Engine::settle`] ended.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Outcome {
    /// What all cycles did together; the last one's guard and stops.
    pub total: CycleReport,
    /// How many cycles.
    pub cycles: u32,
    /// The runs of those that linked or wrote something, as the history has them.
    pub runs: Vec<u64>,
    /// Whether nothing is left to do.
    pub settled: bool,
}

/// A wait that is due at once still gives the others a moment.
const SHORTEST_WAIT: Duration = Duration::from_millis(50);

impl Engine {
    /// Cycles until nothing is left to do, a guard asks, or a side is given up.
    ///
    /// `patience` is how long it waits, without getting anything done, for what is not due yet.
    pub async fn settle(&mut self, patience: Duration) -> Result<Outcome, EngineError> {
        let clock = self.clock().clone();
        let mut outcome = Outcome::default();
        let mut patient_until = clock.now() + patience;
        loop {
            let report = self.cycle().await?;
            outcome.add(&report);
            let now = clock.now();
            if report.is_settled() {
                outcome.settled = true;
                return Ok(outcome);
            }
            if outcome.is_given_up() {
                return Ok(outcome);
            }
            if report.writes() > 0 || report.linked > 0 || report.visits_due {
                patient_until = now + patience;
            } else if now >= patient_until {
                return Ok(outcome);
            } else {
                clock.sleep_until(due(&report, now, patient_until)).await;
            }
        }
    }
}

fn due(report: &CycleReport, now: Timestamp, patient_until: Timestamp) -> Timestamp {
    let soon = now + SHORTEST_WAIT;
    report
        .due
        .map_or(soon, |due| due.clamp(soon, patient_until.max(soon)))
}

impl Outcome {
    /// Whether it ended because a guard asks, or because something cannot be read or reached.
    pub fn is_given_up(&self) -> bool {
        let CycleReport {
            guard,
            stopped,
            lanes,
            ..
        } = &self.total;
        guard.is_some() || stopped.left.is_some() || stopped.right.is_some() || !lanes.is_empty()
    }

    /// What two of them did, one after the other.
    #[must_use]
    pub fn then(mut self, later: Self) -> Self {
        self.take(&later.total);
        self.cycles += later.cycles;
        self.runs.extend(later.runs);
        self.settled = later.settled;
        self
    }

    fn add(&mut self, report: &CycleReport) {
        self.cycles += 1;
        if report.writes() > 0 || report.linked > 0 {
            self.runs.push(report.run);
        }
        self.take(report);
    }

    fn take(&mut self, report: &CycleReport) {
        let total = &mut self.total;
        total.run = report.run;
        total.count(report);
        total.held = report.held;
        total.waiting = report.waiting;
        total.frozen = report.frozen;
        total.visits_due = report.visits_due;
        total.guard.clone_from(&report.guard);
        total.stopped.clone_from(&report.stopped);
        total.lanes.clone_from(&report.lanes);
    }
}
