//! What is on the disk, and when.

use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use futures_util::FutureExt;
use sync_core::{Archive, Batch, Op, Side, Store, StoreError};
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
    commit(&store, vec![pin()]).await;
    let copy = temp.0.path().join("copy.sqlite");
    store.backup(&copy).await.unwrap();
    let again = store.backup(&copy).await.unwrap_err();
    assert!(
        matches!(&again, StoreError::Backend(why) if why.contains("exists")),
        "{again}"
    );

    let copy = SqliteStore::open(&copy).unwrap();
    copy.check().await.unwrap();
    assert!(pinned(&copy).await);
    store.check().await.unwrap();
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
