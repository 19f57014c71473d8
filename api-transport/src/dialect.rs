//! What one API's answers mean.

use crate::{
    credentials::Granted,
    error::Kind,
    fault::Effect,
    operation::Definition,
    pacer::LimitReading,
    sender::{Request, Response},
};

/// One API's rules: what to send with every request, and what its answers say.
pub trait Dialect: Send + Sync + 'static {
    /// The client's error kinds.
    type Kind: Kind;

    /// Adds the headers that every request of this API carries.
    fn prepare(&self, request: &mut Request);

    /// Reads the rate headers of any answer.
    fn limits(&self, response: &Response) -> LimitReading;

    /// Reads an answer that is not a 2xx.
    fn classify(&self, definition: &Definition, response: &Response) -> Verdict<Self::Kind>;

    /// Refuses, before it is sent, what the credential is known not to be allowed: the kind
    /// of failure, and what to say.
    fn refuse(&self, definition: &Definition, granted: &Granted) -> Option<(Self::Kind, String)> {
        let _ = (definition, granted);
        None
    }
}

/// What an answer that is not a 2xx says.
#[derive(Debug, Clone)]
pub struct Verdict<K> {
    /// The kind of failure.
    pub kind: K,
    /// The API's own words.
    pub message: String,
    /// The API's id of this request, for its support desk.
    pub request_id: Option<String>,
    /// Whether a write may have been done all the same.
    pub effect: Effect,
    /// Whether the same request may succeed a moment later.
    pub transient: bool,
    /// Whether the credential itself was refused.
    pub credential_refused: bool,
}
