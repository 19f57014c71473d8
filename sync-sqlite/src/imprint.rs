//! Imprints of linked records, in buckets.

use rusqlite::{OptionalExtension, Row};
use sync_core::{EraseKey, Kind, RecordId, Side};

use crate::{failure::Failure, part::Part};

/// Of the keyed hash of where a record is, a part names one of the buckets, and another part the
/// record in it. Where two records have the same ones, the imprint itself, which has the record's id
/// in it, tells them apart.
struct Place {
    bucket: u16,
    name: [u8; NAME],
}

/// With a million links a bucket has a hundred imprints or so: few enough to be read one after the
/// other, and a page of the file has so few buckets that hardly any is asked for in vain.
const BUCKETS: u16 = 1 << 14;

const NAME: usize = 4;
const IMPRINT: usize = size_of::<u64>();

/// Of each record its name, then its imprint.
const ENTRY: usize = NAME + IMPRINT;

const ENTRIES: &str = "SELECT entries FROM imprints WHERE bucket = ?1";

impl Part<'_> {
    pub(crate) fn imprints(
        &self,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<u64>>, Failure> {
        let key = self.erase_key()?;
        let mut statement = self.db.prepare_cached(ENTRIES)?;
        let kept = ids.iter().map(|id| {
            let place = self.place_of(key, kind, side, id);
            let found = |row: &Row<'_>| Ok(place.imprint_in(row.get_ref(0)?.as_blob()?));
            let imprint = statement.query_row([place.bucket], found);
            Ok(imprint.optional()?.flatten())
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
        if self.link_of(kind, side, id)?.is_none() {
            return Ok(());
        }
        let place = self.place_of(self.erase_key()?, kind, side, id);
        let mut entries = self.entries(&place)?;
        place.keep(imprint, &mut entries);
        self.run(
            "INSERT OR REPLACE INTO imprints (bucket, entries) VALUES (?1, ?2)",
            (place.bucket, entries),
        )?;
        Ok(())
    }

    pub(crate) fn drop_imprint(
        &self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
    ) -> Result<(), Failure> {
        let place = self.place_of(self.erase_key()?, kind, side, id);
        let mut entries = self.entries(&place)?;
        if place.is_dropped_from(&mut entries) {
            self.run(
                "UPDATE imprints SET entries = ?2 WHERE bucket = ?1",
                (place.bucket, entries),
            )?;
        }
        Ok(())
    }

    fn entries(&self, place: &Place) -> Result<Vec<u8>, Failure> {
        Ok(self.one(ENTRIES, [place.bucket])?.unwrap_or_default())
    }

    fn place_of(&self, key: &EraseKey, kind: &Kind, side: Side, id: &RecordId) -> Place {
        let hash = key.hash(kind, side, id);
        let half = hash.first_chunk().copied().unwrap_or_default();
        // Each connection has places of its own.
        let half = i64::from_le_bytes(half).wrapping_add(self.number);
        let half = half.to_le_bytes();
        Place {
            bucket: u16::from_le_bytes(half.last_chunk().copied().unwrap_or_default()) % BUCKETS,
            name: half.first_chunk().copied().unwrap_or_default(),
        }
    }
}

impl Place {
    fn entry_in(&self, entries: &[u8]) -> Option<usize> {
        let mut of = entries.chunks_exact(ENTRY);
        Some(ENTRY * of.position(|entry| entry.starts_with(&self.name))?)
    }

    fn imprint_in(&self, entries: &[u8]) -> Option<u64> {
        let entry = &entries[self.entry_in(entries)?..];
        let imprint = entry[NAME..].first_chunk()?;
        Some(u64::from_le_bytes(*imprint))
    }

    fn keep(&self, imprint: u64, entries: &mut Vec<u8>) {
        self.is_dropped_from(entries);
        entries.extend(self.name);
        entries.extend(imprint.to_le_bytes());
    }

    fn is_dropped_from(&self, entries: &mut Vec<u8>) -> bool {
        let at = self.entry_in(entries);
        at.map(|at| entries.drain(at..at + ENTRY)).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_keeps_one_imprint_of_each() {
        let places = [1, 2, 3].map(|name| Place {
            bucket: 7,
            name: [0, name, 0, name],
        });
        let mut entries = Vec::new();
        let told = |entries: &[u8]| places.each_ref().map(|place| place.imprint_in(entries));
        assert_eq!(told(&entries), [None; 3]);
        for (place, imprint) in places.iter().zip([10, u64::MAX, 30]) {
            place.keep(imprint, &mut entries);
        }
        places[0].keep(11, &mut entries);
        assert_eq!(told(&entries), [Some(11), Some(u64::MAX), Some(30)]);
        assert!(places[1].is_dropped_from(&mut entries));
        assert!(!places[1].is_dropped_from(&mut entries));
        assert_eq!(told(&entries), [Some(11), None, Some(30)]);
    }
}
