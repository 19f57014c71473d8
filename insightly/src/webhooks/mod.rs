//! Webhooks of workflow rules: hints that a record changed. Feature `webhooks`; the route
//! for axum is feature `axum`.
//!
//! Insightly's API has no webhooks. A user can add a webhook to a workflow automation rule
//! (Professional and up, by one source): it posts the record when it is made or changed and
//! meets the rule, and never when it is deleted.
//!
//! | you want | use |
//! | --- | --- |
//! | to receive them with axum | [`Receiver::into_route`](Receiver) (feature `axum`) |
//! | to receive them otherwise | [`Receiver::receive`] |
//! | to read one body | [`Hint::read`] |
//!
//! # How to
//!
//! Give each rule a URL of its own, so that the kind of record is certain, and a user and
//! password of its own choice:
//!
//! ```
//! # #[cfg(feature = "axum")] {
//! use insightly::{SecretString, webhooks::{BasicCredentials, HintKind, Receiver}};
//!
//! let (inbox, mut hints) = tokio::sync::mpsc::channel(1_000);
//! let credentials = BasicCredentials::new("insightly", SecretString::from("a long password"));
//! let receiver = Receiver::new(credentials, inbox);
//! let app: axum::Router = axum::Router::new()
//!     .route("/insightly/contacts", receiver.clone().of(HintKind::Contact).into_route())
//!     .route("/insightly", receiver.into_route());
//! # let work =
//! async move {
//!     while let Some(hint) = hints.recv().await {
//!         println!("read {:?} {:?} again", hint.kind(), hint.id());
//!     }
//! };
//! # }
//! ```
//!
//! # What a hint is worth
//!
//! Nothing is signed: whoever knows the password can say anything. Nothing tells what
//! happened, when, or whether it was told before; what is not received after two more tries
//! (by one source) is never told again. So a hint says "read this record by its id", and
//! [`since`](crate::Records::since) from time to time stays the truth. There is no way to
//! get a record out of a hint on purpose, only [`shown`](Hint::shown) to look at.

mod credentials;
mod hint;
mod receiver;
#[cfg(feature = "axum")]
mod route;

pub use credentials::BasicCredentials;
pub use hint::{Hint, HintKind, NotAHint};
pub use receiver::{DEFAULT_BODY_LIMIT, Receiver, Refusal};
