//! Stores of earlier releases. Each release leaves one in `fixtures`, as the SQL that makes it.
//!
//! For a new release: `cargo test -p sync-sqlite --test store -- --ignored leave_a_fixture`.

use std::{fs, path::PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, types::ValueRef};
use sync_core::{
    AccountId, Act, Archive, Both, Cell, Cursor, Dirty, Epoch, FieldKey, Happened, HistoryEvent,
    Hold, HoldReason, Intent, IntentId, Kind, Lane, LaneKey, LaneState, Link, LinkEnd, LinkSide,
    Marker, MatchKey, Memo, Observation, Op, Reading, Record, RecordId, Side, Stamp, Store,
    Subject, Target, Tier, Tombstone, Value,
};
use sync_sqlite::SqliteStore;

use crate::{TempSqlite, commit, connection};

const KIND: Kind = Kind::from_static("contact");
const RELEASES: [&str; 1] = ["0.1.0"];

fn fixture(release: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/store/fixtures");
    folder.join(format!("{release}.sql"))
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn link(left: &str, right: &str) -> Link {
    let side = |id: &str| {
        let target = Target {
            id: RecordId::new(id),
            locator: Some("parent".into()),
        };
        let memo = Memo::default().with("slot", Some("MOBILE"));
        LinkSide::new(target, Some(Stamp(at(1))), memo)
    };
    let mut link = Link::new(KIND, Both::new(side(left), side(right)));
    link.agree(Cell {
        key: FieldKey::new("name"),
        shown: Both::new(
            Some(Value::Text("Ada".into())),
            Some(Value::Text("ADA".into())),
        ),
        revisions: Both::new(1, 2),
    });
    link
}

fn observation() -> Observation {
    let mut record = Record::default();
    record.put(FieldKey::new("name"), Some(Value::Text("Bob".into())));
    Observation {
        kind: KIND,
        side: Side::Right,
        id: "r3".into(),
        locator: None,
        stamp: Some(Stamp(at(2))),
        created: None,
        started: at(3),
        not_before: None,
        aside: None,
        by_id: true,
        reading: Reading {
            record,
            ..Reading::default()
        },
        keys: vec![MatchKey::new(Tier::First, "email", "bob@example.com")],
    }
}

fn dirty() -> Dirty {
    Dirty {
        kind: KIND,
        side: Side::Right,
        id: "r3".into(),
        locator: None,
        mark: 7,
        first: at(3),
        asked: None,
        by: Marker::Walk,
        cause: 7,
    }
}

fn intent() -> Intent {
    Intent {
        id: IntentId {
            epoch: Epoch(1),
            number: 8,
        },
        kind: KIND,
        act: Act::Update,
        side: Side::Left,
        source: RecordId::new("r1").into(),
        target: Some(RecordId::new("l1").into()),
        replaces: None,
        call: "contacts.update".into(),
        cells: Vec::new(),
        agrees: Vec::new(),
        before: vec![(FieldKey::new("name"), None)],
        keys: Vec::new(),
        memo: None,
        at: at(4),
        at_server: None,
        cause: 7,
    }
}

fn hold() -> Hold {
    Hold {
        subject: Subject::Link("l1~r1".into()),
        kind: KIND,
        ids: Both::new(Some("l1".into()), Some("r1".into())),
        field: Some(FieldKey::new("phone")),
        reason: HoldReason::Refused,
        message: "the phone is not accepted".into(),
        values: Both::default(),
        since: at(5),
        retry_at: Some(at(6)),
    }
}

fn happened() -> Happened {
    Happened {
        at: at(5),
        kind: KIND,
        ids: Both::new(Some("l1".into()), Some("r1".into())),
        field: Some(FieldKey::new("name")),
        event: HistoryEvent::Wrote {
            side: Side::Right,
            old: None,
            new: Some(Value::Text("ADA".into())),
        },
        run: 5,
        cause: 7,
    }
}

fn tombstone() -> Tombstone {
    Tombstone {
        link: link("l2", "r2"),
        end: LinkEnd::Deleted(Side::Left),
        at: at(5),
        sleeps_until: at(50),
    }
}

fn lane() -> (LaneKey, LaneState) {
    let key = LaneKey {
        side: Side::Left,
        kind: KIND,
        lane: Lane::Settled,
    };
    let state = LaneState {
        cursor: Some(Cursor("here".into())),
        started: None,
        ended: Some(at(5)),
        mapping: 9,
        pages: 3,
        took: 4,
    };
    (key, state)
}

fn all() -> Vec<Op> {
    let (key, state) = lane();
    vec![
        Op::Pin(Side::Left, AccountId::new("location")),
        Op::Pin(Side::Right, AccountId::new("instance")),
        Op::Lane(key, state),
        Op::Link(Box::new(link("l2", "r2"))),
        Op::Bury(Box::new(tombstone())),
        Op::Link(Box::new(link("l1", "r1"))),
        Op::Observe(observation()),
        Op::Mark(dirty()),
        Op::Intend(Box::new(intent())),
        Op::Hold(KIND, hold().subject, vec![hold()]),
        Op::Record(happened()),
        Op::Erase(KIND, Both::new(Some("l9".into()), None)),
    ]
}

/// The store as SQL, with the numbers by which it is recognised.
fn dump(db: &Connection) -> String {
    let number = |name: &str| {
        db.pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let mut sql = format!(
        "PRAGMA application_id = {};\nPRAGMA user_version = {};\n",
        number("application_id"),
        number("user_version")
    );
    let mut schema = db
        .prepare("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name")
        .unwrap();
    let parts = schema.query_map([], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
        ))
    });
    for (kind, name, text) in parts.unwrap().map(Result::unwrap) {
        sql.extend([text.as_str(), ";\n"]);
        if kind == "table" {
            sql.push_str(&rows(db, &name));
        }
    }
    sql
}

