//! Links that ended.

use sync_core::{Kind, LinkId, Tombstone, stored};

use crate::{failure::Failure, part::Part};

impl Part<'_> {
    /// Ends a link and keeps its tombstone.
    pub(crate) fn bury(&self, tombstone: Tombstone) -> Result<(), Failure> {
        let (kind, id) = (&tombstone.link.kind, &tombstone.link.id);
        self.release_claims(&tombstone.link)?;
        self.run(
            "DELETE FROM links WHERE connection = ?1 AND kind = ?2 AND id = ?3",
            (self.number, kind.as_str(), id.as_str()),
        )?;
        let ids = tombstone.link.sides.as_ref().map(|side| side.id.as_str());
        self.run(
            "INSERT INTO tombstones (connection, kind, id, left_id, right_id, tombstone)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET left_id = excluded.left_id, right_id = excluded.right_id,
             tombstone = excluded.tombstone",
            (
                self.number,
                kind.as_str(),
                id.as_str(),
                ids.left,
                ids.right,
                stored::encode(&tombstone)?,
            ),
        )?;
        Ok(())
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
