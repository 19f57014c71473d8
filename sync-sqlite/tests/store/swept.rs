//! What a sweep leaves beside links that tell nothing new.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use rusqlite::Connection;
use sync_core::{
    Both, Connector, Email, Engine, Side, Store,
    rules::Prefer,
    testing::{
        ManualClock, Model,
        people::{ByEmail, CONTACT, EMAIL, left_fields, person, right_fields},
    },
};

use crate::{TempSqlite, connection};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test]
async fn a_sweep_leaves_imprints_and_makes_lost_ones_anew() {
    let temp = TempSqlite::new();
    let clock = ManualClock::at(Timestamp::from_second(1_800_000_000).unwrap());
    let model =
        |prefix, fields| Model::new(prefix, fields, Duration::ZERO, Arc::new(clock.clone()));
    let (left, right) = (model("L", left_fields()), model("R", right_fields()));
    let ids = [left.enter(&person("Ada", "ada@example.com"))];
    right.enter(&person("Ada", "ada@example.com"));
    let engine = || {
        let store = Arc::new(temp.open().unwrap());
        let sides: Both<Arc<dyn Connector>> =
            Both::new(Arc::new(left.clone()), Arc::new(right.clone()));
        let time = Arc::new(clock.clone());
        let rule = Prefer(Side::Left);
        let engine = Engine::builder(connection(), sides, store.clone(), time, ByEmail, rule);
        let engine = engine.kinds([CONTACT]).walk_every(DAY).build().unwrap();
        (engine, store)
    };
    let kept = async |store: &dyn Store| {
        let here = connection();
        let found = store.imprints(&here, &CONTACT, Side::Left, &ids).await;
        found.unwrap()[0]
    };
    let (mut syncing, store) = engine();
    syncing.settle(Duration::ZERO).await.unwrap();
    clock.advance(DAY);
    syncing.cycle().await.unwrap();
    let before = kept(&*store).await;
    assert!(before.is_some());
    drop((syncing, store));

    let db = Connection::open(temp.path()).unwrap();
    assert_eq!(db.execute("DELETE FROM imprints", []).unwrap(), 2);
    drop(db);
    let (mut syncing, store) = engine();
    assert_eq!(kept(&*store).await, None);
    clock.advance(DAY);
    let swept = syncing.cycle().await.unwrap();
    assert_eq!((swept.writes(), swept.looks), (0, 0));
    assert_eq!(kept(&*store).await, before);

    left.edit(&ids[0], |ada| {
        ada.set(&EMAIL, Email::new("ada@new.example"));
    });
    clock.advance(DAY);
    let swept = syncing.cycle().await.unwrap();
    assert_eq!(swept.writes(), 1);
    assert_ne!(kept(&*store).await, before);
}
