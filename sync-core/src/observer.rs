//! Telemetry goes out through this, so that the engine needs none of its own.

use crate::{
    connector::{ConnectorError, Lane},
    engine::{CycleReport, LaneStop},
    field::FieldKey,
    guards::GuardStop,
    id::{Kind, RecordId},
    mapper::CallKind,
    side::Side,
    store::{HistoryEvent, Hold},
};

/// Hears of what happens, as it happens. Closures implement it.
pub trait Observer: Send + Sync + 'static {
    /// Hears of one event. Must return at once.
    fn notice(&self, event: &Event<'_>);
}

impl<F: Fn(&Event<'_>) + Send + Sync + 'static> Observer for F {
    fn notice(&self, event: &Event<'_>) {
        self(event);
    }
}

/// What the engine does.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A page was read.
    Page {
        /// Where.
        side: Side,
        /// What.
        kind: &'a Kind,
        /// How.
        lane: Lane,
        /// How many rows it had.
        rows: usize,
        /// How many of them showed something new.
        new: usize,
    },
    /// A call is about to be sent; its intent is in the journal.
    Sending {
        /// Where.
        side: Side,
        /// What.
        kind: &'a Kind,
        /// The operation.
        call: &'a str,
        /// Whether it creates.
        create: CallKind,
    },
    /// A call failed.
    Failed {
        /// Where.
        side: Side,
        /// Why.
        error: &'a ConnectorError,
    },
    /// Something entered the history.
    Happened {
        /// What it is about.
        kind: &'a Kind,
        /// The field.
        field: Option<&'a FieldKey>,
        /// What.
        event: &'a HistoryEvent,
    },
    /// A change is held.
    Held(&'a Hold),
    /// A create waits until the other side would show the record if it were there.
    Waiting {
        /// Where the record is.
        side: Side,
        /// Its id.
        id: &'a RecordId,
    },
    /// A cycle of [`Engine::watch`](crate::Engine::watch) is over.
    Cycled(&'a CycleReport),
    /// A lane was given up for the cycle; everything else goes on.
    LaneStopped(&'a LaneStop),
    /// A guard stopped the cycle.
    Stopped(&'a GuardStop),
}
