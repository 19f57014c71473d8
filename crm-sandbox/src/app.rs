//! The marketplace app that the GHL side knows.

use crate::seed;

/// What an OAuth client needs to know of its app, and of the webhooks sent to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GhlApp {
    /// `<app id>-<suffix>`.
    pub client_id: String,
    /// For `POST /oauth/token`.
    pub client_secret: String,
    /// The app itself, as in webhooks and `GET /oauth/installedLocations`.
    pub app_id: String,
    /// The agency that the location belongs to.
    pub company_id: String,
    /// Verifies `X-GHL-Signature`: an Ed25519 key in PEM.
    pub webhook_public_key: String,
}

impl GhlApp {
    /// An app of its own; the key is still to be named.
    pub(crate) fn new(dice: &mut fastrand::Rng) -> Self {
        let app_id = format!("{:016x}{:08x}", dice.u64(..), dice.u32(..));
        let suffix = seed::letters_and_digits(dice, 8).to_lowercase();
        Self {
            client_id: format!("{app_id}-{suffix}"),
            client_secret: seed::guid(dice),
            app_id,
            company_id: seed::letters_and_digits(dice, 20),
            webhook_public_key: String::new(),
        }
    }
}
