//! HighLevel's part: signs bodies with a key of its own.

use ghl_contacts::{
    HeaderMap, HeaderValue,
    webhooks::{Ed25519Key, Keys, Scheme, Verifier},
};
use ring::signature::{Ed25519KeyPair, KeyPair};

/// The DER of an Ed25519 `SubjectPublicKeyInfo`, up to the key.
const SPKI: [u8; 12] = [48, 42, 48, 5, 6, 3, 43, 101, 112, 3, 33, 0];

pub(crate) struct Signer(Ed25519KeyPair);

impl Signer {
    pub(crate) fn new(seed: u8) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap())
    }

    pub(crate) fn key(&self) -> Ed25519Key {
        Ed25519Key::from_der(&[&SPKI, self.0.public_key().as_ref()].concat()).unwrap()
    }

    pub(crate) fn verifier(&self) -> Verifier {
        Verifier::new(Keys::ed25519([self.key()]))
    }

    pub(crate) fn headers(&self, body: &[u8]) -> HeaderMap {
        use base64::{Engine, prelude::BASE64_STANDARD};
        let signature = BASE64_STANDARD.encode(self.0.sign(body));
        let mut headers = HeaderMap::new();
        let value = HeaderValue::try_from(signature).unwrap();
        headers.insert(Scheme::Ed25519.header(), value);
        headers
    }
}
