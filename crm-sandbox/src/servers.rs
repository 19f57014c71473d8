//! Both servers on sockets of this machine.

use std::convert::Infallible;
use std::io;
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tower::ServiceExt;

use crate::crm::Crm;
use crate::error::SandboxError;
use crate::reply::ConnectionReset;

/// Both servers, listening on 127.0.0.1 until they are shut down or dropped.
#[derive(Debug)]
pub struct Servers {
    ghl: Listening,
    insightly: Listening,
    webhooks: [JoinHandle<()>; 2],
    stop: watch::Sender<()>,
}

#[derive(Debug)]
struct Listening {
    port: u16,
    task: JoinHandle<()>,
    /// How many connections are open.
    open: watch::Receiver<usize>,
}

impl Servers {
    pub(crate) async fn start(
        ghl: (Router, u16),
        insightly: (Router, u16),
        webhooks: [Crm; 2],
    ) -> Result<Self, SandboxError> {
        let (stop, stopped) = watch::channel(());
        let ghl_socket = bind(ghl.1, "ghl-port").await?;
        let insightly_socket = bind(insightly.1, "insightly-port").await?;
        Ok(Self {
            ghl: listen(ghl_socket, ghl.0, stopped.clone()),
            insightly: listen(insightly_socket, insightly.0, stopped.clone()),
            webhooks: webhooks.map(|crm| tokio::spawn(crm.deliver_until(stopped.clone()))),
            stop,
        })
    }

    /// For example `http://127.0.0.1:4010`.
    pub fn ghl_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ghl.port)
    }

    /// For example `http://127.0.0.1:4020/v3.1`.
    pub fn insightly_url(&self) -> String {
        format!("http://127.0.0.1:{}/v3.1", self.insightly.port)
    }

    /// Waits until every connection that was made has ended: what a program sent before it died
    /// has been worked on, or never will be.
    ///
    /// # Errors
    ///
    /// The servers do not accept connections any more.
    pub async fn hung_up(&self) -> io::Result<()> {
        for listening in [&self.ghl, &self.insightly] {
            // They are accepted in order: when this one has ended, none waits before it.
            let mut last = TcpStream::connect((Ipv4Addr::LOCALHOST, listening.port)).await?;
            last.shutdown().await?;
            last.read_to_end(&mut Vec::new()).await?;
            let mut open = listening.open.clone();
            let ended = open.wait_for(|open| *open == 0).await;
            ended.map_err(|_| io::Error::from(io::ErrorKind::NotConnected))?;
        }
        Ok(())
    }

    /// Cuts all connections and frees the ports.
    pub async fn shutdown(self) {
        drop(self.stop);
        let listening = [self.ghl.task, self.insightly.task];
        for task in listening.into_iter().chain(self.webhooks) {
            // A task that ended by itself has nothing left to free.
            let _ = task.await;
        }
    }
}

async fn bind(port: u16, flag: &'static str) -> Result<(TcpListener, u16), SandboxError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => SandboxError::PortInUse { port, flag },
        _ => SandboxError::Listen { port, source },
    };
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(failed)?;
    let address = socket.local_addr().map_err(failed)?;
    Ok((socket, address.port()))
}

fn listen(
    (socket, port): (TcpListener, u16),
    router: Router,
    mut stopped: watch::Receiver<()>,
) -> Listening {
    let (told, open_now) = watch::channel(0);
    let task = tokio::spawn(async move {
        // Dropping the set cuts what is still open.
        let mut open = JoinSet::new();
        loop {
            tokio::select! {
                _ = stopped.changed() => return,
                Some(_) = open.join_next() => {}
                arrived = socket.accept() => {
                    if let Ok((stream, _)) = arrived {
                        open.spawn(serve(stream, router.clone()));
                    }
                }
            }
            told.send_replace(open.len());
        }
    });
    Listening {
        port,
        task,
        open: open_now,
    }
}

/// Answers the requests of one connection, in order, until one of them breaks it.
async fn serve(stream: TcpStream, router: Router) {
    // Small answers go out at once; a refusal costs only speed.
    let _ = stream.set_nodelay(true);
    let broken = Arc::new(AtomicBool::new(false));
    let wire = Wire {
        stream,
        broken: broken.clone(),
    };
    let service = service_fn(|request: Request<Incoming>| {
        let router = router.clone();
        let broken = broken.clone();
        async move { answer(router, request, &broken).await }
    });
    let connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(wire), service);
    // How a connection ends is the caller's affair.
    let _ = connection.await;
}

async fn answer(
    router: Router,
    request: Request<Incoming>,
    broken: &AtomicBool,
) -> Result<Response, io::Error> {
    let answered: Result<Response, Infallible> = router.oneshot(request.map(Body::new)).await;
    let Ok(response) = answered;
    if response.extensions().get::<ConnectionReset>().is_some() {
        broken.store(true, Ordering::Relaxed);
        return Err(io::ErrorKind::ConnectionReset.into());
    }
    Ok(response)
}

/// A connection that ends with a reset instead of a farewell once it is broken.
struct Wire {
    stream: TcpStream,
    broken: Arc<AtomicBool>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.broken.load(Ordering::Relaxed) {
            // Without it the connection still closes, only more politely.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
