//! An axum route that takes deliveries in.

use api_transport::{HeaderMap, StatusCode};
use axum::{
    body::{Body, to_bytes},
    routing::{MethodRouter, post},
};

use super::{Receiver, Refusal};

impl Receiver {
    /// A route for POST: checks, keeps, answers at once. No hint is worked on here.
    ///
    /// It answers 200 for what is kept and for nothing else, 401 without the right user and
    /// password (before the body is read), 413 for a body above the limit, 422 for what is
    /// no hint, 503 while the inbox is full. The body of an answer says why.
    pub fn into_route<S: Clone + Send + Sync + 'static>(self) -> MethodRouter<S> {
        post(move |headers: HeaderMap, body: Body| {
            let receiver = self.clone();
            async move {
                match receiver.answer(&headers, body).await {
                    Ok(()) => (StatusCode::OK, "kept".to_owned()),
                    Err(refusal) => (refusal.status(), refusal.to_string()),
                }
            }
        })
    }

    async fn answer(self, headers: &HeaderMap, body: Body) -> Result<(), Refusal> {
        self.admit(headers)?;
        // It also fails when the connection breaks; then nobody hears the answer.
        let body = to_bytes(body, self.limit())
            .await
            .map_err(|_| self.too_large())?;
        self.take_in(&body)
    }
}
