//! Events as values: for a log, a window, another program.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use futures_core::Stream;
use serde::Serialize;

use crate::{
    connector::Lane,
    field::FieldKey,
    guards::GuardStop,
    id::{Kind, RecordId, RunId},
    mapper::CallKind,
    observer::{Event, Observer},
    side::Side,
    store::{HistoryEvent, Hold},
};

/// An [`Event`] that outlives the call that told it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OwnedEvent {
    /// [`Event::Page`].
    Page {
        /// Where.
        side: Side,
        /// What.
        kind: Kind,
        /// How.
        lane: Lane,
        /// How many rows it had.
        rows: usize,
        /// How many of them showed something new.
        new: usize,
    },
    /// [`Event::Sending`].
    Sending {
        /// Where.
        side: Side,
        /// What.
        kind: Kind,
        /// The operation.
        call: String,
        /// Whether it creates.
        create: bool,
    },
    /// [`Event::Failed`], in words.
    Failed {
        /// Where.
        side: Side,
        /// Why.
        error: String,
    },
    /// [`Event::Happened`].
    Happened {
        /// What it is about.
        kind: Kind,
        /// The field.
        field: Option<FieldKey>,
        /// What.
        event: HistoryEvent,
    },
    /// [`Event::Held`].
    Held(Hold),
    /// [`Event::Waiting`].
    Waiting {
        /// Where the record is.
        side: Side,
        /// Its id.
        id: RecordId,
    },
    /// [`Event::Cycled`], in counts.
    Cycled {
        /// The cycle's number, which the history keeps.
        run: RunId,
        /// Calls that wrote something.
        writes: u64,
        /// Whether there is nothing that another cycle could do now.
        settled: bool,
    },
    /// [`Event::LaneStopped`], in words.
    LaneStopped {
        /// Where.
        side: Side,
        /// What.
        kind: Kind,
        /// How.
        lane: Lane,
        /// Why.
        why: String,
    },
    /// [`Event::Stopped`].
    Stopped(GuardStop),
    /// Nobody read for so long that this many events were dropped here.
    Dropped(u64),
}

impl From<&Event<'_>> for OwnedEvent {
    fn from(event: &Event<'_>) -> Self {
        match *event {
            Event::Page {
                side,
                kind,
                lane,
                rows,
                new,
            } => Self::Page {
                side,
                kind: kind.clone(),
                lane,
                rows,
                new,
            },
            Event::Sending {
                side,
                kind,
                call,
                create,
            } => Self::Sending {
                side,
                kind: kind.clone(),
                call: call.to_owned(),
                create: create == CallKind::Create,
            },
            Event::Failed { side, error } => Self::Failed {
                side,
                error: error.to_string(),
            },
            Event::Happened { kind, field, event } => Self::Happened {
                kind: kind.clone(),
                field: field.cloned(),
                event: event.clone(),
            },
            Event::Held(hold) => Self::Held(hold.clone()),
            Event::Waiting { side, id } => Self::Waiting {
                side,
                id: id.clone(),
            },
            Event::Cycled(report) => Self::Cycled {
                run: report.run,
                writes: report.writes(),
                settled: report.is_settled(),
            },
            Event::LaneStopped(stop) => Self::LaneStopped {
                side: stop.side,
                kind: stop.kind.clone(),
                lane: stop.lane,
                why: stop.why.to_string(),
            },
            Event::Stopped(stop) => Self::Stopped(stop.clone()),
        }
    }
}

/// An observer, and a stream of what it hears.
///
/// At most `capacity` events wait to be read. A reader who is slower than the engine does not
/// slow it: newer events are dropped, and the stream says how many, where they are missing.
/// It ends when the engine is dropped, and what waits was read.
///
/// ```
/// use sync_core::{Event, Observer, OwnedEvent, Side, event_stream};
/// use futures_util::{FutureExt, StreamExt};
///
/// let (observer, mut events) = event_stream(1);
/// for id in ["1", "2", "3"] {
///     observer.notice(&Event::Waiting { side: Side::Left, id: &id.into() });
/// }
/// drop(observer);
/// let read: Vec<OwnedEvent> = events.by_ref().collect().now_or_never().unwrap();
/// let first = OwnedEvent::Waiting { side: Side::Left, id: "1".into() };
/// assert_eq!(read, [first, OwnedEvent::Dropped(2)]);
/// ```
pub fn event_stream(capacity: usize) -> (EventSender, EventStream) {
    let queue = Arc::new(Mutex::new(Queue {
        events: VecDeque::new(),
        capacity: capacity.max(1),
        dropped: 0,
        waker: None,
        closed: false,
    }));
    (EventSender(Arc::clone(&queue)), EventStream(queue))
}

/// The observer of an [`event_stream`].
#[derive(Debug)]
pub struct EventSender(Arc<Mutex<Queue>>);

/// The stream of an [`event_stream`].
#[derive(Debug)]
pub struct EventStream(Arc<Mutex<Queue>>);

#[derive(Debug)]
struct Queue {
    events: VecDeque<OwnedEvent>,
    capacity: usize,
    /// Since the last event that had room.
    dropped: u64,
    waker: Option<Waker>,
    closed: bool,
}

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Queue {
    fn push(&mut self, event: OwnedEvent) {
        if self.events.len() >= self.capacity {
            self.dropped += 1;
            return;
        }
        if self.dropped > 0 {
            let dropped = std::mem::take(&mut self.dropped);
            self.events.push_back(OwnedEvent::Dropped(dropped));
        }
        self.events.push_back(event);
    }

    fn pop(&mut self) -> Option<OwnedEvent> {
        let next = self.events.pop_front();
        next.or_else(|| {
            let dropped = std::mem::take(&mut self.dropped);
            (dropped > 0).then_some(OwnedEvent::Dropped(dropped))
        })
    }
}

impl Observer for EventSender {
    fn notice(&self, event: &Event<'_>) {
        let waker = {
            let mut queue = lock(&self.0);
            queue.push(event.into());
            queue.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Drop for EventSender {
    fn drop(&mut self) {
        let waker = {
            let mut queue = lock(&self.0);
            queue.closed = true;
            queue.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Stream for EventStream {
    type Item = OwnedEvent;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<OwnedEvent>> {
        let mut queue = lock(&self.0);
        match queue.pop() {
            Some(event) => Poll::Ready(Some(event)),
            None if queue.closed => Poll::Ready(None),
            None => {
                queue.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}
