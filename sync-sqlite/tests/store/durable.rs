//! What is on the disk, and when.

use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use futures_util::FutureExt;
use jiff::Timestamp;
use sync_core::{
    Archive, Batch, Dirty, Epoch, FOLLOWED_SINCE, Kind, Marker, Op, RecordId, Side, Store,
    StoreError,
};
use sync_sqlite::SqliteStore;

use crate::{TempSqlite, commit, connection};

fn pin() -> Op {
    Op::Pin(Side::Left, "location".into())
}

async fn pinned(store: &SqliteStore) -> bool {
    store
        .pin(&connection(), Side::Left)
        .await
        .unwrap()
        .is_some()
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_user_can_read_the_files() {
    use std::{fs, os::unix::fs::PermissionsExt};

    let temp = TempSqlite::new();
    let store = temp.open().unwrap();
    commit(&store, vec![pin()]).await;
    store
        .backup(temp.0.path().join("copy.sqlite"))
        .await
        .unwrap();
    let rights = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let mut files = 0;
    for entry in fs::read_dir(temp.0.path()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(rights(&path), 0o600, "{}", path.display());
        files += 1;
    }
    assert_eq!(
        files, 5,
        "the store, its log, its index, its lock, and the copy"
    );

    drop(store);
    fs::set_permissions(temp.path(), fs::Permissions::from_mode(0o644)).unwrap();
    let _store = temp.open().unwrap();
    assert_eq!(rights(&temp.path()), 0o600);
}

#[tokio::test]
async fn a_commit_completes_though_its_future_is_dropped() {
    let temp = TempSqlite::new();
    let store = temp.open().unwrap();
    let here = connection();
    let epoch = Store::open(&store, &here).await.unwrap();
    let batch = Batch {
        epoch,
        ops: vec![pin()],
    };
    // Polls once, then drops.
    let _ = store.commit(&here, batch).now_or_never();
    for _ in 0..500 {
        if pinned(&store).await {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("the commit was lost");
}

#[tokio::test]
async fn a_copy_made_while_running_is_a_whole_store() {
    let temp = TempSqlite::new();
    let store = temp.open().unwrap();
    let since = Op::Know(FOLLOWED_SINCE.to_owned(), Some("now".to_owned()));
    commit(&store, vec![pin(), since]).await;
    let copy = temp.0.path().join("copy.sqlite");
    store.backup(&copy).await.unwrap();
    let again = store.backup(&copy).await.unwrap_err();
    assert!(
        matches!(&again, StoreError::FileExists(path) if *path == copy.display().to_string()),
        "{again}"
    );

    let copy = SqliteStore::open(&copy).unwrap();
    copy.check().await.unwrap();
    assert!(pinned(&copy).await);
    let since = copy.known(&connection(), FOLLOWED_SINCE).await.unwrap();
    assert_eq!(
        since, None,
        "what is done until it is put back is new to it"
    );
    store.check().await.unwrap();
}

const KIND: Kind = Kind::from_static("contact");

/// A commit that is seen to be there, whole or in part: it marks a record, and says that it did.
async fn commit_number(store: &SqliteStore, epoch: Epoch, number: usize) {
    let dirty = Dirty {
        kind: KIND,
        side: Side::Left,
        id: RecordId::new(format!("l{number:06}")),
        locator: None,
        mark: 1,
        first: Timestamp::UNIX_EPOCH,
        asked: None,
        by: Marker::Feed,
        cause: 0,
    };
    let last = Op::Know("last".to_owned(), Some(number.to_string()));
    let ops = vec![Op::Mark(dirty), last];
    let batch = Batch { epoch, ops };
    store.commit(&connection(), batch).await.unwrap();
}

#[tokio::test]
async fn a_copy_made_while_another_task_writes_is_a_prefix_of_its_commits() {
    let temp = TempSqlite::new();
    let store = temp.open().unwrap();
    let epoch = Store::open(&store, &connection()).await.unwrap();
    let before = 50;
    for number in 0..before {
        commit_number(&store, epoch, number).await;
    }
    let is_copied = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn({
        let (store, is_copied) = (store.clone(), Arc::clone(&is_copied));
        async move {
            let mut number = before;
            // One more after the copy is there.
            loop {
                let last = is_copied.load(Ordering::Acquire);
                commit_number(&store, epoch, number).await;
                number += 1;
                if last {
                    return number;
                }
            }
        }
    });
    // The writer is under way before the copy begins.
    while store.known(&connection(), "last").await.unwrap() == Some((before - 1).to_string()) {
        tokio::task::yield_now().await;
    }
    let copy = temp.0.path().join("copy.sqlite");
    store.backup(&copy).await.unwrap();
    is_copied.store(true, Ordering::Release);
    let written = writing.await.unwrap();

    let copy = SqliteStore::open(&copy).unwrap();
    copy.check().await.unwrap();
    let last = copy.known(&connection(), "last").await.unwrap().unwrap();
    let copied = last.parse::<usize>().unwrap() + 1;
    assert!(
        (before + 1..written).contains(&copied),
        "{copied} of {written}"
    );
    let marked = copy.dirty(&connection(), &KIND, None, 1_000_000).await;
    let marked: Vec<RecordId> = marked.unwrap().into_iter().map(|d| d.id).collect();
    let expected = (0..copied).map(|number| RecordId::new(format!("l{number:06}")));
    assert_eq!(marked, expected.collect::<Vec<_>>());
}

const PATH: &str = "SYNC_SQLITE_TEST_PATH";

/// Not a test of its own: the program that the next one kills.
#[tokio::test]
async fn program_to_be_killed() {
    let Some(path) = env::var_os(PATH) else {
        return;
    };
    let store = SqliteStore::open(path).unwrap();
    commit(&store, vec![pin()]).await;
    println!("\ncommitted");
    thread::sleep(Duration::from_secs(60));
}

#[tokio::test]
async fn a_killed_program_leaves_its_commits_and_no_lock() {
    let temp = TempSqlite::new();
    let mut program = Command::new(env::current_exe().unwrap())
        .args(["--exact", "durable::program_to_be_killed", "--nocapture"])
        .env(PATH, temp.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(program.stdout.take().unwrap());
    assert!(said.lines().any(|line| line.unwrap() == "committed"));
    let refused = temp.open().unwrap_err();
    let holder = format!("process {},", program.id());
    assert!(
        matches!(&refused, StoreError::InUse(by) if by.starts_with(&holder)),
        "{refused}"
    );

    program.kill().unwrap();
    program.wait().unwrap();
    let store = temp.open().unwrap();
    assert!(pinned(&store).await);
    assert_eq!(store.counts(&connection()).await.unwrap().links, 0);
}
