//! Whose data a GHL token opens: one location.

use async_trait::async_trait;
use ghl_contacts::{Client, LocationDetails, LocationId};
use sync_core::{AccountId, AccountProbe, ConnectorError};

use super::failure::connector_error;

/// A location, and the client that opens it.
#[derive(Debug, Clone)]
pub struct GhlLocation {
    /// The client.
    pub client: Client,
    /// The location.
    pub id: LocationId,
}

impl GhlLocation {
    /// The account that a location is.
    pub fn account_of(location: &LocationDetails) -> AccountId {
        AccountId::new(format!("ghl:{}", location.id))
    }
}

#[async_trait]
impl AccountProbe for GhlLocation {
    async fn account(&self) -> Result<AccountId, ConnectorError> {
        let location = self.client.location(&self.id).get().await;
        let location = location.map_err(|e| connector_error(&e))?;
        Ok(Self::account_of(&location))
    }
}
