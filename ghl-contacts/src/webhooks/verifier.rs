//! From headers and raw bytes to an event that can be believed.

use std::sync::{PoisonError, RwLock};

use api_transport::{Bytes, HeaderMap};
use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Keys, Refusal, Scheme, VerifiedEvent};

/// The cap of a body, unless another is set: far more than any documented event.
pub const DEFAULT_BODY_LIMIT: usize = 1024 * 1024;

/// Bytes of an Ed25519 signature.
const ED25519_BYTES: usize = 64;

/// The fewest and the most bytes of an RSA signature: of keys of 2048 to 8192 bits.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// Checks deliveries: signature first, over the raw bytes; only then is anything parsed.
///
/// Where an `X-GHL-Signature` is there, it alone decides: a wrong one is never made good by
/// the legacy header. Keys can be replaced while it is in use.
///
/// ```
/// use ghl_contacts::{Bytes, HeaderMap, webhooks::{Keys, Refusal, Verifier}};
/// let verifier = Verifier::new(Keys::highlevel());
/// let unsigned = verifier.verify(&HeaderMap::new(), Bytes::from_static(b"{}"));
/// assert_eq!(unsigned.unwrap_err(), Refusal::Missing);
/// ```
#[derive(Debug)]
pub struct Verifier {
    keys: RwLock<Keys>,
    body_limit: usize,
}

impl Verifier {
    /// Checks with these keys.
    pub fn new(keys: Keys) -> Self {
        Self {
            keys: RwLock::new(keys),
            body_limit: DEFAULT_BODY_LIMIT,
        }
    }

    /// Refuses bodies of more bytes than this, unread.
    #[must_use]
    pub fn limit_body(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// The cap of a body, in bytes.
    pub fn body_limit(&self) -> usize {
        self.body_limit
    }

    /// From now on only these keys count. For a rotation, give the old and the new one.
    pub fn replace_keys(&self, keys: Keys) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    /// Believes a delivery, or says why not.
    ///
    /// `body` must be the bytes as they came: JSON that was parsed and written again has
    /// another signature.
    pub fn verify(&self, headers: &HeaderMap, body: Bytes) -> Result<VerifiedEvent, Refusal> {
        if body.len() > self.body_limit {
            let limit = self.body_limit;
            return Err(Refusal::TooLarge { limit });
        }
        let scheme = self.check(headers, &body)?;
        VerifiedEvent::parse(body, scheme)
    }

    fn check(&self, headers: &HeaderMap, body: &[u8]) -> Result<Scheme, Refusal> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let absent = match signature(headers, Scheme::Ed25519) {
            Ok(signature) => {
                let right = keys
                    .ed25519
                    .iter()
                    .any(|key| key.verifies(body, &signature));
                return judged(right, Scheme::Ed25519);
            }
            Err(absent @ (Refusal::Missing | Refusal::Placeholder(_))) => absent,
            Err(refusal) => return Err(refusal),
        };
        let rsa_is_there = headers.contains_key(Scheme::Rsa.header());
        match (keys.legacy_rsa.is_empty(), rsa_is_there) {
            (false, true) => {
                let signature = signature(headers, Scheme::Rsa)?;
                let mut rsa = keys.legacy_rsa.iter();
                judged(rsa.any(|key| key.verifies(body, &signature)), Scheme::Rsa)
            }
            (true, true) if absent == Refusal::Missing => Err(Refusal::OnlyLegacy),
            _ => Err(absent),
        }
    }
}

fn judged(right: bool, scheme: Scheme) -> Result<Scheme, Refusal> {
    if right {
        Ok(scheme)
    } else {
        Err(Refusal::Wrong(scheme))
    }
}

/// The signature of a scheme, if there is exactly one that could be one.
fn signature(headers: &HeaderMap, scheme: Scheme) -> Result<Vec<u8>, Refusal> {
    let mut values = headers.get_all(scheme.header()).iter();
    let value = values.next().ok_or(Refusal::Missing)?;
    if values.next().is_some() {
        return Err(Refusal::Doubled(scheme));
    }
    let bytes = match value.as_bytes().trim_ascii() {
        b"" => return Err(Refusal::Empty(scheme)),
        b"N/A" => return Err(Refusal::Placeholder(scheme)),
        text => BASE64_STANDARD.decode(text),
    };
    let bytes = bytes.map_err(|_| Refusal::NotBase64(scheme))?;
    let found = bytes.len();
    let fits = match scheme {
        Scheme::Ed25519 => found == ED25519_BYTES,
        Scheme::Rsa => RSA_BYTES.contains(&found),
    };
    fits.then_some(bytes)
        .ok_or(Refusal::WrongLength { scheme, found })
}
