//! What a sweep finds in the links of a release that kept no fingerprints.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use rusqlite::Connection;
use sync_core::{
    Both, Connector, Engine, Fingerprint, Side, Store,
    rules::Prefer,
    testing::{
        ManualClock, Model,
        people::{ByEmail, CONTACT, left_fields, person, right_fields},
    },
};

use crate::{TempSqlite, connection};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test]
async fn a_sweep_gives_old_links_their_fingerprints() {
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
        let found = store.fingerprints(&here, &CONTACT, Side::Left, &ids).await;
        found.unwrap()[0].clone().unwrap()
    };
    let (mut syncing, store) = engine();
    syncing.settle(Duration::ZERO).await.unwrap();
    let before = kept(&*store).await;
    assert!(before.shown.is_some());
    drop((syncing, store));

    let db = Connection::open(temp.path()).unwrap();
    let forget = "UPDATE links SET left_print = NULL, right_print = NULL";
    assert_eq!(db.execute(forget, []).unwrap(), 1);
    drop(db);
    let (mut syncing, store) = engine();
    assert_eq!(kept(&*store).await, Fingerprint::default());
    clock.advance(DAY);
    let swept = syncing.cycle().await.unwrap();
    assert_eq!((swept.writes(), swept.looks), (0, 0));
    assert_eq!(kept(&*store).await, before);
}
