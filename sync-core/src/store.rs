//! What the engine remembers: a few reads, all by page, and one atomic commit.
//!
//! Every key begins with the connection; one store holds many. Stored forms are
//! versioned (see [`stored`](crate::stored)). A commit that an older opening of
//! the connection tries is refused, so two engines never write over each other.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    connector::{Cursor, Lane},
    field::FieldKey,
    id::{
        AccountId, CauseId, ConnectionId, Epoch, IntentId, Kind, LinkId, Locator, RecordId, RunId,
        Stamp, Target,
    },
    link::{Cell, Link, Tombstone},
    mapper::CallKind,
    matching::MatchKey,
    reading::{Memo, Reading},
    record::Record,
    side::{Both, Side},
    step::Staged,
    value::Value,
};

/// What a cycle reads and writes. Implementations prove themselves by
/// [`store_contract!`](crate::store_contract).
#[async_trait]
pub trait Store: Archive {
    /// Opens a connection for writing, and fences off whoever had it open.
    async fn open(&self, connection: &ConnectionId) -> Result<Epoch, StoreError>;

    /// The account that a side is pinned to.
    async fn pin(
        &self,
        connection: &ConnectionId,
        side: Side,
    ) -> Result<Option<AccountId>, StoreError>;

    /// Where a lane stands.
    async fn lane(
        &self,
        connection: &ConnectionId,
        key: &LaneKey,
    ) -> Result<Option<LaneState>, StoreError>;

