//! What came of each call, with the status as it came over the wire.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
};

use ghl_contacts::{
    Request, ReqwestSender, Response, Result, SendError, Sender, async_trait, operations,
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
        self.status.store(0, Ordering::Relaxed);
        let response = self.sender.send(request).await?;
        self.status
            .store(response.status.as_u16(), Ordering::Relaxed);
        Ok(response)
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
            Err(error) => {
                println!("FAILED {status} {operation}: {error}");
                self.failed.insert(operation);
                None
            }
        }
    }

    /// Prints the sum; whether every operation of the table was called and succeeded.
    pub(crate) fn finish(&self) -> bool {
        let table = operations().iter().map(|op| op.name());
        let all: BTreeSet<&str> = table.filter(|name| name.starts_with("contacts.")).collect();
        for missing in all.difference(&self.called) {
            println!("FAILED   - {missing}: not called");
        }
        let good = all.intersection(&self.called).count() - self.failed.len();
        println!("{good} of {} operations succeeded", all.len());
        good == all.len()
    }
}
