//! `ghl-insightly undo`.

use clap::Args;
use sync_core::Undo as What;

use crate::{
    failure::Failure,
    setup::{self, Setup},
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
    /// All that one run did, by its number.
    #[arg(long)]
    run: Option<u64>,
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
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.setup.settings()?;
        let mut engine = setup::engine(&settings, true).await?;
        let what = match (self.entry, self.run) {
            (Some(entry), _) => What::Entry(entry),
            (None, run) => What::Run(run.unwrap_or_default()),
        };
        let plan = engine.undo(&what, self.creates).await?;
        for staged in plan.steps(0, STEPS).await? {
            println!("  {}", staged.told(&told::NAMES));
        }
        let saved = plan.save().await?;
        for left in &saved.left {
            let field = left
                .field
                .as_ref()
                .map_or("the record", |field| field.name());
            println!(
                "  left as it is: {} {}, {field}: {}",
                left.kind,
                told::ids(&left.ids),
                told::named(&left.why)
            );
        }
        if saved.steps.is_empty() && saved.left.is_empty() {
            let message = "nothing was written under that number; `history` shows the numbers";
            return Err(Failure::check(message));
        }
        println!("{} steps", saved.steps.len());
        if !self.apply {
            println!("Nothing was written; --apply does it.");
            println!(
                "Only what was written is taken back: where an edit in the other system is what was written, the two differ from then on, until somebody edits one of them."
            );
            return Ok(());
        }
        let applied = engine.apply(&saved).await?;
        for refused in &applied.refused {
            println!("  not done: {}", told::named(&refused.to_string()));
        }
        println!(
            "{} steps done, {} not",
            applied.applied,
            applied.refused.len()
        );
        Ok(())
    }
}
