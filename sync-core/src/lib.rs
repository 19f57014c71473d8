//! Two-way sync that loses nothing, over any two systems.

mod adapter;
mod clock;
mod connector;
mod engine;
mod feed;
mod field;
mod field_type;
mod fields;
mod first_sync;
mod guards;
mod id;
mod link;
mod mapper;
mod matching;
mod memory_store;
mod observer;
mod pairing;
mod partial_date;
mod plan;
mod reading;
mod record;
pub mod rules;
mod sets;
mod side;
mod store;
pub mod stored;
pub mod testing;
mod value;

pub use adapter::{
    AccountProbe, Endpoint, EndpointTraits, Head, NativePage, NativeReply, NativeSeen,
    TypedConnector,
};
pub use clock::Clock;
pub use connector::{
    Body, Capabilities, Connector, ConnectorError, Cursor, Effect, Feed, Hint, Lane, Page, Reason,
    Reply, Row, Seen,
};
pub use engine::{BuildError, CycleReport, Engine, EngineBuilder, EngineError, Plan, PlanCounts};
pub use feed::FeedCursor;
pub use field::{Field, FieldKey, FieldSet};
pub use field_type::{Decimal, Email, FieldType, Lines, Parts, Tags};
pub use fields::{Access, FieldUse, Fields};
pub use first_sync::{Differences, FirstSync};
pub use guards::{GuardName, GuardStop, Guards};
pub use id::{
    AccountId, CauseId, ConnectionId, Epoch, IntentId, Kind, LinkId, Locator, RecordId, Ref, Stamp,
    Target,
};
pub use link::{Cell, Decided, Link, LinkSide};
pub use mapper::{Call, CallKind, Change, Draft, Edit, Mapper, Part};
pub use matching::{MatchKey, Matcher, Tier};
pub use memory_store::MemoryStore;
pub use observer::{Event, Observer};
pub use pairing::{FieldPair, Pairing, ShapeMismatch};
pub use partial_date::PartialDate;
pub use plan::{Entry, FieldHold, Planned, Planner, Write};
pub use reading::{Coverage, Memo, Reading, Unfit};
pub use record::Record;
pub use side::{Both, Side};
pub use store::{
    Archive, Batch, Counts, Dirty, Happened, HistoryEvent, Hold, HoldReason, Intent, LaneKey,
    LaneState, Marker, Observation, Op, Staged, StagedWrite, Store, StoreError, Subject,
};
pub use value::{Item, Shape, Value};
