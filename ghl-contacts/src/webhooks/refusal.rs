//! Why a delivery is not believed.

use super::Scheme;

/// Why a delivery is not believed, or is no event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The body is larger than the cap.
    #[error("the body is larger than {limit} bytes")]
    TooLarge {
        /// The cap, in bytes.
        limit: usize,
    },
    /// There is no signature that could count.
    #[error("no signature header")]
    Missing,
    /// There is only the legacy RSA header, which must be accepted by name.
    #[error("only the legacy RSA signature is there, which is not accepted")]
    OnlyLegacy,
    /// The header is there, without a value.
    #[error("the header {} is empty", .0.header())]
    Empty(Scheme),
    /// The header is there more than once.
    #[error("the header {} is there more than once", .0.header())]
    Doubled(Scheme),
    /// The header says `N/A`, which stands for no signature.
    #[error("the header {} says N/A", .0.header())]
    Placeholder(Scheme),
    /// The value is not base64.
    #[error("the header {} is not base64", .0.header())]
    NotBase64(Scheme),
    /// The value is too short or too long for a signature.
    #[error("a signature of {found} bytes in {}", .scheme.header())]
    WrongLength {
        /// What it claims to be.
        scheme: Scheme,
        /// How many bytes it has.
        found: usize,
    },
    /// No key has signed this body so.
    #[error("the {0} signature is wrong")]
    Wrong(Scheme),
    /// The signature is right, but the body is no JSON object with a `type`.
    #[error("signed, but no event: {0}")]
    NotAnEvent(String),
}
