//! Joining a client and a mapper into a connector, so that natives never cross the seam.

use std::{collections::BTreeMap, future::Future, marker::PhantomData, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    connector::{
        Body, Capabilities, Connector, ConnectorError, Cursor, Feed, Hint, Lane, Page, Reason,
        Reply, Row, Seen,
    },
    id::{AccountId, Kind, Locator, RecordId, Ref, Stamp, Target},
    imprint::Imprint,
    mapper::{Call, Change, Draft, Mapper},
    matching::MatchKey,
    reading::{Coverage, Memo, Reading, Unfit},
};

/// A client, for one kind. Implemented with plain `async fn`.
pub trait Endpoint: Send + Sync + 'static {
    /// The client's own struct.
    type Native: Send + Sync + 'static;
    /// The client's own request.
    type Call: std::fmt::Debug + Send + Sync + 'static;

    /// How the kind is read, and how far its index may lag.
    fn traits(&self) -> EndpointTraits;

    /// Where a record is, and when it changed.
    fn head(&self, native: &Self::Native) -> Head;

    /// One page of what changed; see [`Connector::changes`].
    fn changes(
        &self,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> impl Future<Output = Result<NativePage<Self::Native>, ConnectorError>> + Send;

    /// All records under a parent; see [`Connector::children`].
    fn children(
        &self,
        _parent: &Ref,
    ) -> impl Future<Output = Result<NativePage<Self::Native>, ConnectorError>> + Send {
        async { Err(ConnectorError::unsupported("children")) }
    }

    /// One record by id.
    fn fetch(
        &self,
        target: &Target,
    ) -> impl Future<Output = Result<Option<NativeSeen<Self::Native>>, ConnectorError>> + Send;

    /// Records by match key; see [`Connector::find`].
    fn find(
        &self,
        _key: &MatchKey,
    ) -> impl Future<Output = Result<NativesFound<Self::Native>, ConnectorError>> + Send {
        async { Err(ConnectorError::unsupported("find")) }
    }

    /// Sends one call.
    fn send(
        &self,
        target: Option<&Target>,
        call: &Self::Call,
    ) -> impl Future<Output = Result<NativeReply<Self::Native>, ConnectorError>> + Send;

    /// Deletes a record.
    fn delete(&self, target: &Target) -> impl Future<Output = Result<(), ConnectorError>> + Send;
}

/// How an endpoint's kind is read.
#[derive(Debug, Clone)]
pub struct EndpointTraits {
    /// How changes are read.
    pub feed: Feed,
    /// Whether rows carry a stamp.
    pub stamps: bool,
    /// How far a feed or search may lag behind a write.
    pub index_lag: std::time::Duration,
    /// Whether `find` works.
    pub finds: bool,
    /// Whether the credential sees every record; see [`Capabilities::sees_all`].
    pub sees_all: bool,
}

impl EndpointTraits {
    /// A feed by time of change with stamps, which may lag so far behind a write.
    pub const fn changes(index_lag: std::time::Duration) -> Self {
        Self {
            feed: Feed::Changes,
            stamps: true,
            index_lag,
            finds: false,
            sees_all: true,
        }
    }

    /// The same, where [`Endpoint::find`] works.
    pub const fn finds(mut self) -> Self {
        self.finds = true;
        self
    }

    /// A list without stamps that shows every write at once.
    pub const fn list() -> Self {
        Self {
            feed: Feed::List,
            stamps: false,
            index_lag: std::time::Duration::ZERO,
            finds: false,
            sees_all: true,
        }
    }
}

impl Head {
    /// A record without parent or stamps.
    pub fn new(id: impl Into<RecordId>) -> Self {
        Self {
            id: id.into(),
            locator: None,
            stamp: None,
            created: None,
        }
    }
}

impl<N> NativePage<N> {
    /// A whole list in one page.
    pub fn whole(natives: Vec<N>) -> Self {
        Self {
            natives,
            coverage: Coverage::WHOLE,
            next: Cursor(String::new()),
            more: false,
            server_time: None,
        }
    }
}

