//! `ghl-insightly forget`.

use clap::Args;
use sync_core::Forgotten;

use super::Of;
use crate::{
    failure::Failure,
    setup::{self, Setup},
    told,
};

/// Erases a person from the store: what was seen, held, written and remembered of the record and
/// its counterpart. Deletes nothing in the two systems: do that there.
#[derive(Debug, Args)]
pub(crate) struct Forget {
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    of: Of,
}

impl Forget {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.setup.settings()?;
        let mut engine = setup::engine(&settings, false).await?;
        let of = &self.of;
        match engine.forget(&of.kind(), of.side(), &of.id()).await? {
            Forgotten::Erased(ids) => {
                println!("forgotten: {}", told::ids(&ids));
                Ok(())
            }
            Forgotten::Waits { why, .. } => Err(Failure::unexpected(format!(
                "nothing is erased yet: {why}; try again in a minute"
            ))),
            _ => Err(Failure::unexpected("nothing is erased")),
        }
    }
}
