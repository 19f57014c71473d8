//! A system that hands out ready records: what remains is the engine's own cost.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    hint::black_box,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use cpu_time::ThreadTime;
use jiff::Timestamp;
use sync_core::{
    AccountId, Body, Both, Call, Capabilities, Change, ConnectionId, Connector, ConnectorError,
    Coverage, Cursor, Draft, Email, Engine, Feed, Field, Fields, Guards, Hint, Imprint, Kind, Lane,
    Mapper, MatchKey, Memo, Page, Reading, Record, RecordId, Ref, Reply, Row, Seen, Side, Stamp,
    Store, Tags, Target, Tier, Unfit, async_trait, rules::Prefer, testing::ManualClock,
};

use crate::failure::{Proved, ensure};

/// What is synced.
pub(super) const CONTACT: Kind = Kind::from_static("contact");

const EMAIL: Field<Email> = Field::new("email");
const TAGS: Field<Tags> = Field::new("tags");
const TEXTS: [&str; 13] = [
    "first_name",
    "last_name",
    "phone",
    "street",
    "city",
    "state",
    "postcode",
    "country",
    "company",
    "source",
    "website",
    "custom.Hobby__c",
    "custom.Remark__c",
];

/// When the last record was changed.
const CHANGED: i64 = 1_775_739_607;

/// How often everything is read by content.
pub(super) const WALK_EVERY: Duration = Duration::from_secs(24 * 3600);

/// Rows of a page, as of both real systems.
const PAGE: u64 = 500;

type Rows = Box<dyn Fn(u64) -> Row + Send + Sync>;
type Read = Box<dyn Fn(&Row, &Memo) -> Reading + Send + Sync>;
type Hashes = Box<dyn Fn(&Row, &mut Imprint) + Send + Sync>;

/// So many records, of which none ever changes.
pub(super) struct Ready {
    account: AccountId,
    capabilities: Capabilities,
    count: u64,
    row: Rows,
    read: Read,
    hash: Hashes,
    giving: Giving,
}

/// The processor time that handing out rows has taken so far.
#[derive(Clone, Default)]
pub(super) struct Giving(Arc<Mutex<Duration>>);

impl Giving {
    /// It is not the engine's.
    pub(super) fn spent(&self) -> Duration {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give(&self, rows: impl Iterator<Item = Row>) -> Vec<Row> {
        let began = ThreadTime::now();
        let rows = rows.collect();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += began.elapsed();
        rows
    }
}

impl Ready {
    /// Records as a mapper reads them, with the row of each number.
    fn new<M: Mapper>(
        side: Side,
        count: u64,
        mapper: M,
        row: impl Fn(u64) -> Row + Send + Sync + 'static,
    ) -> Self {
        let mapper = Arc::new(mapper);
        let hashing = Arc::clone(&mapper);
        let capabilities = Capabilities {
            fields: mapper.fields(),
            feed: Feed::Changes,
            stamps: true,
            index_lag: Duration::ZERO,
            finds: false,
            sees_all: true,
        };
        Self {
            account: AccountId::new(side.to_string()),
            capabilities,
            count,
            row: Box::new(row),
            read: Box::new(move |row, memo| match row.native.downcast_ref() {
                Some(native) => mapper.read(native, &row.coverage, memo),
                None => Reading::default(),
            }),
            hash: Box::new(move |row, imprint| {
                if let Some(native) = row.native.downcast_ref() {
                    hashing.imprint(native, imprint);
                }
            }),
            giving: Giving::default(),
        }
    }

    /// What handing out rows takes.
    pub(super) fn giving(&self) -> Giving {
        self.giving.clone()
    }

    /// Records of fifteen fields, each made anew whenever they are asked for.
    pub(super) fn computed(side: Side, count: u64) -> Self {
        let texts = texts();
        let row = move |number| row(side, number, record(&texts, number));
        Self::new(side, count, AsGiven, row)
    }

