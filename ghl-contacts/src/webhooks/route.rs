//! An axum route that takes deliveries in.

use api_transport::{HeaderMap, StatusCode};
use axum::{
    body::{Body, to_bytes},
    http::header::CONTENT_LENGTH,
    routing::{MethodRouter, post},
};

use super::{NotKept, Received, Receiver, Refusal};

impl Receiver {
    /// A route for POST: verifies, keeps, answers at once. No event is worked on here.
    ///
    /// It answers 200 for what is kept and for nothing else, 429 for what should come again
    /// (a full inbox), 401 for what is not believed, 413 for a body above the verifier's
    /// cap, 422 for what is no event or out of time. The body of an answer says why.
    ///
    /// ```
    /// use ghl_contacts::webhooks::{Keys, Receiver, Verifier};
    /// let (inbox, mut events) = tokio::sync::mpsc::channel(1_000);
    /// let receiver = Receiver::new(Verifier::new(Keys::highlevel()), inbox);
    /// let app: axum::Router = axum::Router::new().route("/ghl", receiver.into_route());
    /// # let _ = (app, events.try_recv());
    /// ```
    pub fn into_route<S: Clone + Send + Sync + 'static>(self) -> MethodRouter<S> {
        post(move |headers: HeaderMap, body: Body| {
            let receiver = self.clone();
            async move {
                match receiver.take_in(headers, body).await {
                    Ok(Received::Kept) => (StatusCode::OK, "kept".to_owned()),
                    Ok(Received::KeptBefore) => (StatusCode::OK, "kept before".to_owned()),
                    Err(error) => (error.status(), error.to_string()),
                }
            }
        })
    }

    async fn take_in(self, headers: HeaderMap, body: Body) -> Result<Received, NotKept> {
        let limit = self.verifier().body_limit();
        let told = headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok());
        if told.and_then(|text| text.parse().ok()) > Some(limit) {
            return Err(Refusal::TooLarge { limit }.into());
        }
        // It also fails when the connection breaks; then nobody hears the answer.
        let body = to_bytes(body, limit)
            .await
            .map_err(|_| Refusal::TooLarge { limit })?;
        // A caller who hangs up must not leave a claim open, so the rest runs on its own.
        tokio::spawn(async move { self.receive(&headers, body).await })
            .await
            .map_err(|error| NotKept::ComeAgain(Box::new(error)))?
    }
}
