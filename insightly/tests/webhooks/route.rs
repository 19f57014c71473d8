use axum::{
    Router,
    body::Body,
    http::{Request, Response},
};
use insightly::webhooks::{Hint, HintKind, Receiver};
use tokio::sync::mpsc;
use tower::ServiceExt;

use crate::hints::{RIGHT, credentials};

fn app(rows: usize) -> (Router, mpsc::Receiver<Hint>) {
    let (inbox, hints) = mpsc::channel(rows);
    let receiver = Receiver::new(credentials(), inbox).body_limit(1000);
    let contacts = receiver.clone().of(HintKind::Contact);
    let app = Router::new()
        .route("/contacts", contacts.into_route())
        .route("/any", receiver.into_route());
    (app, hints)
}

async fn post(app: &Router, to: &str, authorization: &str, body: impl Into<Body>) -> u16 {
    let request = Request::post(to).header("authorization", authorization);
    let request = request.body(body.into()).unwrap();
    let answer: Response<Body> = app.clone().oneshot(request).await.unwrap();
    answer.status().as_u16()
}

#[tokio::test]
async fn a_delivery_is_answered_with_200_when_it_is_kept_and_only_then() {
    let (app, mut hints) = app(2);
    let task = r#"{"entity": {"TASK_ID": 1, "PROJECT_ID": 2}}"#;
    assert_eq!(post(&app, "/any", RIGHT, task).await, 200);
    assert_eq!(post(&app, "/contacts", RIGHT, task).await, 422);
    assert_eq!(post(&app, "/any", RIGHT, "<html>").await, 422);
    assert_eq!(post(&app, "/any", "Basic eDp5", task).await, 401);
    assert_eq!(post(&app, "/any", RIGHT, vec![b' '; 1001]).await, 413);
    assert_eq!(post(&app, "/any", RIGHT, task).await, 200);
    assert_eq!(post(&app, "/any", RIGHT, task).await, 503, "full");
    assert_eq!(hints.recv().await.unwrap().kind(), HintKind::Task);
    assert_eq!(hints.recv().await.unwrap().id(), Some(1));
    assert!(hints.try_recv().is_err());
}

#[tokio::test]
async fn a_stranger_is_turned_away_before_his_body_is_read() {
    let (app, _hints) = app(1);
    let endless = Body::from_stream(futures_util::stream::pending::<
        Result<Vec<u8>, std::io::Error>,
    >());
    assert_eq!(post(&app, "/any", "Basic eDp5", endless).await, 401);
}
