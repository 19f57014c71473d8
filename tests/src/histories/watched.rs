//! A connector with a halt before and after each effect, where a cycle can be dropped.

use std::sync::{Arc, Mutex, PoisonError};

use sync_core::{
    AccountId, Body, Call, Capabilities, Change, Connector, ConnectorError, Cursor, Draft, Hint,
    Kind, Lane, MatchKey, Memo, Page, Reading, Reason, Ref, Reply, Row, Seen, Side, Target, Unfit,
    async_trait,
    testing::{Model, halt},
};

use super::edits::Account;

/// A model that tells the account what the engine reads and writes, and whose reads fail on demand.
#[derive(Clone)]
pub(crate) struct Watched {
    pub(crate) side: Side,
    pub(crate) model: Model,
    pub(crate) account: Arc<Mutex<Account>>,
    pub(crate) failing_reads: Arc<Mutex<u32>>,
}

impl Watched {
    fn tell<T>(&self, what: impl FnOnce(&mut Account) -> T) -> T {
        what(&mut self.account.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn may_read(&self, op: &'static str) -> Result<(), ConnectorError> {
        let mut left = self.failing_reads.lock().unwrap();
        if *left == 0 {
            return Ok(());
        }
        *left -= 1;
        Err(ConnectorError::not_applied(op, Reason::Transient, "down"))
    }
}

#[async_trait]
impl Connector for Watched {
    fn capabilities(&self, kind: &Kind) -> Option<&Capabilities> {
        self.model.capabilities(kind)
    }

    fn read(&self, kind: &Kind, row: &Row, memo: &Memo) -> Reading {
        self.model.read(kind, row, memo)
    }

    fn draft(&self, kind: &Kind, change: &Change<'_, Row>) -> Result<Draft<Body>, Unfit> {
        self.model.draft(kind, change)
    }

    async fn account(&self) -> Result<AccountId, ConnectorError> {
        halt().await;
        self.model.account().await
    }

    async fn changes(
        &self,
        kind: &Kind,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<Page, ConnectorError> {
        halt().await;
        self.may_read("changes")?;
        // A read is as old as its first page.
        let goes_on = from.is_some_and(|from| from.0.contains("resume"));
        if lane == Lane::Fast && !goes_on {
            self.tell(|account| account.feed_read(self.side));
        }
        let page = self.model.changes(kind, lane, from).await;
        halt().await;
        page
    }

    async fn children(&self, kind: &Kind, parent: &Ref) -> Result<Page, ConnectorError> {
        self.model.children(kind, parent).await
    }

    async fn fetch(&self, kind: &Kind, target: &Target) -> Result<Option<Seen>, ConnectorError> {
        halt().await;
        self.may_read("fetch")?;
        self.tell(|account| account.fetched(self.side, &target.id));
        let seen = self.model.fetch(kind, target).await;
        halt().await;
        seen
    }

    async fn find(&self, kind: &Kind, key: &MatchKey) -> Result<Vec<Row>, ConnectorError> {
        self.model.find(kind, key).await
    }

    async fn resolve(&self, hint: &Hint) -> Result<Option<Target>, ConnectorError> {
        self.model.resolve(hint).await
    }

    async fn send(
        &self,
        kind: &Kind,
        target: Option<&Target>,
        call: &Call<Body>,
    ) -> Result<Reply, ConnectorError> {
        halt().await;
        let id = target.map(|target| &target.id);
        let before = self.model.records();
        let reply = self.model.send(kind, target, call).await;
        let after = self.model.records();
        self.tell(|account| account.sent(self.side, &before, &after, id, call, reply.is_ok()));
        halt().await;
        reply
    }

    async fn delete(&self, kind: &Kind, target: &Target) -> Result<(), ConnectorError> {
        self.model.delete(kind, target).await
    }
}
