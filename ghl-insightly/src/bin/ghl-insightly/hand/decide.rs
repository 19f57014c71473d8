//! `ghl-insightly decide`.

use clap::Args;
use sync_core::rules::Verdict;

use super::System;
use crate::{
    failure::Failure,
    setup::{self, Setup},
};

/// Answers a hold; the next run does what the answer says.
#[derive(Debug, Args)]
pub(crate) struct Decide {
    #[command(flatten)]
    setup: Setup,
    /// The number of the hold, as `holds` shows it.
    number: u64,
    #[command(flatten)]
    answer: Answer,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Answer {
    /// Two values differ: the system whose value both are to have.
    #[arg(long)]
    take: Option<System>,
    /// A record could be what a lost create has made: none of those that the hold names is. It is
    /// created again.
    #[arg(long)]
    none: bool,
}

impl Decide {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.setup.settings()?;
        let mut engine = setup::engine(&settings, false).await?;
        match self.answer.take {
            Some(system) => {
                let verdict = Verdict::take(system.side());
                engine.decide(self.number, &verdict).await?;
                println!("decided; the next run writes it");
            }
            None => {
                engine.none_of_these(self.number).await?;
                println!("none of them is it; the next run creates it again");
            }
        }
        Ok(())
    }
}