impl<N> From<N> for NativeSeen<N> {
    fn from(native: N) -> Self {
        Self {
            native,
            server_time: None,
        }
    }
}

impl<N> NativeReply<N> {
    /// An answer that shows the record whole.
    pub fn showing(id: impl Into<RecordId>, native: N) -> Self {
        Self {
            target: id.into().into(),
            native: Some(native),
            server_time: None,
        }
    }
}

/// Where a native record is, and when it changed.
#[derive(Debug, Clone)]
pub struct Head {
    /// The API's own id.
    pub id: RecordId,
    /// The parent under which calls find it.
    pub locator: Option<Locator>,
    /// The server's "updated at".
    pub stamp: Option<Stamp>,
    /// The server's "created at".
    pub created: Option<Timestamp>,
}

/// One page of native records.
#[derive(Debug)]
pub struct NativePage<N> {
    /// The records.
    pub natives: Vec<N>,
    /// What the route shows of them.
    pub coverage: Coverage,
    /// Where to go on.
    pub next: Cursor,
    /// Whether there is more now.
    pub more: bool,
    /// The server's time.
    pub server_time: Option<Timestamp>,
}

/// Native records that a match key found.
#[derive(Debug)]
pub struct NativesFound<N> {
    /// The records.
    pub natives: Vec<N>,
    /// What the route shows of them.
    pub coverage: Coverage,
}

/// A native record read by id.
#[derive(Debug)]
pub struct NativeSeen<N> {
    /// The record.
    pub native: N,
    /// The server's time.
    pub server_time: Option<Timestamp>,
}

/// What a call's answer told.
#[derive(Debug)]
pub struct NativeReply<N> {
    /// The record's id; for a create its new one.
    pub target: Target,
    /// The record as the answer shows it whole, if it does.
    pub native: Option<N>,
    /// The server's time.
    pub server_time: Option<Timestamp>,
}

/// Asks the system whose data this is.
#[async_trait]
pub trait AccountProbe: Send + Sync + 'static {
    /// The account's own id.
    async fn account(&self) -> Result<AccountId, ConnectorError>;
}

/// A system that has one account only, such as a file.
#[async_trait]
impl AccountProbe for AccountId {
    async fn account(&self) -> Result<AccountId, ConnectorError> {
        Ok(self.clone())
    }
}

/// A [`Connector`] made of one endpoint and one mapper for each kind.
pub struct TypedConnector {
    account: Box<dyn AccountProbe>,
    sees_all: bool,
    kinds: BTreeMap<Kind, Arc<dyn KindConnector>>,
}

impl TypedConnector {
    /// Starts with whose data it is.
    pub fn new(account: impl AccountProbe) -> Self {
        Self {
            account: Box::new(account),
            sees_all: true,
            kinds: BTreeMap::new(),
        }
    }

    /// Whether the credential sees every record of the kinds that are added from here on: only
    /// then is a record that is not found any more deleted, and not just hidden. It does unless
    /// told otherwise.
    pub fn sees_all(mut self, sees_all: bool) -> Self {
        self.sees_all = sees_all;
        self
    }

    /// Adds a kind. That endpoint and mapper speak of the same native is the compiler's to check.
    pub fn kind<E, M>(mut self, kind: Kind, endpoint: E, mapper: M) -> Self
    where
        E: Endpoint,
        M: Mapper<Native = E::Native, Call = E::Call>,
    {
        let traits = endpoint.traits();
        let adapter = Adapter {
            capabilities: Capabilities {
                fields: mapper.fields(),
                feed: traits.feed,
                stamps: traits.stamps,
                index_lag: traits.index_lag,
                finds: traits.finds,
                sees_all: self.sees_all && traits.sees_all,
            },
            endpoint,
            mapper,
        };
        self.kinds.insert(kind, Arc::new(adapter));
        self
    }

