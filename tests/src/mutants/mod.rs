//! Planted faults: the suite is run against an engine that is wrong in one place, and must say so.
//!
//! One build with `--cfg planted`, in a target folder of its own, has all faults; an environment
//! variable says which one shows itself. No other build has any.

mod faults;
mod suite;

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use serde::Serialize;

pub use self::faults::{FAULTS, Fault};
pub use self::suite::Suite;
use self::suite::{Ended, Suites};
use crate::failure::{Proved, ensure};

/// Which faults are planted.
#[derive(Debug, Clone, Default)]
pub struct Mutants {
    /// Only these; all if there are none.
    pub only: Vec<String>,
}

/// What became of each fault.
#[derive(Debug, Clone, Serialize)]
pub struct MutantsProved {
    /// The faults, in their order.
    pub faults: Vec<Tried>,
    /// How long the build took.
    pub build_seconds: f64,
    /// How long all suites took that have no fault.
    pub sound_seconds: f64,
    /// How long everything took.
    pub seconds: f64,
}

/// A fault, and what found it.
#[derive(Debug, Clone, Serialize)]
pub struct Tried {
    /// Its name.
    pub fault: &'static str,
    /// What it does.
    pub what: &'static str,
    /// What found it, if anything did.
    pub caught: Option<Catch>,
    /// How long that took.
    pub seconds: f64,
}

/// Tests that failed.
#[derive(Debug, Clone, Serialize)]
pub struct Catch {
    /// Where they are.
    pub suite: &'static str,
    /// Their names, in the order of the alphabet; of histories, the seeds.
    pub tests: Vec<String>,
}

/// A fault may make a suite go on for ever: it is given up after so many times as long as it takes
/// when nothing is wrong.
const PATIENCE: u32 = 3;

/// And not before this.
const AT_LEAST: Duration = Duration::from_secs(120);

/// How long a sound suite may take.
const SOUND: Duration = Duration::from_secs(1_800);

/// How long each suite may take, by its name.
type Patience = HashMap<&'static str, Duration>;

impl Mutants {
    /// Builds the suites, sees them pass, and plants one fault after the other. Each is told of as
    /// soon as it was tried.
    pub fn prove(&self, mut heard: impl FnMut(&Tried)) -> Proved<MutantsProved> {
        let began = Instant::now();
        let faults = self.chosen()?;
        let suites = Suites::build()?;
        let build_seconds = began.elapsed().as_secs_f64();
        let (sound, mut patience) = (Instant::now(), Patience::new());
        for suite in Suite::ALL {
            let began = Instant::now();
            let ended = suites.run(suite, None, SOUND)?;
            patience.insert(suite.name(), AT_LEAST.max(began.elapsed() * PATIENCE));
            ensure(ended == Ended::Passed, || {
                format!("{suite} does not pass without a fault: {ended:?}")
            })?;
        }
        let sound_seconds = sound.elapsed().as_secs_f64();
        let tried: Proved<Vec<_>> = faults
            .iter()
            .map(|fault| fault.tried(&suites, &patience).inspect(&mut heard))
            .collect();
        Ok(MutantsProved {
            faults: tried?,
            build_seconds,
            sound_seconds,
            seconds: began.elapsed().as_secs_f64(),
        })
    }

    fn chosen(&self) -> Proved<Vec<Fault>> {
        for name in &self.only {
            ensure(FAULTS.iter().any(|fault| fault.name == name), || {
                format!("there is no fault `{name}`")
            })?;
        }
        let is_chosen =
            |fault: &&Fault| self.only.is_empty() || self.only.iter().any(|o| o == fault.name);
        Ok(FAULTS.iter().filter(is_chosen).copied().collect())
    }
}

impl Fault {
    /// Runs suite after suite, beginning with the one that should know, until one fails.
    fn tried(self, suites: &Suites, patience: &Patience) -> Proved<Tried> {
        let began = Instant::now();
        let mut caught = None;
        let others = Suite::ALL.into_iter().filter(|suite| *suite != self.first);
        for suite in [self.first].into_iter().chain(others) {
            if let Ended::Failed(tests) =
                suites.run(suite, Some(self.name), patience[suite.name()])?
            {
                let suite = suite.name();
                caught = Some(Catch { suite, tests });
                break;
            }
        }
        Ok(Tried {
            fault: self.name,
            what: self.what,
            caught,
            seconds: began.elapsed().as_secs_f64(),
        })
    }
}

impl MutantsProved {
    /// Every fault must have been found.
    pub fn is_proof(&self) -> Proved {
        let missed = self.faults.iter().filter(|tried| tried.caught.is_none());
        let missed: Vec<&str> = missed.map(|tried| tried.fault).collect();
        ensure(missed.is_empty(), || {
            format!("no test finds {}", missed.join(", "))
        })
    }
}
