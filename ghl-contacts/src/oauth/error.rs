//! Why tokens could not be had.

use api_transport::SecretStoreError;

use crate::error::Error;

/// Why an app could not get, keep or forget tokens.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OAuthError {
    /// The call failed. A code works once: after a failure that leaves open whether it was
    /// done, send the person to the consent page again.
    #[error(transparent)]
    Call(#[from] Error),
    /// The tokens could not be read from the store, or not be kept in it.
    #[error(transparent)]
    Store(#[from] SecretStoreError),
    /// The answer names neither a location nor an agency, so the tokens belong to nobody.
    #[error("the token answer names neither a location nor an agency")]
    NoHolder,
}
