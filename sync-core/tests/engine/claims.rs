//! Two connections on one account: a record belongs to one of them.

use std::sync::Arc;

use sync_core::{
    Archive, Both, Clock, ConnectionId, Connector, Engine, Guards, HoldReason, MemoryStore, Side,
    testing::{ManualClock, Model},
};

use crate::world::{ByEmail, CONTACT, LAG, left_fields, newest_or, person, right_fields};

/// Two left accounts, and one right account that both are joined with.
struct Agency {
    clock: ManualClock,
    left: [Model; 2],
    right: Model,
    store: MemoryStore,
}

const NAMES: [&str; 2] = ["first", "second"];

impl Agency {
    fn new() -> Self {
        let clock = ManualClock::at("2027-01-01T00:00:00Z".parse().unwrap());
        let shared = || -> Arc<dyn Clock> { Arc::new(clock.clone()) };
        let model = |prefix, fields| Model::new(prefix, fields, LAG, shared());
        let left = [model("L", left_fields()), model("M", left_fields())];
        left[1].become_account("second-location");
        Self {
            right: model("R", right_fields()),
            left,
            clock,
            store: MemoryStore::new(),
        }
    }

    fn engine(&self, number: usize) -> Engine {
        let sides: Both<Arc<dyn Connector>> = Both::new(
            Arc::new(self.left[number].clone()),
            Arc::new(self.right.clone()),
        );
        Engine::builder(
            ConnectionId::new(NAMES[number]),
            sides,
            Arc::new(self.store.clone()),
            Arc::new(self.clock.clone()),
            ByEmail,
            newest_or(Side::Left),
        )
        .kinds([CONTACT])
        .guards(Guards::OFF)
        .build()
        .unwrap()
    }

    async fn settle(&self, engine: &mut Engine) {
        for _ in 0..4 {
            self.clock.advance(LAG * 2);
            engine.cycle().await.unwrap();
        }
    }

    async fn holds(&self, number: usize) -> Vec<HoldReason> {
        let connection = ConnectionId::new(NAMES[number]);
        let holds = self.store.holds(&connection, 0, 100).await.unwrap();
        holds.into_iter().map(|(_, hold)| hold.reason).collect()
    }
}

#[tokio::test]
async fn what_one_connection_has_is_not_copied_by_another() {
    let agency = Agency::new();
    agency.left[0].enter(&person("Ada", "ada@example.com"));
    let (mut first, mut second) = (agency.engine(0), agency.engine(1));
    agency.settle(&mut first).await;
    assert_eq!(agency.right.records().len(), 1);
    agency.settle(&mut second).await;
    assert!(
        agency.left[1].records().is_empty(),
        "clients' data does not mix"
    );
    assert!(agency.holds(1).await.is_empty());
    agency.left[1].enter(&person("Bob", "bob@example.com"));
    agency.settle(&mut second).await;
    assert_eq!(agency.right.records().len(), 2, "its own goes on");
}

#[tokio::test]
async fn a_second_claim_is_held_and_stops_nobody_else() {
    let agency = Agency::new();
    agency.left[0].enter(&person("Ada", "ada@example.com"));
    let (mut first, mut second) = (agency.engine(0), agency.engine(1));
    agency.settle(&mut first).await;
    agency.left[1].enter(&person("Ada", "ada@example.com"));
    agency.left[1].enter(&person("Bob", "bob@example.com"));
    agency.settle(&mut second).await;
    let holds = agency.holds(1).await;
    assert!(
        !holds.is_empty() && holds.iter().all(|why| *why == HoldReason::Claimed),
        "{holds:?}"
    );
    assert_eq!(agency.right.records().len(), 2, "Bob only is new");
}
