use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    clock::Clock,
    connector::{
        Body, Capabilities, Connector, ConnectorError, Cursor, Effect, Feed, Hint, Lane, Page,
        Reason, Reply, Row, Seen,
    },
    feed::FeedCursor,
    field::FieldKey,
    fields::Fields,
    id::{AccountId, Kind, Locator, RecordId, Ref, Stamp, Target},
    imprint::Imprint,
    mapper::{Call, CallKind, Change, Draft, items_missing},
    matching::{MatchKey, Matcher},
    reading::{Coverage, Memo, Reading, Unfit},
    record::Record,
    value::{Item, Shape, Value},
};

/// A system in memory: it shows projections of what it is given, stamps every
/// change, may lag in its index, and fails on demand. Clones share it.
#[derive(Clone)]
pub struct Model {
    state: Arc<Mutex<State>>,
    clock: Arc<dyn Clock>,
    capabilities: Arc<Capabilities>,
    others: Arc<BTreeMap<Kind, Capabilities>>,
    finds_by: Option<Arc<dyn Matcher>>,
}

/// What goes wrong with the next call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelFault {
    /// It is not done, and the caller knows.
    Refuse,
    /// It is not done, and no reply comes.
    LostBefore,
    /// It is done, and no reply comes.
    LostAfter,
    /// The field is refused; the write is not done.
    RefuseField(FieldKey),
}

/// In which order a feed shows its rows, and where its pages begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// The oldest change first; a page begins after the last row of the one before.
    ByStamp,
    /// By id, so that a changed row keeps its place; a page begins after the last id.
    ById,
    /// The newest change first, by number: a changed row moves to the front and all others move on.
    /// A page begins one row early, and where that row is another one, the read begins anew.
    ByOffset,
}

/// How a read by id says that there is no such record.
#[derive(Clone, Copy, PartialEq)]
enum Missing {
    Answered,
    Failed,
}

/// What becomes of what stands under a record that is deleted.
#[derive(Clone, Copy, PartialEq)]
enum Children {
    Stay,
    GoToo,
}

struct State {
    account: AccountId,
    prefix: &'static str,
    next: u64,
    records: BTreeMap<RecordId, Vec<Version>>,
    /// Of records that are not of the first kind.
    kinds: BTreeMap<RecordId, Kind>,
    faults: VecDeque<Option<ModelFault>>,
    /// Of reads by id.
    read_faults: VecDeque<Option<ModelFault>>,
    writes: u64,
    page: usize,
    paging: Paging,
    /// What rows of pages show.
    coverage: Coverage,
    silent: bool,
    stopped: bool,
    hidden: BTreeSet<RecordId>,
    under_parents: bool,
    children: Children,
    missing: Missing,
    unique: Option<FieldKey>,
    grain: Duration,
}

#[derive(Clone)]
struct Version {
    at: Timestamp,
    stamp: Timestamp,
    created: Timestamp,
    record: Option<Record>,
}

/// A changed field, with what is done to it.
type Edits = Vec<(FieldKey, Edit)>;

/// What is done to a field: sets go by add and remove, as a CRM's own calls do.
#[derive(Debug, Clone)]
enum Edit {
    Becomes(Option<Value>),
    Items { add: Vec<Item>, remove: Vec<Item> },
}

impl Edit {
    fn of(shape: Option<Shape>, shown: Option<&Value>, wanted: Option<&Value>) -> Self {
        match shape {
            Some(Shape::Set) => Self::Items {
                add: items_missing(wanted, shown),
                remove: items_missing(shown, wanted),
            },
            _ => Self::Becomes(wanted.cloned()),
        }
    }

    fn apply(self, now: Option<&Value>) -> Option<Value> {
        match self {
            Self::Becomes(value) => value,
            Self::Items { add, remove } => {
                let kept = now.map(Value::items).unwrap_or_default().iter().cloned();
                Value::set_of(kept.chain(add).filter(|item| !remove.contains(item)))
            }
        }
    }
}

