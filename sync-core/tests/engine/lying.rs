//! A connector with something wrong about it.

use std::{sync::Mutex, time::Duration};

use async_trait::async_trait;
use sync_core::{
    AccountId, Body, Call, Capabilities, Change, Connector, ConnectorError, Cursor, Draft, Hint,
    Kind, Lane, MatchKey, Memo, Page, Reading, Reason, RecordId, Ref, Reply, Row, Seen, Target,
    Unfit, testing::Model,
};

use crate::world::{CITY, NAME};

/// What is wrong with a connector.
#[derive(Clone, PartialEq)]
pub(crate) enum Lie {
    /// The cursor never moves.
    Stuck,
    /// Every page is the first one, under another cursor.
    Repeats,
    /// A read by id answers with another record.
    AnotherRecord,
    /// No walk goes on after so many pages.
    WalksOnly(u32),
    /// Every write of this record fails.
    Fails(RecordId),
    /// Every create answers with the id of the first record.
    AnotherCreated,
    /// Every page has its cursor, and there is always one more.
    Endless,
    /// Every write takes so long.
    Slow(Duration),
    /// No row shows the city.
    Hides,
    /// Every update puts the name in capitals, and the reply says so.
    Shouts,
    /// Every update is answered as done, and the city stays.
    Keeps,
    /// The mapper panics over a name.
    Panics(&'static str),
}

pub(crate) struct Lying {
    model: Model,
    lie: Lie,
    pages: Mutex<u32>,
}

impl Lying {
    pub(crate) fn over(model: &Model, lie: Lie) -> Self {
        Self {
            model: model.clone(),
            lie,
            pages: Mutex::new(0),
        }
    }
}

#[async_trait]
impl Connector for Lying {
    fn capabilities(&self, kind: &Kind) -> Option<&Capabilities> {
        self.model.capabilities(kind)
    }

    fn read(&self, kind: &Kind, row: &Row, memo: &Memo) -> Reading {
        let mut reading = self.model.read(kind, row, memo);
        if self.lie == Lie::Hides {
            reading.record.put(CITY.key().clone(), None);
            reading.unseen.insert(CITY.key().clone());
        }
        if let (Lie::Panics(name), Some(shown)) = (&self.lie, reading.record.get(&NAME)) {
            assert!(shown != *name, "a bug in the mapper");
        }
        reading
    }

    fn draft(&self, kind: &Kind, change: &Change<'_, Row>) -> Result<Draft<Body>, Unfit> {
        self.model.draft(kind, change)
    }

    async fn account(&self) -> Result<AccountId, ConnectorError> {
        self.model.account().await
    }

    async fn changes(
        &self,
        kind: &Kind,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<Page, ConnectorError> {
        let number = {
            let mut pages = self.pages.lock().unwrap();
            *pages +=
                u32::from(lane == Lane::Walk || matches!(self.lie, Lie::Repeats | Lie::Endless));
            *pages
        };
        match (&self.lie, from) {
            (Lie::Stuck, Some(from)) => {
                let page = self.model.changes(kind, lane, Some(from)).await?;
                Ok(Page {
                    next: from.clone(),
                    more: true,
                    ..page
                })
            }
            (Lie::Repeats, _) => {
                let page = self.model.changes(kind, Lane::Walk, None).await?;
                Ok(Page {
                    next: Cursor(number.to_string()),
                    more: true,
                    ..page
                })
            }
            (Lie::Endless, _) => Ok(Page {
                rows: Vec::new(),
                next: Cursor(number.to_string()),
                more: true,
                server_time: None,
            }),
            (Lie::WalksOnly(last), _) if number > *last => Err(ConnectorError::not_applied(
                "changes",
                Reason::Transient,
                "down",
            )),
            _ => self.model.changes(kind, lane, from).await,
        }
    }

    async fn children(&self, kind: &Kind, parent: &Ref) -> Result<Page, ConnectorError> {
        self.model.children(kind, parent).await
    }

    async fn fetch(&self, kind: &Kind, target: &Target) -> Result<Option<Seen>, ConnectorError> {
        if self.lie == Lie::AnotherRecord {
            let another = self.model.records().into_keys().find(|id| *id != target.id);
            return self.model.fetch(kind, &another.unwrap().into()).await;
        }
        self.model.fetch(kind, target).await
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
        match (&self.lie, target) {
            (Lie::Fails(id), Some(target)) if *id == target.id => {
                return Err(ConnectorError::not_applied(
                    "update",
                    Reason::Transient,
                    "down",
                ));
            }
            (Lie::Slow(takes), _) => tokio::time::sleep(*takes).await,
            _ => {}
        }
        let city = target.and_then(|target| self.model.record(&target.id)?.get(&CITY));
        let mut reply = self.model.send(kind, target, call).await?;
        if self.lie == Lie::AnotherCreated && target.is_none() {
            reply.target.id = self.model.records().into_keys().next().unwrap();
        }
        let Some(target) = target else {
            return Ok(reply);
        };
        if matches!(self.lie, Lie::Shouts | Lie::Keeps) {
            self.model.edit(&target.id, |record| match self.lie {
                Lie::Shouts => {
                    let name = record.get(&NAME).unwrap_or_default();
                    record.set(&NAME, name.to_uppercase());
                }
                _ => {
                    record.set(&CITY, city);
                }
            });
            let seen = self.model.fetch(kind, target).await?;
            reply.row = seen.map(|seen| seen.row);
        }
        Ok(reply)
    }

    async fn delete(&self, kind: &Kind, target: &Target) -> Result<(), ConnectorError> {
        self.model.delete(kind, target).await
    }
}
