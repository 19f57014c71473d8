//! Webhooks on their way to a receiver on this machine.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderName, Request, Uri, header};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;
use url::{Host, Url};

use crate::crm::Crm;

/// What goes wrong with a webhook, in a [`FaultRule`](crate::FaultRule) whose
/// operation is the family of the record, for example `contacts`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum WebhookFault {
    /// It is never sent.
    Lost,
    /// It is sent twice.
    Doubled,
    /// It is sent later, in real time.
    Late {
        /// Milliseconds.
        ms: u64,
    },
}

/// One request to a receiver.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) url: String,
    pub(crate) headers: Vec<(HeaderName, String)>,
    pub(crate) body: Bytes,
    /// How often it is sent, and how much later.
    pub(crate) copies: u32,
    pub(crate) late: Duration,
}

/// What is not taken is tried so often.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(100);

/// Whether a URL leads to this machine: no webhook leaves it.
pub(crate) fn stays_here(url: &str) -> bool {
    let host = Url::parse(url).ok();
    let host = host.as_ref().filter(|url| url.scheme() == "http");
    match host.and_then(Url::host) {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl Crm {
    /// Sends what the world has to send, each in a task of its own. Outside of a runtime
    /// it waits for the next occasion inside of one.
    pub(crate) fn post_letters(&self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        for letter in self.world().letters() {
            runtime.spawn(send(letter));
        }
    }
}

async fn send(letter: Letter) {
    tokio::time::sleep(letter.late).await;
    for _ in 0..letter.copies {
        for _ in 0..TRIES {
            if matches!(post(&letter).await, Some(status) if status.is_success()) {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// The status of the receiver's answer, if there was one.
async fn post(letter: &Letter) -> Option<http::StatusCode> {
    let uri: Uri = letter.url.parse().ok()?;
    let host = uri.host()?.trim_matches(['[', ']']);
    let stream = TcpStream::connect((host, uri.port_u16().unwrap_or(80))).await;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream.ok()?))
            .await
            .ok()?;
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut request = Request::post(path).header(header::HOST, uri.authority()?.as_str());
    for (name, value) in &letter.headers {
        request = request.header(name, value);
    }
    let request = request.body(Body::from(letter.body.clone())).ok()?;
    let answer = async {
        let status = sender.send_request(request).await.ok()?.status();
        drop(sender);
        Some(status)
    };
    let (status, _) = tokio::join!(answer, connection);
    status
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_a_receiver() {
        for here in [
            "http://127.0.0.1:80/x",
            "http://localhost:1",
            "http://[::1]:9/",
        ] {
            assert!(stays_here(here), "{here}");
        }
        for elsewhere in [
            "http://example.com",
            "https://127.0.0.1",
            "ftp://localhost",
            "x",
        ] {
            assert!(!stays_here(elsewhere), "{elsewhere}");
        }
    }
}
