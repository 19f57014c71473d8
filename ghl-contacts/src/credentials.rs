//! By whom the API is called.

use std::time::Duration;

use api_transport::{Credentials, CredentialsError, HeaderValue, RotatingSecret, SecretString};
use async_trait::async_trait;

/// A Private Integration Token (`pit-…`) of a sub-account.
///
/// It is static until somebody rotates it in Settings → Private Integrations;
/// "expire later" keeps the old one alive for seven days and then ends it without a
/// signal, so look at its [`age`](Self::age). Clones share the token:
/// [`replace`](Self::replace) it in one and all clients use the new one.
///
/// ```
/// use ghl_contacts::PrivateIntegrationToken;
/// let token = PrivateIntegrationToken::new("pit-0c0ffee0");
/// token.replace("pit-1c0ffee1");
/// assert!(!format!("{token:?}").contains("c0ffee"));
/// ```
///
/// An OAuth client implements [`Credentials`] instead and refreshes its access token there.
#[derive(Debug, Clone)]
pub struct PrivateIntegrationToken(RotatingSecret);

impl PrivateIntegrationToken {
    /// Holds a token.
    pub fn new(token: impl Into<SecretString>) -> Self {
        Self(RotatingSecret::new(token.into(), |token| {
            format!("Bearer {}", token.trim())
        }))
    }

    /// All clients of this token use the new one from their next attempt on.
    pub fn replace(&self, token: impl Into<SecretString>) {
        self.0.replace(token.into());
    }

    /// How long this token has been held here.
    pub fn age(&self) -> Duration {
        self.0.age()
    }
}

#[async_trait]
impl Credentials for PrivateIntegrationToken {
    async fn authorization(&self) -> Result<HeaderValue, CredentialsError> {
        self.0.authorization().await
    }

    async fn refused(&self, used: &HeaderValue) -> Result<bool, CredentialsError> {
        self.0.refused(used).await
    }
}
