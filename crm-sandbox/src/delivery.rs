//! Webhooks from the outbox to the address that was given.

use std::time::Duration;

use axum::body::Body;
use http::{Request, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::crm::Crm;
use crate::outbox::{Post, Signed};

/// How long a receiver may take; no figure is published.
const PATIENCE: Duration = Duration::from_secs(10);

impl Crm {
    /// Sends the webhooks that are due, one after the other; answers how many.
    ///
    /// While the sandbox is served this happens by itself.
    pub async fn deliver_webhooks(&self) -> usize {
        let mut sent = 0;
        while let Some((post, signed)) = self.next_webhook() {
            let answered = tokio::time::timeout(PATIENCE, send(&post, signed));
            // No answer and no connection are the same to the sender.
            let status = answered.await.ok().flatten();
            let now = self.clock().now();
            if let Some(outbox) = self.world().outbox() {
                outbox.answered(post, status, now);
            }
            sent += 1;
        }
        sent
    }

    fn next_webhook(&self) -> Option<(Post, Signed)> {
        let now = self.clock().now();
        let mut world = self.world();
        let outbox = world.outbox()?;
        let post = outbox.take_due(now)?;
        let signed = outbox.sign(&post);
        Some((post, signed))
    }

    /// Sends webhooks as they come due, until it is stopped.
    pub(crate) async fn deliver_until(self, mut stopped: watch::Receiver<()>) {
        let Some(stirred) = self.world().outbox().map(|outbox| outbox.stirred()) else {
            return;
        };
        loop {
            tokio::select! {
                _ = stopped.changed() => return,
                _ = self.deliver_webhooks() => {}
            }
            let due = self.world().next_due();
            tokio::select! {
                _ = stopped.changed() => return,
                () = stirred.notified() => {}
                () = self.clock().reached(due) => {}
            }
        }
    }
}

/// The status of the answer; nothing when none came.
async fn send(post: &Post, signed: Signed) -> Option<u16> {
    let host = post.url.host_str()?.trim_matches(['[', ']']);
    let port = post.url.port_or_known_default()?;
    let stream = TcpStream::connect((host, port)).await.ok()?;
    let io = TokioIo::new(stream);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.ok()?;
    let path = &post.url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut request = Request::post(path)
        .header(header::HOST, format!("{host}:{port}"))
        .header(header::CONTENT_TYPE, "application/json");
    for (name, value) in signed.headers {
        request = request.header(name, value);
    }
    let request = request.body(Body::from(signed.body)).ok()?;
    let answer = async move { sender.send_request(request).await.ok() };
    tokio::pin!(connection);
    tokio::pin!(answer);
    tokio::select! {
        answer = &mut answer => Some(answer?.status().as_u16()),
        _ = &mut connection => Some(answer.await?.status().as_u16()),
    }
}
