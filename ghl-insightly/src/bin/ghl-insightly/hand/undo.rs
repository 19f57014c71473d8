//! `ghl-insightly undo`.

use std::sync::Arc;

use clap::Args;
use sync_core::{Engine, Undo as What};

use crate::{
    failure::Failure,
    setup::{self, Setup},
    titles::Titles,
    told,
};

/// Takes back what was written, where the value is still the one that was written. Shows what it
/// would do; `--apply` does it.
#[derive(Debug, Args)]
#[group(id = "what", required = true, multiple = false, args = ["entry", "run"])]
pub(crate) struct Undo {
    #[command(flatten)]
    setup: Setup,
    /// One entry of the history, by its number.
    #[arg(long)]
    entry: Option<u64>,
    /// All that a run did, by its number; of several, the last one first.
    #[arg(long, num_args = 1..)]
    run: Vec<u64>,
    /// Deletes also what was created, unless somebody has edited it since.
    #[arg(long)]
    creates: bool,
    /// Does it.
    #[arg(long)]
    apply: bool,
}

/// Steps that are shown.
const STEPS: usize = 50;

impl Undo {
    pub(crate) async fn run(mut self) -> Result<(), Failure> {
        let settings = self.setup.settings()?;
        let mut engine = setup::engine(&settings, true).await?;
        self.run.sort_unstable_by(|a, b| b.cmp(a));
        let entry = self.entry.map(What::Entry);
        let runs = self.run.iter().copied().map(What::Run);
        let mut steps = 0;
        for what in entry.into_iter().chain(runs) {
            steps += self.take_back(&mut engine, &what).await?;
        }
        if !self.apply {
            let changes = told::many(steps as u64, "change", "changes");
            println!("{changes}. Nothing was written; --apply does it.");
        }
        if self.creates {
            println!(
                "Whose copy is deleted stays where it is, and out of the sync, edited or not: enter it in the other system again, and the two are linked."
            );
        }
        println!(
            "Only what was written is taken back: where an edit in the other system is what was written, the two differ from then on, until somebody edits one of them."
        );
        Ok(())
    }

    async fn take_back(&self, engine: &mut Engine, what: &What) -> Result<usize, Failure> {
        let plan = engine.undo(what, self.creates).await?;
        let (store, connection) = (Arc::clone(engine.store()), engine.connection().clone());
        let titles = Titles::new(&*store, &connection);
        for staged in plan.steps(0, STEPS).await? {
            println!("  {}", titles.step(&staged).await?);
        }
        let saved = plan.save().await?;
        for left in &saved.left {
            let field = left
                .field
                .as_ref()
                .map_or("the record", |field| field.name());
            println!(
                "  left as it is: {}, {field}: {}",
                titles.pair(&left.kind, &left.ids).await?,
                told::named(&left.why)
            );
        }
        if saved.steps.is_empty() && saved.left.is_empty() {
            let message = "nothing is to be taken back under that number: nothing was written there, or it was taken back before; `history` shows the numbers";
            return Err(Failure::check(message));
        }
        if self.apply {
            let applied = engine.apply(&saved).await?;
            for refused in &applied.refused {
                println!("  not done: {}", told::named(&refused.to_string()));
            }
            println!("{} done, {} not", applied.applied, applied.refused.len());
        }
        Ok(saved.steps.len())
    }
}
