//! The whole way of a delivery: believed, not seen before, kept; only then answered.

use std::{fmt, sync::Arc};

use api_transport::{Bytes, HeaderMap, StatusCode};
use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::mpsc::{self, error::TrySendError};

use super::{Claim, RecentDeliveries, Refusal, ReplayMemory, VerifiedEvent, Verifier, Window};

/// Where believed events are kept until they are worked on.
///
/// A bounded `tokio::sync::mpsc::Sender` is one; it forgets with the process, so sweep
/// ([`Contacts::search`](crate::Contacts::search)) after a start. To lose nothing, implement
/// it for a table on disk: insert the body under its
/// [`delivery_id`](VerifiedEvent::delivery_id), and take a row that is there for kept.
#[async_trait]
pub trait Inbox: Send + Sync + 'static {
    /// Keeps an event, or says at once that it cannot. `Ok` is a promise.
    async fn keep(&self, event: VerifiedEvent) -> Result<(), InboxError>;
}

/// Why an event cannot be kept now.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InboxError {
    /// It is full.
    #[error("the inbox is full")]
    Full,
    /// Nobody takes out of it any more.
    #[error("the inbox is closed")]
    Closed,
    /// It failed otherwise.
    #[error("the inbox failed: {0}")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

#[async_trait]
impl Inbox for mpsc::Sender<VerifiedEvent> {
    async fn keep(&self, event: VerifiedEvent) -> Result<(), InboxError> {
        self.try_send(event).map_err(|error| match error {
            TrySendError::Full(_) => InboxError::Full,
            TrySendError::Closed(_) => InboxError::Closed,
        })
    }
}

/// What became of a delivery that is to be answered with success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Received {
    /// It is kept now.
    Kept,
    /// It was kept before; this is a repetition.
    KeptBefore,
}

/// Why a delivery is not kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotKept {
    /// It is not believed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Its stamp is out of the [`Window`], missing where one is wanted, or older than what
    /// the memory still holds.
    #[error("sent too long ago, or in the future, or at no known time")]
    OutOfTime,
    /// It cannot be kept now, and should come again.
    #[error("come again: {0}")]
    ComeAgain(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl NotKept {
    /// The status to answer with.
    ///
    /// HighLevel repeats a delivery after 429 only, six times in about 70 minutes; after any
    /// other answer, 5xx included, the event is lost. So what should come again is a 429.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused(Refusal::TooLarge { .. }) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Refused(Refusal::NotAnEvent(_)) | Self::OutOfTime => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Refused(_) => StatusCode::UNAUTHORIZED,
            Self::ComeAgain(_) => StatusCode::TOO_MANY_REQUESTS,
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the same delivery is being kept this moment")]
struct Racing;

type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Receives deliveries for one app. Cheap to clone.
#[derive(Clone)]
pub struct Receiver {
    verifier: Arc<Verifier>,
    inbox: Arc<dyn Inbox>,
    memory: Arc<dyn ReplayMemory>,
    window: Window,
    clock: Clock,
}

impl Receiver {
    /// Checks with `verifier`, keeps in `inbox`, remembers in a [`RecentDeliveries`].
    pub fn new(verifier: impl Into<Arc<Verifier>>, inbox: impl Inbox) -> Self {
        Self {
            verifier: verifier.into(),
            inbox: Arc::new(inbox),
            memory: Arc::new(RecentDeliveries::default()),
            window: Window::default(),
            clock: Arc::new(Timestamp::now),
        }
    }

    /// Remembers deliveries elsewhere.
    #[must_use]
    pub fn memory(mut self, memory: impl ReplayMemory) -> Self {
        self.memory = Arc::new(memory);
        self
    }

    /// How old a delivery may be.
    #[must_use]
    pub fn window(mut self, window: Window) -> Self {
        self.window = window;
        self
    }

    /// Another clock than the system's, for tests.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// What checks the deliveries; its keys can be replaced here.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// Takes a delivery in: answer 200 for `Ok`, and the error's
    /// [`status`](NotKept::status) otherwise.
    ///
    /// Run it to its end even when the connection breaks (in a task of its own), or its
    /// claim in the memory stays open.
    pub async fn receive(&self, headers: &HeaderMap, body: Bytes) -> Result<Received, NotKept> {
        let event = self.verifier.verify(headers, body)?;
        let now = (self.clock)();
        if !self.window.admits(event.timestamp(), now) {
            return Err(NotKept::OutOfTime);
        }
        let id = event.delivery_id().clone();
        let stamp = event.timestamp().unwrap_or(now);
        match self.memory.claim(&id, stamp).await.map_err(come_again)? {
            Claim::New => {}
            Claim::Known => return Ok(Received::KeptBefore),
            Claim::Pending => return Err(come_again(Racing)),
            Claim::Forgotten => return Err(NotKept::OutOfTime),
        }
        if let Err(error) = self.inbox.keep(event).await {
            // A claim that cannot be taken back ends by itself; the answer is the same.
            let _ = self.memory.release(&id).await;
            return Err(come_again(error));
        }
        // Kept is kept: at worst a repetition is kept twice.
        let _ = self.memory.confirm(&id).await;
        Ok(Received::Kept)
    }
}

fn come_again(error: impl std::error::Error + Send + Sync + 'static) -> NotKept {
    NotKept::ComeAgain(Box::new(error))
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("verifier", &self.verifier)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}