fn rows(db: &Connection, table: &str) -> String {
    let mut statement = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let columns = statement.column_count();
    let lines = statement.query_map([], |row| {
        let values = (0..columns).map(|at| match row.get_ref(at).unwrap() {
            ValueRef::Null => "NULL".to_owned(),
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Text(text) => {
                format!("'{}'", String::from_utf8_lossy(text).replace('\'', "''"))
            }
            ValueRef::Blob(bytes) => {
                let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("X'{}'", hex.concat())
            }
            ValueRef::Real(_) => panic!("no table has reals"),
        });
        let values: Vec<String> = values.collect();
        Ok(format!(
            "INSERT INTO {table} VALUES ({});\n",
            values.join(", ")
        ))
    });
    lines.unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
#[ignore = "writes the fixture of this release"]
async fn leave_a_fixture() {
    let temp = TempSqlite::new();
    let store = temp.open().unwrap();
    commit(&store, all()).await;
    drop(store);
    let sql = dump(&Connection::open(temp.path()).unwrap());
    fs::write(fixture(env!("CARGO_PKG_VERSION")), sql).unwrap();
}

#[tokio::test]
async fn the_store_of_each_release_opens_with_all_that_was_in_it() {
    for release in RELEASES {
        let temp = TempSqlite::new();
        let sql = fs::read_to_string(fixture(release)).unwrap();
        let db = Connection::open(temp.path()).unwrap();
        db.execute_batch(&sql).unwrap();
        drop(db);
        let store = temp.open().unwrap();
        store.check().await.unwrap();
        has_all(&store).await;
        let epoch = Store::open(&store, &connection()).await.unwrap();
        assert_eq!(epoch, Epoch(2), "{release}");
    }
}

/// No release left one of these: it is that of 0.1.0 as the migration of the time made it, which
/// added a table and touched no form, with a row in it.
#[tokio::test]
async fn a_store_of_the_second_schema_opens_with_all_that_was_in_it() {
    let temp = TempSqlite::new();
    let db = Connection::open(temp.path()).unwrap();
    let first = fs::read_to_string(fixture("0.1.0")).unwrap();
    db.execute_batch(&first).unwrap();
    db.execute_batch(include_str!("../../src/schema_2.sql"))
        .unwrap();
    db.execute_batch("PRAGMA user_version = 2; INSERT INTO known VALUES (1, 'lag', '5s');")
        .unwrap();
    drop(db);
    let store = temp.open().unwrap();
    store.check().await.unwrap();
    has_all(&store).await;
    let lag = store.known(&connection(), "lag").await.unwrap();
    assert_eq!(lag.as_deref(), Some("5s"));
    drop(store);
    let db = Connection::open(temp.path()).unwrap();
    let version = db.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0));
    assert_eq!(version, Ok(4));
}

async fn has_all(store: &SqliteStore) {
    let here = connection();
    assert_eq!(
        store.pin(&here, Side::Right).await.unwrap(),
        Some("instance".into())
    );
    let (key, state) = lane();
    assert_eq!(store.lane(&here, &key).await.unwrap(), Some(state));
    let links = store.link_page(&here, &KIND, None, 9).await.unwrap();
    assert_eq!((links.len(), &*links[0]), (1, &link("l1", "r1")));
    let under = store
        .links_under(&here, &KIND, Side::Left, &"parent".into())
        .await;
    assert_eq!(under.unwrap(), links);
    let buried = store
        .tombstones(&here, &KIND, Side::Right, &["r2".into()])
        .await;
    assert_eq!(buried.unwrap()[0].as_deref(), Some(&tombstone()));
    let seen = store
        .observations(&here, &KIND, Side::Right, &["r3".into()])
        .await;
    assert_eq!(seen.unwrap()[0].as_deref(), Some(&observation()));
    let by_key = store
        .unlinked(&here, &KIND, Side::Right, &observation().keys, 9)
        .await;
    assert_eq!(by_key.unwrap().concat(), [RecordId::new("r3")]);
    assert_eq!(store.dirty(&here, &KIND, None, 9).await.unwrap(), [dirty()]);
    assert_eq!(store.intents(&here).await.unwrap(), [intent()]);
    assert_eq!(store.holds(&here, 0, 9).await.unwrap()[0].1, hold());
    assert_eq!(store.history(&here, 0, 9).await.unwrap()[0].1, happened());
    let ids = ["l9".into(), "l1".into()];
    let erased = store.erased(&here, &KIND, Side::Left, &ids).await.unwrap();
    assert_eq!(erased, [true, false]);
}
