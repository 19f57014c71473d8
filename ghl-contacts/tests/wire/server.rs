//! A server that answers as told, and a client that calls it.

use std::sync::{Arc, LazyLock, Mutex};

use ghl_contacts::{Client, Pacer, PrivateIntegrationToken, RepeatPolicy};
use serde_json::Value;
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{header, method, path},
};

pub(crate) const TOKEN: &str = "pit-0c0ffee0-canary";

/// What all tests of this binary log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

static LOG: LazyLock<Log> = LazyLock::new(|| {
    let log = Log::default();
    let to = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || to.clone())
        .init();
    log
});

impl std::io::Write for Log {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What was logged so far.
pub(crate) fn logged() -> String {
    String::from_utf8(LOG.0.lock().unwrap().clone()).unwrap()
}

/// Begins to log.
pub(crate) fn log() {
    LazyLock::force(&LOG);
}

/// Starts a server.
pub(crate) async fn start() -> MockServer {
    log();
    MockServer::start().await
}

/// A client of that server that neither waits nor repeats.
pub(crate) fn client(server: &MockServer) -> Client {
    client_with(server, RepeatPolicy::never())
}

pub(crate) fn client_with(server: &MockServer, repeats: RepeatPolicy) -> Client {
    Client::builder(PrivateIntegrationToken::new(TOKEN))
        .base_url(&server.uri())
        .pacer(Pacer::unlimited())
        .repeats(repeats)
        .build()
        .unwrap()
}

/// Answers one call, once, with JSON; it must carry version and credential.
pub(crate) async fn answers(server: &MockServer, call: &str, status: u16, body: Value) {
    let (verb, at) = call.split_once(' ').unwrap();
    Mock::given(method(verb))
        .and(path(at))
        .and(header("authorization", format!("Bearer {TOKEN}").as_str()))
        .and(header("version", "2021-07-28"))
        .respond_with(ResponseTemplate::new(status).set_body_json(body))
        .up_to_n_times(1)
        .expect(1)
        .mount(server)
        .await;
}

/// The only request so far.
pub(crate) async fn only_request(server: &MockServer) -> Request {
    let mut requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

/// The JSON body of the only request so far.
pub(crate) async fn sent(server: &MockServer) -> Value {
    serde_json::from_slice(&only_request(server).await.body).unwrap()
}
