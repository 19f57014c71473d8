//! One request as the servers see it.

use bytes::Bytes;
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// A request with its path and query taken apart and its body read.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Call {
    pub(crate) fn new(parts: &http::request::Parts, body: Bytes) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        Self {
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            query: url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            headers: parts.headers.clone(),
            body,
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The first value of a query parameter, its name compared without case.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let found = self
            .query
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

/// What a path was matched to.
pub(crate) struct Matched {
    /// Name of the operation, for counts and faults.
    pub(crate) operation: String,
    /// Place of the route in its server's table.
    pub(crate) route: usize,
    /// What stood in the places of `{...}`, decoded.
    pub(crate) parts: Vec<String>,
}

impl Matched {
    pub(crate) fn part(&self, at: usize) -> &str {
        self.parts.get(at).map_or("", String::as_str)
    }
}

/// Whether letters of other case still are the same path.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Case {
    Exact,
    Ignored,
}

/// The parts of `path` that stand in the places of `{...}` in `pattern`.
pub(crate) fn match_path(pattern: &str, path: &str, case: Case) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut given = path.split('/');
    for wanted in pattern.split('/') {
        let segment = given.next()?;
        if wanted.starts_with('{') {
            if segment.is_empty() {
                return None;
            }
            parts.push(percent_decode_str(segment).decode_utf8_lossy().into_owned());
        } else if segment != wanted
            && !(case == Case::Ignored && segment.eq_ignore_ascii_case(wanted))
        {
            return None;
        }
    }
    given.next().is_none().then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_take_one_decoded_segment_each() {
        let found = match_path("/contacts/{id}/tags", "/contacts/a%20b/tags", Case::Exact);
        assert_eq!(found, Some(vec!["a b".to_owned()]));
        assert_eq!(
            match_path("/contacts/{id}", "/contacts/", Case::Exact),
            None
        );
        assert_eq!(match_path("/a", "/a/b", Case::Exact), None);
    }

    #[test]
    fn case_matters_only_where_it_is_asked_for() {
        assert!(match_path("/customFields", "/customfields", Case::Exact).is_none());
        assert!(match_path("/customFields", "/customfields", Case::Ignored).is_some());
    }
}
