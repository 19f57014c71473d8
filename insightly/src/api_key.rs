//! The key of an Insightly user.

use std::time::Duration;

use api_transport::{RotatingSecret, SecretString};
use base64::{Engine, prelude::BASE64_STANDARD};

/// A user's API key, sent as Basic authorization with an empty password.
///
/// Clones share the key: [`replace`](Self::replace) it on one and all clients
/// built from it use the new one from their next attempt on. It is never shown:
/// `Debug` says `[redacted]`.
///
/// ```
/// use insightly::{ApiKey, SecretString};
/// let key = ApiKey::new(SecretString::from("00000000-0000-0000-0000-000000000000"));
/// assert!(!format!("{key:?}").contains("0000"));
/// ```
#[derive(Debug, Clone)]
pub struct ApiKey(RotatingSecret);

impl ApiKey {
    /// The key as User Settings show it.
    pub fn new(key: SecretString) -> Self {
        Self(RotatingSecret::new(key, basic))
    }

    /// Uses another key from the next attempt on, also in clients that run.
    pub fn replace(&self, key: SecretString) {
        self.0.replace(key);
    }

    /// How long this key has been in use here.
    pub fn age(&self) -> Duration {
        self.0.age()
    }

    pub(crate) fn into_secret(self) -> RotatingSecret {
        self.0
    }
}

impl From<SecretString> for ApiKey {
    fn from(key: SecretString) -> Self {
        Self::new(key)
    }
}

fn basic(key: &str) -> String {
    format!(
        "Basic {}",
        BASE64_STANDARD.encode(format!("{}:", key.trim()))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_the_user_and_the_password_is_empty() {
        assert_eq!(basic("KEY\n"), "Basic S0VZOg==");
    }
}
