//! Apps that others install: OAuth 2.0 with an authorization code.
//!
//! An [`OAuthApp`] sends people to HighLevel's consent page ([`authorize`](OAuthApp::authorize)),
//! turns the code that comes back into tokens ([`exchange`](OAuthApp::exchange)), keeps them
//! in a [`SecretStore`], and gives an [`OAuthToken`] for each location or agency: the
//! credentials of a [`Client`](crate::Client), refreshed by themselves. See
//! [`OAuthToken`] for how they are kept alive.

mod app;
mod authorize;
mod error;
mod holder;
mod renewal;
mod reply;
mod token;
mod token_set;
mod token_state;

pub use app::{Installation, OAuthApp, OAuthAppBuilder, UserType};
pub use authorize::{AuthorizationCode, Authorize, CallbackError, PendingAuthorization};
pub use error::OAuthError;
pub use token::OAuthToken;
