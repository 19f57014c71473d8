//! What the `ghl-contacts` and `insightly` clients share: how a request travels.
//!
//! A call is an [`Operation`], built without a network from a [`Definition`]
//! that also feeds the client's public table. [`Transport::send`] carries it:
//! credentials → [`Pacer`] → [`Sender`] → classify → repeat or return.
//!
//! | room | holds |
//! | --- | --- |
//! | [`Definition`], [`Operation`] | what is called |
//! | [`Base`] | where it is called; plain http only to loopback |
//! | [`Credentials`], [`SecretString`] | by whom |
//! | [`SecretStore`], [`FileSecretStore`] | where secrets that change are kept |
//! | [`Pacer`], [`Limits`], [`Budget`] | how fast, for one account |
//! | [`Sender`], [`ReqwestSender`] | the wire; tests bring their own |
//! | [`ApiError`], [`Effect`], [`Fault`] | why it failed, and whether it may have been done |
//! | [`Dialect`] | what one API's answers mean |
//!
//! The clients re-export what their callers need; nobody has to name this crate.

mod base;
mod credentials;
mod dialect;
mod edit;
mod error;
mod fault;
mod operation;
mod pacer;
mod repeat;
mod reqwest_sender;
mod retry_after;
mod secret_store;
mod sender;
mod server_time;
#[cfg(feature = "testing")]
pub mod testing;
mod transport;

pub use base::{Base, BaseError};
pub use bytes::Bytes;
pub use credentials::{Credentials, CredentialsError, RotatingSecret};
pub use dialect::{Dialect, Verdict};
pub use edit::Edit;
pub use error::{ApiError, Kind};
pub use fault::{Effect, Fault};
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
pub use operation::{Definition, Operation};
pub use pacer::{Budget, DayExhausted, LimitReading, Limits, Pacer, Priority, Turn};
pub use repeat::RepeatPolicy;
pub use reqwest_sender::{ReqwestSender, ReqwestSenderBuilder, SenderBuildError};
pub use retry_after::retry_after;
pub use secrecy::{ExposeSecret, SecretString};
#[cfg(feature = "keyring")]
pub use secret_store::KeyringSecretStore;
pub use secret_store::{FileSecretStore, Lease, MemorySecretStore, SecretStore, SecretStoreError};
pub use sender::{BodySource, ByteStream, Opened, Request, Response, SendError, Sender};
pub use server_time::server_time;
pub use transport::{Transport, TransportBuilder};
