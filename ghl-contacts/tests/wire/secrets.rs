use ghl_contacts::{Client, PrivateIntegrationToken};
use serde_json::json;
use wiremock::{Mock, Request, ResponseTemplate, matchers::any};

use crate::server::{TOKEN, client, logged, start};

#[tokio::test]
async fn no_secret_is_shown_even_when_the_server_echoes_it() {
    let server = start().await;
    Mock::given(any())
        .respond_with(|request: &Request| {
            let echoed = request.headers["authorization"].to_str().unwrap();
            let body = json!({"message": format!("cannot use {echoed}"), "traceId": "t"});
            ResponseTemplate::new(401).set_body_json(body)
        })
        .mount(&server)
        .await;
    let client = client(&server);
    let error = client.contacts().get(&"c".into()).await.unwrap_err();
    let token = PrivateIntegrationToken::new(TOKEN);
    let logged = logged();
    assert!(logged.contains("contacts.get"), "{logged}");
    let builder = Client::builder(token.clone());
    for shown in [
        format!("{client:?} {token:?} {builder:?}"),
        format!("{error} {error:?}"),
        logged,
    ] {
        assert!(!shown.contains("c0ffee"), "{shown}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[tokio::test]
async fn a_replaced_token_is_used_from_the_next_call_on() {
    let server = start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"contact": {"id": "c"}})))
        .mount(&server)
        .await;
    let token = PrivateIntegrationToken::new("pit-old");
    let client = Client::builder(token.clone())
        .base_url(&server.uri())
        .build()
        .unwrap();
    client.contacts().get(&"c".into()).await.unwrap();
    token.replace("pit-new");
    client.contacts().get(&"c".into()).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let used: Vec<_> = requests
        .iter()
        .map(|r| r.headers["authorization"].to_str().unwrap())
        .collect();
    assert_eq!(used, ["Bearer pit-old", "Bearer pit-new"]);
}