impl Model {
    /// An empty system that holds these fields; `prefix` begins the ids it gives.
    pub fn new(prefix: &'static str, fields: Fields, lag: Duration, clock: Arc<dyn Clock>) -> Self {
        Self {
            state: Arc::new(Mutex::new(State {
                account: AccountId::new(prefix),
                prefix,
                next: 0,
                records: BTreeMap::new(),
                kinds: BTreeMap::new(),
                faults: VecDeque::new(),
                read_faults: VecDeque::new(),
                writes: 0,
                page: 50,
                paging: Paging::ByStamp,
                coverage: Coverage::WHOLE,
                silent: false,
                stopped: false,
                hidden: BTreeSet::new(),
                under_parents: false,
                children: Children::Stay,
                missing: Missing::Answered,
                unique: None,
                grain: Duration::from_nanos(1),
            })),
            clock,
            capabilities: Arc::new(Capabilities {
                fields,
                feed: Feed::Changes,
                stamps: true,
                index_lag: lag,
                finds: false,
                sees_all: true,
            }),
            others: Arc::default(),
            finds_by: None,
        }
    }

    /// Holds records of another kind too. All kinds that it is not told of are the first one.
    pub fn with_kind(mut self, kind: Kind, capabilities: Capabilities) -> Self {
        let mut others = BTreeMap::clone(&self.others);
        others.insert(kind, capabilities);
        self.others = Arc::new(others);
        self
    }

    /// The same system under another mapper of its first kind.
    pub fn mapped(mut self, fields: Fields) -> Self {
        let capabilities = Capabilities::clone(&self.capabilities);
        self.capabilities = Arc::new(Capabilities {
            fields,
            ..capabilities
        });
        self
    }

    /// The same system with a credential that may not see every record.
    pub fn sees_part(mut self) -> Self {
        let capabilities = Capabilities::clone(&self.capabilities);
        self.capabilities = Arc::new(Capabilities {
            sees_all: false,
            ..capabilities
        });
        self
    }

    /// The same system, which finds records by the keys of a matcher.
    pub fn finds_by(mut self, matcher: impl Matcher) -> Self {
        let capabilities = Capabilities::clone(&self.capabilities);
        self.capabilities = Arc::new(Capabilities {
            finds: true,
            ..capabilities
        });
        self.finds_by = Some(Arc::new(matcher));
        self
    }

    /// A person enters a record.
    pub fn enter(&self, record: &Record) -> RecordId {
        let shown = shown(&self.capabilities, record);
        self.lock().create(self.clock.now(), shown)
    }

    /// A person enters a record of a kind.
    pub fn enter_as(&self, kind: &Kind, record: &Record) -> RecordId {
        let shown = shown(self.of(kind), record);
        let mut state = self.lock();
        let id = state.create(self.clock.now(), shown);
        state.is_of(&self.others, kind, &id);
        id
    }

    /// A record gets a newer stamp and shows nothing new, as when a note is added to it.
    pub fn touch(&self, id: &RecordId) {
        self.edit(id, |_| {});
    }

    /// The index shows a record's last change only this much later than usual.
    pub fn appears_late(&self, id: &RecordId, by: Duration) {
        let mut state = self.lock();
        let versions = state.records.get_mut(id);
        if let Some(last) = versions.and_then(|versions| versions.last_mut()) {
            last.at += by;
        }
    }

    /// A person edits a record.
    pub fn edit(&self, id: &RecordId, change: impl FnOnce(&mut Record)) {
        if let Some(mut record) = self.record(id) {
            change(&mut record);
            self.restore(id, &record);
        }
    }

    /// A person deletes a record.
    pub fn delete_record(&self, id: &RecordId) {
        let mut state = self.lock();
        let mut gone = vec![id.clone()];
        while let Some(id) = gone.pop() {
            state.put(self.clock.now(), &id, None);
            if state.children == Children::GoToo {
                gone.extend(self.under(&state, &id));
            }
        }
    }

    /// What stands under a record.
    fn under(&self, state: &State, parent: &RecordId) -> Vec<RecordId> {
        let records = state.records.iter().filter(|(id, versions)| {
            let kind = state.kinds.get(*id);
            let capabilities = kind.map_or(&*self.capabilities, |kind| self.of(kind));
            let record = versions.last().and_then(|last| last.record.as_ref());
            let of = record.and_then(|record| parent_of(capabilities, record));
            of.is_some_and(|of| of.id == *parent)
        });
        records.map(|(id, _)| id.clone()).collect()
    }

    /// A person takes a deleted record out of the bin, under the id that it had.
    pub fn restore(&self, id: &RecordId, record: &Record) {
        let kind = self.lock().kinds.get(id).cloned();
        let capabilities = kind
            .as_ref()
            .map_or(&*self.capabilities, |kind| self.of(kind));
        let shown = shown(capabilities, record);
        self.lock().put(self.clock.now(), id, Some(shown));
    }

