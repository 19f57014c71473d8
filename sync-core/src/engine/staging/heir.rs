//! A blocker that became a record of the kind that it held, as a lead that is converted: it says
//! which one, and that one is the counterpart of whoever it held, though it has another key by now.

use std::{slice, sync::Arc};

use crate::{
    engine::{
        EngineError,
        pass::Pass,
        reading::look_up::Looked,
        staging::{
            ahead::Ahead,
            blocker::{Blocker, Way},
        },
    },
    id::{RecordId, Target},
    matching::{MatchKey, Tier},
    pairing::Pairing,
    record::Record,
    side::Side,
    store::{Marker, Observation, Op, StoreError},
    value::Value,
};

impl Blocker {
    /// Which record it became: it refers to one of the kind that it holds.
    pub(in crate::engine) fn heir(&self, seen: &Observation) -> Option<RecordId> {
        self.heir_in(&seen.reading.record)
    }

    fn heir_in(&self, record: &Record) -> Option<RecordId> {
        record.iter().find_map(|(_, value)| match value {
            Value::Ref(to) if to.kind == self.holds => Some(to.id.clone()),
            _ => None,
        })
    }

    /// By what its heir finds it.
    pub(in crate::engine) fn heir_key(&self, record: &Record) -> Option<MatchKey> {
        self.heir_in(record).map(|heir| became(&heir))
    }
}

fn became(heir: &RecordId) -> MatchKey {
    MatchKey::new(Tier::Recovery, "became", heir.as_str())
}

impl Pass<'_> {
    /// The counterpart of a record for which no key finds one: what the blocker that held it
    /// became, or whom the blocker held that became it. Where there could be another, there is none.
    pub(in crate::engine) async fn by_a_blocker(
        &self,
        pairing: &Pairing,
        own: &Observation,
    ) -> Result<Option<(MatchKey, Arc<Observation>)>, StoreError> {
        for blocker in self
            .shared
            .blockers
            .iter()
            .filter(|it| it.holds == own.kind)
        {
            let found = if own.side == blocker.side {
                self.held_before(blocker, pairing, own).await?
            } else {
                self.heir_of_the_way(blocker, pairing, own).await?
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    async fn held_before(
        &self,
        blocker: &Blocker,
        pairing: &Pairing,
        heir: &Observation,
    ) -> Result<Option<(MatchKey, Arc<Observation>)>, StoreError> {
        let nothing = Ahead::default();
        let key = became(&heir.id);
        let (of, side) = (&blocker.pairing, blocker.side);
        for gone in self.sharing(&nothing, of, side, &key).await? {
            for (_, held) in self.alike(&pairing.kind, pairing, !side, &gone).await? {
                let found = self.heir_of_the_way(blocker, pairing, &held).await?;
                if let Some((key, _)) = found.filter(|(_, found)| found.id == heir.id) {
                    return Ok(Some((key, held)));
                }
            }
        }
        Ok(None)
    }

    async fn heir_of_the_way(
        &self,
        blocker: &Blocker,
        pairing: &Pairing,
        held: &Observation,
    ) -> Result<Option<(MatchKey, Arc<Observation>)>, StoreError> {
        let mut found: Option<(MatchKey, Arc<Observation>)> = None;
        for (key, gone) in self.blockers_like(blocker, held).await? {
            let Some(id) = blocker.heir(&gone) else {
                continue;
            };
            if found.as_ref().is_some_and(|(_, heir)| heir.id == id) {
                continue;
            }
            let Some(heir) = self.unlinked_one(pairing, blocker.side, &id).await? else {
                continue;
            };
            let (kind, side) = (&pairing.kind, held.side);
            let mut rivals = self.alike(kind, pairing, side, &gone).await?;
            rivals.extend(self.alike(kind, pairing, side, &heir).await?);
            if found.is_some() || rivals.iter().any(|(_, rival)| rival.id != held.id) {
                return Ok(None);
            }
            found = Some((key, heir));
        }
        Ok(found)
    }

    async fn unlinked_one(
        &self,
        pairing: &Pairing,
        side: Side,
        id: &RecordId,
    ) -> Result<Option<Arc<Observation>>, StoreError> {
        let here = &self.shared.connection;
        let links = self
            .store
            .links(here, &pairing.kind, side, slice::from_ref(id));
        if links.await?.iter().any(Option::is_some) {
            return Ok(None);
        }
        self.seen(pairing, side, id).await
    }

    /// Whether an heir of a blocker, of which the feed has not told yet, is in a record's way.
    pub(in crate::engine) async fn meets_an_heir(
        &mut self,
        blocker: &Blocker,
        own: &Observation,
    ) -> Result<Way, EngineError> {
        let Some(pairing) = self.pairing(&blocker.holds) else {
            return Ok(Way::Free);
        };
        let side = blocker.side;
        for (_, gone) in self.blockers_like(blocker, own).await? {
            let Some(id) = blocker.heir(&gone) else {
                continue;
            };
            if self.seen(pairing, side, &id).await?.is_some() {
                continue;
            }
            let target = Target::from(id.clone());
            match self.look_up(pairing, side, &target, None).await {
                Ok(Some(Looked { observation, .. })) => {
                    let mark = self.mark(&pairing.kind, side, &id, Marker::Feed);
                    self.commit(vec![Op::Observe(observation), mark]).await?;
                    return Ok(Way::Unknown);
                }
                Ok(None) => {}
                Err(error) if error.stops_the_side() => {
                    self.failed(side, error);
                    return Ok(Way::Unknown);
                }
                // It is there, and may not be seen.
                Err(error) => {
                    let (was, kind) = (&blocker.pairing.kind, &pairing.kind);
                    return Ok(Way::Blocked(format!(
                        "the {was} {} on the {side} side became the {kind} {id} there, which cannot be read: {}; let the credential see it",
                        gone.id, error.message
                    )));
                }
            }
        }
        Ok(Way::Free)
    }
}
