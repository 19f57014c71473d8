//! What came of each call, with the status as it came over the wire.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
};

use futures_util::{Stream, StreamExt};
use insightly::{
    ErrorKind, Opened, Request, ReqwestSender, Response, Result, SendError, Sender, async_trait,
    operations,
};

/// Sends, and remembers the last status.
pub(crate) struct Wire {
    sender: ReqwestSender,
    status: AtomicU16,
}

impl Wire {
    pub(crate) fn over(sender: ReqwestSender) -> Arc<Self> {
        let status = AtomicU16::new(0);
        Arc::new(Self { sender, status })
    }
}

#[async_trait]
impl Sender for Wire {
    async fn send(&self, request: Request) -> std::result::Result<Response, SendError> {
        let response = self.sender.send(request).await?;
        self.status
            .store(response.status.as_u16(), Ordering::Relaxed);
        Ok(response)
    }

    async fn open(&self, request: Request) -> std::result::Result<Opened, SendError> {
        let opened = self.sender.open(request).await?;
        self.status.store(opened.status.as_u16(), Ordering::Relaxed);
        Ok(opened)
    }
}

/// Which operations were called, and which failed.
pub(crate) struct Report {
    wire: Arc<Wire>,
    called: BTreeSet<&'static str>,
    failed: BTreeSet<&'static str>,
}

impl Report {
    pub(crate) fn new(wire: Arc<Wire>) -> Self {
        Self {
            wire,
            called: BTreeSet::new(),
            failed: BTreeSet::new(),
        }
    }

    /// Makes a call and prints its line.
    pub(crate) async fn call<T>(
        &mut self,
        operation: &'static str,
        call: impl Future<Output = Result<T>>,
    ) -> Option<T> {
        self.wire.status.store(0, Ordering::Relaxed);
        let result = call.await;
        let status = self.wire.status.load(Ordering::Relaxed);
        self.called.insert(operation);
        match result {
            Ok(value) => {
                println!("ok     {status} {operation}");
                Some(value)
            }
            Err(error) if *error.kind() == ErrorKind::FamilyNotAvailable => {
                println!("absent {status} {operation}: not in this account's plan");
                None
            }
            Err(error) => {
                println!("FAILED {status} {operation}: {error}");
                self.failed.insert(operation);
                None
            }
        }
    }

    /// Reads a list to its end, or to its first 20 rows.
    pub(crate) async fn list<T>(
        &mut self,
        operation: &'static str,
        rows: impl Stream<Item = Result<T>>,
    ) -> Vec<T> {
        let rows = async {
            let rows: Vec<_> = rows.take(20).collect().await;
            rows.into_iter().collect::<Result<Vec<T>>>()
        };
        self.call(operation, rows).await.unwrap_or_default()
    }

    /// An operation that this account leaves nothing to call with.
    pub(crate) fn impossible(&mut self, operation: &'static str, why: &str) {
        println!("FAILED   - {operation}: {why}");
        self.called.insert(operation);
        self.failed.insert(operation);
    }

    /// Prints the sum; whether every operation of the table was called and none failed.
    pub(crate) fn finish(&self) -> bool {
        let all: BTreeSet<&str> = operations().map(insightly::ApiOperation::name).collect();
        let missing: Vec<_> = all.difference(&self.called).collect();
        for name in &missing {
            println!("FAILED   - {name}: not called");
        }
        let good = all.len() - missing.len() - self.failed.len();
        println!("{good} of {} operations succeeded", all.len());
        good == all.len()
    }
}