    /// Records of fifteen fields, made once.
    pub(super) fn given(side: Side, count: u64) -> Self {
        let texts = texts();
        let made = |number| record(&texts, number);
        Self::made(side, count, made, AsGiven)
    }

    /// Natives that are made once. A client has just made what it hands out, so that it is in the
    /// processor's caches; a look at all of it brings it there, and leaves nothing for the
    /// allocator to tidy up in the engine's time.
    pub(super) fn made<M: Mapper<Native: Hash>>(
        side: Side,
        count: u64,
        native: impl Fn(u64) -> M::Native,
        mapper: M,
    ) -> Self {
        let rows = (0..count).map(|number| row(side, number, native(number)));
        let rows: Vec<Row> = rows.collect();
        let nobody = row(side, u64::MAX, ());
        let give = move |number: u64| {
            let at = usize::try_from(number).unwrap_or(usize::MAX);
            let row = rows.get(at).unwrap_or(&nobody);
            if let Some(native) = row.native.downcast_ref::<M::Native>() {
                let mut seen = DefaultHasher::new();
                native.hash(&mut seen);
                black_box(seen.finish());
            }
            row.clone()
        };
        Self::new(side, count, mapper, give)
    }
}

/// An id as long as a real one.
fn id(side: Side, number: u64) -> RecordId {
    RecordId::new(match side {
        Side::Left => format!("ghl{:017}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8),
        Side::Right => format!("{}", 300_000_000_u64.wrapping_add(number)),
    })
}

/// The row of a record, changed in the order of the numbers.
fn row<N: Send + Sync + 'static>(side: Side, number: u64, native: N) -> Row {
    let seconds = CHANGED - i64::try_from(number % 10_000_000).unwrap_or_default();
    Row {
        stamp: Timestamp::from_second(seconds).ok().map(Stamp),
        ..Row::new(id(side, number), native)
    }
}

fn texts() -> Vec<Field<String>> {
    TEXTS.iter().map(|name| Field::named(name)).collect()
}

fn record(texts: &[Field<String>], number: u64) -> Record {
    let mut record = Record::default();
    for (at, field) in texts.iter().enumerate() {
        record.set(field, format!("{} {}", TEXTS[at], number / (1 + at as u64)));
    }
    record
        .set(&EMAIL, Email::new(&format!("p{number}@example.com")))
        .set(&TAGS, Tags::new(["vip", "newsletter", "2026"]));
    record
}

/// What it reads is a record already.
struct AsGiven;

impl Mapper for AsGiven {
    type Native = Record;
    type Call = ();

    fn fields(&self) -> Fields {
        let fields = Fields::new().exact(&EMAIL).exact(&TAGS);
        let texts = texts();
        texts.iter().fold(fields, Fields::exact)
    }

    fn read(&self, record: &Record, _coverage: &Coverage, _memo: &Memo) -> Reading {
        Reading {
            record: record.clone(),
            ..Reading::default()
        }
    }

    fn imprint(&self, record: &Record, imprint: &mut Imprint) {
        record.hash(imprint);
    }

    fn write(&self, _change: &Change<'_, Record>) -> Result<Draft<()>, Unfit> {
        Ok(Draft::new())
    }
}

/// Records are matched by their e-mail address.
pub(super) fn by_email(_kind: &Kind, record: &Record) -> Vec<MatchKey> {
    let email = record.get(&EMAIL);
    let key = email.map(|email| MatchKey::new(Tier::First, "email", email.as_str()));
    key.into_iter().collect()
}

#[async_trait]
impl Connector for Ready {
    fn capabilities(&self, kind: &Kind) -> Option<&Capabilities> {
        (*kind == CONTACT).then_some(&self.capabilities)
    }

    fn read(&self, _kind: &Kind, row: &Row, memo: &Memo) -> Reading {
        (self.read)(row, memo)
    }

