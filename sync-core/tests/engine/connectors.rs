//! The model keeps the laws of connectors, and one that lies is found out.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use sync_core::{
    AccountId, Body, Call, Capabilities, Change, Clock, Connector, ConnectorError, Cursor, Draft,
    Hint, Kind, Lane, MatchKey, Memo, Page, Reading, Ref, Reply, Row, Seen, Target, Unfit,
    testing::{BrokenLaw, ManualClock, Model, connector_laws},
};

use crate::world::{CITY, CONTACT, left_fields, person};

#[derive(Clone, Copy, PartialEq)]
enum Lie {
    None,
    PagesForEver,
    AnotherRecord,
    DoneAllTheSame,
}

struct Liar(Model, Lie);

fn model() -> Model {
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(now));
    Model::new("L", left_fields(), Duration::ZERO, clock)
}

async fn proved(lie: Lie) -> Result<(), BrokenLaw> {
    let mut ada = person("Ada", "ada@example.com");
    ada.set(&CITY, "Kristiansund".to_owned());
    let people = [ada, person("Bob", "bob@example.com")];
    connector_laws(&Liar(model(), lie), &CONTACT, people).await
}

#[tokio::test]
async fn the_laws_find_a_connector_out() {
    assert_eq!(proved(Lie::None).await, Ok(()));
    for (lie, law) in [
        (Lie::PagesForEver, "a cursor moves"),
        (
            Lie::AnotherRecord,
            "a read by id answers the record that was asked for",
        ),
        (
            Lie::DoneAllTheSame,
            "a call that was not applied has changed nothing",
        ),
    ] {
        assert_eq!(proved(lie).await.unwrap_err().law, law);
    }
}

#[async_trait]
impl Connector for Liar {
    fn capabilities(&self, kind: &Kind) -> Option<&Capabilities> {
        self.0.capabilities(kind)
    }

    fn read(&self, kind: &Kind, row: &Row, memo: &Memo) -> Reading {
        self.0.read(kind, row, memo)
    }

    fn draft(&self, kind: &Kind, change: &Change<'_, Row>) -> Result<Draft<Body>, Unfit> {
        self.0.draft(kind, change)
    }

    async fn account(&self) -> Result<AccountId, ConnectorError> {
        self.0.account().await
    }

    async fn changes(
        &self,
        kind: &Kind,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<Page, ConnectorError> {
        let mut page = self.0.changes(kind, lane, from).await?;
        page.more |= self.1 == Lie::PagesForEver && lane == Lane::Walk;
        Ok(page)
    }

    async fn children(&self, kind: &Kind, parent: &Ref) -> Result<Page, ConnectorError> {
        self.0.children(kind, parent).await
    }

    async fn fetch(&self, kind: &Kind, target: &Target) -> Result<Option<Seen>, ConnectorError> {
        let mut seen = self.0.fetch(kind, target).await?;
        if let Some(seen) = seen.as_mut().filter(|_| self.1 == Lie::AnotherRecord) {
            seen.row.id = "L9".into();
        }
        Ok(seen)
    }

    async fn find(&self, kind: &Kind, key: &MatchKey) -> Result<Vec<Row>, ConnectorError> {
        self.0.find(kind, key).await
    }

    async fn resolve(&self, hint: &Hint) -> Result<Option<Target>, ConnectorError> {
        self.0.resolve(hint).await
    }

    async fn send(
        &self,
        kind: &Kind,
        target: Option<&Target>,
        call: &Call<Body>,
    ) -> Result<Reply, ConnectorError> {
        self.0.send(kind, target, call).await
    }

    async fn delete(&self, kind: &Kind, target: &Target) -> Result<(), ConnectorError> {
        if self.1 == Lie::DoneAllTheSame {
            self.0.edit(&target.id, |record| {
                *record = person("Eve", "eve@example.com");
            });
            return Err(ConnectorError::unsupported("delete"));
        }
        self.0.delete(kind, target).await
    }
}
