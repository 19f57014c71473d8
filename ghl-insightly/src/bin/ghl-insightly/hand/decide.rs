//! `ghl-insightly decide`.

use clap::Args;
use sync_core::rules::Verdict;

use super::System;
use crate::{
    failure::Failure,
    setup::{self, Setup},
};

/// Answers a held conflict; the next run writes the answer.
#[derive(Debug, Args)]
pub(crate) struct Decide {
    #[command(flatten)]
    setup: Setup,
    /// The number of the hold, as `holds` shows it.
    number: u64,
    /// The system whose value both are to have.
    #[arg(long)]
    take: System,
}

impl Decide {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.setup.settings()?;
        let mut engine = setup::engine(&settings, false).await?;
        let verdict = Verdict::take(self.take.side());
        engine.decide(self.number, &verdict).await?;
        println!("decided; the next run writes it");
        Ok(())
    }
}
