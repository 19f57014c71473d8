//! By what a sweep knows a row again that told nothing new, without reading it.

use std::hash::Hasher;

use twox_hash::XxHash3_64;

/// A hash of all that a mapper looks at in a native record, XXH3 with 64 bits.
///
/// Nearly every row of a sweep tells nothing new. What such a row hashes to is kept beside its
/// link until the link is written again, and a row with the same imprint is dropped without being
/// read. It can only save work: a store may lose it, and another release may hash otherwise.
#[derive(Debug, Clone, Default)]
pub struct Imprint {
    /// Bytes that are hashed at once, which is faster than one by one.
    written: Vec<u8>,
}

impl Imprint {
    /// The imprint of what `hash` writes; `None` where it writes nothing.
    pub(crate) fn of(
        &mut self,
        place: impl std::hash::Hash,
        hash: impl FnOnce(&mut Self),
    ) -> Option<u64> {
        self.written.clear();
        place.hash(self);
        let before = self.written.len();
        hash(self);
        (self.written.len() > before).then(|| self.finish())
    }
}

impl Hasher for Imprint {
    // A record is written in many short pieces.
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        self.written.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        XxHash3_64::oneshot(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use std::hash::Hash;

    use super::*;

    #[test]
    fn what_is_hashed_and_where_it_is_makes_an_imprint() {
        let mut imprint = Imprint::default();
        let mut of = |place: &str, native: &str| imprint.of(place, |into| native.hash(into));
        let ada = of("l1", "Ada");
        assert!(ada.is_some());
        assert_eq!(of("l1", "Ada"), ada);
        assert_ne!(of("l2", "Ada"), ada);
        assert_ne!(of("l1", "Eve"), ada);
    }

    #[test]
    fn a_mapper_that_hashes_nothing_leaves_no_imprint() {
        assert_eq!(Imprint::default().of("l1", |_| {}), None);
    }
}
