//! What came of each call, with the status as it came over the wire.

use std::{
    collections::BTreeSet,
    error::Error,
    fmt::Display,
    io::Write,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
};

use futures_util::{Stream, StreamExt};
use ghl_contacts::{
    Request, ReqwestSender, Response, SendError, Sender, SenderBuildError, async_trait,
};
use insightly::Opened;
use serde_json::Value;

/// Sends, and remembers the last status.
#[derive(Debug)]
pub struct Wire {
    sender: ReqwestSender,
    status: AtomicU16,
}

impl Wire {
    /// A wire of the stock sender.
    pub fn new() -> Result<Arc<Self>, SenderBuildError> {
        Ok(Self::over(ReqwestSender::new()?))
    }

    /// A wire of this sender.
    pub fn over(sender: ReqwestSender) -> Arc<Self> {
        let status = AtomicU16::new(0);
        Arc::new(Self { sender, status })
    }
}

#[async_trait]
impl Sender for Wire {
    async fn send(&self, request: Request) -> Result<Response, SendError> {
        let response = self.sender.send(request).await?;
        self.status
            .store(response.status.as_u16(), Ordering::Relaxed);
        Ok(response)
    }

    async fn open(&self, request: Request) -> Result<Opened, SendError> {
        let opened = self.sender.open(request).await?;
        self.status.store(opened.status.as_u16(), Ordering::Relaxed);
        Ok(opened)
    }
}

/// What came of one call.
#[derive(Debug)]
pub enum Came<E> {
    /// It succeeded.
    Good,
    /// The account's plan does not have it.
    Absent(E),
    /// It failed.
    Failed(E),
    /// The account leaves nothing to call it with.
    Impossible(String),
}

/// A member that reads otherwise than it was written.
#[derive(Debug)]
pub struct Difference {
    /// Which call answered so.
    pub operation: &'static str,
    /// The member.
    pub member: String,
    /// What was written.
    pub written: Value,
    /// What is read; `None` where the answer does not have it.
    pub read: Option<Value>,
}

/// What came of each call.
#[derive(Debug)]
pub struct Report<E> {
    wire: Arc<Wire>,
    is_absent: fn(&E) -> bool,
    tell: fn(&str),
    calls: Vec<(&'static str, Came<E>)>,
    differences: Vec<Difference>,
}

impl<E: Display> Report<E> {
    /// Nothing was called yet. Each call's line is given to `tell`; `is_absent` knows the
    /// errors that speak of the account's plan.
    pub fn new(wire: Arc<Wire>, is_absent: fn(&E) -> bool, tell: fn(&str)) -> Self {
        Self {
            wire,
            is_absent,
            tell,
            calls: Vec::new(),
            differences: Vec::new(),
        }
    }

    /// Makes a call and tells its line.
    pub async fn call<T>(
        &mut self,
        operation: &'static str,
        call: impl Future<Output = Result<T, E>>,
    ) -> Option<T> {
        self.wire.status.store(0, Ordering::Relaxed);
        let result = call.await;
        let status = self.wire.status.load(Ordering::Relaxed);
        let (line, came, value) = match result {
            Ok(value) => (
                format!("ok     {status} {operation}"),
                Came::Good,
                Some(value),
            ),
            Err(error) if (self.is_absent)(&error) => (
                format!("absent {status} {operation}: not in this account's plan"),
                Came::Absent(error),
                None,
            ),
            Err(error) => (
                format!("FAILED {status} {operation}: {error}"),
                Came::Failed(error),
                None,
            ),
        };
        (self.tell)(&line);
        self.calls.push((operation, came));
        value
    }

    /// Reads a list to its end, or to its first 20 rows.
    pub async fn list<T>(
        &mut self,
        operation: &'static str,
        rows: impl Stream<Item = Result<T, E>>,
    ) -> Vec<T> {
        let rows = async {
            let rows: Vec<_> = rows.take(20).collect().await;
            rows.into_iter().collect::<Result<Vec<T>, E>>()
        };
        self.call(operation, rows).await.unwrap_or_default()
    }

    /// An operation that this account leaves nothing to call with.
    pub fn impossible(&mut self, operation: &'static str, why: &str) {
        (self.tell)(&format!("FAILED   - {operation}: {why}"));
        self.calls
            .push((operation, Came::Impossible(why.to_owned())));
    }

    /// Compares what was written with what is read: a list may have grown, and its rows
    /// may have got members. What differs is told, and is no failure.
    pub fn compare(&mut self, operation: &'static str, written: &Value, read: &Value) {
        for (member, written) in written.as_object().into_iter().flatten() {
            let read = read.get(member);
            if !shows(read, written) {
                (self.tell)(&format!(
                    "read     - {operation}: {member} was {written} and is {}",
                    read.unwrap_or(&Value::Null)
                ));
                self.differences.push(Difference {
                    operation,
                    member: member.clone(),
                    written: written.clone(),
                    read: read.cloned(),
                });
            }
        }
    }

    /// The calls that were made, in their order.
    pub fn calls(&self) -> &[(&'static str, Came<E>)] {
        &self.calls
    }

    /// What reads otherwise than it was written.
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }

    /// Tells the sum; whether each of these operations was called and none failed.
    pub fn finish(&self, all: &BTreeSet<&'static str>) -> bool {
        let called: BTreeSet<&str> = self.calls.iter().map(|(name, _)| *name).collect();
        let failed = self.calls.iter().filter_map(|(name, came)| match came {
            Came::Good | Came::Absent(_) => None,
            Came::Failed(_) | Came::Impossible(_) => Some(*name),
        });
        let mut bad: BTreeSet<&str> = failed.collect();
        for name in all.difference(&called) {
            (self.tell)(&format!("FAILED   - {name}: not called"));
            bad.insert(name);
        }
        let good = all.difference(&bad).count();
        (self.tell)(&format!("{good} of {} operations succeeded", all.len()));
        good == all.len()
    }
}

/// 0 where all succeeded, 1 where some failed, 2 where nothing could be begun, which is said.
pub fn exit_code(run: Result<bool, Box<dyn Error>>) -> ExitCode {
    match run {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Nobody is left to hear that this failed too.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether what is read has all that was written.
fn shows(read: Option<&Value>, written: &Value) -> bool {
    match (read, written) {
        (None, written) => written.is_null(),
        (Some(Value::Array(read)), Value::Array(written)) => written
            .iter()
            .all(|row| read.iter().any(|there| shows(Some(there), row))),
        (Some(Value::Object(read)), Value::Object(written)) => written
            .iter()
            .all(|(name, value)| shows(read.get(name), value)),
        (Some(read), written) => read == written,
    }
}
