//! The proof of what a sync costs: requests, time under the published limits, processor time,
//! memory, disk, and the time from an edit to its arrival.

mod cpu;
mod figure;
mod in_process;
mod lag;
mod least;
mod paced;
mod ready;
mod requests;
mod sandbox;
mod size;

use clap::ValueEnum;
use serde::Serialize;

use crate::failure::{Failure, Proved};

pub use figure::Figure;
pub use requests::{Requests, RequestsProved, Spent};
pub use sandbox::sandbox_of;
pub use size::{Measured, measure};

/// A part of the proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Requests, against the least possible.
    Requests,
    /// How long a first sync takes, against what the published limits impose.
    Paced,
    /// Processor time for each record of a sweep that finds nothing.
    Cpu,
    /// Time for each record, memory and disk, as the number of records grows.
    Size,
    /// From an edit to its arrival, with hints.
    Lag,
    /// Memory of the sandbox.
    Sandbox,
}

/// What is to be proved.
#[derive(Debug, Clone)]
pub struct Cost {
    /// Only these; all when empty.
    pub parts: Vec<Part>,
    /// How many contacts GHL has where requests are counted; Insightly has six for ten of them.
    pub contacts: u64,
    /// How many linked contacts are swept where processor time is measured.
    pub swept: u64,
    /// How many linked contacts the larger of two stores has.
    pub links: u64,
    /// How many edits are followed.
    pub edits: u64,
    /// Draws the people.
    pub seed: u64,
}

/// The figures of the proof.
#[derive(Debug, Clone, Serialize)]
pub struct CostProved {
    /// Each figure, in the order of the parts.
    pub figures: Vec<Figure>,
}

impl Cost {
    /// Measures the parts that were asked for.
    pub async fn prove(self) -> Proved<CostProved> {
        let mut figures = Vec::new();
        for part in Part::value_variants() {
            if self.parts.is_empty() || self.parts.contains(part) {
                figures.extend(self.measure(*part).await?);
            }
        }
        Ok(CostProved { figures })
    }

    async fn measure(&self, part: Part) -> Proved<Vec<Figure>> {
        let (contacts, seed) = (self.contacts, self.seed);
        match part {
            Part::Requests => {
                let proved = in_process::run(move || Requests { contacts, seed }.prove()).await?;
                Ok(proved.figures())
            }
            Part::Paced => in_process::run(move || paced::figures(contacts, seed)).await,
            Part::Cpu => cpu::figures(self.swept).await,
            Part::Size => size::figures(self.links),
            Part::Lag => lag::figures(self.edits, seed).await,
            Part::Sandbox => sandbox::figures(self.swept),
        }
    }
}

impl CostProved {
    /// Whether every figure is as it is wanted.
    pub fn is_proof(&self) -> Proved {
        let missed = self.figures.iter().filter(|figure| !figure.holds());
        let missed: Vec<String> = missed.map(Figure::line).collect();
        match missed.as_slice() {
            [] => Ok(()),
            missed => Err(Failure::new(format!("missed: {}", missed.join("; ")))),
        }
    }
}
