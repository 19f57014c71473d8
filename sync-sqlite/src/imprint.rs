//! Imprints of linked records.

use rusqlite::OptionalExtension;
use sync_core::{EraseKey, Kind, RecordId, Side, planted};

use crate::{failure::Failure, part::Part};

impl Part<'_> {
    pub(crate) fn imprints(
        &self,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<u64>>, Failure> {
        let key = self.erase_key()?;
        let sql = "SELECT imprint FROM imprints WHERE record = ?1";
        let mut statement = self.db.prepare_cached(sql)?;
        let kept = ids.iter().map(|id| {
            let place = self.place_of(key, kind, side, id);
            if let Some(kept) = self.imprints.get(place) {
                return Ok(Some(kept));
            }
            let imprint = statement.query_row([place], |row| row.get(0));
            let imprint = imprint.optional()?.map(i64::cast_unsigned);
            if let Some(imprint) = imprint {
                self.imprints.keep(place, imprint);
            }
            Ok(imprint)
        });
        kept.collect()
    }

    pub(crate) fn keep_imprint(
        &self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
        imprint: u64,
    ) -> Result<(), Failure> {
        if self.link_of(kind, side, id)?.is_some() {
            let place = self.place_of(self.erase_key()?, kind, side, id);
            self.run(
                "INSERT OR REPLACE INTO imprints (record, imprint) VALUES (?1, ?2)",
                [place, imprint.cast_signed()],
            )?;
            self.no_longer(place);
        }
        Ok(())
    }

    pub(crate) fn drop_imprint(
        &self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
    ) -> Result<(), Failure> {
        let place = self.place_of(self.erase_key()?, kind, side, id);
        self.run("DELETE FROM imprints WHERE record = ?1", [place])?;
        self.no_longer(place);
        Ok(())
    }

    fn no_longer(&self, place: i64) {
        if !planted!("a-cached-imprint-stays") {
            self.imprints.forget(place);
        }
    }

    /// Half of a hash is enough: where two records have one, the imprint itself, which has the
    /// record's id in it, tells them apart.
    fn place_of(&self, key: &EraseKey, kind: &Kind, side: Side, id: &RecordId) -> i64 {
        let hash = key.hash(kind, side, id);
        let half = hash.first_chunk().copied().unwrap_or_default();
        i64::from_le_bytes(half).wrapping_add(self.number)
    }
}