    fn imprint(&self, _kind: &Kind, row: &Row, imprint: &mut Imprint) {
        (self.hash)(row, imprint);
    }

    fn draft(&self, _kind: &Kind, _change: &Change<'_, Row>) -> Result<Draft<Body>, Unfit> {
        Ok(Draft::new())
    }

    async fn account(&self) -> Result<AccountId, ConnectorError> {
        Ok(self.account.clone())
    }

    async fn changes(
        &self,
        _kind: &Kind,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<Page, ConnectorError> {
        let from = match lane {
            Lane::Walk => from.and_then(|from| from.0.parse().ok()).unwrap_or(0),
            Lane::Fast | Lane::Settled => self.count,
        };
        let to = (from + PAGE).min(self.count);
        Ok(Page {
            rows: self.giving.give((from..to).map(&self.row)),
            next: Cursor(to.to_string()),
            more: to < self.count,
            server_time: None,
        })
    }

    async fn children(&self, _kind: &Kind, _parent: &Ref) -> Result<Page, ConnectorError> {
        Err(ConnectorError::unsupported("children"))
    }

    async fn fetch(&self, _kind: &Kind, _target: &Target) -> Result<Option<Seen>, ConnectorError> {
        Err(ConnectorError::unsupported("fetch"))
    }

    async fn find(&self, _kind: &Kind, _key: &MatchKey) -> Result<Vec<Row>, ConnectorError> {
        Err(ConnectorError::unsupported("find"))
    }

    async fn resolve(&self, hint: &Hint) -> Result<Option<Target>, ConnectorError> {
        Ok(Some(hint.id.clone().into()))
    }

    async fn send(
        &self,
        _kind: &Kind,
        _target: Option<&Target>,
        call: &Call<Body>,
    ) -> Result<Reply, ConnectorError> {
        Err(ConnectorError::unsupported(call.name))
    }

    async fn delete(&self, _kind: &Kind, _target: &Target) -> Result<(), ConnectorError> {
        Err(ConnectorError::unsupported("delete"))
    }
}

/// An engine between two such systems, on a clock that stands still.
pub(super) fn engine(
    sides: Both<Ready>,
    store: Arc<dyn Store>,
    matcher: impl sync_core::Matcher,
) -> Proved<(Engine, ManualClock)> {
    let clock = ManualClock::at(Timestamp::from_second(CHANGED + 3600)?);
    let Both { left, right } = sides;
    let sides: Both<Arc<dyn Connector>> = Both::new(Arc::new(left), Arc::new(right));
    let time = Arc::new(clock.clone());
    let here = ConnectionId::new("cost");
    let engine = Engine::builder(here, sides, store, time, matcher, Prefer(Side::Left))
        .kinds([CONTACT])
        .guards(Guards::OFF)
        .walk_every(WALK_EVERY)
        .build()?;
    Ok((engine, clock))
}

/// Links everybody.
pub(super) async fn link_all(engine: &mut Engine, count: u64) -> Proved {
    let outcome = engine.settle(Duration::ZERO).await?;
    ensure(outcome.total.linked == count, || {
        format!("{count} were to be linked: {outcome:?}")
    })
}

/// Cycles, one for each half a million, that read everybody and find nothing.
pub(super) async fn sweep(engine: &mut Engine, clock: &ManualClock, count: u64) -> Proved {
    clock.advance(WALK_EVERY);
    let mut rows = Both::new(0, 0);
    loop {
        let report = engine.cycle().await?;
        for side in Side::BOTH {
            rows[side] += report.rows[side];
        }
        ensure(report.writes() == 0 && report.looks == 0, || {
            format!("a sweep was to find nothing: {report:?}")
        })?;
        let all = rows == Both::new(count, count);
        if all || report.waiting == 0 {
            return ensure(all && report.waiting == 0, || {
                format!("a sweep was to read {count}, and to leave nothing: {rows:?}, {report:?}")
            });
        }
    }
}