    fn at(&self, kind: &Kind, op: &'static str) -> Result<&dyn KindConnector, ConnectorError> {
        let known = self.kinds.get(kind).map(|adapter| &**adapter);
        known.ok_or_else(|| {
            ConnectorError::not_applied(op, Reason::Unsupported, format!("no kind `{kind}` here"))
        })
    }
}

impl std::fmt::Debug for TypedConnector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.kinds.keys()).finish()
    }
}

#[async_trait]
impl Connector for TypedConnector {
    fn capabilities(&self, kind: &Kind) -> Option<&Capabilities> {
        Some(self.kinds.get(kind)?.capabilities())
    }

    fn read(&self, kind: &Kind, row: &Row, memo: &Memo) -> Reading {
        let known = self.kinds.get(kind);
        known
            .map(|adapter| adapter.read(row, memo))
            .unwrap_or_default()
    }

    fn imprint(&self, kind: &Kind, row: &Row, imprint: &mut Imprint) {
        if let Some(adapter) = self.kinds.get(kind) {
            adapter.imprint(row, imprint);
        }
    }

    fn draft(&self, kind: &Kind, change: &Change<'_, Row>) -> Result<Draft<Body>, Unfit> {
        match self.kinds.get(kind) {
            Some(adapter) => adapter.draft(change),
            None => Ok(Draft::new()),
        }
    }

    async fn account(&self) -> Result<AccountId, ConnectorError> {
        self.account.account().await
    }

