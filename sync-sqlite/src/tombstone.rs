//! Links that ended.

use std::sync::Arc;

use jiff::Timestamp;
use sync_core::{Kind, LinkId, Side, Tombstone, stored};

use crate::{
    failure::Failure,
    part::{Part, bound, kept},
};

impl Part<'_> {
    /// Ends a link and keeps its tombstone.
    pub(crate) fn bury(&self, tombstone: &Tombstone) -> Result<(), Failure> {
        let (kind, id) = (&tombstone.link.kind, &tombstone.link.id);
        self.release_claims(&tombstone.link)?;
        for side in Side::BOTH {
            self.drop_imprint(kind, side, &tombstone.link.sides[side].id)?;
        }
        self.run(
            "DELETE FROM links WHERE connection = ?1 AND kind = ?2 AND id = ?3",
            (self.number, kind.as_str(), id.as_str()),
        )?;
        let ids = tombstone.link.sides.as_ref().map(|side| side.id.as_str());
        self.run(
            "INSERT INTO tombstones (connection, kind, id, left_id, right_id, sleeps_until, tombstone)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET left_id = excluded.left_id, right_id = excluded.right_id,
             sleeps_until = excluded.sleeps_until, tombstone = excluded.tombstone",
            (
                self.number,
                kind.as_str(),
                id.as_str(),
                ids.left,
                ids.right,
                tombstone.sleeps_until.as_millisecond(),
                stored::encode(tombstone)?,
            ),
        )?;
        Ok(())
    }

    /// Those that do not sleep any longer than `now`.
    pub(crate) fn tombstones_until(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Arc<Tombstone>>, Failure> {
        self.all(
            "SELECT tombstone FROM tombstones
             WHERE connection = ?1 AND sleeps_until <= ?2 ORDER BY sleeps_until LIMIT ?3",
            (self.number, now.as_millisecond(), bound(limit)),
            |row| Ok(Arc::new(kept(row, 0)?)),
        )
    }

    /// Drops the tombstone of a link.
    pub(crate) fn exhume(&self, kind: &Kind, id: &LinkId) -> Result<(), Failure> {
        self.run(
            "DELETE FROM tombstones WHERE connection = ?1 AND kind = ?2 AND id = ?3",
            (self.number, kind.as_str(), id.as_str()),
        )?;
        Ok(())
    }
}
