//! `ghl-insightly plan`.

use clap::Args;
use ghl_insightly::SystemClock;
use sync_core::{Allowance, Both, Clock, Cost, Side};

use crate::{
    failure::Failure,
    setup::{self, Setup},
    titles::Titles,
    told,
};

/// Shows what a run would do.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    setup: Setup,
    /// One JSON object for each step, and one for the counts.
    #[arg(long)]
    json: bool,
    /// How many steps are shown in words.
    #[arg(long, default_value_t = 20)]
    steps: usize,
}

/// Steps in one page.
const PAGE: usize = 200;

impl Plan {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.setup.settings()?;
        let store = setup::store(&settings)?;
        let connected = setup::connect(&settings, &store).await?;
        let mut engine = setup::engine_over(&connected, &settings, store, false)?;
        let plan = engine.plan().await;
        setup::count_requests(&connected, &settings, &**engine.store()).await?;
        let plan = plan?;
        for side in Side::BOTH {
            if let Some(error) = &plan.read.stopped[side] {
                return Err(Failure::stopped(&settings, side, error));
            }
        }
        let used_up = setup::used_up(&settings, &**engine.store()).await?;
        let cost = plan.counts.cost(&connected.limits());
        if self.json {
            return self.print_json(&plan, cost, used_up).await;
        }
        println!(
            "A run would do: {}.",
            told::counts(&plan.counts, plan.holds)
        );
        for side in Side::BOTH {
            println!("{}", told::cost(side, plan.counts.calls[side], cost[side]));
        }
        let used_up = Side::BOTH.into_iter().filter(|side| used_up[*side]);
        for side in used_up {
            // Whoever asks for a plan gets one: it reads all the same, beyond the share.
            let (system, why) = (told::system(side), Allowance::used_up());
            let turns = told::day_turns(&settings, side, &why, SystemClock.now());
            println!("{system}: a run does nothing today: {why}. {turns}.");
        }
        let (scratch, connection) = (&**plan.scratch(), engine.connection());
        let titles = Titles::new(scratch, connection);
        for staged in plan.steps(0, self.steps).await? {
            println!("  {}", titles.step(&staged).await?);
        }
        for (_, hold) in scratch.holds(connection, 0, self.steps).await? {
            println!("  held: {}", titles.hold(&hold).await?);
        }
        println!(
            "At most {} of each are shown; --steps shows more.",
            self.steps
        );
        if let Some(stop) = &plan.guard {
            let (key, stop) = (told::guard(stop.guard), told::named(&stop.to_string()));
            println!(
                "A run would stop and ask: {stop}; raise `{key}` in [guards] or run with --approve."
            );
        }
        println!("Nothing was written.");
        Ok(())
    }

    async fn print_json(
        &self,
        plan: &sync_core::Plan,
        cost: Both<Cost>,
        used_up: Both<bool>,
    ) -> Result<(), Failure> {
        let print = |json: serde_json::Result<String>| match json {
            Ok(line) => {
                println!("{line}");
                Ok(())
            }
            Err(why) => Err(Failure::unexpected(why)),
        };
        let mut after = 0;
        loop {
            let page = plan.steps(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.sequence;
            for staged in &page {
                print(serde_json::to_string(staged))?;
            }
        }
        print(serde_json::to_string(&serde_json::json!({
            "counts": plan.counts, "cost": cost.map(as_json), "holds": plan.holds, "guard": plan.guard,
            "used_up": used_up,
        })))
    }
}

fn as_json(cost: Cost) -> serde_json::Value {
    serde_json::json!({
        "requests": cost.requests, "seconds": cost.time.as_secs(), "days": cost.days,
    })
}
