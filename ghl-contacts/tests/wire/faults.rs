//! Failures that are not the API's own word, by a sender of our own.

use std::time::Duration;

use ghl_contacts::{
    Authorization, Client, Credentials, CredentialsError, Effect, Error, ErrorKind, Fault,
    NewContact, PrivateIntegrationToken, Request, Response, SendError, Sender, async_trait,
};
use serde_json::json;
use wiremock::{Mock, ResponseTemplate, matchers::any};

use crate::server::{TOKEN, start};

/// A wire on which every request ends like this.
struct Broken(Fault);

#[async_trait]
impl Sender for Broken {
    async fn send(&self, _: Request) -> Result<Response, SendError> {
        Err(self.0.clone().into())
    }
}

async fn create_over(fault: Fault) -> Error {
    let client = Client::builder(PrivateIntegrationToken::new(TOKEN))
        .sender(Broken(fault))
        .build()
        .unwrap();
    let new = NewContact::in_location("l").email("a@b.c");
    client.contacts().create(&new).await.unwrap_err()
}

#[tokio::test]
async fn a_broken_wire_tells_whether_the_create_may_have_been_done() {
    for (fault, kind, effect) in [
        (Fault::Timeout, ErrorKind::Timeout, Effect::Unknown),
        (
            Fault::Reset("by peer".into()),
            ErrorKind::Interrupted,
            Effect::Unknown,
        ),
        (
            Fault::TooLarge { limit: 1 },
            ErrorKind::TooLarge,
            Effect::Unknown,
        ),
        (
            Fault::InvalidRequest("x".into()),
            ErrorKind::InvalidRequest,
            Effect::NotApplied,
        ),
    ] {
        let error = create_over(fault).await;
        assert_eq!((error.kind(), error.effect()), (&kind, effect));
    }
}

#[tokio::test]
async fn nobody_listening_is_unreachable_and_certainly_not_applied() {
    let client = Client::builder(PrivateIntegrationToken::new(TOKEN))
        .base_url("http://127.0.0.1:1")
        .repeats(ghl_contacts::RepeatPolicy::never())
        .build()
        .unwrap();
    let new = NewContact::in_location("l").email("a@b.c");
    let error = client.contacts().create(&new).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Unreachable);
    assert_eq!(error.effect(), Effect::NotApplied);
}

struct NoCredentials;

#[async_trait]
impl Credentials for NoCredentials {
    async fn authorization(&self) -> Result<Authorization, CredentialsError> {
        Err(CredentialsError::new("the refresh token was withdrawn"))
    }

    async fn refused(&self, _: &Authorization) -> Result<bool, CredentialsError> {
        Ok(false)
    }
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    let server = start().await;
    let client = Client::builder(NoCredentials)
        .base_url(&server.uri())
        .build()
        .unwrap();
    let error = client.contacts().get(&"c".into()).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Credentials);
    assert!(error.to_string().contains("withdrawn"), "{error}");
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_exhausted_day_stops_the_next_call_before_it_is_sent() {
    let server = start().await;
    let answer = ResponseTemplate::new(429)
        .set_body_json(json!({"statusCode": 429, "message": "Too Many Requests"}))
        .insert_header("x-ratelimit-daily-remaining", "0")
        .insert_header("x-ratelimit-daily-reset", "3600000");
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let client = Client::builder(PrivateIntegrationToken::new(TOKEN))
        .base_url(&server.uri())
        .build()
        .unwrap();
    for _ in 0..3 {
        let error = client.contacts().get(&"c".into()).await.unwrap_err();
        let ErrorKind::DayExhausted { resets_in } = error.kind() else {
            panic!("{error}");
        };
        assert!(resets_in.unwrap() > Duration::from_secs(3_500));
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}
