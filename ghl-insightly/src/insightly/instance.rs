//! Whose data an Insightly key opens: one instance.

use async_trait::async_trait;
use insightly::{Client, User};
use sync_core::{AccountId, AccountProbe, ConnectorError};

use super::failure::connector_error;

/// An instance, by the client that opens it.
#[derive(Debug, Clone)]
pub struct InsightlyInstance(pub Client);

impl InsightlyInstance {
    /// The instance of a key's user.
    pub fn account_of(me: &User) -> AccountId {
        let instance = me.instance_id.unwrap_or_default();
        AccountId::new(format!("insightly:{instance}"))
    }
}

#[async_trait]
impl AccountProbe for InsightlyInstance {
    async fn account(&self) -> Result<AccountId, ConnectorError> {
        let me = self.0.me().await.map_err(|e| connector_error(&e))?;
        Ok(Self::account_of(&me))
    }
}
