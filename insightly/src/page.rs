//! One page of a list.

use api_transport::{ApiError, Response};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{cursor::Cursor, error::Error, operation_table::ApiOperation, tag::text_key};

/// One page of a list, and where the next one is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The new rows. A page without any may still have a next one.
    pub items: Vec<T>,
    /// Rows that are not as documented: they hide no others.
    pub unreadable: Vec<Unreadable>,
    /// Where to go on; `None` at the end of the list.
    pub next: Option<Cursor>,
    /// How many records there were when the walk began, where told.
    pub total: Option<u64>,
    /// The server's clock when it answered.
    pub server_time: Option<Timestamp>,
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Unreadable {
    /// The row's id, if that at least can be read.
    pub id: Option<i64>,
    /// Where in the answer, e.g. `[3].DATE_CREATED_UTC`.
    pub path: String,
    /// What was expected and found.
    pub detail: String,
    /// The row as it came.
    pub raw: Value,
}

impl Unreadable {
    pub(crate) fn into_error(self, operation: &ApiOperation) -> Error {
        ApiError::unreadable(operation.definition(), self.path, self.detail)
    }
}

/// What tells the rows of a list apart.
pub trait Row: DeserializeOwned + Send + 'static {
    /// The member that holds it.
    #[doc(hidden)]
    const KEY: &'static str;

    /// Its value.
    #[doc(hidden)]
    fn key(&self) -> i64;
}

/// A row, read or not.
pub(crate) type ReadRow<T> = Result<T, Unreadable>;

pub(crate) fn key_of<T: Row>(row: &ReadRow<T>) -> i64 {
    match row {
        Ok(row) => row.key(),
        Err(unreadable) => unreadable
            .id
            .unwrap_or_else(|| text_key(&unreadable.raw.to_string())),
    }
}

/// Reads a page plainly; only where that fails, row by row.
pub(crate) fn rows<T: Row>(
    operation: &ApiOperation,
    response: &Response,
) -> Result<Vec<ReadRow<T>>, Error> {
    if let Ok(rows) = serde_json::from_slice::<Vec<T>>(&response.body) {
        return Ok(rows.into_iter().map(Ok).collect());
    }
    let rows: Vec<Value> = serde_json::from_slice(&response.body)
        .map_err(|why| ApiError::unreadable(operation.definition(), ".", why.to_string()))?;
    Ok(rows.into_iter().enumerate().map(row).collect())
}

fn row<T: Row>((index, raw): (usize, Value)) -> ReadRow<T> {
    serde_path_to_error::deserialize(&raw).map_err(|why| Unreadable {
        id: raw.get(T::KEY).and_then(Value::as_i64),
        path: format!("[{index}].{}", why.path()),
        detail: why.inner().to_string(),
        raw,
    })
}
