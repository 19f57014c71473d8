//! `ghl-insightly run`.

use std::{sync::Arc, time::Duration};

use clap::Args;
use ghl_insightly::{Settings, SystemClock};
use sync_core::{Both, Clock, Engine, Outcome, Side, Store};

use crate::{
    failure::Failure,
    lists::Lists,
    setup::{self, PATIENCE, Setup},
    titles::Titles,
    told,
};

/// Holds that are shown at the end.
const SHOWN: usize = 10;

/// Syncs.
#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    setup: Setup,
    /// Ends when nothing is left to do, instead of polling on.
    #[arg(long)]
    once: bool,
    /// Reads both systems whole first, as it does once a day: after a restore from a bin, or when a
    /// key was given more to see.
    #[arg(long)]
    whole: bool,
    /// Does not ask, however much the plan does: after a look at `plan`.
    #[arg(long)]
    approve: bool,
}

impl Run {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.setup.settings()?;
        let store: Arc<dyn Store> = Arc::new(setup::store(&settings)?);
        if self.once {
            setup::day_is_left(&settings, &*store).await?;
        }
        let mut lists = Lists::read_at(SystemClock.now());
        let mut engine = self.connect(&settings, &store, &lists).await?;
        if self.whole {
            engine.read_whole().await?;
        }
        if self.once {
            let mut outcome = engine.settle(Duration::ZERO).await?;
            if outcome.total.waiting > 0 && !outcome.is_given_up() {
                let (wait, most) = (told::waiting(outcome.total.waiting), told::time(PATIENCE));
                println!("{wait}; at most {most} more");
                outcome = outcome.then(engine.settle(PATIENCE).await?);
            }
            return self.end(&settings, &engine, &outcome).await;
        }
        let mut pause = engine.interval().await?;
        println!(
            "running: both are read every {}; Ctrl-C ends it at any time.",
            told::time(pause)
        );
        let mut waiting = 0;
        let mut stopped = Both::default();
        loop {
            // Whoever waits for one record keeps the others waiting no longer than a poll.
            let outcome = engine.settle(pause.min(PATIENCE)).await?;
            let total = &outcome.total;
            if total.guard.is_some() {
                return self.end(&settings, &engine, &outcome).await;
            }
            if total.writes() > 0 || total.linked > 0 {
                println!("{}", told::report(total));
            }
            if total.waiting > waiting {
                println!("{}", told::waiting(total.waiting));
            }
            waiting = total.waiting;
            let errors = total.stopped.as_ref().map(Option::as_ref);
            for side in Side::BOTH {
                let said = errors[side].map(ToString::to_string);
                if let Some(error) = said.as_ref().filter(|_| said != stopped[side]) {
                    eprintln!(
                        "ghl-insightly: {}: {error}; trying again later",
                        told::system(side)
                    );
                }
                stopped[side] = said;
            }
            // Else it has waited that long already.
            if outcome.settled || outcome.is_given_up() {
                tokio::time::sleep(pause).await;
            }
            if lists.are_due(SystemClock.now()) {
                match self.connect(&settings, &store, &lists).await {
                    Ok(anew) => {
                        engine = anew;
                        lists.were_read(SystemClock.now());
                    }
                    Err(why) => eprintln!(
                        "ghl-insightly: the users, tags and fields of both accounts cannot be read again, and those known are used: {why}"
                    ),
                }
            }
            pause = engine.interval().await?;
        }
    }

    async fn connect(
        &self,
        settings: &Settings,
        store: &Arc<dyn Store>,
        lists: &Lists,
    ) -> Result<Engine, Failure> {
        let connected = setup::connect(settings, &**store).await?;
        let builder = setup::builder(&connected, settings, Arc::clone(store), self.approve);
        let engine = builder.observer(lists.observer()).build();
        let engine = engine.map_err(Failure::unexpected)?;
        setup::count_requests(&connected, settings, &**store).await?;
        Ok(engine)
    }

    async fn end(
        &self,
        settings: &Settings,
        engine: &Engine,
        outcome: &Outcome,
    ) -> Result<(), Failure> {
        let total = &outcome.total;
        println!("{}.", told::report(total));
        println!(
            "calls: {} to GHL, {} to Insightly.",
            total.requests.left, total.requests.right
        );
        if !outcome.runs.is_empty() {
            let runs: Vec<String> = outcome.runs.iter().map(u64::to_string).collect();
            let runs = runs.join(" ");
            println!("`undo --run {runs}` shows what taking it back would do.");
        }
        if let Some(stop) = &total.guard {
            return Err(Failure::guard(stop, total.writes()));
        }
        let counts = engine.store().counts(engine.connection()).await?;
        println!(
            "{}; {} held for a person; {} waiting{}.",
            told::many(counts.links, "link", "links"),
            counts.holds,
            total.waiting,
            told::frozen(total.frozen)
        );
        let holds = engine.store().holds(engine.connection(), 0, SHOWN).await?;
        let titles = Titles::new(&**engine.store(), engine.connection());
        for (number, hold) in &holds {
            println!("  held {number}: {}", titles.hold(hold).await?);
        }
        for answer in told::answers(holds.iter().map(|(_, hold)| hold)) {
            println!("  {answer}");
        }
        for side in Side::BOTH {
            if let Some(error) = &total.stopped[side] {
                return Err(Failure::stopped(settings, side, error));
            }
        }
        Ok(())
    }
}
