//! Files that are not opened, and why.

use std::{fs, process};

use rusqlite::Connection;
use sync_core::StoreError;

use crate::TempSqlite;

#[test]
fn a_second_opening_is_told_who_has_the_store() {
    let temp = TempSqlite::new();
    let store = temp.open().unwrap();
    let Err(StoreError::InUse(holder)) = temp.open() else {
        panic!("opened twice");
    };
    let expected = format!("process {}, since 2", process::id());
    assert!(holder.starts_with(&expected), "{holder}");
    drop(store);
    temp.open().unwrap();
}

#[cfg(unix)]
#[test]
fn a_second_name_of_the_file_has_the_same_lock() {
    let temp = TempSqlite::new();
    let _store = temp.open().unwrap();
    let alias = temp.0.path().join("alias.sqlite");
    std::os::unix::fs::symlink(temp.path(), &alias).unwrap();
    let refused = sync_sqlite::SqliteStore::open(alias);
    assert!(matches!(refused, Err(StoreError::InUse(_))));
}

#[test]
fn a_newer_version_is_refused_by_name() {
    let temp = TempSqlite::new();
    drop(temp.open().unwrap());
    let db = Connection::open(temp.path()).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let newer = StoreError::Newer {
        found: 99,
        known: 4,
    };
    assert_eq!(temp.open().unwrap_err(), newer);
}

#[test]
fn the_database_of_another_program_is_refused_and_left_alone() {
    let temp = TempSqlite::new();
    let db = Connection::open(temp.path()).unwrap();
    db.execute_batch("CREATE TABLE bookmarks (url TEXT)")
        .unwrap();
    drop(db);
    let before = fs::read(temp.path()).unwrap();
    let refused = temp.open().unwrap_err();
    assert!(matches!(&refused, StoreError::Damaged(why) if why.contains("another program")));
    assert_eq!(fs::read(temp.path()).unwrap(), before);
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let temp = TempSqlite::new();
    fs::write(temp.path(), "Dear diary").unwrap();
    let refused = temp.open().unwrap_err();
    assert!(matches!(&refused, StoreError::Damaged(why) if why.contains("no SQLite database")));
    assert_eq!(fs::read(temp.path()).unwrap(), b"Dear diary");
}

#[test]
fn a_file_that_was_cut_is_damaged() {
    let temp = TempSqlite::new();
    drop(temp.open().unwrap());
    let whole = fs::read(temp.path()).unwrap();
    fs::write(temp.path(), &whole[..1000]).unwrap();
    assert!(matches!(temp.open(), Err(StoreError::Damaged(_))));
}

#[test]
fn a_missing_folder_is_named() {
    let temp = TempSqlite::new();
    let path = temp.0.path().join("missing").join("store.sqlite");
    let refused = sync_sqlite::SqliteStore::open(path).unwrap_err();
    assert!(matches!(&refused, StoreError::Backend(why) if why.contains("missing")));
}
