//! Two-way sync that loses nothing, over any two systems.
//!
//! You bring two systems and a mapper for each; the engine finds what each side
//! changed, field by field, decides conflicts by your rules, writes only what is
//! owed, and survives lost replies and `kill -9` without a lost edit or a double.
//! It knows no CRM, no HTTP and no SQL, spawns nothing and owns no runtime.
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//! use sync_core::{
//!     Both, Clock, ConnectionId, Connector, Email, Engine, Field, Fields, Kind, MatchKey, Matcher,
//!     MemoryStore, Record, Tier, rules::{NewestWins, Otherwise}, testing::{ManualClock, Model},
//! };
//!
//! static EMAIL: Field<Email> = Field::new("email");
//! static NAME: Field<String> = Field::new("name");
//!
//! struct ByEmail;
//! impl Matcher for ByEmail {
//!     fn keys(&self, _: &Kind, record: &Record) -> Vec<MatchKey> {
//!         let email = record.get(&EMAIL);
//!         email.map(|e| MatchKey::new(Tier::First, "email", e.as_str())).into_iter().collect()
//!     }
//!     fn agree(&self, _: &Kind, _: &MatchKey, _: &Record, _: &Record) -> bool { true }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Two systems in memory stand for yours.
//! let clock = ManualClock::at("2026-11-24T10:00:00Z".parse()?);
//! let shared: Arc<dyn Clock> = Arc::new(clock.clone());
//! let fields = || Fields::new().exact(&EMAIL).exact(&NAME);
//! let left = Model::new("L", fields(), Duration::ZERO, shared.clone());
//! let right = Model::new("R", fields(), Duration::ZERO, shared.clone());
//! let mut ada = Record::default();
//! ada.set(&EMAIL, Email::new("ada@example.com")).set(&NAME, "Ada".to_owned());
//! left.enter(&ada);
//!
//! let sides: Both<Arc<dyn Connector>> = Both::new(Arc::new(left), Arc::new(right.clone()));
//! let store = Arc::new(MemoryStore::new());
//! let rule = NewestWins { otherwise: Otherwise::Hold };
//! let mut engine = Engine::builder(ConnectionId::new("demo"), sides, store, shared, ByEmail, rule)
//!     .kinds([Kind::new("contact")])
//!     .build()?;
//! clock.advance(Duration::from_secs(1));
//! let report = engine.cycle().await?;
//! assert_eq!(report.created.right, 1);
//! assert_eq!(right.records().len(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! # Map
//!
//! | room | holds |
//! | --- | --- |
//! | [`Record`], [`Field`], [`Value`], [`FieldType`] | one entity in the canonical form |
//! | [`Mapper`], [`Fields`], [`Reading`], [`Change`], [`Draft`] | native ↔ record |
//! | [`Endpoint`], [`TypedConnector`], [`Connector`] | one system, as the engine sees it |
//! | [`Matcher`], [`FirstSync`] | which records are the same thing, and what happens when they meet |
//! | [`Leaving`], [`Scope`], [`Tombstone`] | what happens to records that are deleted, moved to another parent, or leave what is synced |
//! | [`rules`] | what a field becomes when both sides changed it |
//! | [`OneWay`], [`StrayEdits`], [`EngineBuilder::blocks`] | changes that travel one way, and records that hold a create |
//! | [`Planner`] | what has to be written where; pure |
//! | [`Engine`], [`CycleReport`], [`Plan`], [`Guards`], [`Observer`] | reading, planning, judging, applying |
//! | [`SavedPlan`], [`Staged`], [`Limits`], [`Applied`] | a plan that a person reads: why each step, what it costs, what was done of it |
//! | [`Undo`], [`Engine::link`], [`Engine::decide`], [`Engine::forget`], [`Engine::twins`] | what people do by hand |
//! | [`event_stream`], [`OwnedEvent`] | what happens, as a stream |
//! | [`Store`], [`MemoryStore`], [`Imprint`] | links, shadows, journal, holds, history |
//! | [`guide`] | how it works, and what holds it |
//! | [`testing`] | laws of mappers, connectors and stores, a system in memory, a clock that stands still |
//!
//! # How it works
//!
//! Each side has a *shadow*: what it showed when the link last agreed. A row that differs from it
//! makes its record *dirty*; the *planner* says what is owed to which side, *guards* judge the
//! whole plan, and each step has its *intent* on disk before its call is sent. The guide draws
//! [how a change travels](guide::how_a_change_travels), and lists [what is done in each
//! situation](guide::planner_table).
//!
//! # What always holds
//!
//! Both sides [come to say the same](guide::converge), and then the engine is
//! [quiet](guide::quiet). [No edit is lost](guide::no_lost_update), [nobody is
//! doubled](guide::no_duplicates), [what was deleted stays deleted](guide::no_resurrection).
//! [One bad field](guide::isolation) stops nothing else. It can be [killed
//! anywhere](guide::restart), hints may come [in any order](guide::any_order), it is
//! [cheap](guide::cheap), and it writes [nothing that nobody asked for](guide::nothing_unasked).
//! Each page says where that ends, and which tests hold it.
//!
//! # Known limits
//!
//! A kind that is read under each parent is as fresh as the stamps of the parents, hints, and a
//! sweep: [`Engine::status`] tells the worst lag. A record that is held behind another kind
//! ([`EngineBuilder::blocks`]) asks anew once a day whether that one is still there.