    /// A deleted record is there again under the stamp that it had: a feed of changes does not show it.
    pub fn comes_back(&self, id: &RecordId, record: &Record) {
        let mut state = self.lock();
        let had = state.records.get(id).into_iter().flatten().rev();
        let had = had.filter(|version| version.record.is_some());
        let had = had.map(|version| version.stamp).next();
        state.put(self.clock.now(), id, Some(record.clone()));
        let versions = state.records.get_mut(id);
        if let (Some(back), Some(had)) = (versions.and_then(|all| all.last_mut()), had) {
            back.stamp = had;
        }
    }

    /// From now on no two records may show the same value of a field: a write that would make
    /// them is refused, and the record that has it is named.
    pub fn unique(&self, field: &FieldKey) {
        self.lock().unique = Some(field.clone());
    }

    /// From now on the feed shows nothing new; reads by id still do.
    pub fn stop_the_feed(&self, stop: bool) {
        self.lock().stopped = stop;
    }

    /// From now on our credential may not see a record, or may again: no index shows it, and calls
    /// by its id are forbidden.
    pub fn hide(&self, id: &RecordId, hide: bool) {
        let mut state = self.lock();
        match hide {
            true => state.hidden.insert(id.clone()),
            false => state.hidden.remove(id),
        };
    }

    /// From now on a read by id finds what stands under a parent only if it is told the right one.
    pub fn reads_under_parents(&self) {
        self.lock().under_parents = true;
    }

    /// From now on what stands under a record is deleted with it.
    pub fn takes_children(&self) {
        self.lock().children = Children::GoToo;
    }

    /// From now on a read by id of a record that is not there fails, with [`Reason::NotFound`].
    pub fn fails_for_missing(&self) {
        self.lock().missing = Missing::Failed;
    }

    /// What a read by id shows.
    pub fn record(&self, id: &RecordId) -> Option<Record> {
        self.lock().records.get(id)?.last()?.record.clone()
    }

    /// All records of the first kind.
    pub fn records(&self) -> BTreeMap<RecordId, Record> {
        self.records_of(None)
    }

    /// All records of a kind.
    pub fn records_as(&self, kind: &Kind) -> BTreeMap<RecordId, Record> {
        self.records_of(self.others.contains_key(kind).then_some(kind))
    }

    /// All records of the first kind as the index shows them now.
    pub fn indexed(&self) -> BTreeMap<RecordId, Record> {
        let rows = self.index(&Kind::new(""), None).into_iter();
        let record = |row: Row| Some((row.id, row.native.downcast_ref::<Record>()?.clone()));
        rows.filter_map(record).collect()
    }

    fn records_of(&self, kind: Option<&Kind>) -> BTreeMap<RecordId, Record> {
        let state = self.lock();
        let last = |versions: &Vec<Version>| versions.last().and_then(|v| v.record.clone());
        let all = state.records.iter();
        let all = all.filter(|(id, _)| state.kinds.get(*id) == kind);
        all.filter_map(|(id, versions)| Some((id.clone(), last(versions)?)))
            .collect()
    }

    /// What goes wrong with the next writes, one after the other; `None` is a write that goes well.
    pub fn next_writes(&self, faults: impl IntoIterator<Item = Option<ModelFault>>) {
        self.lock().faults.extend(faults);
    }

    /// What goes wrong with the next reads by id. [`ModelFault::LostAfter`] has no reply, either.
    pub fn next_reads(&self, faults: impl IntoIterator<Item = Option<ModelFault>>) {
        self.lock().read_faults.extend(faults);
    }

    /// Nothing goes wrong any more.
    pub fn heal(&self) {
        let mut state = self.lock();
        state.faults.clear();
        state.read_faults.clear();
    }

    /// How many writes arrived, done or not.
    pub fn writes(&self) -> u64 {
        self.lock().writes
    }

    /// From now on it is another account.
    pub fn become_account(&self, account: &'static str) {
        self.lock().account = AccountId::new(account);
    }

    /// Whether replies to writes leave out the record, and with it its stamp.
    pub fn silent_replies(&self, silent: bool) {
        self.lock().silent = silent;
    }

    /// How many rows a page has.
    pub fn page_size(&self, rows: usize) {
        self.lock().page = rows.max(1);
    }