    /// The links of records, in the order asked.
    async fn links(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<Arc<Link>>>, StoreError>;

    /// The [imprints](Op::Imprint) of linked records, in the order asked. A sweep asks for all of
    /// them; a store that keeps none is right, and slower.
    async fn imprints(
        &self,
        _connection: &ConnectionId,
        _kind: &Kind,
        _side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<u64>>, StoreError> {
        Ok(vec![None; ids.len()])
    }

    /// Links in the order of their ids, after one.
    async fn link_page(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        after: Option<&LinkId>,
        limit: usize,
    ) -> Result<Vec<Arc<Link>>, StoreError>;

    /// The records of a side that are linked, page by page, in an order of the store's own.
    /// `after` is the last one of the page before; it must be linked still. A walk asks for all
    /// of them: a store that need not read whole links for it does better.
    async fn linked(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        after: Option<&RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>, StoreError> {
        let after = match after {
            None => None,
            Some(id) => {
                let ids = std::slice::from_ref(id);
                let last = self
                    .links(connection, kind, side, ids)
                    .await?
                    .pop()
                    .flatten();
                let Some(last) = last else {
                    return Ok(Vec::new());
                };
                Some(last.id.clone())
            }
        };
        let page = self
            .link_page(connection, kind, after.as_ref(), limit)
            .await?;
        let ids = |link: &Arc<Link>| link.sides[side].id.clone();
        Ok(page.iter().map(ids).collect())
    }

    /// The links whose record on a side is found under a parent, in the order of their ids.
    async fn links_under(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        parent: &Locator,
    ) -> Result<Vec<Arc<Link>>, StoreError>;

    /// The links that were indexed under a key's [digest](MatchKey::digest) by [`Op::Index`];
    /// perhaps also some that no longer have it.
    async fn links_by_key(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        digest: u64,
    ) -> Result<Vec<Arc<Link>>, StoreError>;

    /// The tombstones of records, in the order asked.
    async fn tombstones(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<Arc<Tombstone>>>, StoreError>;

    /// Tombstones that do not sleep any longer than `now`.
    async fn tombstones_until(
        &self,
        connection: &ConnectionId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Arc<Tombstone>>, StoreError>;

    /// The kept observations of records, in the order asked.
    async fn observations(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<Arc<Observation>>>, StoreError>;

    /// Unlinked records under each of some match keys, in the order asked; under one key, up to a
    /// limit, in the order of their ids.
    async fn unlinked(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        keys: &[MatchKey],
        limit: usize,
    ) -> Result<Vec<Vec<RecordId>>, StoreError>;

    /// The dirty set of a kind, by side and id, after one.
    async fn dirty(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        after: Option<&(Side, RecordId)>,
        limit: usize,
    ) -> Result<Vec<Dirty>, StoreError>;

    /// All open intents, oldest first.
    async fn intents(&self, connection: &ConnectionId) -> Result<Vec<Intent>, StoreError>;

    /// The holds of subjects.
    async fn holds_of(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        subjects: &[Subject],
    ) -> Result<Vec<Hold>, StoreError>;

    /// Of which records only a hash is kept, by [`Op::Erase`] or [`Op::Fade`]; in the order asked.
    async fn erased(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<bool>, StoreError>;

    /// The other connections that have linked records of the account that a side is pinned to, in
    /// the order asked.
    async fn claimed(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<ConnectionId>>, StoreError>;

    /// Staged steps after a sequence number.
    async fn staged(
        &self,
        connection: &ConnectionId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Staged>, StoreError>;

    /// Does all of it or nothing. Once begun it completes, also when the future is dropped.
    async fn commit(&self, connection: &ConnectionId, batch: Batch) -> Result<(), StoreError>;

    /// Takes from the disk what is not in the store any more.
    async fn scrub(&self) -> Result<(), StoreError>;

    /// A copy to plan in: what happens there is forgotten.
    async fn scratch(&self) -> Result<Arc<dyn Store>, StoreError>;
}

/// Under this name a store [knows](Op::Know) since when it has followed both systems. A copy that
/// may be put back later must not know it: what was done meanwhile is new to it.
pub const FOLLOWED_SINCE: &str = "followed since";

/// What people read: by page, oldest first.
#[async_trait]
pub trait Archive: Send + Sync + 'static {
    /// Open holds after a sequence number.
    async fn holds(
        &self,
        connection: &ConnectionId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Hold)>, StoreError>;

    /// The history after a sequence number.
    async fn history(
        &self,
        connection: &ConnectionId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Happened)>, StoreError>;

    /// The last entries of the history before a sequence number; oldest first, too.
    async fn history_before(
        &self,
        connection: &ConnectionId,
        before: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Happened)>, StoreError>;

    /// Open holds of a kind after a sequence number.
    async fn holds_of_kind(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Hold)>, StoreError>;

    /// The history of a record or a run after a sequence number.
    async fn history_of(
        &self,
        connection: &ConnectionId,
        of: &HistoryOf,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Happened)>, StoreError>;

    /// What a record showed when it was last seen: a person's name for it is in there. `None` where
    /// nothing is kept of it.
    async fn shown(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        id: &RecordId,
    ) -> Result<Option<Record>, StoreError>;

    /// What was measured of the connection's accounts under this name, by [`Op::Know`].
    async fn known(
        &self,
        connection: &ConnectionId,
        name: &str,
    ) -> Result<Option<String>, StoreError>;

    /// How much there is.
    async fn counts(&self, connection: &ConnectionId) -> Result<Counts, StoreError>;
}

/// A part of the history.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryOf {
    /// What happened to a record and its counterparts.
    Record(Kind, Side, RecordId),
    /// What one cycle did.
    Run(RunId),
}

impl HistoryOf {
    /// Whether something that happened is part of it.
    pub fn has(&self, happened: &Happened) -> bool {
        match self {
            Self::Record(kind, side, id) => {
                happened.kind == *kind && happened.ids[*side].as_ref() == Some(id)
            }
            Self::Run(run) => happened.run == *run,
        }
    }
}

/// How much a connection's part of a store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Links.
    pub links: u64,
    /// Dirty records.
    pub dirty: u64,
    /// Open holds.
    pub holds: u64,
    /// Open intents.
    pub intents: u64,
    /// History entries.
    pub history: u64,
}

/// Why a store could not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another writer has opened the connection since.
    #[error("another program has opened this connection since; this one must stop")]
    Fenced,
    /// A record would be in two links.
    #[error("the {kind} {id} on the {side} side is linked already")]
    AlreadyLinked {
        /// Its side.
        side: Side,
        /// Its kind.
        kind: Kind,
        /// Its id.
        id: RecordId,
    },
    /// Another connection of this store has the record.
    #[error("the {kind} {id} belongs to the connection `{connection}`")]
    Claimed {
        /// Its kind.
        kind: Kind,
        /// Its id.
        id: RecordId,
        /// The connection that has it.
        connection: ConnectionId,
    },
    /// Written by a newer release.
    #[error(
        "the store was written by a newer release (form {found}, this one knows {known}); update this program"
    )]
    Newer {
        /// The version found.
        found: u32,
        /// The newest that this release knows.
        known: u32,
    },
    /// Another process has the store open.
    #[error("the store is in use by {0}; stop that program first, it loses nothing by it")]
    InUse(String),
    /// A copy was to be made where there is a file.
    #[error("there is a file at {0} already, and a copy writes over none; name a new file")]
    FileExists(String),
    /// It cannot be read.
    #[error(
        "the store is damaged: {0}; restore a backup, or start a new store: it relinks what it finds, by markers where they are kept, else by matching"
    )]
    Damaged(String),
    /// Anything else, in the words of the backend.
    #[error("the store failed: {0}")]
    Backend(String),
}

/// A commit: all or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The opening that commits.
    pub epoch: Epoch,
    /// What to do, in order.
    pub ops: Vec<Op>,
}

