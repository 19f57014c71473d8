//! The seam between the engine and one system: records, never natives.

use std::{any::Any, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    field::FieldKey,
    fields::Fields,
    id::{AccountId, Kind, Locator, RecordId, Ref, Stamp, Target},
    imprint::Imprint,
    mapper::{Change, Draft},
    matching::MatchKey,
    reading::{Coverage, Memo, Reading, Unfit},
};

/// One system as the engine sees it. Object-safe; usually made of an
/// [`Endpoint`](crate::Endpoint) and a [`Mapper`](crate::Mapper) by
/// [`TypedConnector`](crate::TypedConnector).
///
/// It does not know which side it is, and never repeats a call by itself in a
/// way that could do a write twice.
#[async_trait]
pub trait Connector: Send + Sync + 'static {
    /// What it can do for a kind; `None` when it does not know the kind.
    fn capabilities(&self, kind: &Kind) -> Option<&Capabilities>;

    /// Reads a row that this connector gave out. Pure.
    fn read(&self, kind: &Kind, row: &Row, memo: &Memo) -> Reading;

    /// Hashes all that [`read`](Self::read) looks at in a row, so that a row that was met before
    /// is not read again; see [`Mapper::imprint`](crate::Mapper::imprint). Pure.
    fn imprint(&self, _kind: &Kind, _row: &Row, _imprint: &mut Imprint) {}

    /// The calls that a change needs. Pure.
    fn draft(&self, kind: &Kind, change: &Change<'_, Row>) -> Result<Draft<Body>, Unfit>;

    /// Whose data this is. The engine pins it and refuses another's.
    async fn account(&self) -> Result<AccountId, ConnectorError>;

    /// One page of what changed. `from` is `None` at the start of a lane: the
    /// fast and settled lanes then only take a cursor, a walk begins at the beginning.
    /// Where the feed is a [`Feed::List`], only walks are asked for, one in every cycle.
    async fn changes(
        &self,
        kind: &Kind,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<Page, ConnectorError>;

    /// All records of a kind that belong to a parent: none, if its kind has none of these. It is
    /// how kinds without a feed are read. Kinds that have one are read so before a parent is
    /// deleted, so that nothing is deleted with it that nobody has seen; where it is unsupported,
    /// what the feed has shown is all that is known.
    async fn children(&self, kind: &Kind, parent: &Ref) -> Result<Page, ConnectorError>;

    /// One record by id; `None` when the system says that there is none.
    async fn fetch(&self, kind: &Kind, target: &Target) -> Result<Option<Seen>, ConnectorError>;

    /// Records that have a match key, where [`Capabilities::finds`] says so; asked before one is
    /// created under that key. May lag behind writes. A key that the system cannot be asked for
    /// is [`Reason::Unsupported`].
    async fn find(&self, kind: &Kind, key: &MatchKey) -> Result<Vec<Row>, ConnectorError>;

    /// Turns a webhook's hint into a record to look at.
    async fn resolve(&self, hint: &Hint) -> Result<Option<Target>, ConnectorError>;

    /// Sends one call of a draft. `target` is `None` for the call that creates.
    async fn send(
        &self,
        kind: &Kind,
        target: Option<&Target>,
        call: &crate::mapper::Call<Body>,
    ) -> Result<Reply, ConnectorError>;

    /// Deletes a record.
    async fn delete(&self, kind: &Kind, target: &Target) -> Result<(), ConnectorError>;
}

/// A way of reading a kind; each has its own cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// What changed since the last poll, minus an overlap.
    Fast,
    /// The same from [an hour](Self::BEHIND) behind the last such read, for rows that appear late.
    Settled,
    /// Everything, by content: finds deletes and edits that bump no stamp.
    Walk,
}

impl Lane {
    /// How far the settled lane stays behind the server's now.
    pub const BEHIND: Duration = Duration::from_secs(3600);

    /// How far a read of this lane reaches back behind the one before, where the fast lane
    /// reaches back by `fast`. For [`FeedCursor`](crate::FeedCursor).
    pub const fn overlap(self, fast: Duration) -> Duration {
        match self {
            Self::Settled => Self::BEHIND.saturating_add(fast),
            Self::Fast | Self::Walk => fast,
        }
    }

    /// `fast`, `settled` or `walk`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Settled => "settled",
            Self::Walk => "walk",
        }
    }
}

/// How a kind's changes can be read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Feed {
    /// By time of change.
    Changes,
    /// Only as a whole list, which every cycle reads.
    List,
    /// Only under each parent, by [`Connector::children`]. The parent's id is the locator of its children.
    ByParent {
        /// The kind of the parents; it is synced too, and comes earlier in the order of kinds.
        parent: Kind,
    },
}

/// What a connector can do for one kind; the engine plans around what is missing.
#[derive(Debug, Clone)]
pub struct Capabilities {
    /// What the side can hold.
    pub fields: Fields,
    /// How changes are read.
    pub feed: Feed,
    /// Whether rows carry a stamp.
    pub stamps: bool,
    /// How far a feed or search may lag behind a write.
    pub index_lag: Duration,
    /// Whether [`Connector::find`] works: then nothing is created that a feed has not shown and
    /// its key finds.
    pub finds: bool,
    /// Whether the credential sees every record: only then is a record that is not found
    /// there deleted, and not just hidden.
    pub sees_all: bool,
}