    /// In which order rows come, and where pages begin.
    pub fn paging(&self, paging: Paging) {
        self.lock().paging = paging;
    }

    /// From now on rows of pages show only so much; reads by id and replies show all.
    pub fn pages_show(&self, coverage: Coverage) {
        self.lock().coverage = coverage;
    }

    /// Stamps are cut to this grain, as many systems cut theirs to the second.
    pub fn stamp_grain(&self, grain: Duration) {
        self.lock().grain = grain.max(Duration::from_nanos(1));
    }

    /// Whether an edit of a record now would have the stamp of its birth: nobody could tell it from
    /// what it was made with.
    pub fn is_being_born(&self, id: &RecordId) -> bool {
        let state = self.lock();
        let versions = state.records.get(id);
        let first = versions.and_then(|versions| versions.first());
        first.is_some_and(|first| state.stamp(self.clock.now()) <= first.created)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, kind: &Kind) -> &Capabilities {
        self.others.get(kind).unwrap_or(&self.capabilities)
    }

    /// Rows of the index: each record as it was when the index last looked.
    fn index(&self, kind: &Kind, since: Option<Timestamp>) -> Vec<Row> {
        let now = self.clock.now();
        let capabilities = self.of(kind);
        let kind = self.others.get_key_value(kind).map(|(kind, _)| kind);
        let visible = |version: &&Version| version.at + capabilities.index_lag <= now;
        let state = self.lock();
        let of_kind = state.records.iter();
        let of_kind = of_kind.filter(|(id, _)| state.kinds.get(*id) == kind);
        let of_kind = of_kind.filter(|(id, _)| !state.hidden.contains(*id));
        let versions = of_kind.filter_map(|(id, versions)| {
            let version = versions.iter().rev().find(visible)?;
            let new = since.is_none_or(|since| version.stamp >= since);
            let record = version.record.as_ref().filter(|_| new)?;
            Some(Row {
                coverage: state.coverage,
                ..row(capabilities, id, version, record)
            })
        });
        versions.collect()
    }

    /// One page, and the place after which the next one goes on.
    fn paged(&self, mut rows: Vec<Row>, after: Option<&str>) -> (Vec<Row>, Option<String>) {
        let (size, paging) = {
            let state = self.lock();
            (state.page, state.paging)
        };
        let place = match paging {
            Paging::ByOffset => return by_offset(rows, after, size),
            Paging::ByStamp => place,
            Paging::ById => |row: &Row| row.id.to_string(),
        };
        rows.sort_by_key(place);
        rows.retain(|row| after.is_none_or(|after| place(row).as_str() > after));
        let more = rows.len() > size;
        rows.truncate(size);
        let next = rows.last().filter(|_| more).map(place);
        (rows, next)
    }
}

/// What a system makes of what it is given.
fn shown(capabilities: &Capabilities, record: &Record) -> Record {
    let fields = capabilities.fields.iter();
    let shown = fields.filter_map(|f| Some((f.key.clone(), f.project(record.value(&f.key))?)));
    shown.collect()
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.records()).finish()
    }
}

impl State {
    fn is_of(&mut self, others: &BTreeMap<Kind, Capabilities>, kind: &Kind, id: &RecordId) {
        if others.contains_key(kind) {
            self.kinds.insert(id.clone(), kind.clone());
        }
    }

    fn has(&self, id: &RecordId) -> bool {
        let last = self.records.get(id).and_then(|versions| versions.last());
        last.is_some_and(|version| version.record.is_some())
    }

    fn refuse_double(
        &self,
        id: Option<&RecordId>,
        record: &Record,
        op: &'static str,
    ) -> Option<ConnectorError> {
        let field = self.unique.clone()?;
        let value = record.value(&field)?;
        let has_it = |versions: &Vec<Version>| {
            let last = versions.last().and_then(|version| version.record.as_ref());
            last.and_then(|record| record.value(&field)) == Some(value)
        };
        let mut others = self.records.iter().filter(|(other, _)| Some(*other) != id);
        let (existing, _) = others.find(|(_, versions)| has_it(versions))?;
        let reason = Reason::Duplicate {
            existing: existing.clone(),
            field: Some(field.clone()),
        };
        let why = format!("{existing} has this {field}");
        Some(ConnectorError::not_applied(op, reason, why))
    }

