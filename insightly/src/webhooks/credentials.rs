//! Who may tell.

use std::fmt;

use api_transport::{ExposeSecret, HeaderMap, SecretString};
use base64::{Engine, prelude::BASE64_STANDARD};
use subtle::ConstantTimeEq;

/// The user and password that a workflow rule sends.
#[derive(Clone)]
pub struct BasicCredentials {
    expected: SecretString,
}

impl BasicCredentials {
    /// The user and password as they were entered into the rule. A user cannot hold a `:`.
    pub fn new(user: impl AsRef<str>, password: SecretString) -> Self {
        let expected = format!("{}:{}", user.as_ref(), password.expose_secret());
        Self {
            expected: SecretString::from(expected),
        }
    }

    /// Whether these headers carry them. How long it takes tells nothing but the length of
    /// what was sent.
    pub fn are_in(&self, headers: &HeaderMap) -> bool {
        let mut all = headers.get_all("authorization").iter();
        let (Some(header), None) = (all.next(), all.next()) else {
            return false;
        };
        let Some((scheme, encoded)) = header.to_str().ok().and_then(|text| text.split_once(' '))
        else {
            return false;
        };
        let Ok(given) = BASE64_STANDARD.decode(encoded.trim()) else {
            return false;
        };
        let same: bool = given.ct_eq(self.expected.expose_secret().as_bytes()).into();
        scheme.eq_ignore_ascii_case("basic") && same
    }
}

impl fmt::Debug for BasicCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BasicCredentials([redacted])")
    }
}
