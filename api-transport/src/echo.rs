//! Servers and gateways like to echo what they were sent, secrets included.

use bytes::Bytes;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::sender::Response;

/// Shorter texts are no secrets, and would be found in every other word.
const SHORTEST: usize = 6;

/// The answer without the credential that it was asked with, and without these secrets.
pub(crate) fn without_secrets(
    mut response: Response,
    authorization: Option<&HeaderValue>,
    secrets: &[SecretString],
) -> Response {
    let credential = authorization
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(' ').next());
    let hidden = credential
        .into_iter()
        .chain(secrets.iter().map(ExposeSecret::expose_secret))
        .filter(|secret| secret.len() >= SHORTEST);
    for secret in hidden {
        let text = String::from_utf8_lossy(&response.body);
        if text.contains(secret) {
            response.body = Bytes::from(text.replace(secret, "[redacted]"));
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, StatusCode};

    #[test]
    fn the_credential_and_the_forms_secrets_are_taken_out_of_an_answer() {
        let response = Response {
            status: StatusCode::BAD_REQUEST,
            reason: None,
            headers: HeaderMap::new(),
            body: Bytes::from_static(b"bad token c0ffee-1, secret c0ffee-2, id 7"),
        };
        let header = HeaderValue::from_static("Bearer c0ffee-1");
        let secrets = ["c0ffee-2", "7", ""].map(SecretString::from);
        let shown = without_secrets(response, Some(&header), &secrets);
        assert_eq!(
            &shown.body[..],
            b"bad token [redacted], secret [redacted], id 7"
        );
    }
}
