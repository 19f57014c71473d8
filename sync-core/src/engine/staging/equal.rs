//! Records that show the same under one parent, and were there before the store followed them. After
//! a store was lost, or a backup was put back, these are a pair already, though nothing but what they
//! show says so. What two people write later is two things, however alike.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    engine::{
        pass::Pass,
        staging::{
            ahead::Ahead,
            reference::{parent_at, says_where, stands_under},
        },
    },
    link::Link,
    matching::{MatchKey, Tier},
    pairing::{FieldPair, Pairing},
    side::Side,
    store::{Observation, StoreError},
    value::Value,
};

impl Pass<'_> {
    /// Asks what stands, without a counterpart, under the parents of records without one.
    pub(in crate::engine) async fn ask_under_parents(
        &self,
        ahead: &mut Ahead,
        pairing: &Pairing,
        of: &[Arc<Observation>],
    ) -> Result<(), StoreError> {
        if planted!("equals-are-strangers") {
            return Ok(());
        }
        let before = of.iter().filter(|own| self.was_there_before(own));
        let parent = |own: &Arc<Observation>| {
            let parent = parent_at(pairing, own.side, &own.reading.record)?;
            Some((own.side, parent.clone()))
        };
        let asked: BTreeSet<_> = before.filter_map(parent).collect();
        for (side, parent) in asked {
            if ahead.parents(side, &parent).is_some() {
                continue;
            }
            let Some(parents) = self.linked_at(side, &parent).await? else {
                continue;
            };
            for side in Side::BOTH {
                let key = stands_under(side, &parents.reference(side));
                self.ask_all(ahead, pairing, side, key).await?;
                ahead.know_parents(side, &parents);
            }
        }
        Ok(())
    }

    /// The record that shows the same under the same parent. Of several, which nothing tells apart,
    /// each has its own.
    pub(in crate::engine) async fn equal_of(
        &self,
        ahead: &Ahead,
        pairing: &Pairing,
        own: &Observation,
    ) -> Result<Option<(MatchKey, Arc<Observation>)>, StoreError> {
        let parent = parent_at(pairing, own.side, &own.reading.record);
        let parents = parent.and_then(|parent| ahead.parents(own.side, parent));
        let Some(parents) = parents.filter(|_| self.was_there_before(own)) else {
            return Ok(None);
        };
        let others = self.equals(ahead, pairing, parents, !own.side, own).await?;
        if others.is_empty() {
            return Ok(None);
        }
        let alike = self.equals(ahead, pairing, parents, own.side, own).await?;
        let place = alike.iter().position(|it| it.id == own.id);
        let other = place.and_then(|place| others.into_iter().nth(place));
        Ok(other.and_then(|other| {
            let key = shared_key(own, &other)?.clone();
            Some((key, other))
        }))
    }

    /// Records of a side that show what one does, and were never linked, by id.
    async fn equals(
        &self,
        ahead: &Ahead,
        pairing: &Pairing,
        parents: &Link,
        side: Side,
        own: &Observation,
    ) -> Result<Vec<Arc<Observation>>, StoreError> {
        let key = stands_under(side, &parents.reference(side));
        let under = self.sharing(ahead, pairing, side, &key).await?;
        let under = under
            .into_iter()
            .filter(|it| self.was_there_before(it))
            .filter(|it| shared_key(own, it).is_some() && show_the_same(pairing, own, it));
        let equal: BTreeMap<_, _> = under.map(|it| (it.id.clone(), it)).collect();
        let ids: Vec<_> = equal.keys().cloned().collect();
        let here = &self.shared.connection;
        let buried = self
            .store
            .tombstones(here, &pairing.kind, side, &ids)
            .await?;
        let equal = equal.into_values().zip(buried);
        Ok(equal
            .filter(|(_, buried)| buried.is_none())
            .map(|(it, _)| it)
            .collect())
    }
}

/// A key that tells what both say, and not only where they stand.
fn shared_key<'o>(one: &'o Observation, other: &Observation) -> Option<&'o MatchKey> {
    let mut shared = one.keys.iter().filter(|key| other.keys.contains(key));
    shared.find(|key| key.tier == Tier::Recovery && !says_where(key))
}

/// Whether no field tells two records apart. A text that one of them lacks does not: systems make
/// titles of their own. Ids differ from side to side: of references only whether they are there is
/// compared.
fn show_the_same(pairing: &Pairing, one: &Observation, other: &Observation) -> bool {
    pairing.fields.iter().all(|FieldPair { key, .. }| {
        let values = [one, other].map(|it| it.reading.record.value(key));
        let is_shown = one.reading.shows(key) && other.reading.shows(key);
        !is_shown
            || match values {
                [Some(Value::Ref(_)), Some(Value::Ref(_))]
                | [Some(Value::Text(_)), None]
                | [None, Some(Value::Text(_))] => true,
                [own, other] => own == other,
            }
    })
}
