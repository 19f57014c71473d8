//! Whose data this is: pinned at the first cycle, compared at every start.

use crate::{
    engine::{Engine, EngineError},
    id::AccountId,
    side::Side,
    store::{Batch, Op},
};

impl Engine {
    /// Once for each start of the program: it costs a request on each side.
    pub(super) async fn check_accounts(&mut self) -> Result<(), EngineError> {
        if self.accounts_checked {
            return Ok(());
        }
        for side in Side::BOTH {
            if let Some(found) = self.not_pinned(side).await? {
                let epoch = self.epoch().await?;
                let ops = vec![Op::Pin(side, found)];
                let here = &self.shared.connection;
                self.store.commit(here, Batch { epoch, ops }).await?;
            }
        }
        self.accounts_checked = true;
        Ok(())
    }

    /// Whether the connection belongs to the accounts that are connected, without a trace in the
    /// store. Every cycle sees to that by itself; it costs a request on each side where none was
    /// run yet.
    ///
    /// # Errors
    ///
    /// [`EngineError::WrongAccount`]; [`EngineError::Unreachable`].
    pub async fn compare_accounts(&self) -> Result<(), EngineError> {
        if !self.accounts_checked {
            for side in Side::BOTH {
                self.not_pinned(side).await?;
            }
        }
        Ok(())
    }

    /// The account of a side that is not pinned yet.
    async fn not_pinned(&self, side: Side) -> Result<Option<AccountId>, EngineError> {
        let asked = self.shared.connectors[side].account().await;
        let found = asked.map_err(|error| EngineError::Unreachable { side, error })?;
        match self.store.pin(&self.shared.connection, side).await? {
            Some(pinned) if pinned == found || planted!("any-account-will-do") => Ok(None),
            Some(pinned) => Err(EngineError::WrongAccount {
                side,
                pinned,
                found,
            }),
            None => Ok(Some(found)),
        }
    }
}
