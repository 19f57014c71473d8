//! `ghl-insightly link` and `unlink`.

use clap::Args;
use sync_core::{Kind, RecordId};

use super::Of;
use crate::{
    failure::Failure,
    setup::{self, Setup},
};

/// Says that two records are the same thing, whatever their keys.
#[derive(Debug, Args)]
pub(crate) struct Link {
    #[command(flatten)]
    setup: Setup,
    /// `company`, `contact`, `task` or `note`.
    kind: String,
    /// The record's id in GHL.
    ghl: String,
    /// The record's id in Insightly.
    insightly: String,
}

/// Says that two records are not the same thing. Both stay as they are, and are not linked again
/// by themselves.
#[derive(Debug, Args)]
pub(crate) struct Unlink {
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    of: Of,
}

impl Link {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.setup.settings()?;
        let mut engine = setup::engine(&settings, false).await?;
        let (left, right) = (RecordId::new(&self.ghl), RecordId::new(&self.insightly));
        engine.link(&Kind::new(&self.kind), &left, &right).await?;
        println!("linked; the next run settles what differs by [first_sync]");
        Ok(())
    }
}

impl Unlink {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.setup.settings()?;
        let mut engine = setup::engine(&settings, false).await?;
        let of = &self.of;
        engine.unlink(&of.kind(), of.side(), &of.id()).await?;
        println!("unlinked; both records stay as they are");
        Ok(())
    }
}
