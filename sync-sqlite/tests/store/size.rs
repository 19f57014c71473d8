//! How much room and time links take.

use std::{fs, time::Instant};

use jiff::Timestamp;
use sync_core::{
    Both, Cell, FieldKey, Link, LinkId, LinkSide, Memo, Op, Record, RecordId, Side, Stamp, Store,
    Value,
};

use crate::{TempSqlite, commit, connection};

const LINKS: usize = 3000;

/// As long as people's values are, each with a number behind it.
const FIELDS: [(&str, &str); 15] = [
    ("first_name", "Wilhelmina"),
    ("last_name", "Featherstone"),
    ("email", "wilhelmina@example.com"),
    ("phone", "+441632960983"),
    ("mobile", "+447700900461"),
    ("company", "Featherstone Ltd"),
    ("job_title", "Head of sales"),
    ("website", "https://www.example.com"),
    ("birthday", "1984-02-29"),
    ("source", "Landing page"),
    ("tags", "customer, newsletter, vip"),
    ("address", "221b Baker Street, London NW1 6XE, GB"),
    ("owner", "user-0qfVcX7cJr2yQKz"),
    ("background", "Asked for the price list."),
    ("timezone", "Europe/London"),
];

fn record_id(side: Side, n: usize) -> RecordId {
    // As long as the systems' own, and the left ones come in no order.
    match side {
        Side::Left => RecordId::new(format!("ocQHyuzHvysMo{:07}", n * 7919 % LINKS)),
        Side::Right => RecordId::new(format!("{}", 341_000_000 + n)),
    }
}

fn link(n: usize) -> Op {
    let at = Timestamp::from_millisecond(1_800_000_000_123).unwrap();
    let side = |side| LinkSide {
        id: record_id(side, n),
        locator: None,
        stamp: Some(Stamp(at)),
        settled: None,
        written_at: Some(at),
        absent: None,
        returned: None,
        hidden: false,
        shadow: Record::default(),
        memo: Memo::default().with("phone_slot", Some("MOBILE")),
    };
    let mut link = Link::new("contact".into(), Both::from_fn(side));
    for (at, (key, text)) in FIELDS.into_iter().enumerate() {
        let left = Value::Text(format!("{text} {n}").into());
        let right = if at < 3 {
            Value::Text(format!("{text}, {n}").into())
        } else {
            left.clone()
        };
        link.agree(Cell {
            key: FieldKey::new(key),
            shown: Both::new(Some(left), Some(right)),
            revisions: Both::new(1, 1),
        });
    }
    Op::Link(Box::new(link))
}

/// Two keys: the e-mail and one more.
fn index(n: usize) -> Op {
    let ids = Side::BOTH.map(|side| record_id(side, n));
    let digests = vec![
        (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15),
        !(n as u64) << 20,
    ];
    Op::Index("contact".into(), LinkId::of(&ids[0], &ids[1]), digests)
}

#[tokio::test]
async fn a_link_of_fifteen_fields_takes_at_most_one_and_a_half_kilobytes() {
    let temp = TempSqlite::new();
    drop(temp.open().unwrap());
    let size = || fs::metadata(temp.path()).unwrap().len();
    let empty = size();
    let store = temp.open().unwrap();
    let pins = Side::BOTH.map(|side| Op::Pin(side, "ve9EPM428h8vShlRW1KT".into()));
    commit(&store, pins.into()).await;
    for first in (0..LINKS).step_by(1000) {
        let start = Instant::now();
        let range = first..first + 1000;
        commit(
            &store,
            range.clone().map(link).chain(range.map(index)).collect(),
        )
        .await;
        println!("1000 links committed in {:?}", start.elapsed());
    }
    let ids: Vec<_> = (0..500).map(|n| record_id(Side::Right, n * 5)).collect();
    let start = Instant::now();
    let (here, kind) = (connection(), "contact".into());
    let found = store.links(&here, &kind, Side::Right, &ids).await.unwrap();
    println!("500 links read in {:?}", start.elapsed());
    for (id, link) in ids.iter().zip(found) {
        assert_eq!(link.unwrap().sides.right.id, *id);
    }
    drop(store);
    let each = (size() - empty) / LINKS as u64;
    println!("{each} bytes for each link, with its indexes and claims");
    assert!(each <= 1500, "{each}");
}