    fn fail_to_read(&mut self, op: &'static str) -> Result<(), ConnectorError> {
        match self.read_faults.pop_front().flatten() {
            None => Ok(()),
            Some(ModelFault::Refuse) => Err(down(op)),
            Some(ModelFault::RefuseField(key)) => Err(refused(op, &key)),
            Some(_) => Err(lost(op)),
        }
    }

    fn refuse_hidden(
        &self,
        target: Option<&Target>,
        op: &'static str,
    ) -> Result<(), ConnectorError> {
        match target {
            Some(target) if self.hidden.contains(&target.id) => {
                let why = format!("{} is not for you", target.id);
                Err(ConnectorError::not_applied(op, Reason::Forbidden, why))
            }
            _ => Ok(()),
        }
    }

    fn create(&mut self, now: Timestamp, record: Record) -> RecordId {
        self.next += 1;
        let id = RecordId::new(format!("{}{:04}", self.prefix, self.next));
        self.put(now, &id, Some(record));
        id
    }

    /// The time, cut to the grain of the stamps.
    fn stamp(&self, now: Timestamp) -> Timestamp {
        let over = now.as_nanosecond() % i128::try_from(self.grain.as_nanos()).unwrap_or(1);
        now - jiff::SignedDuration::from_nanos(i64::try_from(over).unwrap_or(0))
    }

    fn put(&mut self, now: Timestamp, id: &RecordId, record: Option<Record>) {
        let stamp = self.stamp(now);
        let versions = self.records.entry(id.clone()).or_default();
        let created = versions.first().map_or(stamp, |first| first.created);
        versions.push(Version {
            at: now,
            stamp,
            created,
            record,
        });
    }
}

/// Where a row stands in the feed, so that texts compare as the rows do.
fn place(row: &Row) -> String {
    let stamp = row.stamp.map(|stamp| stamp.0.as_nanosecond());
    format!("{:025} {}", stamp.unwrap_or_default(), row.id)
}

/// A page of rows that are counted from the newest on. It begins with the last row of the one
/// before, so that rows which moved meanwhile are noticed.
fn by_offset(mut rows: Vec<Row>, after: Option<&str>, size: usize) -> (Vec<Row>, Option<String>) {
    rows.sort_by_key(|row| std::cmp::Reverse(place(row)));
    let last = after.and_then(|after| {
        let (at, last) = after.split_once(' ')?;
        Some((at.parse::<usize>().ok()?, last))
    });
    let stayed = |(at, last): &(usize, &str)| rows.get(*at).is_some_and(|row| place(row) == *last);
    let first = last.filter(stayed).map_or(0, |(at, _)| at);
    let end = rows.len().min(first + size.max(2));
    let more = rows.len() > end;
    let page: Vec<_> = rows.drain(first..end).collect();
    let next = page.last().filter(|_| more);
    let next = next.map(|row| format!("{} {}", end - 1, place(row)));
    (page, next)
}

fn row(capabilities: &Capabilities, id: &RecordId, version: &Version, record: &Record) -> Row {
    Row {
        locator: locator_of(capabilities, record),
        stamp: capabilities.stamps.then_some(Stamp(version.stamp)),
        created: Some(version.created),
        ..Row::new(id.clone(), record.clone())
    }
}

/// Who is read under a parent is found there; others are found by their ids alone.
fn locator_of(capabilities: &Capabilities, record: &Record) -> Option<Locator> {
    let parent = parent_of(capabilities, record);
    let parent = parent.filter(|_| matches!(capabilities.feed, Feed::ByParent { .. }))?;
    Some(Locator::new(parent.id.as_str()))
}

fn parent_of<'r>(capabilities: &Capabilities, record: &'r Record) -> Option<&'r Ref> {
    let parent = capabilities.fields.iter().find(|held| held.parent)?;
    match record.value(&parent.key)? {
        Value::Ref(of) => Some(of),
        _ => None,
    }
}

#[async_trait]
impl Connector for Model {
    fn capabilities(&self, kind: &Kind) -> Option<&Capabilities> {
        Some(self.of(kind))
    }

    fn read(&self, kind: &Kind, row: &Row, _memo: &Memo) -> Reading {
        let mut reading = Reading {
            record: row
                .native
                .downcast_ref::<Record>()
                .cloned()
                .unwrap_or_default(),
            ..Reading::default()
        };
        let fields = self.of(kind).fields.iter().map(|held| &held.key);
        for key in fields.filter(|key| !row.coverage.shows(key.name())) {
            reading.record.put(key.clone(), None);
            reading.unseen.insert(key.clone());
        }
        reading
    }

