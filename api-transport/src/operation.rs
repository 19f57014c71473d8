//! What is called: a definition, and the definition filled in.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, header};
use serde::Serialize;

use crate::{fault::Fault, sender::BodySource};

/// One operation of an API, as its table shows it and as calls are sent from it.
///
/// ```
/// use api_transport::Definition;
/// static ADD_TAGS: Definition =
///     Definition::post("contacts.add_tags", "/contacts/{contactId}/tags").repeatable();
/// assert!(ADD_TAGS.is_repeatable() && !ADD_TAGS.is_read());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    name: &'static str,
    method: Method,
    path: &'static str,
    repeatable: bool,
    read: bool,
}

impl Definition {
    const fn new(name: &'static str, method: Method, path: &'static str, read: bool) -> Self {
        Self {
            name,
            method,
            path,
            repeatable: read,
            read,
        }
    }

    /// A GET: reads, so it can be repeated.
    pub const fn get(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Method::GET, path, true)
    }

    /// A POST that writes; not repeatable unless told so.
    pub const fn post(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Method::POST, path, false)
    }

    /// A PUT that writes; not repeatable unless told so.
    pub const fn put(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Method::PUT, path, false)
    }

    /// A DELETE. Repeatable: one that meets "not found" at a later attempt has succeeded.
    pub const fn delete(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Method::DELETE, path, false).repeatable()
    }

    /// Doing it twice is doing it once.
    pub const fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// It changes nothing, whatever the verb: a search by POST.
    pub const fn read(mut self) -> Self {
        self.read = true;
        self.repeatable = true;
        self
    }

    /// The name in errors, logs and tables, e.g. `contacts.add_tags`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The HTTP method.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The path template below the base URL, e.g. `/contacts/{contactId}/tags`.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// Whether a transient failure is repeated even when it may have been done.
    pub const fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    /// Whether it only reads.
    pub const fn is_read(&self) -> bool {
        self.read
    }
}

/// A [`Definition`] with its path, query and body filled in, ready to send.
///
/// Building is pure. What cannot be sent (a missing or empty path part) is
/// refused by [`Transport::send`](crate::Transport::send) before anything goes out.
#[derive(Debug, Clone)]
pub struct Operation {
    definition: &'static Definition,
    parts: Vec<String>,
    query: Vec<(&'static str, String)>,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<Result<Bytes, String>>,
    streamed: Option<BodySource>,
}

impl Operation {
    /// Starts from a definition; `parts` fill its `{placeholders}` in order.
    pub fn of<'a>(
        definition: &'static Definition,
        parts: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self {
            definition,
            parts: parts.into_iter().map(str::to_owned).collect(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            streamed: None,
        }
    }

    /// Adds a query parameter.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and texts read alike at the call"
    )]
    pub fn query(mut self, name: &'static str, value: impl ToString) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    /// Adds a query parameter if there is a value.
    pub fn query_opt(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Sends `body` as JSON.
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        self.body = Some(
            serde_json::to_vec(body)
                .map(Bytes::from)
                .map_err(|e| e.to_string()),
        );
        self
    }

    /// Sends `body` as it is, e.g. an image.
    pub fn bytes(mut self, content_type: HeaderValue, body: Bytes) -> Self {
        self.headers.push((header::CONTENT_TYPE, content_type));
        self.body = Some(Ok(body));
        self
    }

    /// Sends what `body` gives while it is read, e.g. a large file.
    pub fn streamed(mut self, content_type: HeaderValue, body: BodySource) -> Self {
        self.headers.push((header::CONTENT_TYPE, content_type));
        self.streamed = Some(body);
        self
    }

    /// The body that is read while it is sent, if it is such a one.
    pub fn stream(&self) -> Option<&BodySource> {
        self.streamed.as_ref()
    }

    /// The definition it was built from.
    pub fn definition(&self) -> &'static Definition {
        self.definition
    }

    /// The name in errors and logs.
    pub fn name(&self) -> &'static str {
        self.definition.name
    }

    /// The query parameters, not yet encoded.
    pub fn query_pairs(&self) -> &[(&'static str, String)] {
        &self.query
    }

    /// The headers that only this operation sends.
    pub fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.headers
    }

    /// The body, if there is one.
    pub fn body(&self) -> Result<Option<Bytes>, Fault> {
        match &self.body {
            None => Ok(None),
            Some(Ok(bytes)) => Ok(Some(bytes.clone())),
            Some(Err(why)) => Err(Fault::InvalidRequest(format!(
                "the body cannot be written as JSON: {why}"
            ))),
        }
    }

    /// The path segments, not yet encoded; the last one is empty where the template ends in `/`.
    pub fn segments(&self) -> Result<Vec<&str>, Fault> {
        let mut parts = self.parts.iter();
        let mut segments = Vec::new();
        for segment in self.definition.path.trim_start_matches('/').split('/') {
            segments.push(match segment.strip_prefix('{') {
                None => segment,
                Some(placeholder) => usable(placeholder.trim_end_matches('}'), parts.next())?,
            });
        }
        match parts.next() {
            None => Ok(segments),
            Some(_) => Err(Fault::InvalidRequest(format!(
                "{} has more path parts than {} takes",
                self.definition.name, self.definition.path
            ))),
        }
    }
}

/// An empty part would call another operation (`/contacts/`), and URL parsers resolve dots.
fn usable<'a>(placeholder: &str, part: Option<&'a String>) -> Result<&'a str, Fault> {
    match part.map(String::as_str) {
        Some("" | "." | "..") => Err(Fault::InvalidRequest(format!(
            "`{placeholder}` cannot be empty, `.` or `..`"
        ))),
        Some(part) => Ok(part),
        None => Err(Fault::InvalidRequest(format!(
            "`{placeholder}` is missing from the path"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static TAGS: Definition = Definition::post("contacts.add_tags", "/contacts/{contactId}/tags");
    static CREATE: Definition = Definition::post("contacts.create", "/contacts/");

    #[test]
    fn placeholders_are_filled_in_order() {
        let op = Operation::of(&TAGS, ["a/b"]);
        assert_eq!(op.segments().unwrap(), ["contacts", "a/b", "tags"]);
    }

    #[test]
    fn a_trailing_slash_survives() {
        let op = Operation::of(&CREATE, []);
        assert_eq!(op.segments().unwrap(), ["contacts", ""]);
    }

    #[test]
    fn missing_empty_dotted_and_surplus_parts_are_refused() {
        assert!(Operation::of(&TAGS, []).segments().is_err());
        assert!(Operation::of(&TAGS, [""]).segments().is_err());
        assert!(Operation::of(&TAGS, [".."]).segments().is_err());
        assert!(Operation::of(&TAGS, ["a", "b"]).segments().is_err());
    }
}
