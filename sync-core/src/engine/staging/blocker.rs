//! Kinds that are read on one side only, and whose records hold a create there: open leads.
//! [`heir`](crate::engine::staging::heir) tells what follows when such a record became one of those that it holds.

use std::sync::Arc;

use crate::{
    connector::Lane,
    engine::{
        EngineError,
        hold::About,
        hold::Again,
        leaving::delete::Departure,
        pass::Pass,
        reading::look_up::Looked,
        staging::{ahead::Ahead, entry::Loaded, stage::PAGE},
    },
    id::{Kind, RecordId, Target},
    matching::{MatchKey, Tier},
    pairing::Pairing,
    side::Side,
    store::{Dirty, HoldReason, Observation, Op, StoreError},
};

/// A kind whose unlinked records, under a match key, hold the creates of another kind.
#[derive(Debug)]
pub(in crate::engine) struct Blocker {
    pub(in crate::engine) side: Side,
    /// It has no fields to sync.
    pub(in crate::engine) pairing: Pairing,
    /// Whose creates it holds.
    pub(in crate::engine) holds: Kind,
}

/// What stands in the way of a create.
pub(in crate::engine) enum Way {
    Free,
    /// The blockers are not all known yet.
    Unknown,
    /// What it is, and what to do.
    Blocked(String),
}

