//! How HighLevel speaks.

use std::time::Duration;

use api_transport::{
    Definition, Dialect, Granted, LimitReading, Request, Response, StatusCode, Verdict,
};

use crate::{classify, error::ErrorKind, operation::operation, rate_headers, version};

/// The dialect of the HighLevel API.
#[derive(Debug)]
pub(crate) struct HighLevel;

/// A 429 never carries `Retry-After`; this is the interval of every published limit.
const INTERVAL: Duration = Duration::from_secs(10);

impl Dialect for HighLevel {
    type Kind = ErrorKind;

    fn prepare(&self, request: &mut Request) {
        version::add_to(request);
    }

    fn limits(&self, response: &Response) -> LimitReading {
        let mut read = rate_headers::read(&response.headers);
        if response.status == StatusCode::TOO_MANY_REQUESTS {
            read.interval = read.interval.or(Some(INTERVAL));
        }
        read
    }

    fn classify(&self, definition: &Definition, response: &Response) -> Verdict<ErrorKind> {
        classify::classify(definition, response)
    }

    fn refuse(&self, definition: &Definition, granted: &Granted) -> Option<(ErrorKind, String)> {
        let needed = operation(definition.name())?.scopes().iter().copied();
        let scope = needed.into_iter().find(|s| !granted.includes(s.as_str()))?;
        let kind = ErrorKind::MissingScope {
            operation: definition.name(),
            scope: Some(scope),
        };
        Some((kind, format!("the credential was not granted `{scope}`")))
    }
}
