//! Proofs that an embedder's own parts can run: the laws of mappers and stores.

mod store_laws;

/// The laws of [`Store`](crate::Store), one function each; run by [`store_contract!`](crate::store_contract).
pub mod store {
    pub use super::store_laws::*;
}
