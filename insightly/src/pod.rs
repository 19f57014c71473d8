//! The part of Insightly's cloud that holds an account.

use std::{fmt, str::FromStr};

/// A pod such as `na1`: User Settings show it in "API URL", under the API key.
///
/// A pasted URL is reduced to its pod.
///
/// ```
/// use insightly::Pod;
/// let pod: Pod = "https://api.NA1.insightly.com/v3.1/".parse()?;
/// assert_eq!(pod.as_str(), "na1");
/// assert_eq!(pod.base_url(), "https://api.na1.insightly.com/v3.1");
/// # Ok::<(), insightly::PodError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pod(String);

/// Why a text names no pod. It does not repeat the text, which may be a key in the wrong place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PodError {
    /// Nothing was given.
    #[error("the pod is empty; User Settings show it in \"API URL\", e.g. `na1`")]
    Empty,
    /// Neither a pod nor a URL of one.
    #[error("a pod has small letters and digits only, e.g. `na1`; or paste the whole API URL")]
    Malformed,
    /// Insightly's address without a pod, which does not serve every account.
    #[error(
        "this URL has no pod; User Settings show the full one, e.g. https://api.na1.insightly.com"
    )]
    Missing,
    /// A URL of somebody else; a key must not go there.
    #[error("this URL is not one of Insightly's; for a server of your own give its base URL")]
    Foreign,
    /// A key would be readable on the way.
    #[error("Insightly is called by https only")]
    PlainHttp,
}

impl Pod {
    /// The pod's name, e.g. `na1`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where API v3.1 of this pod is.
    pub fn base_url(&self) -> String {
        format!("https://api.{}.insightly.com/v3.1", self.0)
    }
}

impl fmt::Display for Pod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Pod {
    type Err = PodError;

    fn from_str(text: &str) -> Result<Self, PodError> {
        let text = text.trim().to_ascii_lowercase();
        if text.is_empty() {
            return Err(PodError::Empty);
        }
        if text.starts_with("http://") {
            return Err(PodError::PlainHttp);
        }
        let rest = text.strip_prefix("https://").unwrap_or(&text);
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let name = match host.contains('.') {
            true => pod_of_host(host)?,
            false if rest.len() == text.len() && rest.len() == host.len() => host,
            false => return Err(PodError::Foreign),
        };
        if name.is_empty()
            || !name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        {
            return Err(PodError::Malformed);
        }
        Ok(Self(name.to_owned()))
    }
}

fn pod_of_host(host: &str) -> Result<&str, PodError> {
    if matches!(host, "api.insightly.com" | "api.insight.ly") {
        return Err(PodError::Missing);
    }
    host.strip_prefix("api.")
        .and_then(|rest| rest.strip_suffix(".insightly.com"))
        .ok_or(PodError::Foreign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(text: &str) -> Result<String, PodError> {
        text.parse::<Pod>().map(|pod| pod.0)
    }

    #[test]
    fn a_name_and_a_pasted_url_give_the_same_pod() {
        for text in [
            "na1",
            " NA1 ",
            "api.na1.insightly.com",
            "https://api.na1.insightly.com/v3.1/",
            "HTTPS://API.NA1.INSIGHTLY.COM/V3.1/Contacts?top=1",
        ] {
            assert_eq!(pod(text), Ok("na1".into()), "{text}");
        }
    }

    #[test]
    fn what_is_no_pod_says_why() {
        assert_eq!(pod(""), Err(PodError::Empty));
        assert_eq!(pod("na-1"), Err(PodError::Malformed));
        assert_eq!(
            pod("https://api.insightly.com/v3.1"),
            Err(PodError::Missing)
        );
        assert_eq!(
            pod("https://api.na1.insightly.com.evil.example"),
            Err(PodError::Foreign)
        );
        assert_eq!(
            pod("https://api.na1.insightly.com@evil.example/"),
            Err(PodError::Foreign)
        );
        assert_eq!(pod("https://na1"), Err(PodError::Foreign));
        assert_eq!(
            pod("http://api.na1.insightly.com"),
            Err(PodError::PlainHttp)
        );
        assert_eq!(
            pod("https://api.a.b.insightly.com"),
            Err(PodError::Malformed)
        );
        assert_eq!(pod("https://api..insightly.com"), Err(PodError::Malformed));
    }

    #[test]
    fn a_key_in_the_wrong_place_is_not_repeated() {
        let key = "01234567-89ab-cdef-0123-456789abcdef";
        let error = key.parse::<Pod>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("0123"));
    }
}
