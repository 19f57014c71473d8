//! `ghl-insightly holds`.

use clap::Args;
use sync_core::Archive;

use crate::{
    failure::Failure,
    setup::{self, Setup},
    told,
};

/// Shows what waits for a person, each with its number. Asks neither system, and may be
/// asked while a run goes on.
#[derive(Debug, Args)]
pub(crate) struct Holds {
    #[command(flatten)]
    setup: Setup,
    /// How many are shown.
    #[arg(long, default_value_t = 50)]
    count: usize,
    /// Only those after this number.
    #[arg(long, default_value_t = 0)]
    after: u64,
}

impl Holds {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.setup.settings()?;
        let (store, connection) = setup::archive(&settings)?;
        let holds = store.holds(&connection, self.after, self.count).await?;
        for (number, hold) in &holds {
            println!("{number:>5}  {}", told::hold(hold));
        }
        let all = store.counts(&connection).await?.holds;
        println!(
            "{} of {all} shown; `decide NUMBER --take ghl` or `--take insightly` answers one about a field; a whole record is put right in its system, or linked, or unlinked",
            holds.len()
        );
        Ok(())
    }
}
