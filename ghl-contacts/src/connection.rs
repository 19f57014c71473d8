//! Where and by what wire the API is reached.

use std::sync::Arc;

use api_transport::{Base, BaseError, ReqwestSender, Sender, SenderBuildError};

/// Where the API is, for all versions and white labels.
pub const BASE_URL: &str = "https://services.leadconnectorhq.com";

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL is not usable.
    #[error(transparent)]
    Base(#[from] BaseError),
    /// The stock sender cannot be set up.
    #[error(transparent)]
    Sender(#[from] SenderBuildError),
}

/// What clients and apps are told about the way to the API.
#[derive(Clone)]
pub(crate) struct Connection {
    pub(crate) base_url: String,
    pub(crate) plain_http: bool,
    pub(crate) sender: Option<Arc<dyn Sender>>,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            base_url: BASE_URL.to_owned(),
            plain_http: false,
            sender: None,
        }
    }
}

impl Connection {
    /// The parts of a transport; the stock sender where there is no other.
    pub(crate) fn open(&self) -> Result<(Base, Arc<dyn Sender>), BuildError> {
        let base = if self.plain_http {
            Base::parse_with_plain_http(&self.base_url)?
        } else {
            Base::parse(&self.base_url)?
        };
        let sender = match &self.sender {
            Some(sender) => Arc::clone(sender),
            None => Arc::new(ReqwestSender::new()?),
        };
        Ok((base, sender))
    }
}
