//! From a path to a connection that is ready, and copies of it.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
    config::DbConfig,
};
use sync_core::{FOLLOWED_SINCE, StoreError, planted};

use crate::{failure::Failure, lock_file::LockFile, private_file, schema};

/// How every SQLite file begins.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// How long a call waits for another program.
const BUSY: Duration = Duration::from_secs(2);

/// Opens the store at a path; the lock comes first, so that nothing of a store in use is touched.
pub(crate) fn open(path: &Path) -> Result<(Connection, LockFile), StoreError> {
    let path = resolved(path).map_err(|error| private_file::failed(path, &error))?;
    let failed = |error| private_file::failed(&path, &error);
    let lock = LockFile::take(&path)?;
    if !looks_like_sqlite(&path).map_err(failed)? {
        let found = format!("{} is no SQLite database", path.display());
        return Err(StoreError::Damaged(found));
    }
    let db = ready(Connection::open(&path).map_err(Failure::from)?)?;
    private_file::close_to_others(&path).map_err(failed)?;
    Ok((db, lock))
}

/// Opens the store at a path to look into it, whoever writes to it meanwhile. It opens no other
/// handle of the file: closing one would drop the locks that SQLite holds for this process.
pub(crate) fn look(path: &Path) -> Result<Connection, StoreError> {
    let refused = |why: &str| StoreError::Backend(format!("{} {why}", path.display()));
    if !path
        .try_exists()
        .map_err(|error| private_file::failed(path, &error))?
    {
        return Err(refused(
            "is not there yet: the first program that writes to it makes it",
        ));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(Failure::from)?;
    db.busy_timeout(BUSY).map_err(Failure::from)?;
    if !schema::is_current(&db)? {
        let why = "was written by an older release: the next program that writes to it brings it to this one's form";
        return Err(refused(why));
    }
    Ok(db)
}

/// Makes a connection to an empty or known database ready for use.
pub(crate) fn ready(mut db: Connection) -> Result<Connection, Failure> {
    db.busy_timeout(BUSY)?;
    db.set_prepared_statement_cache_capacity(128);
    // Plans do not depend on what is bound: else statements are prepared again and again.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    schema::recognise(&db)?;
    // Links have about 1 kB each: larger pages waste less of their ends.
    db.pragma_update(None, "page_size", 8192)?;
    db.pragma_update(None, "journal_mode", "wal")?;
    // In KiB, and taken as it is needed. A first sync reads the index of a side's ids in no order:
    // with a million of them half of it is kept. A sweep goes by the cache of imprints.
    db.pragma_update(None, "cache_size", -40_960)?;
    let off = planted!("the-disk-is-not-waited-for");
    db.pragma_update(None, "synchronous", if off { "off" } else { "full" })?;
    // Without it macOS answers before the disk has written.
    db.pragma_update(None, "fullfsync", true)?;
    db.pragma_update(None, "foreign_keys", false)?;
    db.pragma_update(None, "trusted_schema", false)?;
    // What is deleted is overwritten: a forgotten person is not to be read from free pages.
    db.pragma_update(None, "secure_delete", true)?;
    schema::prepare(&mut db)?;
    if planted!("holds-die-with-the-program") {
        db.execute("DELETE FROM holds", [])?;
    }
    Ok(db)
}

/// Copies a whole database over another.
pub(crate) fn copy(from: &Connection, to: &mut Connection) -> Result<(), Failure> {
    match Backup::new(from, to)?.step(-1)? {
        StepResult::Done => Ok(()),
        _ => Err(StoreError::Backend("another program holds the store".to_owned()).into()),
    }
}

/// Copies a database to a new file, which has its name only once it is whole.
pub(crate) fn copy_to(from: &Connection, path: &Path) -> Result<(), Failure> {
    let failed = |error: io::Error| private_file::failed(path, &error);
    let path = resolved(path).map_err(failed)?;
    if path.exists() {
        return Err(StoreError::FileExists(path.display().to_string()).into());
    }
    let part = beside(&path, ".part");
    let file = private_file::open(&part).map_err(failed)?;
    file.set_len(0).map_err(failed)?;
    let mut to = Connection::open(&part)?;
    copy(from, &mut to)?;
    if to.table_exists(None, "known")? {
        to.execute("DELETE FROM known WHERE name = ?1", [FOLLOWED_SINCE])?;
    }
    // One plain file, without a log beside it.
    to.pragma_update(None, "journal_mode", "delete")?;
    to.close().map_err(|(_, error)| error)?;
    file.sync_all().map_err(failed)?;
    fs::rename(&part, &path).map_err(failed)?;
    Ok(())
}

/// A path with something added to its name.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// One path for each file, so that two names of it have one lock.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    if path.try_exists()? {
        return path.canonicalize();
    }
    let name = path.file_name().ok_or(io::ErrorKind::IsADirectory)?;
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new(".")).canonicalize()?;
    Ok(folder.join(name))
}

/// Looked at before SQLite does, whose words for a strange file help nobody. The file is
/// closed again at once: closing it later would drop SQLite's own locks on it.
fn looks_like_sqlite(path: &Path) -> io::Result<bool> {
    let mut head = Vec::new();
    let file = private_file::open(path)?;
    file.take(MAGIC.len() as u64).read_to_end(&mut head)?;
    Ok(head.is_empty() || head == MAGIC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_on_the_disk_before_it_is_answered() {
        let db = ready(Connection::open_in_memory().unwrap()).unwrap();
        let synchronous = db.pragma_query_value(None, "synchronous", |row| row.get(0));
        assert_eq!(synchronous, Ok(2), "what SQLite calls `full`");
    }
}
