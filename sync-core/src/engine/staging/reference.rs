//! Records that wait until a record they refer to is linked, and what a new link sets going.
//! Until then they cost nothing: they are found by whom they wait for.

use std::{slice, sync::Arc};

use jiff::Timestamp;

use crate::{
    engine::{
        EngineError, applying::sent::sent_parent, hold::About, pass::Pass,
        reading::visit::visits_of, staging::entry::Loaded,
    },
    id::Ref,
    link::{Link, Tombstone},
    matching::{MatchKey, Tier},
    pairing::{FieldPair, Pairing},
    plan::Planned,
    record::Record,
    side::{Both, Side},
    store::{Dirty, Intent, Marker, Observation, Op, StoreError},
    value::{Shape, Value},
};

const WAITS_FOR: &str = "waits for";
const STANDS_UNDER: &str = "stands under";

/// A record that waits for another is found by this key when that one is linked.
fn waits_for(of: &Ref) -> MatchKey {
    MatchKey::new(Tier::Recovery, WAITS_FOR, format!("{}:{}", of.kind, of.id))
}

/// A record without a counterpart is found by this key under its parent.
pub(in crate::engine) fn stands_under(side: Side, parent: &Ref) -> MatchKey {
    MatchKey::new(
        Tier::Recovery,
        STANDS_UNDER,
        format!("{side} {}:{}", parent.kind, parent.id),
    )
}

/// What a record stands under on its side.
/// Whether a key tells where a record stands, and nothing of what it says.
pub(in crate::engine) fn says_where(key: &MatchKey) -> bool {
    [WAITS_FOR, STANDS_UNDER].contains(&key.name.as_str())
}

pub(in crate::engine) fn parent_at<'r>(
    pairing: &Pairing,
    side: Side,
    record: &'r Record,
) -> Option<&'r Ref> {
    let mut fields = pairing.fields.iter();
    let parent = fields.find(|pair| pair.uses[side].parent)?;
    reference(parent, record)
}

/// What a record refers to in some of its fields.
fn references<'r>(
    pairing: &Pairing,
    record: &'r Record,
    wanted: impl Fn(&FieldPair) -> bool,
) -> Vec<&'r Ref> {
    let fields = pairing.fields.iter().filter(|pair| wanted(pair));
    fields.filter_map(|pair| reference(pair, record)).collect()
}

pub(in crate::engine) fn reference<'r>(pair: &FieldPair, record: &'r Record) -> Option<&'r Ref> {
    match record.value(&pair.key)? {
        Value::Ref(of) => Some(of),
        _ => None,
    }
}

/// The references without which a record cannot be created on the other side, and that are not
/// linked yet.
pub(in crate::engine) fn missing<'o>(
    pairing: &Pairing,
    own: &'o Observation,
    planned: &Planned,
) -> Vec<&'o Ref> {
    references(pairing, &own.reading.record, |pair| {
        pair.uses[!own.side].required && planned.waits.contains(&pair.key)
    })
}

/// Whether one of the sides keeps the record under what the field refers to.
pub(in crate::engine) fn is_parent(pair: &FieldPair) -> bool {
    pair.uses.left.parent || pair.uses.right.parent
}

/// What a record stands under.
pub(in crate::engine) fn parents<'o>(pairing: &Pairing, own: &'o Observation) -> Vec<&'o Ref> {
    references(pairing, &own.reading.record, is_parent)
}

