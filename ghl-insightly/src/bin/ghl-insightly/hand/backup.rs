//! `ghl-insightly backup`.

use std::path::PathBuf;

use clap::Args;
use sync_sqlite::SqliteStore;

use crate::{failure::Failure, setup::Setup};

/// Copies the store to a new file, also while a run goes on. Asks neither system.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    setup: Setup,
    /// The file to make.
    to: PathBuf,
}

impl Backup {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let settings = self.setup.settings()?;
        let store = &settings.store;
        SqliteStore::copy(store, &self.to)?;
        println!(
            "copied {} to {}. To restore it, stop the program, remove the store with the -wal and -shm files beside it, put the copy in its place, and run `run --once --whole`: it reads everything before it creates anything.",
            store.display(),
            self.to.display()
        );
        Ok(())
    }
}
