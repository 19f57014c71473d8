//! What people read, of one connection.

use std::slice;

use rusqlite::Row;
use serde::de::DeserializeOwned;
use sync_core::{Counts, Happened, HistoryOf, Hold, Kind, Observation, Record, RecordId, Side};

use crate::{
    failure::Failure,
    part::{Part, bound, kept},
};

impl Part<'_> {
    pub(crate) fn holds(&self, after: u64, limit: usize) -> Result<Vec<(u64, Hold)>, Failure> {
        self.all(
            "SELECT number, hold FROM holds
             WHERE connection = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
            (self.number, bound(after), bound(limit)),
            entry,
        )
    }

    pub(crate) fn shown(
        &self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
    ) -> Result<Option<Record>, Failure> {
        let ids = slice::from_ref(id);
        let link = self.links(kind, side, ids)?.pop().flatten();
        let seen = self.observations(kind, side, ids)?.pop().flatten();
        Ok(Observation::all_shown(
            seen.as_deref(),
            link.as_deref(),
            side,
        ))
    }

    pub(crate) fn history(
        &self,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Happened)>, Failure> {
        self.all(
            "SELECT number, happened FROM history
             WHERE connection = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
            (self.number, bound(after), bound(limit)),
            entry,
        )
    }

    pub(crate) fn history_before(
        &self,
        before: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Happened)>, Failure> {
        let mut page = self.all(
            "SELECT number, happened FROM history
             WHERE connection = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3",
            (self.number, bound(before), bound(limit)),
            entry,
        )?;
        page.reverse();
        Ok(page)
    }

    pub(crate) fn holds_of_kind(
        &self,
        kind: &Kind,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Hold)>, Failure> {
        self.all(
            "SELECT number, hold FROM holds
             WHERE connection = ?1 AND kind = ?2 AND number > ?3 ORDER BY number LIMIT ?4",
            (self.number, kind.as_str(), bound(after), bound(limit)),
            entry,
        )
    }

    pub(crate) fn history_of(
        &self,
        of: &HistoryOf,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Happened)>, Failure> {
        let (after, limit) = (bound(after), bound(limit));
        match of {
            HistoryOf::Run(run) => self.all(
                "SELECT number, happened FROM history
                 WHERE connection = ?1 AND run = ?2 AND number > ?3 ORDER BY number LIMIT ?4",
                (self.number, run.cast_signed(), after, limit),
                entry,
            ),
            HistoryOf::Record(kind, side, id) => self.all(
                match side {
                    Side::Left => {
                        "SELECT number, happened FROM history WHERE connection = ?1
                         AND kind = ?2 AND left_id = ?3 AND number > ?4 ORDER BY number LIMIT ?5"
                    }
                    Side::Right => {
                        "SELECT number, happened FROM history WHERE connection = ?1
                         AND kind = ?2 AND right_id = ?3 AND number > ?4 ORDER BY number LIMIT ?5"
                    }
                },
                (self.number, kind.as_str(), id.as_str(), after, limit),
                entry,
            ),
        }
    }

    pub(crate) fn known(&self, name: &str) -> Result<Option<String>, Failure> {
        self.one(
            "SELECT fact FROM known WHERE connection = ?1 AND name = ?2",
            (self.number, name),
        )
    }

    pub(crate) fn counts(&self) -> Result<Counts, Failure> {
        let count = |sql| {
            let rows: Option<i64> = self.one(sql, [self.number])?;
            Ok::<_, Failure>(rows.unwrap_or(0).cast_unsigned())
        };
        Ok(Counts {
            links: count("SELECT count(*) FROM links WHERE connection = ?1")?,
            dirty: count("SELECT count(*) FROM dirty WHERE connection = ?1")?,
            holds: count("SELECT count(*) FROM holds WHERE connection = ?1")?,
            intents: count("SELECT count(*) FROM intents WHERE connection = ?1")?,
            history: count("SELECT count(*) FROM history WHERE connection = ?1")?,
        })
    }
}

/// Its number, and what is kept under it.
fn entry<T: DeserializeOwned>(row: &Row<'_>) -> Result<(u64, T), Failure> {
    Ok((row.get::<_, i64>(0)?.cast_unsigned(), kept(row, 1)?))
}
