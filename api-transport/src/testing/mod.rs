//! What an embedder proves its own parts with.

mod secret_store_laws;

/// The laws of [`SecretStore`](crate::SecretStore), one function each; run by
/// [`secret_store_contract!`](crate::secret_store_contract).
pub mod secret_store {
    pub use super::secret_store_laws::*;
}
