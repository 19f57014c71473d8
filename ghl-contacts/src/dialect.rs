//! How HighLevel speaks.

use std::time::Duration;

use api_transport::{Definition, Dialect, LimitReading, Request, Response, StatusCode, Verdict};

use crate::{classify, error::ErrorKind, rate_headers, version};

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
}
