//! Whose data this is: pinned at the first cycle, compared at every start.

use crate::{
    engine::{Engine, EngineError},
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
            self.check_account(side).await?;
        }
        self.accounts_checked = true;
        Ok(())
    }

    async fn check_account(&mut self, side: Side) -> Result<(), EngineError> {
        let asked = self.shared.connectors[side].account().await;
        let found = asked.map_err(|error| EngineError::Unreachable { side, error })?;
        let connection = self.shared.connection.clone();
        match self.store.pin(&connection, side).await? {
            Some(pinned) if pinned == found => Ok(()),
            Some(pinned) => Err(EngineError::WrongAccount {
                side,
                pinned,
                found,
            }),
            None => {
                let epoch = self.epoch().await?;
                let ops = vec![Op::Pin(side, found)];
                self.store.commit(&connection, Batch { epoch, ops }).await?;
                Ok(())
            }
        }
    }
}
