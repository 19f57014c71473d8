//! Records that a complete walk did not show: their links are looked at by id.

use std::{
    collections::{BTreeSet, HashMap},
    hash::{BuildHasher, RandomState},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use jiff::Timestamp;

use crate::{
    engine::{
        applying::abreast::Place,
        pass::{FEW, Pass},
    },
    guards::{GuardName, GuardStop},
    id::{Kind, RecordId},
    link::Link,
    pairing::Pairing,
    side::Side,
    store::{LaneState, Marker, StoreError, Subject},
};

/// Links in one page.
const PAGE: usize = 500;

/// The records that a walk has met: eight bytes each, hashed with a seed of the walk's own.
#[derive(Default)]
pub(in crate::engine) struct Walked {
    seed: RandomState,
    met: Vec<u64>,
}

impl Walked {
    pub(in crate::engine) fn met(&mut self, id: &RecordId) {
        self.met.push(self.seed.hash_one(id));
    }

    /// Whether it was met; once the hashes are sorted.
    fn shows(&self, id: &RecordId) -> bool {
        let hash = self.seed.hash_one(id);
        near(&self.met, hash).binary_search(&hash).is_ok()
    }
}

/// The part of sorted hashes where one of them is: hashes are evenly spread, so that it stands
/// near where it would be in proportion.
fn near(hashes: &[u64], hash: u64) -> &[u64] {
    let count = hashes.len();
    let about = (u128::from(hash) * count as u128) >> u64::BITS;
    let about = usize::try_from(about).unwrap_or(count);
    let (mut from, mut to, mut step) = (about, about, 32);
    while from > 0 && hashes[from] > hash {
        from = from.saturating_sub(step);
        step *= 2;
    }
    step = 32;
    while to < count && hashes[to] < hash {
        to = (to + step).min(count);
        step *= 2;
    }
    &hashes[from..(to + 1).min(count)]
}

/// What an engine knows between two cycles and may lose: nothing depends on it but how soon
/// something is found out.
#[derive(Default)]
pub(in crate::engine) struct Memory {
    /// Walks under way, with when they began. A walk that is not here, as after a restart, does
    /// not judge.
    walks: Mutex<HashMap<(Kind, Side), (Timestamp, Walked)>>,
    /// Records whose calls failed in the last cycle.
    troubled: Mutex<BTreeSet<Place>>,
    /// Records of entries that are being applied.
    busy: Mutex<BTreeSet<Place>>,
    stopping: AtomicBool,
}

/// As many troubled records are remembered.
const TROUBLES: usize = 1_000;

impl Memory {
    fn walks(&self) -> MutexGuard<'_, HashMap<(Kind, Side), (Timestamp, Walked)>> {
        self.walks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the walk has met so far, if it was met by us.
    pub(in crate::engine) fn walk(
        &self,
        kind: &Kind,
        side: Side,
        state: &LaneState,
    ) -> Option<Walked> {
        let kept = self.walks().remove(&(kind.clone(), side));
        match state.started {
            None => Some(Walked::default()),
            Some(began) => {
                let same = kept.filter(|(started, _)| *started == began);
                let anew = planted!("walk-judges-after-a-restart").then(Walked::default);
                same.map(|(_, walked)| walked).or(anew)
            }
        }
    }

    pub(in crate::engine) fn keep(
        &self,
        kind: &Kind,
        side: Side,
        walked: Walked,
        started: Timestamp,
    ) {
        self.walks().insert((kind.clone(), side), (started, walked));
    }

    pub(in crate::engine) fn troubled(&self) -> BTreeSet<Place> {
        let troubled = self.troubled.lock();
        troubled.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(in crate::engine) fn note_trouble(&self, record: Place, failed: bool) {
        let troubled = self.troubled.lock();
        let mut troubled = troubled.unwrap_or_else(PoisonError::into_inner);
        if !failed {
            troubled.remove(&record);
        } else if troubled.len() < TROUBLES {
            troubled.insert(record);
        }
    }

    fn busy(&self) -> MutexGuard<'_, BTreeSet<Place>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes records for one entry; false when another one has any of them.
    pub(in crate::engine) fn reserve(&self, places: &[Place]) -> bool {
        let mut busy = self.busy();
        let free = !places.iter().any(|place| busy.contains(place));
        if free {
            busy.extend(places.iter().cloned());
        }
        free
    }

    pub(in crate::engine) fn release(&self, places: &[Place]) {
        let mut busy = self.busy();
        for place in places {
            busy.remove(place);
        }
    }

    /// Nothing is being applied: a cycle that was dropped releases nothing.
    pub(in crate::engine) fn release_all(&self) {
        self.busy().clear();
    }

    /// Whether the cycle is to end after the running step.
    pub(in crate::engine) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    pub(in crate::engine) fn stop(&self, stop: bool) {
        self.stopping.store(stop, Ordering::Relaxed);
    }
}

impl Pass<'_> {
    /// Every linked record that the walk did not meet is to be read by id. False when so many are
    /// missing that it is the side that is not to be believed.
    pub(in crate::engine) async fn judge_walk(
        &mut self,
        pairing: &Pairing,
        side: Side,
        walked: &mut Walked,
        started: Timestamp,
    ) -> Result<bool, StoreError> {
        walked.met.sort_unstable();
        let (mut links, mut missing) = (0, 0);
        self.unmet(pairing, side, walked, started, |page, unmet| {
            links += page as u64;
            missing += unmet.len() as u64;
        })
        .await?;
        if let Some(share) = self.shared.guards.share
            && links >= FEW
            && missing * 100 > links * u64::from(share)
            && !planted!("empty-side-is-believed")
        {
            self.emptied = Some(GuardStop {
                side,
                guard: GuardName::Missing,
                planned: missing,
                limit: links * u64::from(share) / 100,
            });
            return Ok(false);
        }
        self.doubt_the_held(pairing, side, Some(walked)).await?;
        if missing == 0 || planted!("walk-misses-nobody") {
            return Ok(true);
        }
        let mut unmet = Vec::new();
        self.unmet(pairing, side, walked, started, |_, page| unmet.extend(page))
            .await?;
        for page in unmet.chunks(PAGE) {
            let mark = |id: &RecordId| self.mark(&pairing.kind, side, id, Marker::Doubt);
            let ops = page.iter().map(mark).collect();
            self.commit(ops).await?;
        }
        Ok(true)
    }

    /// Records without a link that a person is asked about, but for those that the walk met, are to
    /// be read by id: who is gone is asked about no longer.
    pub(in crate::engine) async fn doubt_the_held(
        &mut self,
        pairing: &Pairing,
        side: Side,
        walked: Option<&Walked>,
    ) -> Result<(), StoreError> {
        if planted!("who-is-held-is-not-missed") {
            return Ok(());
        }
        let (here, kind) = (&self.shared.connection, &pairing.kind);
        let mut asked_about = BTreeSet::new();
        for (_, found) in self.in_question(pairing, side).await? {
            asked_about.extend(found.into_iter().map(|seen| seen.id));
        }
        let mut after = 0;
        loop {
            let page = self.store.holds_of_kind(here, kind, after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            asked_about.extend(page.into_iter().filter_map(|(_, hold)| match hold.subject {
                Subject::Record(of, id) if of == side => Some(id),
                _ => None,
            }));
        }
        asked_about.retain(|id| walked.is_none_or(|walked| !walked.shows(id)));
        let mark = |id: &RecordId| self.mark(kind, side, id, Marker::Doubt);
        let ops = asked_about.iter().map(mark).collect();
        self.commit(ops).await
    }

    /// Goes over all links of a kind, page by page, with those whose record the walk did not meet.
    async fn unmet(
        &self,
        pairing: &Pairing,
        side: Side,
        walked: &Walked,
        started: Timestamp,
        mut each: impl FnMut(usize, Vec<RecordId>),
    ) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let here = &self.shared.connection;
            let mut unmet = self
                .store
                .linked(here, &pairing.kind, side, after.as_ref(), PAGE)
                .await?;
            let Some(last) = unmet.last() else {
                return Ok(());
            };
            after = Some(last.clone());
            let count = unmet.len();
            unmet.retain(|id| !walked.shows(id));
            if !unmet.is_empty() {
                let links = self.store.links(here, &pairing.kind, side, &unmet).await?;
                let links = links.into_iter().flatten();
                let gone = links.filter(|link| !self.was_there(pairing, side, link, started));
                unmet = gone.map(|link| link.sides[side].id.clone()).collect();
            }
            each(count, unmet);
        }
    }

    /// Whether a record is known to have been there after the walk had perhaps passed its place,
    /// or is known to be missing.
    pub(in crate::engine) fn was_there(
        &self,
        pairing: &Pairing,
        side: Side,
        link: &Link,
        started: Timestamp,
    ) -> bool {
        let of = &link.sides[side];
        let lag = self.index_lag(pairing, side);
        let written = of.written_at.is_some_and(|at| at + lag >= started);
        let stamped = of.stamp.and_then(|stamp| self.skew[side].interval(stamp.0));
        let changed = stamped.is_some_and(|changed| changed.latest + lag >= started);
        written || changed || of.absent.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_met_is_shown_and_nobody_else() {
        let id = |number: u64| RecordId::new(format!("r{number}"));
        for count in [0, 1, 2, 3, 1_000, 20_000] {
            let mut walked = Walked::default();
            (0..count).for_each(|number| walked.met(&id(number)));
            walked.met.sort_unstable();
            let shown = (0..2 * count).filter(|number| walked.shows(&id(*number)));
            assert!(shown.eq(0..count));
        }
    }

    #[test]
    fn hashes_that_are_not_evenly_spread_are_found() {
        for hashes in [
            vec![u64::MAX; 3],
            vec![0; 99],
            (0..999).collect(),
            vec![0, u64::MAX],
        ] {
            for hash in &hashes {
                assert!(near(&hashes, *hash).contains(hash));
            }
            assert!(!near(&hashes, 5_000).contains(&5_000));
        }
    }
}
