//! `ghl-insightly holds`.

use clap::Args;
use sync_core::Archive;

use crate::{
    failure::Failure,
    setup::{self, Setup},
    titles::Titles,
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
        let titles = Titles::new(&store, &connection);
        for (number, hold) in &holds {
            println!("{number:>5}  {}", titles.hold(hold).await?);
        }
        let all = store.counts(&connection).await?.holds;
        if all == 0 {
            println!("nothing is held");
            return Ok(());
        }
        let answers = told::answers(holds.iter().map(|(_, hold)| hold));
        let or = if answers.is_empty() { "" } else { ", or:" };
        println!(
            "{} of {all} shown; each is put right in its system{or}",
            holds.len()
        );
        for answer in answers {
            println!("  {answer}");
        }
        Ok(())
    }
}
