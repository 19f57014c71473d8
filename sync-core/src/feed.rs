//! A cursor for feeds that are asked by time of change.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::connector::{ConnectorError, Cursor, Reason};

/// Where a feed by time of change stands: the time to ask from, and the place
/// inside a read that is under way.
///
/// A read asks for rows since [`since`](Self::since). When it ends, the next one
/// begins at the server's time of its first page minus the overlap: rows that
/// become visible within the overlap are met, and a burst is read once or twice,
/// never for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedCursor {
    /// Rows with this stamp or a later one are asked for.
    pub since: Timestamp,
    /// The server's time at the first page of the read under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    started: Option<Timestamp>,
    /// The connector's own place inside the read under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<String>,
}

impl FeedCursor {
    /// A cursor that has read everything up to `now`, but for the overlap.
    pub fn at(now: Timestamp, overlap: Duration) -> Self {
        Self {
            since: now - overlap,
            started: None,
            resume: None,
        }
    }

    /// Reads a cursor back.
    pub fn parse(cursor: &Cursor) -> Result<Self, ConnectorError> {
        serde_json::from_str(&cursor.0).map_err(|why| {
            ConnectorError::not_applied(
                "changes",
                Reason::Other,
                format!("the stored cursor cannot be read: {why}"),
            )
        })
    }

    /// After a page: the cursor to store. `resume` is `None` when the read has ended.
    pub fn after_page(
        self,
        resume: Option<String>,
        server_time: Timestamp,
        overlap: Duration,
    ) -> Self {
        let started = self.started.unwrap_or(server_time);
        let overlap = overlap * u32::from(!planted!("no-overlap"));
        let past = Duration::from_nanos(u64::from(planted!("after-the-cursor")));
        match resume {
            Some(_) => Self {
                started: Some(started),
                resume,
                ..self
            },
            None => Self {
                since: self.since.max(started - overlap) + past,
                started: None,
                resume: None,
            },
        }
    }

    /// The form that the engine keeps.
    pub fn to_cursor(&self) -> Cursor {
        Cursor(serde_json::to_string(self).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn a_read_of_several_pages_moves_to_its_start_minus_the_overlap() {
        let overlap = Duration::from_secs(30);
        let cursor = FeedCursor::at(at(0), overlap);
        assert_eq!(cursor.since, at(-30));
        let cursor = cursor.after_page(Some("500".into()), at(100), overlap);
        assert_eq!(
            (cursor.since, cursor.resume.as_deref()),
            (at(-30), Some("500"))
        );
        let cursor = FeedCursor::parse(&cursor.to_cursor()).unwrap();
        let cursor = cursor.after_page(None, at(160), overlap);
        assert_eq!((cursor.since, cursor.resume), (at(70), None));
    }
}
