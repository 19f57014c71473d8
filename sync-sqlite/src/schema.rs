//! The tables, and whose they are.

use rusqlite::{Connection, TransactionBehavior};
use sync_core::StoreError;

use crate::failure::Failure;

/// Marks the file as ours: `sync` in ASCII.
const APPLICATION: i64 = 0x7379_6e63;

/// Each brings the tables from the version before it to its own; a released one never changes.
const MIGRATIONS: [&str; 4] = [
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
];

/// Makes the tables of this release, from nothing or from an older release's.
pub(crate) fn prepare(db: &mut Connection) -> Result<(), Failure> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    for (version, migration) in (1_u32..).zip(MIGRATIONS) {
        if version > found {
            transaction.execute_batch(migration)?;
            transaction.pragma_update(None, "user_version", version)?;
        }
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.commit()?;
    Ok(())
}

/// Whether the tables are of this release; refuses what is not ours to open.
pub(crate) fn is_current(db: &Connection) -> Result<bool, Failure> {
    recognise(db)?;
    Ok(version(db)? == known())
}

/// Refuses what is not ours to open. Changes nothing.
pub(crate) fn recognise(db: &Connection) -> Result<(), Failure> {
    let application: i64 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let (found, known) = (version(db)?, known());
    if application != APPLICATION && (application, tables, found) != (0, 0, 0) {
        let found = format!(
            "it is the database of another program (application id {application}); name another file"
        );
        return Err(StoreError::Damaged(found).into());
    }
    if found > known {
        return Err(StoreError::Newer { found, known }.into());
    }
    Ok(())
}

/// This release's version.
fn known() -> u32 {
    MIGRATIONS.len().try_into().unwrap_or(u32::MAX)
}

fn version(db: &Connection) -> rusqlite::Result<u32> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}