/// One thing to do in a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Op {
    /// Pins a side to an account.
    Pin(Side, AccountId),
    /// Moves a lane.
    Lane(LaneKey, LaneState),
    /// Keeps an observation, over an older one of the same record. Match keys are
    /// indexed while the record is not linked.
    Observe(Observation),
    /// Drops a kept observation.
    Forget(Kind, Side, RecordId),
    /// Marks a record dirty, [on top of](Dirty::on_top_of) the mark that it has.
    Mark(Dirty),
    /// Clears a record, if its mark is still the one that was read.
    Clear(Dirty),
    /// Adds or replaces a link; refused if a record would be in two.
    Link(Box<Link>),
    /// Keeps the [imprint](crate::Imprint) of a linked record that told nothing new. It is gone
    /// as soon as the record's link is written, or ended.
    Imprint(Kind, Side, RecordId, u64),
    /// Adds digests of match keys under which a link is found.
    Index(Kind, LinkId, Vec<u64>),
    /// Ends a link: a tombstone is kept in its place, and its records are free.
    Bury(Box<Tombstone>),
    /// Drops the tombstone of a link.
    Exhume(Kind, LinkId),
    /// Drops a tombstone that no longer sleeps. A keyed hash of each id stays, as in [`Op::Erase`].
    Fade(Kind, LinkId),
    /// Opens an intent.
    Intend(Box<Intent>),
    /// Closes an intent.
    Settle(IntentId),
    /// These are the holds of a subject now; one that stays keeps its first time.
    Hold(Kind, Subject, Vec<Hold>),
    /// Adds to the history.
    Record(Happened),
    /// Keeps what was measured of the connection's accounts, by name; `None` drops it. The engine
    /// does not read it.
    Know(String, Option<String>),
    /// Stages a step.
    Stage(Staged),
    /// Drops all staged steps up to a sequence number.
    Unstage(u64),
    /// Erases two records that are, or were, linked, or one without a counterpart: their link,
    /// tombstone, observations, keys, marks, intents, holds, history and staged steps. Only a
    /// keyed hash of each id stays, so that [`Store::erased`] knows it. What was there is
    /// not on the disk any more once [`Store::scrub`] has run.
    Erase(Kind, Both<Option<RecordId>>),
}

/// Which lane.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneKey {
    /// The side.
    pub side: Side,
    /// The kind.
    pub kind: Kind,
    /// The lane.
    pub lane: Lane,
}

/// Where a lane stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LaneState {
    /// Where to go on; `None` after a walk has ended.
    pub cursor: Option<Cursor>,
    /// When the read under way began, by our clock.
    pub started: Option<Timestamp>,
    /// When the last read that came to its end began, by our clock.
    pub ended: Option<Timestamp>,
    /// The mapping under which it was read: a walk begins again when that changes.
    #[serde(default)]
    pub mapping: u64,
    /// How many pages the read under way has taken.
    #[serde(default)]
    pub pages: u64,
    /// How many pages the last read took that came to its end.
    #[serde(default)]
    pub took: u64,
}

/// A reading with where and when it was made. What is persisted is this, never work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// The kind.
    pub kind: Kind,
    /// The side.
    pub side: Side,
    /// The record's own id.
    pub id: RecordId,
    /// Its parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locator: Option<Locator>,
    /// The server's "updated at".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<Stamp>,
    /// The server's "created at".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Timestamp>,
    /// When our request started, by our clock.
    pub started: Timestamp,
    /// The record had not changed by then, by our clock: the last complete read did not show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// Whether it was read by id.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_id: bool,
    /// What was read.
    pub reading: Reading,
    /// By what it can be matched; empty once it is linked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<MatchKey>,
    /// How it stands to the [`Backlog`](crate::Backlog).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aside: Option<Aside>,
}

/// How a record without a counterpart stands to what the first sync leaves alone. Not every
/// system stamps its changes: what it showed by then tells whether it was changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Aside {
    /// It is left alone. The number is that of the mapping by which it was read: under another
    /// one it may look changed.
    LeftAlone(u64),
    /// It was left alone, and was changed after that.
    Changed,
}

impl Observation {
    /// The record to call.
    pub fn target(&self) -> Target {
        Target {
            id: self.id.clone(),
            locator: self.locator.clone(),
        }
    }

