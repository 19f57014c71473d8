//! Where an API is called.

use std::net::IpAddr;

use url::{Host, Url};

use crate::{fault::Fault, operation::Operation};

/// The base URL of an API. Everything a client sends goes below it, credentials included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(Url);

/// Why a text is no base URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BaseError {
    /// No URL at all, or one that cannot have a path.
    #[error("`{0}` is not a URL like https://host/path")]
    NotAUrl(String),
    /// A scheme other than http and https.
    #[error("`{0}` is neither http nor https")]
    Scheme(String),
    /// Credentials would cross the network in clear text.
    #[error(
        "`{0}` is plain http to another machine: credentials would be readable on the way; use https"
    )]
    PlainHttp(String),
    /// User or password inside the URL.
    #[error("a base URL cannot hold a user or password")]
    UserInfo,
}

impl Base {
    /// Parses a base URL. Plain http is accepted for loopback only.
    pub fn parse(text: &str) -> Result<Self, BaseError> {
        let base = Self::parse_with_plain_http(text)?;
        if base.0.scheme() == "http" && !is_loopback(&base.0) {
            return Err(BaseError::PlainHttp(text.trim().to_owned()));
        }
        Ok(base)
    }

    /// Parses a base URL and accepts plain http to any host: for a test network only.
    pub fn parse_with_plain_http(text: &str) -> Result<Self, BaseError> {
        let text = text.trim();
        let mut url = Url::parse(text).map_err(|_| BaseError::NotAUrl(text.to_owned()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BaseError::Scheme(text.to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseError::UserInfo);
        }
        url.set_query(None);
        url.set_fragment(None);
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The URL, without a slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// The full URL of an operation.
    pub(crate) fn join(&self, op: &Operation) -> Result<Url, Fault> {
        let mut url = self.0.clone();
        url.path_segments_mut()
            .map_err(|()| Fault::InvalidRequest("the base URL cannot have a path".into()))?
            .pop_if_empty()
            .extend(op.segments()?);
        if !op.query_pairs().is_empty() {
            url.query_pairs_mut().extend_pairs(op.query_pairs());
        }
        Ok(url)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Definition;

    static GET: Definition = Definition::get("contacts.get", "/contacts/{contactId}");
    static CREATE: Definition = Definition::post("contacts.create", "/contacts/");

    #[test]
    fn path_parts_and_query_values_are_encoded() {
        let base = Base::parse("https://api.na1.insightly.com/v3.1/").unwrap();
        let op = Operation::of(&GET, ["a/b?c"]).query("number", "+1 555&x");
        assert_eq!(
            base.join(&op).unwrap().as_str(),
            "https://api.na1.insightly.com/v3.1/contacts/a%2Fb%3Fc?number=%2B1+555%26x"
        );
    }

    #[test]
    fn a_base_without_a_path_takes_a_trailing_slash_path() {
        let base = Base::parse("http://127.0.0.1:4010").unwrap();
        let url = base.join(&Operation::of(&CREATE, [])).unwrap();
        assert_eq!(url.as_str(), "http://127.0.0.1:4010/contacts/");
    }

    #[test]
    fn plain_http_leaves_this_machine_only_by_name() {
        assert!(Base::parse("http://localhost:1").is_ok());
        assert!(matches!(
            Base::parse("http://example.com"),
            Err(BaseError::PlainHttp(_))
        ));
        assert!(Base::parse_with_plain_http("http://example.com").is_ok());
        assert!(Base::parse("ftp://example.com").is_err());
        assert!(Base::parse("https://u:p@example.com").is_err());
    }
}
