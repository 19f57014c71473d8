//! `ghl-insightly history`.

use clap::{Args, ValueEnum};
use sync_core::{Archive, HistoryOf};

use super::Of;
use crate::{
    failure::Failure,
    setup::{self, Setup},
    titles::Titles,
    told,
};

/// Shows what was done, the latest last: who wrote what where, and by which rule. Asks neither system,
/// and may be asked while a run goes on.
#[derive(Debug, Args)]
pub(crate) struct History {
    #[command(flatten)]
    setup: Setup,
    /// Only what happened to this record: KIND, `ghl` or `insightly`, ID.
    #[arg(long, num_args = 3, value_names = ["KIND", "SYSTEM", "ID"])]
    of: Option<Vec<String>>,
    /// Only what this run did.
    #[arg(long)]
    run: Option<u64>,
    /// How many entries are shown.
    #[arg(long, default_value_t = 50)]
    count: usize,
    /// The first ones after this number. A record's history, and a run's, begin with their first.
    #[arg(long)]
    after: Option<u64>,
    /// The last ones before this number.
    #[arg(long, conflicts_with_all = ["after", "of", "run"])]
    before: Option<u64>,
}

impl History {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.setup.settings()?;
        let (store, connection) = setup::archive(&settings)?;
        let of = match (&self.of, self.run) {
            (Some(words), _) => Some(record(words)?),
            (None, run) => run.map(HistoryOf::Run),
        };
        let count = self.count;
        let entries = match (&of, self.after) {
            (Some(of), after) => {
                let after = after.unwrap_or(0);
                store.history_of(&connection, of, after, count).await?
            }
            (None, Some(after)) => store.history(&connection, after, count).await?,
            (None, None) => {
                let before = self.before.unwrap_or(u64::MAX);
                store.history_before(&connection, before, count).await?
            }
        };
        if let (Some(of), None, true) = (&of, self.after, entries.is_empty()) {
            return Err(nothing_of(of));
        }
        let titles = Titles::new(&store, &connection);
        for (number, happened) in &entries {
            println!("{number:>5}  {}", titles.happened(happened).await?);
        }
        println!(
            "{} shown; --before NUMBER shows earlier ones, --after NUMBER later ones",
            entries.len()
        );
        Ok(())
    }
}

fn nothing_of(of: &HistoryOf) -> Failure {
    Failure::check(match of {
        HistoryOf::Run(run) => {
            format!("run {run} wrote nothing, or there was none; `history` shows the numbers")
        }
        HistoryOf::Record(kind, side, id) => {
            let system = told::system(*side);
            format!("nothing has happened to the {kind} {id} of {system}")
        }
    })
}

fn record(words: &[String]) -> Result<HistoryOf, Failure> {
    let [kind, system, id] = words else {
        return Err(Failure::misuse("--of wants a kind, a system and an id"));
    };
    let of = Of {
        kind: word(kind)?,
        system: word(system)?,
        id: id.clone(),
    };
    Ok(HistoryOf::Record(of.kind(), of.side(), of.id()))
}

/// One of a few words.
fn word<T: ValueEnum>(said: &str) -> Result<T, Failure> {
    T::from_str(said, true).map_err(|_| {
        let known = T::value_variants().iter().filter_map(T::to_possible_value);
        let known: Vec<_> = known.map(|value| value.get_name().to_owned()).collect();
        Failure::misuse(format!("`{said}` is none of {}", known.join(", ")))
    })
}
