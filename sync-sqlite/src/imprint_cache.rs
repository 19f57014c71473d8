//! Imprints that were read before. A sweep asks for all of them in no order, which a large file
//! answers the slower the larger it is.

use std::cell::RefCell;

/// Each grows by itself: while it does, only its own part is held twice.
const SHARDS: usize = 16;

/// As many are kept in memory, in 32 MB: those of a million links. Others are read each time.
const MOST: usize = (1 << 21) / SHARDS;

/// In one line of the processor's cache.
const WAYS: usize = 4;

/// The imprints of a store by place. What is not here has to be read; what is written is forgotten,
/// since the write may be taken back.
#[derive(Debug, Default)]
pub(crate) struct ImprintCache([RefCell<Shard>; SHARDS]);

impl ImprintCache {
    pub(crate) fn get(&self, place: i64) -> Option<u64> {
        self.shard(place).borrow().get(place)
    }

    pub(crate) fn keep(&self, place: i64, imprint: u64) {
        self.shard(place).borrow_mut().keep(place, imprint);
    }

    pub(crate) fn forget(&self, place: i64) {
        self.shard(place).borrow_mut().forget(place);
    }

    fn shard(&self, place: i64) -> &RefCell<Shard> {
        &self.0[(place.cast_unsigned() >> 60) as usize]
    }
}

/// A place, and what is kept of it. No record has the place zero here.
type Entry = (i64, u64);

const FREE: Entry = (0, 0);

/// An imprint stands in one of two buckets: so all but a few find room in a shard that is full,
/// or that grows.
#[derive(Debug, Default)]
struct Shard(Vec<[Entry; WAYS]>);

impl Shard {
    fn get(&self, place: i64) -> Option<u64> {
        let buckets = self.buckets(place)?;
        let mut entries = buckets.iter().flat_map(|bucket| &self.0[*bucket]);
        let found = entries.find(|(of, _)| *of == place && place != FREE.0);
        found.map(|(_, imprint)| *imprint)
    }

    fn keep(&mut self, place: i64, imprint: u64) {
        if place == FREE.0 || self.put((place, imprint)) || self.0.len() * WAYS >= MOST {
            return;
        }
        let twice = (2 * self.0.len()).max(1);
        let small = std::mem::replace(&mut self.0, vec![[FREE; WAYS]; twice]);
        let entries = small.into_iter().flatten().chain([(place, imprint)]);
        for entry in entries.filter(|entry| *entry != FREE) {
            self.put(entry);
        }
    }

    /// Whether there is room, in the emptier of its buckets.
    fn put(&mut self, entry: Entry) -> bool {
        let Some(buckets) = self.buckets(entry.0) else {
            return false;
        };
        let is_free = |of: &&Entry| **of == FREE;
        let free = |bucket: &usize| self.0[*bucket].iter().filter(is_free).count();
        let [first, second] = buckets;
        let bucket = if free(&second) > free(&first) {
            second
        } else {
            first
        };
        let free = self.0[bucket].iter_mut().find(|of| **of == FREE);
        free.map(|free| *free = entry).is_some()
    }

    fn forget(&mut self, place: i64) {
        for bucket in self.buckets(place).into_iter().flatten() {
            for entry in &mut self.0[bucket] {
                if entry.0 == place {
                    *entry = FREE;
                }
            }
        }
    }

    /// Places are hashes: their bits choose.
    fn buckets(&self, place: i64) -> Option<[usize; 2]> {
        let last = self.0.len().checked_sub(1)?;
        let bits = place.cast_unsigned();
        let bucket = |bits: u64| usize::try_from(bits & 0xFFFF_FFFF).unwrap_or(0) & last;
        Some([bucket(bits), bucket(bits >> 28)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evenly spread, as hashes are.
    fn place(of: u64) -> i64 {
        let mut bits = of.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (bits ^ (bits >> 31)).cast_signed()
    }

    #[test]
    fn it_answers_what_was_kept_and_nothing_else() {
        let cache = ImprintCache::default();
        assert_eq!(cache.get(place(0)), None);
        let many = 100_000;
        for of in 0..many {
            cache.keep(place(of), of);
        }
        let found = (0..many).filter(|of| cache.get(place(*of)) == Some(*of));
        let all_but_few = 99_900..=100_000;
        assert!(all_but_few.contains(&found.count()));
        assert!((many..2 * many).all(|of| cache.get(place(of)).is_none()));
        for of in 0..many {
            cache.forget(place(of));
            assert_eq!(cache.get(place(of)), None);
        }
    }

    #[test]
    fn it_is_full_at_some_time_and_keeps_what_it_has() {
        let cache = ImprintCache::default();
        let most = (MOST * SHARDS) as u64;
        for of in 0..2 * most {
            cache.keep(place(of), of);
        }
        let kept = (0..2 * most).filter(|of| cache.get(place(*of)) == Some(*of));
        let kept = kept.count() as u64;
        assert!((most * 9 / 10..=most).contains(&kept), "{kept}");
        let early = (0..most / 2).filter(|of| cache.get(place(*of)).is_some());
        assert!(early.count() as u64 > most / 2 - most / 1000);
    }

    #[test]
    fn zero_is_no_place() {
        let cache = ImprintCache::default();
        cache.keep(0, 7);
        assert_eq!(cache.get(0), None);
    }
}
