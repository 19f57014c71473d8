//! `ghl-insightly forget`.

use clap::Args;
use sync_core::{Engine, Forgotten};

use super::Of;
use crate::{
    failure::Failure,
    setup::{self, Setup},
    told,
};

/// Erases a person from the store, for good: what was seen, held, written and remembered of the
/// record, its counterpart, and the tasks and notes under them. Deletes nothing in the two systems:
/// do that there.
#[derive(Debug, Args)]
pub(crate) struct Forget {
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    of: Of,
    /// Also a record of which nothing is known: rows of it are dropped from now on
    #[arg(long)]
    unseen: bool,
}

impl Forget {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.setup.settings()?;
        let mut engine = setup::engine(&settings, false).await?;
        let of = &self.of;
        if !self.unseen && !self.is_known(&engine).await? {
            return Err(Failure::misuse(format!(
                "nothing is known of the {} {} in {}: is it the right id? `--unseen` keeps it out all the same",
                of.kind(),
                of.id(),
                told::system(of.side())
            )));
        }
        match engine.forget(&of.kind(), of.side(), &of.id()).await? {
            Forgotten::Erased { ids, below } => {
                println!("forgotten: {}", told::ids(&ids));
                for (kind, ids) in below {
                    println!("  with its {kind} {}", told::ids(&ids));
                }
                Ok(())
            }
            Forgotten::Waits { why, due } => {
                let again = match due {
                    Some(_) => "try again in a minute",
                    None => "then forget it again",
                };
                let why = format!("nothing is erased yet: {why}; {again}");
                Err(Failure::unexpected(why))
            }
            _ => Err(Failure::unexpected("nothing is erased")),
        }
    }

    /// Whether the store has anything of the record, if only that it was forgotten before.
    async fn is_known(&self, engine: &Engine) -> Result<bool, Failure> {
        let (store, here) = (engine.store(), engine.connection());
        let (kind, side, ids) = (self.of.kind(), self.of.side(), [self.of.id()]);
        let seen = store.observations(here, &kind, side, &ids).await?;
        let linked = store.links(here, &kind, side, &ids).await?;
        let buried = store.tombstones(here, &kind, side, &ids).await?;
        let forgotten = store.erased(here, &kind, side, &ids).await?;
        let known = [
            forgotten[0],
            seen[0].is_some(),
            linked[0].is_some(),
            buried[0].is_some(),
        ];
        Ok(known.contains(&true))
    }
}