    async fn changes(
        &self,
        kind: &Kind,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<Page, ConnectorError> {
        self.at(kind, "changes")?.changes(lane, from).await
    }

    async fn children(&self, kind: &Kind, parent: &Ref) -> Result<Page, ConnectorError> {
        self.at(kind, "children")?.children(parent).await
    }

    async fn fetch(&self, kind: &Kind, target: &Target) -> Result<Option<Seen>, ConnectorError> {
        self.at(kind, "fetch")?.fetch(target).await
    }

    async fn find(&self, kind: &Kind, key: &MatchKey) -> Result<Vec<Row>, ConnectorError> {
        self.at(kind, "find")?.find(key).await
    }

    async fn resolve(&self, hint: &Hint) -> Result<Option<Target>, ConnectorError> {
        Ok(Some(Target {
            id: hint.id.clone(),
            locator: hint.locator.clone(),
        }))
    }

    async fn send(
        &self,
        kind: &Kind,
        target: Option<&Target>,
        call: &Call<Body>,
    ) -> Result<Reply, ConnectorError> {
        self.at(kind, call.name)?.send(target, call).await
    }

    async fn delete(&self, kind: &Kind, target: &Target) -> Result<(), ConnectorError> {
        self.at(kind, "delete")?.delete(target).await
    }
}

/// An endpoint and its mapper with their types closed up.
#[async_trait]
trait KindConnector: Send + Sync {
    fn capabilities(&self) -> &Capabilities;
    fn read(&self, row: &Row, memo: &Memo) -> Reading;
    fn imprint(&self, row: &Row, imprint: &mut Imprint);
    fn draft(&self, change: &Change<'_, Row>) -> Result<Draft<Body>, Unfit>;
    async fn changes(&self, lane: Lane, from: Option<&Cursor>) -> Result<Page, ConnectorError>;
    async fn children(&self, parent: &Ref) -> Result<Page, ConnectorError>;
    async fn fetch(&self, target: &Target) -> Result<Option<Seen>, ConnectorError>;
    async fn find(&self, key: &MatchKey) -> Result<Vec<Row>, ConnectorError>;
    async fn send(
        &self,
        target: Option<&Target>,
        call: &Call<Body>,
    ) -> Result<Reply, ConnectorError>;
    async fn delete(&self, target: &Target) -> Result<(), ConnectorError>;
}

struct Adapter<E, M> {
    capabilities: Capabilities,
    endpoint: E,
    mapper: M,
}

impl<E, M> Adapter<E, M>
where
    E: Endpoint,
    M: Mapper<Native = E::Native, Call = E::Call>,
{
    fn row(&self, native: E::Native, coverage: Coverage) -> Row {
        let head = self.endpoint.head(&native);
        Row {
            id: head.id,
            locator: head.locator,
            stamp: head.stamp,
            created: head.created,
            coverage,
            native: Arc::new(native),
        }
    }

    fn page(&self, page: NativePage<E::Native>) -> Page {
        let coverage = page.coverage;
        let natives = page.natives.into_iter();
        Page {
            rows: natives.map(|native| self.row(native, coverage)).collect(),
            next: page.next,
            more: page.more,
            server_time: page.server_time,
        }
    }
}

#[async_trait]
impl<E, M> KindConnector for Adapter<E, M>
where
    E: Endpoint,
    M: Mapper<Native = E::Native, Call = E::Call>,
{
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn read(&self, row: &Row, memo: &Memo) -> Reading {
        match row.native.downcast_ref::<E::Native>() {
            Some(native) => self.mapper.read(native, &row.coverage, memo),
            None => Reading {
                unseen: self
                    .capabilities
                    .fields
                    .iter()
                    .map(|f| f.key.clone())
                    .collect(),
                ..Reading::default()
            },
        }
    }

    fn imprint(&self, row: &Row, imprint: &mut Imprint) {
        if let Some(native) = row.native.downcast_ref::<E::Native>() {
            self.mapper.imprint(native, imprint);
        }
    }

    fn draft(&self, change: &Change<'_, Row>) -> Result<Draft<Body>, Unfit> {
        let draft = self.mapper.write(&Change {
            create: change.create,
            native: change.native.and_then(|row| row.native.downcast_ref()),
            shown: change.shown,
            wanted: change.wanted,
            changed: change.changed,
            memo: change.memo,
            now: change.now,
        })?;
        let close = |call: Call<E::Call>| Call {
            name: call.name,
            kind: call.kind,
            covers: call.covers,
            made: call.made,
            body: Body::new(Closed::<E>(call.body, PhantomData)),
        };
        Ok(Draft {
            calls: draft.calls.into_iter().map(close).collect(),
            memo: draft.memo,
        })
    }

    async fn changes(&self, lane: Lane, from: Option<&Cursor>) -> Result<Page, ConnectorError> {
        Ok(self.page(self.endpoint.changes(lane, from).await?))
    }

    async fn children(&self, parent: &Ref) -> Result<Page, ConnectorError> {
        Ok(self.page(self.endpoint.children(parent).await?))
    }

    async fn fetch(&self, target: &Target) -> Result<Option<Seen>, ConnectorError> {
        let found = self.endpoint.fetch(target).await?;
        Ok(found.map(|seen| Seen {
            row: self.row(seen.native, Coverage::WHOLE),
            server_time: seen.server_time,
        }))
    }

    async fn find(&self, key: &MatchKey) -> Result<Vec<Row>, ConnectorError> {
        let found = self.endpoint.find(key).await?;
        let natives = found.natives.into_iter();
        Ok(natives
            .map(|native| self.row(native, found.coverage))
            .collect())
    }

    async fn send(
        &self,
        target: Option<&Target>,
        call: &Call<Body>,
    ) -> Result<Reply, ConnectorError> {
        let Some(Closed(body, _)) = call.body.open::<Closed<E>>() else {
            return Err(ConnectorError::unsupported(call.name));
        };
        let reply = self.endpoint.send(target, body).await?;
        Ok(Reply {
            target: reply.target,
            row: reply.native.map(|native| self.row(native, Coverage::WHOLE)),
            server_time: reply.server_time,
        })
    }

    async fn delete(&self, target: &Target) -> Result<(), ConnectorError> {
        self.endpoint.delete(target).await
    }
}

/// A request of one endpoint; another endpoint's request does not open here.
struct Closed<E: Endpoint>(E::Call, PhantomData<fn() -> E>);

impl<E: Endpoint> std::fmt::Debug for Closed<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