    fn imprint(&self, _kind: &Kind, row: &Row, imprint: &mut Imprint) {
        if let Some(record) = row.native.downcast_ref::<Record>() {
            record.hash(imprint);
        }
    }

    fn draft(&self, kind: &Kind, change: &Change<'_, Row>) -> Result<Draft<Body>, Unfit> {
        let fields = &self.of(kind).fields;
        let edit = |key: &FieldKey| {
            let shape = fields.get(key).map(|held| held.shape);
            let (shown, wanted) = (change.shown.value(key), change.wanted.value(key));
            (key.clone(), Edit::of(shape, shown, wanted))
        };
        let edits: Edits = change.changed.iter().map(edit).collect();
        let (name, kind) = if change.create {
            ("create", CallKind::Create)
        } else {
            ("update", CallKind::Update)
        };
        Ok(Draft {
            calls: vec![Call {
                name,
                kind,
                covers: change.changed.clone(),
                made: Record::default(),
                body: Body::new(edits),
            }],
            memo: None,
        })
    }

    async fn account(&self) -> Result<AccountId, ConnectorError> {
        Ok(self.lock().account.clone())
    }

    async fn changes(
        &self,
        kind: &Kind,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<Page, ConnectorError> {
        let now = self.clock.now();
        let overlap = lane.overlap(self.of(kind).index_lag + Duration::from_secs(1));
        let cursor = match (from, lane) {
            (Some(cursor), _) => FeedCursor::parse(cursor)?,
            (None, Lane::Walk) => FeedCursor::at(Timestamp::MIN, Duration::ZERO),
            (None, Lane::Fast | Lane::Settled) => {
                return Ok(Page {
                    rows: Vec::new(),
                    next: FeedCursor::at(now, overlap).to_cursor(),
                    more: false,
                    server_time: Some(now),
                });
            }
        };
        let since = (lane != Lane::Walk).then_some(cursor.since);
        let stopped = self.lock().stopped;
        let index = if stopped {
            Vec::new()
        } else {
            self.index(kind, since)
        };
        let (rows, resume) = self.paged(index, cursor.resume.as_deref());
        Ok(Page {
            rows,
            more: resume.is_some(),
            next: cursor.after_page(resume, now, overlap).to_cursor(),
            server_time: Some(now),
        })
    }

    async fn children(&self, kind: &Kind, parent: &Ref) -> Result<Page, ConnectorError> {
        let mut rows = self.index(kind, None);
        rows.retain(|row| {
            let record = row.native.downcast_ref::<Record>();
            record.and_then(|record| parent_of(self.of(kind), record)) == Some(parent)
        });
        Ok(Page {
            rows,
            next: Cursor(String::new()),
            more: false,
            server_time: Some(self.clock.now()),
        })
    }

    async fn fetch(&self, kind: &Kind, target: &Target) -> Result<Option<Seen>, ConnectorError> {
        let mut state = self.lock();
        state.fail_to_read("fetch")?;
        state.refuse_hidden(Some(target), "fetch")?;
        let version = state
            .records
            .get(&target.id)
            .and_then(|versions| versions.last());
        let seen = version.and_then(|version| {
            let record = version.record.as_ref()?;
            Some(row(self.of(kind), &target.id, version, record))
        });
        let seen = seen.filter(|row| !state.under_parents || row.locator == target.locator);
        if seen.is_none() && state.missing == Missing::Failed {
            let why = "no such record";
            return Err(ConnectorError::not_applied("fetch", Reason::NotFound, why));
        }
        Ok(seen.map(|row| Seen {
            row,
            server_time: Some(self.clock.now()),
        }))
    }

    async fn find(&self, kind: &Kind, key: &MatchKey) -> Result<Vec<Row>, ConnectorError> {
        let matcher = self.finds_by.as_deref();
        let matcher = matcher.ok_or_else(|| ConnectorError::unsupported("find"))?;
        self.lock().fail_to_read("find")?;
        let mut rows = self.index(kind, None);
        rows.retain(|row| {
            let record = row.native.downcast_ref::<Record>();
            record.is_some_and(|record| matcher.keys(kind, record).contains(key))
        });
        Ok(rows)
    }

    async fn resolve(&self, hint: &Hint) -> Result<Option<Target>, ConnectorError> {
        Ok(Some(hint.id.clone().into()))
    }

    async fn send(
        &self,
        kind: &Kind,
        target: Option<&Target>,
        call: &Call<Body>,
    ) -> Result<Reply, ConnectorError> {
        let now = self.clock.now();
        let edits: Edits = call.body.open::<Edits>().cloned().unwrap_or_default();
        let mut state = self.lock();
        state.writes += 1;
        let fault = state.faults.pop_front().flatten();
        if let Some(refused) = fault.as_ref().and_then(|fault| refusal(fault, call)) {
            return Err(refused);
        }
        state.refuse_hidden(target, call.name)?;
        let known = target.and_then(|t| state.records.get(&t.id)?.last()?.record.clone());
        if target.is_some() && known.is_none() {
            return Err(ConnectorError::not_applied(
                call.name,
                Reason::NotFound,
                "no such record",
            ));
        }
        let mut record = known.clone().unwrap_or_default();
        for (key, edit) in edits {
            let value = edit.apply(record.value(&key));
            record.put(key, value);
        }
        let record = shown(self.of(kind), &record);
        let parent = parent_of(self.of(kind), &record).filter(|parent| {
            let before = known
                .as_ref()
                .and_then(|known| parent_of(self.of(kind), known));
            before != Some(*parent) && !state.has(&parent.id)
        });
        if let Some(parent) = parent {
            let why = format!("there is no {}", parent.id);
            return Err(ConnectorError::not_applied(
                call.name,
                Reason::NotFound,
                why,
            ));
        }
        if let Some(refused) = state.refuse_double(target.map(|t| &t.id), &record, call.name) {
            return Err(refused);
        }
        // Who creates a record knows under which parent; an update may be answered with the id alone.
        let locator = locator_of(self.of(kind), &record).filter(|_| target.is_none());
        let id = match target {
            Some(target) => {
                state.put(now, &target.id, Some(record));
                target.id.clone()
            }
            None => {
                let id = state.create(now, record);
                state.is_of(&self.others, kind, &id);
                id
            }
        };
        if fault == Some(ModelFault::LostAfter) {
            return Err(lost(call.name));
        }
        let version = state.records.get(&id).and_then(|versions| versions.last());
        let version = version.filter(|_| !state.silent);
        let shown = version
            .and_then(|version| Some(row(self.of(kind), &id, version, version.record.as_ref()?)));
        Ok(Reply {
            target: Target { id, locator },
            row: shown,
            server_time: Some(now),
        })
    }

    async fn delete(&self, _kind: &Kind, target: &Target) -> Result<(), ConnectorError> {
        let (fault, there) = {
            let mut state = self.lock();
            state.writes += 1;
            (state.faults.pop_front().flatten(), state.has(&target.id))
        };
        match fault {
            Some(ModelFault::Refuse) => {
                return Err(down("delete"));
            }
            Some(ModelFault::LostBefore) => return Err(lost("delete")),
            _ if !there => {
                let why = "no such record";
                return Err(ConnectorError::not_applied("delete", Reason::NotFound, why));
            }
            _ => self.delete_record(&target.id),
        }
        match fault {
            Some(ModelFault::LostAfter) => Err(lost("delete")),
            _ => Ok(()),
        }
    }
}

fn refusal(fault: &ModelFault, call: &Call<Body>) -> Option<ConnectorError> {
    match fault {
        ModelFault::Refuse => Some(down(call.name)),
        ModelFault::LostBefore => Some(lost(call.name)),
        ModelFault::LostAfter => None,
        ModelFault::RefuseField(key) => call.covers.contains(key).then(|| refused(call.name, key)),
    }
}

fn refused(op: &'static str, key: &FieldKey) -> ConnectorError {
    let fields = vec![key.clone()];
    let message = format!("{key} is not accepted");
    ConnectorError::not_applied(op, Reason::Refused { fields }, message)
}

fn down(op: &'static str) -> ConnectorError {
    ConnectorError::not_applied(op, Reason::Transient, "the system is down")
}

fn lost(op: &'static str) -> ConnectorError {
    ConnectorError {
        op,
        effect: Effect::Unknown,
        reason: Reason::Transient,
        retry_after: None,
        message: "the reply was lost".to_owned(),
    }
}
