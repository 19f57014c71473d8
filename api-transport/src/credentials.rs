//! By whom a call is made.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use http::HeaderValue;
use secrecy::SecretString;

/// Why there is no `authorization` header to send.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct CredentialsError {
    why: String,
    transient: bool,
}

impl CredentialsError {
    /// Somebody has to do something about it, e.g. connect the account again.
    pub fn new(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            transient: false,
        }
    }

    /// It may be over in a moment: the server that refreshes tokens does not answer.
    pub fn transient(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            transient: true,
        }
    }

    /// Whether it may be over in a moment.
    pub fn is_transient(&self) -> bool {
        self.transient
    }
}

/// What a credential is allowed, as the API named it when it gave the credential out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted(Arc<[String]>);

impl Granted {
    /// Takes the names apart, which are separated by spaces.
    pub fn from_text(names: &str) -> Self {
        Self(names.split_whitespace().map(str::to_owned).collect())
    }

    /// The names.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// Whether this name is among them.
    pub fn includes(&self, name: &str) -> bool {
        self.0.iter().any(|granted| granted == name)
    }
}

/// What an attempt is authorized by.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Authorization {
    /// The `authorization` header; `None` sends none.
    pub header: Option<HeaderValue>,
    /// What the credential is allowed, where that is known.
    pub granted: Option<Granted>,
}

impl Authorization {
    /// No header: for the calls that bring a credential in their body.
    pub fn none() -> Self {
        Self {
            header: None,
            granted: None,
        }
    }

    /// A header of this text, marked sensitive.
    ///
    /// # Errors
    ///
    /// When no header can carry its characters.
    pub fn header(text: &SecretString) -> Result<Self, CredentialsError> {
        use secrecy::ExposeSecret;
        let mut value = HeaderValue::try_from(text.expose_secret()).map_err(|_| {
            CredentialsError::new("the secret has characters that no header can carry")
        })?;
        value.set_sensitive(true);
        Ok(Self {
            header: Some(value),
            granted: None,
        })
    }

    /// `Bearer` and this token.
    ///
    /// # Errors
    ///
    /// When no header can carry its characters.
    pub fn bearer(token: &SecretString) -> Result<Self, CredentialsError> {
        use secrecy::ExposeSecret;
        Self::header(&format!("Bearer {}", token.expose_secret().trim()).into())
    }

    /// Tells what the credential is allowed.
    pub fn granting(mut self, granted: Option<Granted>) -> Self {
        self.granted = granted;
        self
    }
}

/// Gives the authorization of each attempt.
#[async_trait]
pub trait Credentials: Send + Sync + 'static {
    /// What the next attempt is authorized by, refreshed when it is stale.
    async fn authorization(&self) -> Result<Authorization, CredentialsError>;

    /// The server refused `used` as a credential. True when another try with a
    /// fresh one is worth it; called at most once for each call.
    async fn refused(&self, used: &Authorization) -> Result<bool, CredentialsError>;
}

/// Sends no `authorization` header.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCredentials;

#[async_trait]
impl Credentials for NoCredentials {
    async fn authorization(&self) -> Result<Authorization, CredentialsError> {
        Ok(Authorization::none())
    }

    async fn refused(&self, _used: &Authorization) -> Result<bool, CredentialsError> {
        Ok(false)
    }
}

/// Written out, so that the inner future is not boxed once more.
impl<C: Credentials + ?Sized> Credentials for Arc<C> {
    fn authorization<'s, 'f>(&'s self) -> BoxFuture<'f, Result<Authorization, CredentialsError>>
    where
        's: 'f,
        Self: 'f,
    {
        (**self).authorization()
    }

    fn refused<'s, 'u, 'f>(
        &'s self,
        used: &'u Authorization,
    ) -> BoxFuture<'f, Result<bool, CredentialsError>>
    where
        's: 'f,
        'u: 'f,
        Self: 'f,
    {
        (**self).refused(used)
    }
}
