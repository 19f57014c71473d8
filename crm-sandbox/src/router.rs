//! From an HTTP request to an HTTP response, with the faults in between.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use http::request::Parts;
use serde_json::Value;

use crate::call::{Call, Matched};
use crate::control;
use crate::crm::{Crm, UNKNOWN};
use crate::faults::Fault;
use crate::reply::{ConnectionReset, Reply, reset};

/// No real body comes near this.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

impl Crm {
    /// The server as a router, to be served or to be called in process.
    ///
    /// Called in process, a broken connection is a response that carries
    /// [`ConnectionReset`](crate::ConnectionReset).
    pub fn router(&self) -> Router {
        let crm = self.clone();
        Router::new().fallback(move |request: Request<Body>| {
            let crm = crm.clone();
            async move { crm.respond(request).await }
        })
    }

    /// Answers one request in process, without a socket: for a client with a wire of its own.
    /// `None` when a fault breaks the connection.
    pub async fn answer(&self, request: http::Request<Bytes>) -> Option<http::Response<Bytes>> {
        let (parts, body) = request.into_parts();
        let response = self.respond_to(&parts, body).await;
        if response.extensions().get::<ConnectionReset>().is_some() {
            return None;
        }
        let (parts, body) = response.into_parts();
        // A body that ends too early is a connection that broke.
        let body = to_bytes(body, usize::MAX).await.ok()?;
        Some(http::Response::from_parts(parts, body))
    }

    async fn respond(&self, request: Request<Body>) -> Response {
        let (parts, body) = request.into_parts();
        let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
            return Reply::empty(StatusCode::PAYLOAD_TOO_LARGE).into_response(self.clock().now());
        };
        self.respond_to(&parts, body).await
    }

    async fn respond_to(&self, parts: &Parts, body: Bytes) -> Response {
        let call = Call::new(parts, body);
        if let Some(path) = call.path.strip_prefix("/_sandbox/") {
            return control::answer(self, path, &call).into_response(self.clock().now());
        }
        let matched = self.world().find(&call);
        let operation = matched.as_ref().map_or(UNKNOWN, |m| &m.operation);
        self.count(operation);
        self.keep_if_writing(&call, matched.as_ref());
        let faults = self.armed().strike(operation);
        for wait in faults.iter().filter_map(Fault::delay) {
            tokio::time::sleep(wait).await;
        }
        let response = self.work(&call, matched.as_ref(), &faults);
        for wait in faults.iter().filter_map(Fault::lateness) {
            tokio::time::sleep(wait).await;
        }
        response
    }

    fn work(&self, call: &Call, matched: Option<&Matched>, faults: &[Fault]) -> Response {
        let now = self.clock().now();
        let mut world = self.world();
        let fault = faults.iter().find(|fault| !fault.only_waits());
        let reply = if fault.is_none_or(Fault::lets_the_work_be_done) {
            world.answer(call, matched, now)
        } else {
            Reply::empty(StatusCode::OK)
        };
        match fault {
            None | Some(Fault::Delay { .. } | Fault::Late { .. }) => reply.into_response(now),
            Some(Fault::ResetBefore | Fault::ResetAfter) => reset(),
            Some(Fault::Truncate) => reply.into_truncated(now),
            Some(Fault::TooManyRequests {
                retry_after,
                day_used_up,
            }) => world
                .too_many_requests(*retry_after, *day_used_up, now)
                .into_response(now),
            Some(Fault::Status { status, body, .. }) => failed(*status, body).into_response(now),
            Some(Fault::Html { status }) => html(*status).into_response(now),
        }
    }
}

fn failed(status: u16, body: &Value) -> Reply {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match body {
        Value::Null => Reply::empty(status),
        Value::String(text) => Reply::text(status, "text/plain; charset=utf-8", text.clone()),
        body => Reply::json(status, body),
    }
}

fn html(status: u16) -> Reply {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let title = status.canonical_reason().unwrap_or("Error");
    let page = format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head>\
         <body><h1>{title}</h1><p>cloudflare</p></body></html>\n"
    );
    Reply::text(status, "text/html; charset=UTF-8", page)
}
