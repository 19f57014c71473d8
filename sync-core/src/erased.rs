//! What stays of an erased record: a keyed hash, by which a late row of it is known.

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher24};

use crate::{
    id::{Kind, RecordId},
    side::Side,
};

/// The key of a store's hashes.
///
/// It is made once for each store and lives in it, beside the hashes, and goes where its
/// backups go. Who has the store can therefore test whether a record that they name was
/// erased, and can list nobody; who has hashes alone can do neither. A store that is lost
/// takes both along: what was erased is not known any more, and a record that one of the
/// systems still shows is treated as new.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct EraseKey([u8; 16]);

impl EraseKey {
    /// A key of random bytes.
    pub const fn new(random: [u8; 16]) -> Self {
        Self(random)
    }

    /// The bytes, for the store that keeps them.
    pub const fn bytes(&self) -> [u8; 16] {
        self.0
    }

    /// What stays of a record: SipHash-2-4 with 128 bits.
    pub fn hash(&self, kind: &Kind, side: Side, id: &RecordId) -> [u8; 16] {
        let mut hasher = SipHasher24::new_with_key(&self.0);
        for part in [kind.as_str(), side.as_str(), id.as_str()] {
            hasher.write(part.as_bytes());
            hasher.write_u8(0xff);
        }
        hasher.finish128().as_bytes()
    }
}

impl std::fmt::Debug for EraseKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EraseKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_tells_records_apart_and_means_nothing_under_another_key() {
        let kind = Kind::new("contact");
        let key = EraseKey::new([7; 16]);
        let hash = |side, id: &str| key.hash(&kind, side, &id.into());
        assert_eq!(hash(Side::Left, "1"), hash(Side::Left, "1"));
        assert_ne!(hash(Side::Left, "1"), hash(Side::Right, "1"));
        assert_ne!(hash(Side::Left, "1"), hash(Side::Left, "2"));
        let other = EraseKey::new([8; 16]).hash(&kind, Side::Left, &"1".into());
        assert_ne!(hash(Side::Left, "1"), other);
    }
}