#[macro_use]
mod planted;

mod adapter;
mod caught;
mod clock;
mod connector;
mod cost;
mod engine;
mod erased;
mod events;
mod feed;
mod field;
mod field_type;
mod fields;
mod first_sync;
mod guards;
pub mod guide;
mod id;
mod imprint;
mod leaving;
mod link;
mod mapper;
mod matching;
mod memory_store;
mod observer;
mod one_way;
mod pairing;
mod partial_date;
mod plan;
mod reading;
mod record;
pub mod rules;
mod saved_plan;
mod sets;
mod side;
mod step;
mod store;
pub mod stored;
pub mod testing;
mod three_way;
mod value;

pub use adapter::{
    AccountProbe, Endpoint, EndpointTraits, Head, NativePage, NativeReply, NativeSeen,
    NativesFound, TypedConnector,
};
pub use async_trait::async_trait;
pub use clock::Clock;
pub use connector::{
    Body, Capabilities, Connector, ConnectorError, Cursor, Effect, Feed, Hint, Lane, Page, Reason,
    Reply, Row, Seen,
};
pub use cost::{Cost, Limits};
pub use engine::{
    Allowance, Applied, BuildError, CycleReport, Engine, EngineBuilder, EngineError, Forgotten,
    Hints, KindStatus, LaneFault, LaneStatus, LaneStop, NotUndone, Outcome, Plan, PlanCounts,
    SideStatus, Status, Twin, Undo, UsedToday,
};
pub use erased::EraseKey;
pub use events::{EventSender, EventStream, OwnedEvent, event_stream};
pub use feed::FeedCursor;
pub use field::{Field, FieldKey, FieldSet};
pub use field_type::{Decimal, Email, FieldType, Lines, List, Map, Name, Parts, Tags};
pub use fields::{Access, FieldUse, Fields};
pub use first_sync::{Backlog, Differences, FirstSync};
pub use guards::{GuardName, GuardStop, Guards};
pub use id::{
    AccountId, CauseId, ConnectionId, Epoch, IntentId, Kind, LinkId, Locator, RecordId, Ref, RunId,
    Stamp, Target,
};
pub use imprint::Imprint;
pub use leaving::{Deletes, Leaving, Moves, OutOfScope, Scope};
pub use link::{Absence, Cell, Decided, Link, LinkEnd, LinkSide, Tombstone, Written};
pub use mapper::{Call, CallKind, Change, Draft, Edit, Mapper, Part};
pub use matching::{MatchKey, Matcher, Tier};
pub use memory_store::MemoryStore;
pub use observer::{Event, Observer};
pub use one_way::{OneWay, StrayEdits};
pub use pairing::{FieldPair, Pairing, ShapeMismatch};
pub use partial_date::PartialDate;
pub use plan::{Entry, FieldHold, Planned, Planner, Write};
#[cfg(planted)]
#[doc(hidden)]
pub use planted::is_planted;
pub use reading::{Alternative, Coverage, Memo, Reading, Unfit};
pub use record::Record;
pub use saved_plan::{RefusedStep, SavedPlan};
pub use side::{Both, Side};
pub use step::{Before, Staged, StagedField, StagedLink, StagedWrite, Why};
pub use store::{
    Act, Archive, Aside, Batch, Counts, Dirty, FOLLOWED_SINCE, Happened, HistoryEvent, HistoryOf,
    Hold, HoldReason, Intent, LaneKey, LaneState, Marker, Observation, Op, Store, StoreError,
    Subject,
};
pub use value::{Item, Shape, Value};
