//! What the entries of a page ask of the store, asked at once.

use std::{
    collections::{BTreeSet, HashMap},
    slice,
    sync::Arc,
};

use crate::{
    engine::pass::Pass,
    id::{Kind, RecordId, Ref},
    link::Link,
    matching::{MatchKey, Tier},
    pairing::Pairing,
    side::{Both, Side},
    store::{Observation, StoreError},
};

/// How many candidates are shown to a person.
const CANDIDATES: usize = 5;

/// Answers of the store that are good until the next commit.
#[derive(Default)]
pub(in crate::engine) struct Ahead {
    seen: Both<HashMap<RecordId, Option<Arc<Observation>>>>,
    unlinked: Both<HashMap<MatchKey, Vec<RecordId>>>,
    parents: Both<HashMap<Ref, Arc<Link>>>,
}

impl Ahead {
    /// What was seen of a record that was asked for.
    pub(in crate::engine) fn seen(&self, side: Side, id: &RecordId) -> Option<Arc<Observation>> {
        self.seen[side].get(id).cloned().flatten()
    }

    /// The link of a parent, if it has one and was asked for.
    pub(in crate::engine) fn parents(&self, side: Side, parent: &Ref) -> Option<&Arc<Link>> {
        self.parents[side].get(parent)
    }

    /// Keeps the link of a parent.
    pub(in crate::engine) fn know_parents(&mut self, side: Side, parents: &Arc<Link>) {
        self.parents[side].insert(parents.reference(side), Arc::clone(parents));
    }
}

impl Pass<'_> {
    /// Records without a link that have a key.
    pub(in crate::engine) async fn unlinked(
        &self,
        kind: &Kind,
        side: Side,
        key: &MatchKey,
        most: usize,
    ) -> Result<Vec<RecordId>, StoreError> {
        let (here, keys) = (&self.shared.connection, slice::from_ref(key));
        let found = self.store.unlinked(here, kind, side, keys, most).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Asks what was seen of records.
    pub(in crate::engine) async fn ask_seen(
        &self,
        ahead: &mut Ahead,
        pairing: &Pairing,
        ids: Both<BTreeSet<RecordId>>,
    ) -> Result<(), StoreError> {
        let here = &self.shared.connection;
        for side in Side::BOTH {
            let known = &ahead.seen[side];
            let new = ids[side].iter().filter(|id| !known.contains_key(*id));
            let new: Vec<RecordId> = new.cloned().collect();
            if new.is_empty() {
                continue;
            }
            let seen = self.store.observations(here, &pairing.kind, side, &new);
            ahead.seen[side].extend(new.iter().cloned().zip(seen.await?));
        }
        Ok(())
    }

    /// Asks which records of both sides share the keys of records without a link.
    pub(in crate::engine) async fn ask_sharing(
        &self,
        ahead: &mut Ahead,
        pairing: &Pairing,
        of: &[Arc<Observation>],
    ) -> Result<(), StoreError> {
        let keys = of.iter().flat_map(|own| &own.keys);
        let keys: BTreeSet<&MatchKey> = keys.filter(|key| key.tier != Tier::Recovery).collect();
        let keys: Vec<MatchKey> = keys.into_iter().cloned().collect();
        if keys.is_empty() {
            return Ok(());
        }
        let here = &self.shared.connection;
        let mut ids = Both::<BTreeSet<RecordId>>::default();
        for side in Side::BOTH {
            let kind = &pairing.kind;
            let found = self.store.unlinked(here, kind, side, &keys, CANDIDATES);
            let found = found.await?;
            ids[side].extend(found.iter().flatten().cloned());
            ahead.unlinked[side].extend(keys.iter().cloned().zip(found));
        }
        self.ask_seen(ahead, pairing, ids).await
    }

    /// Asks for all records of a side without a link that have a key.
    pub(in crate::engine) async fn ask_all(
        &self,
        ahead: &mut Ahead,
        pairing: &Pairing,
        side: Side,
        key: MatchKey,
    ) -> Result<(), StoreError> {
        let found = self.unlinked(&pairing.kind, side, &key, usize::MAX).await?;
        let mut ids = Both::<BTreeSet<RecordId>>::default();
        ids[side].extend(found.iter().cloned());
        ahead.unlinked[side].insert(key, found);
        self.ask_seen(ahead, pairing, ids).await
    }

    /// Records of a side without a link that have a key.
    pub(in crate::engine) async fn sharing(
        &self,
        ahead: &Ahead,
        pairing: &Pairing,
        side: Side,
        key: &MatchKey,
    ) -> Result<Vec<Arc<Observation>>, StoreError> {
        if let Some(ids) = ahead.unlinked[side].get(key) {
            return Ok(ids.iter().filter_map(|id| ahead.seen(side, id)).collect());
        }
        let (here, kind) = (&self.shared.connection, &pairing.kind);
        let ids = self.unlinked(kind, side, key, CANDIDATES).await?;
        let seen = self.store.observations(here, kind, side, &ids).await?;
        Ok(seen.into_iter().flatten().collect())
    }
}
