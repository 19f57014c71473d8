//! Records under a key that a linked record has already: nothing is created for them.

use crate::{
    engine::{pass::Pass, staging::stage::PAGE},
    id::{Kind, RecordId},
    link::Link,
    matching::{MatchKey, Tier},
    pairing::Pairing,
    side::Side,
    store::{Marker, Observation, Op, StoreError},
};

/// As many others are shown to a person.
const SHOWN: usize = 6;

impl Pass<'_> {
    /// Under which keys a link that is kept is found.
    pub(in crate::engine) fn index_of(&self, op: &Op) -> Option<Op> {
        let Op::Link(link) = op else { return None };
        if planted!("linked-keys-are-not-indexed") {
            return None;
        }
        let keys = Side::BOTH
            .into_iter()
            .flat_map(|side| self.first_keys(link, side));
        let mut digests: Vec<u64> = keys.map(|key| key.digest(&link.kind)).collect();
        digests.sort_unstable();
        digests.dedup();
        (!digests.is_empty()).then(|| Op::Index(link.kind.clone(), link.id.clone(), digests))
    }

    /// The strongest keys of what a side of a link shows.
    fn first_keys(&self, link: &Link, side: Side) -> Vec<MatchKey> {
        let mut keys = self.known_keys(&link.kind, &link.sides[side].shadow);
        keys.retain(|key| key.tier == Tier::First);
        keys
    }

    /// Records that were no new ones while a link had their key: it has another one now.
    pub(in crate::engine) async fn freed(
        &mut self,
        before: &Link,
        ops: &[Op],
    ) -> Result<Vec<Op>, StoreError> {
        let after = ops.iter().find_map(|op| match op {
            Op::Link(link) if link.id == before.id => Some(link),
            _ => None,
        });
        let Some(after) = after else {
            return Ok(Vec::new());
        };
        let keys = |link: &Link| Side::BOTH.map(|side| self.first_keys(link, side)).concat();
        let (kept, mut dropped) = (keys(after), keys(before));
        dropped.retain(|key| !kept.contains(key));
        match planted!("a-freed-key-is-not-told") {
            true => Ok(Vec::new()),
            false => self.held_under(&after.kind, &dropped, None).await,
        }
    }

    /// Marks the records that may be held since another one had their key, which has it no more.
    pub(in crate::engine) async fn held_under(
        &mut self,
        kind: &Kind,
        keys: &[MatchKey],
        other_than: Option<&RecordId>,
    ) -> Result<Vec<Op>, StoreError> {
        let mut marks = Vec::new();
        for key in keys.iter().filter(|key| key.tier == Tier::First) {
            for side in Side::BOTH {
                let held = self.unlinked(kind, side, key, PAGE).await?;
                for id in held.iter().filter(|id| Some(*id) != other_than) {
                    marks.push(self.mark(kind, side, id, Marker::Walk));
                }
            }
        }
        Ok(marks)
    }

    /// A link whose record on a side has a key.
    pub(in crate::engine) async fn holder(
        &self,
        pairing: &Pairing,
        side: Side,
        key: &MatchKey,
        other_than: &RecordId,
    ) -> Result<Option<Link>, StoreError> {
        let (here, digest) = (&self.shared.connection, key.digest(&pairing.kind));
        let links = self.store.links_by_key(here, &pairing.kind, digest).await?;
        // A link is found under keys that it has had: whether it still has this one is asked. Where
        // the matcher panics, it may.
        let has_it = |link: &Link| {
            let of = &link.sides[side];
            let keys = || self.keys(&link.kind, &of.shadow);
            of.id != *other_than && keys().map_or(true, |keys| keys.contains(key))
        };
        let holder = links.iter().find(|link| has_it(link));
        Ok(holder.map(|link| Link::clone(link)))
    }

    /// Other records of the same side, without a link, that have the strongest key of a lone one.
    pub(in crate::engine) async fn doubles_of(
        &self,
        pairing: &Pairing,
        own: &Observation,
    ) -> Result<Option<(MatchKey, Vec<RecordId>)>, StoreError> {
        for key in own.keys.iter().filter(|key| key.tier == Tier::First) {
            let mut others = self.unlinked(&pairing.kind, own.side, key, SHOWN).await?;
            others.retain(|other| *other != own.id);
            if !others.is_empty() {
                return Ok(Some((key.clone(), others)));
            }
        }
        Ok(None)
    }

    /// The link that a lone record would double.
    pub(in crate::engine) async fn rival_of(
        &self,
        pairing: &Pairing,
        own: &Observation,
    ) -> Result<Option<(MatchKey, Link)>, StoreError> {
        for key in own.keys.iter().filter(|key| key.tier == Tier::First) {
            for side in [own.side, !own.side] {
                if let Some(link) = self.holder(pairing, side, key, &own.id).await? {
                    return Ok(Some((key.clone(), link)));
                }
            }
        }
        Ok(None)
    }
}
