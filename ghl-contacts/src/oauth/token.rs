//! The token of a location or an agency: the credentials of a client.

use std::{fmt, sync::Arc};

use api_transport::{Authorization, Credentials, CredentialsError};
use async_trait::async_trait;

use crate::{
    client::{Client, ClientBuilder},
    oauth::{error::OAuthError, token_state::TokenState},
};

/// The tokens of a location or an agency that installed an app: the credentials of a
/// [`Client`]. Cheap to clone; all clones and all programs on the same store share one
/// refresh.
///
/// # How it is refreshed
///
/// Five minutes before it ends, or when the API refuses it: then once, and an endless 401
/// ends with the call's error. One task of one program refreshes, by the store's lease; the
/// others wait for it. A caller that gives up does not stop a refresh that has begun.
///
/// A refresh token works once. The next one is in the store before anything uses it, and a
/// reply that was lost is asked for again within the 30 seconds in which HighLevel answers
/// alike. Where that fails too, the access token is used to its end; a location's token is
/// made anew from its agency's; and what remains is that the app is installed again.
#[derive(Clone)]
pub struct OAuthToken(Arc<TokenState>);

impl OAuthToken {
    pub(crate) fn new(state: Arc<TokenState>) -> Self {
        Self(state)
    }

    /// Starts a client with these credentials: with the app's base URL and wire, and the
    /// pacer that all clients of this location (or agency) share, since the limits are of
    /// each app in each location.
    pub fn client(&self) -> ClientBuilder {
        Client::builder(self.clone())
            .connected(self.0.app.connection().clone())
            .pacer(self.0.pacer.clone())
    }

    /// Forgets the tokens, here and in the store: the app was uninstalled.
    pub async fn forget(&self) -> Result<(), OAuthError> {
        Ok(self.0.forget().await?)
    }
}

impl fmt::Debug for OAuthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OAuthToken").field(&self.0.holder).finish()
    }
}

#[async_trait]
impl Credentials for OAuthToken {
    async fn authorization(&self) -> Result<Authorization, CredentialsError> {
        let tokens = TokenState::usable(&self.0).await?;
        Ok(Authorization::bearer(&tokens.access_token)?.granting(tokens.granted()))
    }

    async fn refused(&self, used: &Authorization) -> Result<bool, CredentialsError> {
        TokenState::refused(&self.0, used.header.as_ref()).await
    }
}