    /// All that a record shows: what was seen of it, and its shadow where that shows nothing.
    /// `None` where there is neither.
    pub fn all_shown(seen: Option<&Self>, link: Option<&Link>, side: Side) -> Option<Record> {
        let shadow = link.map(|link| &link.sides[side].shadow);
        let Some(seen) = seen else {
            return shadow.cloned();
        };
        let mut shown = seen.reading.record.clone();
        for key in &seen.reading.unseen {
            shown.put(key.clone(), shadow.and_then(|s| s.value(key)).cloned());
        }
        Some(shown)
    }
}

/// A record to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dirty {
    /// The kind.
    pub kind: Kind,
    /// The side.
    pub side: Side,
    /// The record's own id.
    pub id: RecordId,
    /// Its parent, where a hint told it and no link knows it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locator: Option<Locator>,
    /// Changes with every marking; clearing removes only the mark that was read.
    pub mark: u64,
    /// When it was first marked, by our clock.
    pub first: Timestamp,
    /// When somebody last asked to look at it, if anybody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Timestamp>,
    /// By what it was marked.
    pub by: Marker,
    /// Follows the change to its write.
    pub cause: CauseId,
}

impl Dirty {
    /// What a store keeps of a mark on a record that is marked already: the first time and the
    /// cause stay, and so do a known parent, a mark that asks to look, and when it last did.
    pub fn on_top_of(mut self, known: &Self) -> Self {
        if planted!("a-hint-takes-no-mark") {
            self.mark = known.mark;
        }
        self.first = known.first;
        self.asked = self.asked.max(known.asked);
        self.cause = known.cause;
        self.locator = self.locator.or_else(|| known.locator.clone());
        if known.by.asks_to_look() && !self.by.asks_to_look() {
            self.by = known.by;
        }
        self
    }
}

impl Marker {
    /// A row's mark comes with what it showed; all others only say "look".
    pub const fn asks_to_look(self) -> bool {
        !matches!(self, Self::Feed | Self::Walk)
    }
}

/// What marked a record dirty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Marker {
    /// A row of the fast or settled lane.
    Feed,
    /// A row of the walk.
    Walk,
    /// A webhook.
    Hint,
    /// A row that could not be judged: read the record by id.
    Doubt,
    /// The settling of an intent.
    Recovery,
    /// A refused field whose time has come.
    Retry,
}

/// What an intent does to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Makes it.
    Create,
    /// Changes it.
    Update,
    /// Deletes it.
    Delete,
}

impl From<CallKind> for Act {
    fn from(call: CallKind) -> Self {
        match call {
            CallKind::Create => Self::Create,
            CallKind::Update => Self::Update,
        }
    }
}

/// What is about to be done to a remote, written before it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Its id.
    pub id: IntentId,
    /// The kind.
    pub kind: Kind,
    /// What is done to the record.
    pub act: Act,
    /// Where the write goes.
    pub side: Side,
    /// The record that the change came from.
    pub source: Target,
    /// The record to be written; `None` for a create.
    pub target: Option<Target>,
    /// For the create of a copy: the record that it takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Target>,
    /// The operation.
    pub call: String,
    /// What both sides show of the fields it carries, once it is done.
    pub cells: Vec<Cell>,
    /// What has agreed once it is done. A field of which the other side is owed a write too
    /// is not here; of a set, only the items that have then agreed are.
    #[serde(default)]
    pub agrees: Vec<Cell>,
    /// What the written side showed of these fields before.
    pub before: Vec<(FieldKey, Option<Value>)>,
    /// For a create: by what to find it again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<MatchKey>,
    /// What the mapper remembers once it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memo: Option<Memo>,
    /// When it was written, by our clock.
    pub at: Timestamp,
    /// The same by the server's clock, at the earliest, if that is known: it may be put forward or
    /// back before what a create has made is looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_server: Option<Timestamp>,
    /// The change that led to it.
    pub cause: CauseId,
}

impl Intent {
    /// Whether it writes to a record, takes its place, or writes from it.
    pub fn is_about(&self, kind: &Kind, side: Side, id: &RecordId) -> bool {
        let target = self.changes().filter(|_| self.side == side);
        let source = (self.side != side).then_some(&self.source);
        self.kind == *kind && target.or(source).is_some_and(|own| own.id == *id)
    }

    /// Whether it creates what a record has become, or is to become, on the other side.
    pub(crate) fn creates_from(&self, kind: &Kind, side: Side, id: &RecordId) -> bool {
        let creates = self.target.is_none() && self.kind == *kind && self.side == !side;
        creates && self.source.id == *id
    }

