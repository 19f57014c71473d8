//! Both CRMs in this process, without sockets, on paused time: hours pass in seconds, and each
//! run is the same.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use crm_sandbox::{Clock, Crm, Sandbox, SandboxBuilder};
use ghl_contacts::{Fault, Request, Response, SendError, Sender, async_trait};
use ghl_insightly::{Connected, Settings};
use jiff::{SignedDuration, Timestamp};
use sync_core::{Both, Engine, Guards, MemoryStore};
use tempfile::TempDir;
use tokio::{
    runtime::Builder,
    task::spawn_blocking,
    time::{Instant, sleep, sleep_until},
};

use crate::{
    failure::Proved,
    world::{Timing, settings_text},
};

/// Runs on a thread of its own, where time stands still until everybody waits.
pub(super) async fn run<T, F>(work: impl FnOnce() -> F + Send + 'static) -> Proved<T>
where
    T: Send + 'static,
    F: Future<Output = Proved<T>>,
{
    let done = spawn_blocking(move || {
        let paused = Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()?;
        paused.block_on(work())
    });
    done.await?
}

/// Paused time, as the engine and both servers have it.
#[derive(Debug, Clone)]
pub(super) struct Time {
    began: Instant,
    start: Timestamp,
    servers: Clock,
}

impl Time {
    fn passed(&self) -> SignedDuration {
        SignedDuration::try_from(self.began.elapsed()).unwrap_or(SignedDuration::MAX)
    }

    /// Brings the servers' clock up to now.
    pub(super) fn tell(&self) {
        self.servers.set(self.start + self.passed());
    }
}

impl sync_core::Clock for Time {
    fn now(&self) -> Timestamp {
        self.start + self.passed()
    }

    fn sleep_until(&self, until: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let wait = until.duration_since(self.start);
        let wait = Duration::try_from(wait).unwrap_or_default();
        Box::pin(sleep_until(self.began + wait))
    }
}

/// How a server is called.
struct Wire {
    crm: Crm,
    time: Time,
    /// How long a request is under way.
    takes: Duration,
}

#[async_trait]
impl Sender for Wire {
    async fn send(&self, request: Request) -> Result<Response, SendError> {
        sleep(self.takes / 2).await;
        self.time.tell();
        let mut asked = http::Request::builder()
            .method(request.method)
            .uri(request.url.as_str())
            .body(request.body.unwrap_or_default())
            .map_err(|why| SendError::from(Fault::InvalidRequest(why.to_string())))?;
        *asked.headers_mut() = request.headers;
        let answer = self.crm.answer(asked).await;
        let answer = answer.ok_or_else(|| SendError::from(Fault::Reset("broken".to_owned())))?;
        sleep(self.takes / 2).await;
        let (head, body) = answer.into_parts();
        Ok(Response {
            status: head.status,
            reason: None,
            headers: head.headers,
            body,
        })
    }
}

/// How the two are called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Conditions {
    /// How long a request is under way.
    pub(super) takes: Duration,
    /// Whether the lags of both indexes are taken to be what the settings say by default, rather
    /// than none.
    pub(super) lags: bool,
}

/// Two CRMs and an engine between them, with the published limits.
pub(super) struct Near {
    pub(super) sandbox: Sandbox,
    pub(super) time: Time,
    settings: Settings,
    senders: Both<Arc<dyn Sender>>,
    _folder: TempDir,
}

impl Near {
    pub(super) fn new(sandbox: SandboxBuilder, conditions: Conditions) -> Proved<Self> {
        // After the beginning of an hour and of a day in both zones.
        let start = Timestamp::from_second(1_775_739_607)?;
        let servers = Clock::manual(start);
        let sandbox = sandbox.clock(servers.clone()).rate_limits(true).build();
        let time = Time {
            began: Instant::now(),
            start,
            servers,
        };
        let wire = |crm: &Crm| -> Arc<dyn Sender> {
            Arc::new(Wire {
                crm: crm.clone(),
                time: time.clone(),
                takes: conditions.takes,
            })
        };
        let senders = Both::new(wire(sandbox.ghl()), wire(sandbox.insightly()));
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("ghl.token"), sandbox.ghl_token())?;
        std::fs::write(
            folder.path().join("insightly.key"),
            sandbox.insightly_api_key(),
        )?;
        let urls = Both::new("https://ghl.test", "https://insightly.test/v3.1").map(str::to_owned);
        let text = settings_text(&sandbox, &urls, Timing::PROMPT);
        let as_usual = |line: &&str| !(conditions.lags && line.starts_with("index_lag_ms"));
        let lines = text.lines().filter(as_usual);
        // The published limits, and nobody else calls.
        let lines: Vec<&str> = lines
            .map(|line| match line.starts_with("limits") {
                true => "share_of_day = 100",
                false => line,
            })
            .collect();
        let path = folder.path().join("ghl-insightly.toml");
        std::fs::write(&path, lines.join("\n"))?;
        Ok(Self {
            settings: Settings::read(&path)?,
            sandbox,
            time,
            senders,
            _folder: folder,
        })
    }

    /// Connects, with guards off.
    pub(super) async fn engine(&self) -> Proved<Engine> {
        let connected = Connected::with_senders(&self.settings, self.senders.clone()).await?;
        let builder = connected.engine(&self.settings, Arc::new(MemoryStore::new()));
        let builder = builder.clock(self.time.clone()).guards(Guards::OFF);
        Ok(builder.build()?)
    }

    /// Requests that the servers have counted.
    pub(super) fn requests(&self) -> Both<u64> {
        let sum = |crm: &Crm| crm.requests().values().sum();
        Both::new(sum(self.sandbox.ghl()), sum(self.sandbox.insightly()))
    }
}
