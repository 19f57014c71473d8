//! Whose data an Insightly key opens: one instance.

use async_trait::async_trait;
use insightly::Client;
use sync_core::{AccountId, AccountProbe, ConnectorError};

use super::failure::connector_error;

/// An instance, by the client that opens it.
#[derive(Debug, Clone)]
pub struct InsightlyInstance(pub Client);

#[async_trait]
impl AccountProbe for InsightlyInstance {
    async fn account(&self) -> Result<AccountId, ConnectorError> {
        let me = self.0.me().await.map_err(|e| connector_error(&e))?;
        let instance = me.instance_id.unwrap_or_default();
        Ok(AccountId::new(format!("insightly:{instance}")))
    }
}
