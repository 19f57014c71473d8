//! The public keys that deliveries are checked with.

use std::fmt;

use rustls_pki_types::{
    SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer,
    pem::{self, PemObject},
};
use webpki::RawPublicKeyEntity;

/// Why a text or bytes are no usable public key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// There is no `PUBLIC KEY` section.
    #[error("no PEM section `PUBLIC KEY`: {0}")]
    NotPem(String),
    /// It is a key of another kind, or none at all.
    #[error("not a public key for {scheme}")]
    OtherKind {
        /// The kind that was asked for.
        scheme: Scheme,
    },
}

/// How a delivery is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// Ed25519, in `X-GHL-Signature`.
    Ed25519,
    /// The legacy RSA PKCS#1 v1.5 with SHA-256, in `X-WH-Signature`.
    Rsa,
}

impl Scheme {
    /// The header that carries its signature.
    pub const fn header(self) -> &'static str {
        match self {
            Self::Ed25519 => "x-ghl-signature",
            Self::Rsa => "x-wh-signature",
        }
    }

    fn algorithm(self) -> &'static dyn SignatureVerificationAlgorithm {
        match self {
            Self::Ed25519 => webpki::ring::ED25519,
            Self::Rsa => webpki::ring::RSA_PKCS1_2048_8192_SHA256,
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ed25519 => "Ed25519",
            Self::Rsa => "RSA",
        })
    }
}

macro_rules! keys {
    ($($(#[$meta:meta])* $name:ident: $scheme:ident, $highlevel:literal, $(#[$from:meta])*;)+) => { $(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(SubjectPublicKeyInfoDer<'static>);

        impl $name {
            /// Takes a key from a PEM text with a section `PUBLIC KEY`.
            pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
                Ok(Self(read_pem(pem, Scheme::$scheme)?))
            }

            /// Takes a key from the DER of its `SubjectPublicKeyInfo`.
            pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
                let key = SubjectPublicKeyInfoDer::from(der).into_owned();
                Ok(Self(of_kind(key, Scheme::$scheme)?))
            }

            $(#[$from])*
            pub fn highlevel() -> Self {
                let der: &'static [u8] = include_bytes!($highlevel);
                Self(SubjectPublicKeyInfoDer::from(der))
            }

            pub(super) fn verifies(&self, body: &[u8], signature: &[u8]) -> bool {
                verifies(&self.0, Scheme::$scheme, body, signature)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+ };
}

keys! {
    /// A public key for `X-GHL-Signature`.
    Ed25519Key: Ed25519, "keys/highlevel-ed25519.der",
        /// HighLevel's key, the same in three code bases that know nothing of each other, two
        /// of which cite the official guide. The official page itself was not seen: compare
        /// it with your developer portal, and give your own where they differ.
        ;
    /// A public key for the legacy `X-WH-Signature`.
    RsaKey: Rsa, "keys/highlevel-rsa.der",
        /// HighLevel's key of 4096 bits, from its official documents.
        ;
}

/// The keys that count now. More than one for each scheme is a rotation under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    pub(super) ed25519: Vec<Ed25519Key>,
    pub(super) legacy_rsa: Vec<RsaKey>,
}

impl Keys {
    /// HighLevel's own [`Ed25519Key`], and no RSA.
    pub fn highlevel() -> Self {
        Self::ed25519([Ed25519Key::highlevel()])
    }

    /// These keys, each as good as the others, and no RSA.
    pub fn ed25519(keys: impl IntoIterator<Item = Ed25519Key>) -> Self {
        Self {
            ed25519: keys.into_iter().collect(),
            legacy_rsa: Vec::new(),
        }
    }

    /// Accepts the legacy RSA header too, but only on deliveries without an
    /// `X-GHL-Signature`. HighLevel has said that it sends it no longer.
    pub fn and_legacy_rsa(mut self, keys: impl IntoIterator<Item = RsaKey>) -> Self {
        self.legacy_rsa.extend(keys);
        self
    }
}

fn read_pem(text: &str, scheme: Scheme) -> Result<SubjectPublicKeyInfoDer<'static>, KeyError> {
    let key = SubjectPublicKeyInfoDer::from_pem_slice(text.as_bytes())
        .map_err(|error: pem::Error| KeyError::NotPem(error.to_string()))?;
    of_kind(key, scheme)
}

/// A signature that cannot be right tells whether key and algorithm belong together.
fn of_kind(
    key: SubjectPublicKeyInfoDer<'static>,
    scheme: Scheme,
) -> Result<SubjectPublicKeyInfoDer<'static>, KeyError> {
    let fits = RawPublicKeyEntity::try_from(&key)
        .map(|entity| entity.verify_signature(scheme.algorithm(), b"", b""));
    match fits {
        Ok(Err(webpki::Error::InvalidSignatureForPublicKey)) => Ok(key),
        _ => Err(KeyError::OtherKind { scheme }),
    }
}

fn verifies(
    key: &SubjectPublicKeyInfoDer<'_>,
    scheme: Scheme,
    body: &[u8],
    signature: &[u8],
) -> bool {
    RawPublicKeyEntity::try_from(key)
        .and_then(|entity| entity.verify_signature(scheme.algorithm(), body, signature))
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stock_keys_are_those_of_highlevel_and_of_their_kind() {
        let ed25519 = Ed25519Key::highlevel();
        assert_eq!(Ed25519Key::from_der(&ed25519.0), Ok(ed25519.clone()));
        let published = "-----BEGIN PUBLIC KEY-----\n\
            MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=\n\
            -----END PUBLIC KEY-----\n";
        assert_eq!(Ed25519Key::from_pem(published), Ok(ed25519));
        let rsa = RsaKey::highlevel();
        assert_eq!(RsaKey::from_der(&rsa.0), Ok(rsa.clone()));
        let digest = ring::digest::digest(&ring::digest::SHA256, &rsa.0);
        assert_eq!(&digest.as_ref()[..4], [0x2f, 0x62, 0x04, 0x5d]);
    }

    #[test]
    fn a_key_of_the_other_kind_is_refused() {
        let rsa = Ed25519Key::from_der(&RsaKey::highlevel().0);
        let scheme = Scheme::Ed25519;
        assert_eq!(rsa, Err(KeyError::OtherKind { scheme }));
        let ed25519 = RsaKey::from_der(&Ed25519Key::highlevel().0);
        let scheme = Scheme::Rsa;
        assert_eq!(ed25519, Err(KeyError::OtherKind { scheme }));
        assert!(matches!(
            RsaKey::from_pem("hello"),
            Err(KeyError::NotPem(_))
        ));
    }
}
