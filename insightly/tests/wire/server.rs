//! One set-up for all: a server that answers as told and remembers what it was asked.

use insightly::{ApiKey, Client, Pacer, RepeatPolicy, SecretString};
use serde_json::Value;
use std::time::Duration;
use wiremock::{
    Mock, MockServer, Request, Respond, ResponseTemplate,
    matchers::{any, method, path},
};

pub(crate) struct Server {
    pub(crate) http: MockServer,
    pub(crate) client: Client,
}

pub(crate) const KEY: &str = "canary-key-0f9e8d7c";

impl Server {
    pub(crate) async fn start() -> Self {
        let http = MockServer::start().await;
        let client = Client::builder(ApiKey::new(SecretString::from(KEY)))
            .base_url(format!("{}/v3.1/", http.uri()))
            .pacer(Pacer::unlimited())
            .repeats(RepeatPolicy::default().first_wait(Duration::from_millis(1)))
            .build()
            .unwrap();
        Self { http, client }
    }

    /// Answers everything alike.
    pub(crate) async fn answering(respond: impl Respond + 'static) -> Self {
        let server = Self::start().await;
        Mock::given(any())
            .respond_with(respond)
            .mount(&server.http)
            .await;
        server
    }

    /// Answers one operation; all others are 404.
    pub(crate) async fn on(verb: &str, at: &str, respond: impl Respond + 'static) -> Self {
        let server = Self::start().await;
        Mock::given(method(verb))
            .and(path(format!("/v3.1{at}")))
            .respond_with(respond)
            .mount(&server.http)
            .await;
        server
    }

    pub(crate) async fn requests(&self) -> Vec<Request> {
        self.http.received_requests().await.unwrap()
    }

    /// The one request that came.
    pub(crate) async fn request(&self) -> Request {
        let mut requests = self.requests().await;
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests.remove(0)
    }
}

pub(crate) fn json(status: u16, body: Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

pub(crate) fn status(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status)
}

/// `name=value` pairs as sent, decoded.
pub(crate) fn query(request: &Request) -> Vec<String> {
    request
        .url
        .query_pairs()
        .map(|(name, value)| format!("{name}={value}"))
        .collect()
}

pub(crate) fn body(request: &Request) -> Value {
    request.body_json().unwrap()
}