impl<'a> Pass<'a> {
    pub(in crate::engine) fn blocker(&self, kind: &Kind) -> Option<&'a Blocker> {
        let blockers: &'a [Blocker] = &self.shared.blockers;
        blockers
            .iter()
            .find(|blocker| blocker.pairing.kind == *kind)
    }

    /// Reads what may stand in the way, and looks at the records that hints name.
    pub(in crate::engine) async fn read_blockers(&mut self) -> Result<(), EngineError> {
        let blockers: &'a [Blocker] = &self.shared.blockers;
        for blocker in blockers {
            self.read(&blocker.pairing, blocker.side).await?;
            let here = &self.shared.connection;
            let kind = &blocker.pairing.kind;
            for dirty in self.store.dirty(here, kind, None, PAGE).await? {
                let (side, id) = (dirty.side, dirty.id.clone());
                if side == blocker.side {
                    self.look_at(blocker, &id).await?;
                }
                self.commit(vec![Op::Clear(dirty)]).await?;
            }
        }
        Ok(())
    }

    /// What a row shows of a blocker; whoever shares a key with it, now or before, is looked at again.
    pub(in crate::engine) async fn sift_blocker(
        &mut self,
        blocker: &Blocker,
        new: Observation,
        known: Option<&Observation>,
    ) -> Result<Vec<Op>, StoreError> {
        let is_known = |known: &Observation| {
            known.stamp > new.stamp || known.reading == new.reading && known.keys == new.keys
        };
        if known.is_some_and(is_known) {
            return Ok(Vec::new());
        }
        let before = known.map(|known| known.keys.as_slice()).unwrap_or_default();
        let mut keys: Vec<MatchKey> = before.iter().chain(&new.keys).cloned().collect();
        keys.dedup();
        let mut ops = self.look_again_at_those_with(blocker, &keys).await?;
        ops.push(Op::Observe(new));
        Ok(ops)
    }

    async fn look_again_at_those_with(
        &mut self,
        blocker: &Blocker,
        keys: &[MatchKey],
    ) -> Result<Vec<Op>, StoreError> {
        let (kind, side) = (&blocker.holds, !blocker.side);
        let mut ops = Vec::new();
        for key in keys.iter().filter(|key| key.tier != Tier::Recovery) {
            let held = self.unlinked(kind, side, key, usize::MAX).await?;
            for id in held {
                ops.push(self.mark(kind, side, &id, crate::store::Marker::Feed));
            }
        }
        Ok(ops)
    }

    /// Reads a blocker by id. One that is gone holds nobody.
    async fn look_at(&mut self, blocker: &Blocker, id: &RecordId) -> Result<(), EngineError> {
        let (side, kind) = (blocker.side, &blocker.pairing.kind);
        if self.is_stopped(side) {
            return Ok(());
        }
        let here = &self.shared.connection;
        let ids = std::slice::from_ref(id);
        let mut known = self.store.observations(here, kind, side, ids).await?;
        let known = known.pop().flatten();
        let target = Target::from(id.clone());
        let looked = match self.look_up(&blocker.pairing, side, &target, None).await {
            Ok(looked) => looked,
            // It goes on to hold whom it held.
            Err(error) if !error.stops_the_side() => return Ok(()),
            Err(error) => {
                self.failed(side, error);
                return Ok(());
            }
        };
        let ops = match (looked, known) {
            (Some(Looked { observation, .. }), known) => {
                self.sift_blocker(blocker, observation, known.as_deref())
                    .await?
            }
            (None, Some(known)) => {
                let mut ops = self.look_again_at_those_with(blocker, &known.keys).await?;
                ops.push(Op::Forget(kind.clone(), side, id.clone()));
                ops
            }
            (None, None) => Vec::new(),
        };
        self.commit(ops).await?;
        Ok(())
    }

    /// What stands in the way of a record's creation on the other side. A hold that has lasted
    /// its time asks the blocker itself.
    pub(in crate::engine) async fn way(&mut self, own: &Observation) -> Result<Way, EngineError> {
        let blockers: &'a [Blocker] = &self.shared.blockers;
        let in_the_way = |blocker: &&Blocker| blocker.holds == own.kind && blocker.side != own.side;
        for blocker in blockers.iter().filter(in_the_way) {
            let lane = self.lane_state(&blocker.pairing, blocker.side, Lane::Walk);
            if lane.await?.ended.is_none() {
                return Ok(Way::Unknown);
            }
            let mut found = self.first_blocker(blocker, own).await?;
            if let Some(id) = &found
                && self.was_held_long_enough(own).await?
            {
                self.look_at(blocker, id).await?;
                found = self.first_blocker(blocker, own).await?;
            }
            if let Some(id) = found {
                let (kind, side) = (&blocker.pairing.kind, blocker.side);
                return Ok(Way::Blocked(format!(
                    "the {kind} {id} on the {side} side has the same key; convert it, close it, or change the key"
                )));
            }
            match self.meets_an_heir(blocker, own).await? {
                Way::Free => {}
                way => return Ok(way),
            }
        }
        Ok(Way::Free)
    }

    /// A record that is gone, and whose key a blocker has now, was not deleted: it became the
    /// blocker, as a contact that is made a lead again.
    pub(in crate::engine) async fn unless_it_became_another(
        &self,
        loaded: &Loaded,
        departure: Departure,
    ) -> Result<Departure, EngineError> {
        let deleted = matches!(
            departure,
            Departure::Delete(_) | Departure::Hold(HoldReason::Deleted, ..)
        );
        let (Some(link), true) = (loaded.link.as_deref(), deleted) else {
            return Ok(departure);
        };
        let blockers = self.shared.blockers.iter();
        for blocker in blockers.filter(|blocker| blocker.holds == link.kind) {
            let (kind, gone) = (&blocker.pairing.kind, blocker.side);
            if link.sides[gone].absent.is_none() {
                continue;
            }
            let shown = &link.sides[gone].shadow;
            let keys = self.known_keys(&link.kind, shown);
            for key in keys.iter().filter(|key| key.tier == Tier::First) {
                let sharing = self
                    .sharing(&Ahead::default(), &blocker.pairing, gone, key)
                    .await?;
                let mut open = sharing.iter().filter(|it| blocker.heir(it).is_none());
                if let Some(id) = open.next().map(|it| &it.id) {
                    let message = format!(
                        "it is gone on the {gone} side, and the {kind} {id} there has its {}: it probably became that; unlink the pair, or make it a {} again",
                        key.name, link.kind
                    );
                    return Ok(Departure::Hold(HoldReason::Blocked, message, Again::Asked));
                }
            }
        }
        Ok(departure)
    }

    async fn first_blocker(
        &self,
        blocker: &Blocker,
        own: &Observation,
    ) -> Result<Option<RecordId>, StoreError> {
        let alike = self.blockers_like(blocker, own).await?;
        let open = alike.iter().find(|(_, it)| blocker.heir(it).is_none());
        Ok(open.map(|(_, it)| it.id.clone()))
    }

    /// The blockers that share a key with a record, each with that key.
    pub(in crate::engine) async fn blockers_like(
        &self,
        blocker: &Blocker,
        own: &Observation,
    ) -> Result<Vec<(MatchKey, Arc<Observation>)>, StoreError> {
        self.alike(&blocker.holds, &blocker.pairing, blocker.side, own)
            .await
    }

    /// Unlinked records of a pairing that share a key with a record of the other side, each with
    /// that key: as far as records of a kind agree, whose keys these are.
    pub(in crate::engine) async fn alike(
        &self,
        kind: &Kind,
        among: &Pairing,
        side: Side,
        with: &Observation,
    ) -> Result<Vec<(MatchKey, Arc<Observation>)>, StoreError> {
        let nothing = Ahead::default();
        let mut alike = Vec::new();
        for key in with.keys.iter().filter(|key| key.tier != Tier::Recovery) {
            let sharing = self.sharing(&nothing, among, side, key).await?.into_iter();
            let agrees = |other: &Arc<Observation>| self.agree(kind, key, with, other);
            alike.extend(sharing.filter(agrees).map(|it| (key.clone(), it)));
        }
        Ok(alike)
    }

    async fn was_held_long_enough(&self, own: &Observation) -> Result<bool, StoreError> {
        let here = &self.shared.connection;
        let about = About::record(&own.kind, own.side, &own.id);
        let subjects = std::slice::from_ref(about.subject());
        let holds = self.store.holds_of(here, &own.kind, subjects).await?;
        let now = self.now();
        Ok(holds.iter().any(|hold| {
            hold.reason == HoldReason::Blocked && hold.retry_at.is_some_and(|at| at <= now)
        }))
    }

    /// The create is held until the blocker goes.
    pub(in crate::engine) fn hold_blocked(&mut self, dirty: Dirty, message: String) -> [Op; 2] {
        let about = About::record(&dirty.kind, dirty.side, &dirty.id);
        let hold = self.hold_for_now(about, HoldReason::Blocked, message);
        [hold, Op::Clear(dirty)]
    }
}
