//! A log that was cut, and pages that rotted.

use std::fs;

use jiff::Timestamp;
use sync_core::{
    Archive, Both, Dirty, Happened, HistoryEvent, Marker, Op, Side, Store, StoreError,
};
use sync_sqlite::SqliteStore;

use crate::{TempSqlite, connection};

const KIND: sync_core::Kind = sync_core::Kind::from_static("contact");

fn entry(n: u64) -> Vec<Op> {
    let at = Timestamp::from_second(i64::try_from(n).unwrap()).unwrap();
    vec![
        Op::Record(Happened {
            at,
            kind: KIND,
            ids: Both::new(Some(format!("l{n}").as_str().into()), None),
            field: None,
            event: HistoryEvent::Created { side: Side::Left },
            run: n,
            cause: n,
        }),
        Op::Mark(Dirty {
            kind: KIND,
            side: Side::Left,
            id: format!("l{n}").as_str().into(),
            locator: None,
            mark: n,
            first: at,
            asked: None,
            by: Marker::Feed,
            cause: n,
        }),
    ]
}

async fn commit(store: &SqliteStore, epoch: sync_core::Epoch, n: u64) {
    let batch = sync_core::Batch {
        epoch,
        ops: entry(n),
    };
    store.commit(&connection(), batch).await.unwrap();
}

/// Both tables of a commit have it, and all commits before it are there.
async fn commits(store: &SqliteStore) -> usize {
    let here = connection();
    let history = store.history(&here, 0, 99).await.unwrap();
    let dirty = store.dirty(&here, &KIND, None, 99).await.unwrap();
    let numbers: Vec<u64> = history.iter().map(|(_, happened)| happened.run).collect();
    let expected: Vec<u64> = (1..=numbers.len() as u64).collect();
    assert_eq!(numbers, expected);
    assert_eq!(dirty.len(), numbers.len());
    numbers.len()
}

#[tokio::test]
async fn a_log_cut_anywhere_opens_as_a_prefix_of_the_commits() {
    let temp = TempSqlite::new();
    drop(temp.open().unwrap());
    let store = temp.open().unwrap();
    let epoch = Store::open(&store, &connection()).await.unwrap();
    for n in 1..=6 {
        commit(&store, epoch, n).await;
    }
    // As after a power cut: the files as they are, without the closing of the store.
    let log = temp.0.path().join("store.sqlite-wal");
    let (file, log) = (fs::read(temp.path()).unwrap(), fs::read(log).unwrap());
    let mut before = 0;
    for cut in (0..log.len()).step_by(509).chain([log.len()]) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.sqlite");
        fs::write(&path, &file).unwrap();
        fs::write(folder.path().join("store.sqlite-wal"), &log[..cut]).unwrap();
        let found = commits(&SqliteStore::open(&path).unwrap()).await;
        assert!(found >= before, "cut at {cut}: {found} after {before}");
        before = found;
    }
    assert_eq!(before, 6);
}

#[tokio::test]
async fn a_rotten_page_is_refused_with_what_to_do() {
    let temp = TempSqlite::new();
    let store = temp.open().unwrap();
    let epoch = Store::open(&store, &connection()).await.unwrap();
    for n in 1..=9 {
        commit(&store, epoch, n).await;
    }
    drop(store);
    // A rotten page that nothing is in harms nobody.
    let vacuumed = rusqlite::Connection::open(temp.path()).unwrap();
    vacuumed.execute_batch("VACUUM").unwrap();
    drop(vacuumed);
    let whole = fs::read(temp.path()).unwrap();
    let pages = whole.len() / 8192;
    assert!(pages > 10);
    for page in 0..pages {
        let mut rotten = whole.clone();
        rotten[page * 8192..][..8192].fill(0xa5);
        fs::write(temp.path(), &rotten).unwrap();
        let found = match temp.open() {
            Ok(store) => store.check().await,
            Err(refused) => Err(refused),
        };
        let found = found.unwrap_err();
        assert!(
            matches!(found, StoreError::Damaged(_)),
            "page {page}: {found}"
        );
        let told = found.to_string();
        assert!(
            told.contains("restore a backup, or start a new store") && told.contains("markers")
        );
    }
    fs::write(temp.path(), &whole).unwrap();
    assert_eq!(commits(&temp.open().unwrap()).await, 9);
}
