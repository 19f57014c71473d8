//! `ghl-insightly run`.

use std::time::Duration;

use clap::Args;
use sync_core::{Engine, Outcome, Side};

use crate::{
    failure::Failure,
    setup::{self, PATIENCE, Setup},
    told,
};

/// Syncs.
#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    setup: Setup,
    /// Ends when nothing is left to do, instead of polling on.
    #[arg(long)]
    once: bool,
    /// Does not ask, however much the plan does: after a look at `plan`.
    #[arg(long)]
    approve: bool,
}

impl Run {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.setup.settings()?;
        let mut engine = setup::engine(&settings, self.approve).await?;
        if self.once {
            let outcome = engine.settle(PATIENCE).await?;
            return self.end(&engine, &outcome).await;
        }
        let pause = Duration::from_secs(settings.poll_every_s);
        loop {
            let outcome = engine.settle(PATIENCE).await?;
            if outcome.total.guard.is_some() {
                return self.end(&engine, &outcome).await;
            }
            if outcome.total.writes() > 0 || outcome.total.linked > 0 {
                println!("{}", told::report(&outcome.total));
            }
            for side in Side::BOTH {
                if let Some(error) = &outcome.total.stopped[side] {
                    eprintln!(
                        "ghl-insightly: {}: {error}; trying again later",
                        told::system(side)
                    );
                }
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn end(&self, engine: &Engine, outcome: &Outcome) -> Result<(), Failure> {
        let total = &outcome.total;
        println!("{}.", told::report(total));
        println!(
            "{} cycles; calls: {} to GHL, {} to Insightly.",
            outcome.cycles, total.requests.left, total.requests.right
        );
        if let Some(stop) = &total.guard {
            return Err(Failure::guard(stop));
        }
        let counts = engine.store().counts(engine.connection()).await?;
        println!(
            "{} links; {} held for a person; {} waiting.",
            counts.links, counts.holds, total.waiting
        );
        for (_, hold) in engine.store().holds(engine.connection(), 0, 10).await? {
            println!("  held: {}", told::hold(&hold));
        }
        for side in Side::BOTH {
            if let Some(error) = &total.stopped[side] {
                return Err(Failure::stopped(told::system(side), error));
            }
        }
        Ok(())
    }
}