/// Where a lane stands; only its connector reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// One page of a lane.
#[derive(Debug)]
pub struct Page {
    /// The rows.
    pub rows: Vec<Row>,
    /// Where to go on, now or at the next poll.
    pub next: Cursor,
    /// Whether the lane has more to read now.
    pub more: bool,
    /// The server's time when the page was made.
    pub server_time: Option<Timestamp>,
}

/// One native record on its way through the engine. Only its connector opens `native`.
#[derive(Clone)]
pub struct Row {
    /// The API's own id.
    pub id: RecordId,
    /// The parent under which calls find it.
    pub locator: Option<Locator>,
    /// The server's "updated at".
    pub stamp: Option<Stamp>,
    /// The server's "created at".
    pub created: Option<Timestamp>,
    /// What the route shows.
    pub coverage: Coverage,
    /// The native record.
    pub native: Arc<dyn Any + Send + Sync>,
}

impl Row {
    /// A row of a whole native record without stamps or parent.
    pub fn new(id: RecordId, native: impl Any + Send + Sync) -> Self {
        Self {
            id,
            locator: None,
            stamp: None,
            created: None,
            coverage: Coverage::WHOLE,
            native: Arc::new(native),
        }
    }

    /// Its id and parent.
    pub fn target(&self) -> Target {
        Target {
            id: self.id.clone(),
            locator: self.locator.clone(),
        }
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("id", &self.id)
            .field("locator", &self.locator)
            .field("stamp", &self.stamp)
            .finish_non_exhaustive()
    }
}

/// A record read by id.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The record.
    pub row: Row,
    /// The server's time when it was read.
    pub server_time: Option<Timestamp>,
}

/// "Look at this record": all that a webhook ever says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Hint {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: RecordId,
    /// Its parent, if the hint tells.
    pub locator: Option<Locator>,
}

/// The client's own request on its way through the engine: printed and handed back, never opened.
#[derive(Clone)]
pub struct Body(Arc<dyn AnyBody>);

trait AnyBody: fmt::Debug + Send + Sync {
    fn as_any(&self) -> &dyn Any;
}

impl<T: fmt::Debug + Send + Sync + 'static> AnyBody for T {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Body {
    /// Closes a request up.
    pub fn new(request: impl fmt::Debug + Send + Sync + 'static) -> Self {
        Self(Arc::new(request))
    }

    /// Opens it again, if it is of this type.
    pub fn open<T: 'static>(&self) -> Option<&T> {
        (*self.0).as_any().downcast_ref()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a call's answer told.
#[derive(Debug)]
pub struct Reply {
    /// The record: for a create its new id.
    pub target: Target,
    /// The record as the answer shows it, if it does.
    pub row: Option<Row>,
    /// The server's time of the answer.
    pub server_time: Option<Timestamp>,
}

/// Whether a failed call may have been done all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The system certainly did not do it.
    NotApplied,
    /// It may have been done.
    Unknown,
}

/// Why a connector's call failed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct ConnectorError {
    /// The operation.
    pub op: &'static str,
    /// Whether it may have been done.
    pub effect: Effect,
    /// What kind of failure.
    pub reason: Reason,
    /// How long the system asks to wait.
    pub retry_after: Option<Duration>,
    /// For a person: what, where.
    pub message: String,
}

/// The kinds of failure that the engine tells apart.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// May work later: network, 5xx, rate limit.
    Transient,
    /// The day's allowance is used up.
    DayExhausted,
    /// The credential is refused.
    Unauthorized,
    /// The record may not be seen or written.
    Forbidden,
    /// There is no such record.
    NotFound,
    /// The system keeps one record for this key and names it.
    Duplicate {
        /// The record that is there.
        existing: RecordId,
        /// The field that collides, if the system tells.
        field: Option<FieldKey>,
    },
    /// Fields were refused; none named means the record as a whole.
    Refused {
        /// The fields.
        fields: Vec<FieldKey>,
    },
    /// Somebody else changed the record meanwhile.
    ChangedMeanwhile,
    /// Not something this connector does.
    Unsupported,
    /// Anything else: a person has to look.
    Other,
}

impl ConnectorError {
    /// A failure that certainly did nothing.
    pub fn not_applied(op: &'static str, reason: Reason, message: impl Into<String>) -> Self {
        Self {
            op,
            effect: Effect::NotApplied,
            reason,
            retry_after: None,
            message: message.into(),
        }
    }

    /// An operation that this connector does not have.
    pub fn unsupported(op: &'static str) -> Self {
        Self::not_applied(
            op,
            Reason::Unsupported,
            format!("{op} is not supported here"),
        )
    }

    /// Whether nothing more can be done on this side in this cycle.
    pub fn stops_the_side(&self) -> bool {
        matches!(
            self.reason,
            Reason::Transient | Reason::DayExhausted | Reason::Unauthorized
        )
    }
}
