//! One connection's part of the store, and what every statement on it needs.

use std::cell::OnceCell;

use rusqlite::{Connection, OptionalExtension, Params, Row, types::FromSql};
use serde::de::DeserializeOwned;
use sync_core::{AccountId, ConnectionId, EraseKey, Side, StoreError, stored};

use crate::{failure::Failure, imprint_cache::ImprintCache};

/// The rows of one connection.
pub(crate) struct Part<'db> {
    pub(crate) db: &'db Connection,
    /// Leads every key. No row has zero: the part of a connection that was never opened is empty.
    pub(crate) number: i64,
    pub(crate) imprints: &'db ImprintCache,
    erase_key: OnceCell<EraseKey>,
}

impl<'db> Part<'db> {
    pub(crate) fn of(
        db: &'db Connection,
        connection: &ConnectionId,
        imprints: &'db ImprintCache,
    ) -> Result<Self, Failure> {
        let mut part = Self {
            db,
            number: 0,
            imprints,
            erase_key: OnceCell::new(),
        };
        let number = part.one(
            "SELECT number FROM connections WHERE name = ?1",
            [connection.as_str()],
        )?;
        part.number = number.unwrap_or(0);
        Ok(part)
    }

    /// Runs a statement; answers how many rows it changed.
    pub(crate) fn run(&self, sql: &str, params: impl Params) -> Result<usize, Failure> {
        Ok(self.db.prepare_cached(sql)?.execute(params)?)
    }

    /// The first column of the first row.
    pub(crate) fn one<T: FromSql>(
        &self,
        sql: &str,
        params: impl Params,
    ) -> Result<Option<T>, Failure> {
        let mut statement = self.db.prepare_cached(sql)?;
        Ok(statement.query_row(params, |row| row.get(0)).optional()?)
    }

    /// All rows, each as `read` makes it.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        let mut statement = self.db.prepare_cached(sql)?;
        statement.query_and_then(params, read)?.collect()
    }

    /// The key of what is kept of records by hash alone.
    pub(crate) fn erase_key(&self) -> Result<&EraseKey, Failure> {
        if let Some(key) = self.erase_key.get() {
            return Ok(key);
        }
        let bytes: Option<[u8; 16]> = self.one("SELECT bytes FROM erase_key", [])?;
        let missing = || StoreError::Damaged("its key of erased records is missing".to_owned());
        let bytes = bytes.ok_or_else(missing)?;
        Ok(self.erase_key.get_or_init(|| EraseKey::new(bytes)))
    }

    pub(crate) fn pin(&self, side: Side) -> Result<Option<AccountId>, Failure> {
        let account: Option<String> = self.one(
            "SELECT name FROM pins JOIN accounts ON number = account
             WHERE connection = ?1 AND side = ?2",
            (self.number, side_number(side)),
        )?;
        Ok(account.map(AccountId::new))
    }
}

/// A struct from the column that keeps it.
pub(crate) fn kept<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T, Failure> {
    let form: Vec<u8> = row.get(column)?;
    Ok(stored::decode(&form)?)
}

/// In the order of [`Side`].
pub(crate) const fn side_number(side: Side) -> i64 {
    match side {
        Side::Left => 0,
        Side::Right => 1,
    }
}

/// A bound of a page: SQLite counts to half of what we can.
pub(crate) fn bound<N: TryInto<i64>>(number: N) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// A number that orders rows.
pub(crate) fn place(number: u64) -> Result<i64, Failure> {
    let too_large = |_| StoreError::Backend(format!("the number {number} is too large to keep"));
    Ok(i64::try_from(number).map_err(too_large)?)
}