    /// The record of the written side that is not the same afterwards.
    pub(crate) fn changes(&self) -> Option<&Target> {
        self.target.as_ref().or(self.replaces.as_ref())
    }
}

/// What a hold is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Two linked records.
    Link(LinkId),
    /// One record without a link.
    Record(Side, RecordId),
}

/// A change kept back for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// What it is about.
    pub subject: Subject,
    /// The kind.
    pub kind: Kind,
    /// The records.
    pub ids: Both<Option<RecordId>>,
    /// The field; `None` holds the whole record.
    pub field: Option<FieldKey>,
    /// Why.
    pub reason: HoldReason,
    /// For a person: what happened, and what to do.
    pub message: String,
    /// What each side shows.
    pub values: Both<Option<Value>>,
    /// Since when, by our clock.
    pub since: Timestamp,
    /// When it is tried again by itself.
    pub retry_at: Option<Timestamp>,
}

/// Why a change is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HoldReason {
    /// Both sides changed it, and the rule asks a person.
    Conflict,
    /// The two sides differed when they first met.
    FirstSync,
    /// It cannot be mapped.
    Unfit,
    /// The system refused it.
    Refused,
    /// Several records could be its counterpart.
    Ambiguous,
    /// The record may not be seen or written.
    Forbidden,
    /// A write's reply was lost, and looking did not settle it.
    InDoubt,
    /// It was deleted on one side, and the policy asks before the other side's is deleted.
    Deleted,
    /// It was deleted on one side and edited on the other.
    EditedMeanwhile,
    /// It seems to have been merged into a record that is linked already.
    Merged,
    /// It was deleted, and is there again, but its counterpart is not.
    Restored,
    /// Another record, such as an open lead, stands in the way of its creation.
    Blocked,
    /// Another connection on the same account has it.
    Claimed,
    /// It was edited on the side that is only written to.
    Stray,
    /// It goes back and forth between values, or a server keeps rewriting what it is given.
    PingPong,
}

impl HoldReason {
    /// Whether it is for a person to choose between two values.
    pub const fn is_a_choice(self) -> bool {
        matches!(self, Self::Conflict | Self::FirstSync | Self::Stray)
    }
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    /// When, by our clock.
    pub at: Timestamp,
    /// The kind.
    pub kind: Kind,
    /// The records.
    pub ids: Both<Option<RecordId>>,
    /// The field; `None` for the record as a whole.
    pub field: Option<FieldKey>,
    /// What happened.
    pub event: HistoryEvent,
    /// The cycle in which it happened.
    pub run: RunId,
    /// The change that led to it.
    pub cause: CauseId,
}

/// What happened to a field or a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HistoryEvent {
    /// Two records were linked, by this key.
    Linked {
        /// The key, or `created`.
        by: String,
    },
    /// A record was created.
    Created {
        /// Where.
        side: Side,
    },
    /// A lost create was found again and adopted.
    Adopted {
        /// Where.
        side: Side,
    },
    /// A person said that a lost create has made none of the records in question.
    NoneOfThese {
        /// Where it is created again.
        side: Side,
    },
    /// A record was deleted, because its counterpart was.
    Deleted {
        /// Where.
        side: Side,
    },
    /// A link was ended, and both records were left as they are.
    Unlinked {
        /// Why.
        why: String,
    },
    /// A record took the place of another in its link: it was merged into it.
    Relinked {
        /// Where.
        side: Side,
        /// The record that is gone.
        from: RecordId,
    },
    /// A record was created anew under another parent, and takes the place of the old one.
    Moved {
        /// Where.
        side: Side,
        /// The old record, which is deleted after it.
        from: RecordId,
    },
    /// A deleted record was there again, and so is its link.
    Woke {
        /// Where.
        side: Side,
    },
    /// A field was written.
    Wrote {
        /// Where.
        side: Side,
        /// What it showed before.
        old: Option<Value>,
        /// What it shows now.
        new: Option<Value>,
    },
    /// Both sides had changed a field, and a rule decided.
    Decided {
        /// The rule.
        rule: String,
        /// What each side said.
        seen: Both<Option<Value>>,
        /// What each side is to show.
        want: Both<Option<Value>>,
    },
    /// The server had put another value there than the one we sent.
    Rewritten {
        /// Where.
        side: Side,
        /// What we sent.
        sent: Option<Value>,
        /// What it shows.
        shown: Option<Value>,
    },
}
