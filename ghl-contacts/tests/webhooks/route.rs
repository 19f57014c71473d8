//! What the axum route answers.

use axum::{
    Router,
    body::Body,
    http::{Request, Response},
};
use ghl_contacts::{Bytes, HeaderMap, StatusCode, webhooks::VerifiedEvent};
use tokio::sync::mpsc;
use tower::ServiceExt;

use crate::{
    receiver::{NOW, receiver},
    signer::Signer,
};

fn app(signer: &Signer, rows: usize) -> (Router, mpsc::Receiver<VerifiedEvent>) {
    let (inbox, events) = mpsc::channel(rows);
    let route = receiver(signer, inbox).into_route();
    (Router::new().route("/ghl", route), events)
}

async fn post(app: &Router, headers: &HeaderMap, body: impl Into<Body>) -> StatusCode {
    let mut request = Request::post("/ghl").body(body.into()).unwrap();
    *request.headers_mut() = headers.clone();
    let answer: Response<Body> = app.clone().oneshot(request).await.unwrap();
    answer.status()
}

#[tokio::test]
async fn a_delivery_is_answered_with_200_when_it_is_kept_and_only_then() {
    let signer = Signer::new(1);
    let (app, mut events) = app(&signer, 1);
    let (headers, body) = signer.delivery("1", NOW);
    assert_eq!(post(&app, &headers, body.clone()).await, 200);
    assert_eq!(post(&app, &headers, body).await, 200, "kept before");
    let (headers, body) = signer.delivery("2", NOW);
    assert_eq!(post(&app, &headers, body.clone()).await, 429, "full");
    assert_eq!(events.recv().await.unwrap().delivery_id().as_str(), "1");
    assert_eq!(post(&app, &headers, body).await, 200);
    assert_eq!(events.recv().await.unwrap().delivery_id().as_str(), "2");
    assert!(events.try_recv().is_err());
}

#[tokio::test]
async fn what_is_not_believed_is_answered_with_401() {
    let signer = Signer::new(1);
    let (app, mut events) = app(&signer, 8);
    let (_, body) = signer.delivery("1", NOW);
    let forged = Signer::new(2).headers(&body);
    assert_eq!(post(&app, &forged, body.clone()).await, 401);
    assert_eq!(post(&app, &HeaderMap::new(), body).await, 401);
    assert!(events.try_recv().is_err());
}

#[tokio::test]
async fn a_huge_body_is_answered_with_413_whether_or_not_its_length_is_told() {
    let signer = Signer::new(1);
    let (app, _events) = app(&signer, 8);
    let huge = Bytes::from(vec![b'a'; 2 * 1024 * 1024]);
    let mut headers = signer.headers(&huge);
    assert_eq!(post(&app, &headers, huge.clone()).await, 413);
    headers.insert("content-length", huge.len().into());
    let never = futures_util::stream::pending::<Result<Bytes, std::io::Error>>();
    assert_eq!(post(&app, &headers, Body::from_stream(never)).await, 413);
}

#[tokio::test]
async fn what_is_no_event_or_out_of_time_is_answered_with_422() {
    let signer = Signer::new(1);
    let (app, _events) = app(&signer, 8);
    let list = b"[]";
    assert_eq!(post(&app, &signer.headers(list), &list[..]).await, 422);
    let (headers, body) = signer.delivery("1", "2020-01-01T00:00:00Z");
    assert_eq!(post(&app, &headers, body).await, 422);
}
