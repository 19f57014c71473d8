//! Which unlinked records are the same thing.

use serde::{Deserialize, Serialize};
use smol_str::{SmolStr, format_smolstr};

use crate::{id::Kind, record::Record};

/// A text that two records of the same thing share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MatchKey {
    /// Tiers are tried in order; a later one counts only where no earlier one hits.
    pub tier: Tier,
    /// What it is, e.g. `email`.
    pub name: SmolStr,
    /// Its normalised value.
    pub value: SmolStr,
}

/// How much a key says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// As good as an id: an e-mail address.
    First,
    /// Shared by some: a phone.
    Second,
    /// Too weak to link by alone: finds again what we created ourselves, and what shows the same
    /// under the counterpart of its parent, where a store was lost.
    Recovery,
}

impl MatchKey {
    /// A key of a tier.
    pub fn new(tier: Tier, name: &str, value: impl Into<SmolStr>) -> Self {
        Self {
            tier,
            name: name.into(),
            value: value.into(),
        }
    }

    /// A number for the key of a kind: what stores index of linked records. Two keys may share
    /// one, so what is found under it is compared with the key itself.
    pub fn digest(&self, kind: &Kind) -> u64 {
        let bytes = kind.as_str().bytes().chain([0]).chain(self.name.bytes());
        let bytes = bytes.chain([0]).chain(self.value.bytes());
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
    }

    /// The form that stores index.
    pub fn index_form(&self) -> SmolStr {
        format_smolstr!("{}:{}", self.name, self.value)
    }
}

/// Says by what records are matched. It never sees linked records.
///
/// A closure that gives the keys is a matcher whose keys always agree.
///
/// [`testing::matcher_laws`](crate::testing::matcher_laws) proves its laws: equal records have the
/// same keys, none of them blank; a record agrees with itself, and it does not matter which of two
/// is left.
pub trait Matcher: Send + Sync + 'static {
    /// The keys of a record. A record without keys is never matched.
    fn keys(&self, kind: &Kind, record: &Record) -> Vec<MatchKey>;

    /// Whether two records that share `key` may be linked.
    fn agree(&self, kind: &Kind, key: &MatchKey, left: &Record, right: &Record) -> bool;
}

impl<F> Matcher for F
where
    F: Fn(&Kind, &Record) -> Vec<MatchKey> + Send + Sync + 'static,
{
    fn keys(&self, kind: &Kind, record: &Record) -> Vec<MatchKey> {
        self(kind, record)
    }

    fn agree(&self, _kind: &Kind, _key: &MatchKey, _left: &Record, _right: &Record) -> bool {
        true
    }
}