impl Pass<'_> {
    /// The record is put aside until one of these is linked.
    pub(in crate::engine) fn wait_for(
        own: &Observation,
        missing: &[&Ref],
        dirty: Dirty,
    ) -> [Op; 2] {
        let mut own = own.clone();
        for of in missing {
            let key = waits_for(of);
            if !own.keys.contains(&key) {
                own.keys.push(key);
            }
        }
        [Op::Observe(own), Op::Clear(dirty)]
    }

    /// The same of a linked record, for what it refers to in such fields.
    pub(in crate::engine) fn wait_in(
        pairing: &Pairing,
        link: &Link,
        loaded: &Loaded,
        waits: impl Fn(&FieldPair) -> bool,
        dirty: Dirty,
    ) -> [Op; 2] {
        let shown = Both::from_fn(|side| loaded.shown(side).unwrap_or_default());
        let wanted = Side::BOTH.into_iter();
        let wanted = wanted.flat_map(|side| references(pairing, &shown[side], &waits));
        let digests = wanted.map(|of| waits_for(of).digest(&link.kind));
        let index = Op::Index(link.kind.clone(), link.id.clone(), digests.collect());
        [index, Op::Clear(dirty)]
    }

    /// Two records have become linked: what was asked about either alone has its answer, what
    /// waits for them is looked at again, and what stands under them is read soon.
    pub(in crate::engine) async fn linked_anew(
        &mut self,
        link: &Link,
    ) -> Result<Vec<Op>, StoreError> {
        let mut ops = Vec::new();
        for side in Side::BOTH {
            let of = link.reference(side);
            if !planted!("a-link-keeps-old-questions") {
                ops.push(Self::release(About::record(&of.kind, side, &of.id)));
            }
            self.mark_visits(&of.kind, side, &of.id, &mut ops);
            for pairing in &self.shared.pairings {
                if !pairing.fields.iter().any(|pair| pair.shape == Shape::Ref) {
                    continue;
                }
                let key = waits_for(&of);
                let waiting = self.unlinked(&pairing.kind, side, &key, usize::MAX).await?;
                for id in waiting {
                    ops.push(self.mark(&pairing.kind, side, &id, Marker::Feed));
                }
                if planted!("linked-records-wait-for-ever") {
                    continue;
                }
                let (here, digest) = (&self.shared.connection, key.digest(&pairing.kind));
                let linked = self.store.links_by_key(here, &pairing.kind, digest).await?;
                for link in linked {
                    let id = &link.sides[side].id;
                    ops.push(self.mark(&pairing.kind, side, id, Marker::Feed));
                }
            }
        }
        Ok(ops)
    }

    /// When what stands under the parent that a record will get on a side was last read in this
    /// cycle. It is marked to be visited.
    pub(in crate::engine) async fn parent_was_visited(
        &mut self,
        pairing: &Pairing,
        side: Side,
        parent: &Ref,
    ) -> Result<Option<Timestamp>, EngineError> {
        let visit = (pairing.kind.clone(), side, parent.id.clone());
        let visited = self.visited.get(&visit).copied();
        if visited.is_none() {
            let mark = self.mark(&visits_of(&pairing.kind), side, &parent.id, Marker::Feed);
            self.commit(vec![mark]).await?;
        }
        Ok(visited)
    }

    /// When the place was last read where a lost create would show itself.
    pub(in crate::engine) async fn read_for(
        &mut self,
        pairing: &Pairing,
        intent: &Intent,
    ) -> Result<Option<Timestamp>, EngineError> {
        let side = intent.side;
        if self.parents_of(pairing, side).is_none() {
            return Ok(self.feed_was_read(pairing, side).await?);
        }
        let Some(sent) = sent_parent(pairing, intent) else {
            return Ok(Some(self.began));
        };
        if let Some(link) = self.linked_at(side, sent).await? {
            let absent = link.sides[side].absent.as_ref();
            let survivor = absent.and_then(|absence| absence.merged_into.clone());
            let survivor = survivor.map(|id| Ref {
                kind: sent.kind.clone(),
                id,
            });
            let stands = survivor.as_ref().unwrap_or(sent);
            return self.parent_was_visited(pairing, side, stands).await;
        }
        // Another one stands for it by now: a merge takes along what stands under it.
        let (here, source) = (&self.shared.connection, slice::from_ref(&intent.source.id));
        let seen = self.store.observations(here, &pairing.kind, !side, source);
        let heir = match seen.await?.into_iter().flatten().next() {
            Some(source) => self.parent_there(pairing, &source).await?,
            None => None,
        };
        let stands = heir.as_ref().unwrap_or(sent);
        self.parent_was_visited(pairing, side, stands).await
    }

    /// The link of what a reference of a side names.
    pub(in crate::engine) async fn linked_at(
        &self,
        side: Side,
        of: &Ref,
    ) -> Result<Option<Arc<Link>>, StoreError> {
        let (here, ids) = (&self.shared.connection, slice::from_ref(&of.id));
        let links = self.store.links(here, &of.kind, side, ids).await?;
        Ok(links.into_iter().flatten().next())
    }

    /// The tombstone of what a reference of a side names.
    pub(in crate::engine) async fn buried_at(
        &self,
        side: Side,
        of: &Ref,
    ) -> Result<Option<Arc<Tombstone>>, StoreError> {
        let (here, ids) = (&self.shared.connection, slice::from_ref(&of.id));
        let buried = self.store.tombstones(here, &of.kind, side, ids).await?;
        Ok(buried.into_iter().flatten().next())
    }

    /// The parent that a record of one side will get on the other, if it is linked.
    pub(in crate::engine) async fn parent_there(
        &self,
        pairing: &Pairing,
        own: &Observation,
    ) -> Result<Option<Ref>, StoreError> {
        let there = !own.side;
        let mut fields = pairing.fields.iter();
        let parent = fields.find(|pair| pair.uses[there].parent);
        let Some(of) = parent.and_then(|pair| reference(pair, &own.reading.record)) else {
            return Ok(None);
        };
        let link = self.linked_at(own.side, of).await?;
        Ok(link.map(|link| link.reference(there)))
    }
}
