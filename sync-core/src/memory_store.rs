//! A store that is gone with the program: for tests, and to plan in.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher, RandomState},
    ops::Bound,
    slice,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::Timestamp;
use smol_str::SmolStr;

use crate::{
    erased::EraseKey,
    id::{AccountId, ConnectionId, Epoch, IntentId, Kind, LinkId, Locator, RecordId},
    link::{Link, Tombstone},
    matching::MatchKey,
    record::Record,
    side::{Both, Side},
    step::Staged,
    store::{
        Archive, Batch, Counts, Dirty, Happened, HistoryOf, Hold, Intent, LaneKey, LaneState,
        Observation, Op, Store, StoreError, Subject,
    },
};

/// Keeps everything in memory. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore(Arc<Mutex<State>>);

#[derive(Debug, Clone, Default)]
struct State {
    erase_key: Option<EraseKey>,
    connections: BTreeMap<ConnectionId, Tables>,
    claims: BTreeMap<(AccountId, Kind, RecordId), ConnectionId>,
}

type Place = (Kind, Side, RecordId);

/// The linked records of a kind and side.
#[derive(Debug, Clone, Default)]
struct Linked {
    /// Without a random seed: what one history of commits leaves looks the same each time.
    by_id: HashMap<RecordId, (Arc<Link>, Option<u64>), BuildHasherDefault<DefaultHasher>>,
    ids: BTreeSet<RecordId>,
}

#[derive(Debug, Clone, Default)]
struct Tables {
    epoch: u64,
    pins: Both<Option<AccountId>>,
    lanes: BTreeMap<LaneKey, LaneState>,
    links: BTreeMap<(Kind, LinkId), Arc<Link>>,
    linked: BTreeMap<(Kind, Side), Linked>,
    children: BTreeSet<(Kind, Side, Locator, LinkId)>,
    digests: BTreeSet<(Kind, u64, LinkId)>,
    tombstones: BTreeMap<(Kind, LinkId), Arc<Tombstone>>,
    buried: BTreeMap<Place, LinkId>,
    observations: BTreeMap<Place, Arc<Observation>>,
    keys: BTreeSet<(Kind, Side, SmolStr, RecordId)>,
    dirty: BTreeMap<Place, Dirty>,
    intents: BTreeMap<IntentId, Intent>,
    holds: BTreeMap<u64, Hold>,
    next_hold: u64,
    history: BTreeMap<u64, Happened>,
    next_entry: u64,
    staged: BTreeMap<u64, Staged>,
    erased: BTreeSet<[u8; 16]>,
    known: BTreeMap<String, String>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T: Default>(&self, connection: &ConnectionId, look: impl FnOnce(&Tables) -> T) -> T {
        self.lock()
            .connections
            .get(connection)
            .map(look)
            .unwrap_or_default()
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn open(&self, connection: &ConnectionId) -> Result<Epoch, StoreError> {
        let mut state = self.lock();
        let tables = state.connections.entry(connection.clone()).or_default();
        tables.epoch += 1;
        Ok(Epoch(tables.epoch))
    }

    async fn pin(
        &self,
        connection: &ConnectionId,
        side: Side,
    ) -> Result<Option<AccountId>, StoreError> {
        Ok(self.read(connection, |t| t.pins[side].clone()))
    }

    async fn lane(
        &self,
        connection: &ConnectionId,
        key: &LaneKey,
    ) -> Result<Option<LaneState>, StoreError> {
        Ok(self.read(connection, |t| t.lanes.get(key).cloned()))
    }

    async fn links(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<Arc<Link>>>, StoreError> {
        let state = self.lock();
        let tables = state.connections.get(connection);
        let linked = tables.and_then(|tables| tables.linked.get(&(kind.clone(), side)));
        let find = |id: &RecordId| Some(Arc::clone(&linked?.by_id.get(id)?.0));
        Ok(ids.iter().map(find).collect())
    }

    async fn imprints(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<u64>>, StoreError> {
        let state = self.lock();
        let tables = state.connections.get(connection);
        let linked = tables.and_then(|tables| tables.linked.get(&(kind.clone(), side)));
        let find = |id: &RecordId| linked?.by_id.get(id)?.1;
        Ok(ids.iter().map(find).collect())
    }

    async fn linked(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        after: Option<&RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>, StoreError> {
        Ok(self.read(connection, |t| {
            let after = after.map_or(Bound::Unbounded, Bound::Excluded);
            let linked = t.linked.get(&(kind.clone(), side)).into_iter();
            let later = linked.flat_map(|linked| linked.ids.range((after, Bound::Unbounded)));
            later.take(limit).cloned().collect()
        }))
    }

    async fn link_page(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        after: Option<&LinkId>,
        limit: usize,
    ) -> Result<Vec<Arc<Link>>, StoreError> {
        Ok(self.read(connection, |t| {
            let start = match after {
                Some(after) => Bound::Excluded((kind.clone(), after.clone())),
                None => Bound::Included((kind.clone(), LinkId::new(""))),
            };
            let later = t.links.range((start, Bound::Unbounded));
            later
                .take_while(|((k, _), _)| k == kind)
                .take(limit)
                .map(|(_, link)| Arc::clone(link))
                .collect()
        }))
    }

    async fn links_under(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        parent: &Locator,
    ) -> Result<Vec<Arc<Link>>, StoreError> {
        Ok(self.read(connection, |t| {
            let from = (kind.clone(), side, parent.clone(), LinkId::new(""));
            let under = t
                .children
                .range(from..)
                .take_while(|(k, s, p, _)| (k, *s, p) == (kind, side, parent));
            let link = |id: &LinkId| t.links.get(&(kind.clone(), id.clone())).cloned();
            under.filter_map(|(.., id)| link(id)).collect()
        }))
    }

    async fn links_by_key(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        digest: u64,
    ) -> Result<Vec<Arc<Link>>, StoreError> {
        Ok(self.read(connection, |t| {
            let from = (kind.clone(), digest, LinkId::new(""));
            let under = t
                .digests
                .range(from..)
                .take_while(|(k, d, _)| (k, *d) == (kind, digest));
            let link = |id: &LinkId| t.links.get(&(kind.clone(), id.clone())).cloned();
            under.filter_map(|(.., id)| link(id)).collect()
        }))
    }

    async fn tombstones(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<Arc<Tombstone>>>, StoreError> {
        let find = |t: &Tables, id: &RecordId| {
            let link = t.buried.get(&(kind.clone(), side, id.clone()))?;
            t.tombstones.get(&(kind.clone(), link.clone())).cloned()
        };
        let state = self.lock();
        let tables = state.connections.get(connection);
        Ok(ids.iter().map(|id| find(tables?, id)).collect())
    }

    async fn tombstones_until(
        &self,
        connection: &ConnectionId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Arc<Tombstone>>, StoreError> {
        Ok(self.read(connection, |t| {
            let awake = t.tombstones.values().filter(|t| t.sleeps_until <= now);
            awake.take(limit).cloned().collect()
        }))
    }

    async fn observations(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<Arc<Observation>>>, StoreError> {
        let state = self.lock();
        let tables = state.connections.get(connection);
        let find = |id: &RecordId| {
            tables?
                .observations
                .get(&(kind.clone(), side, id.clone()))
                .cloned()
        };
        Ok(ids.iter().map(find).collect())
    }

    async fn unlinked(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        keys: &[MatchKey],
        limit: usize,
    ) -> Result<Vec<Vec<RecordId>>, StoreError> {
        let under = |t: &Tables, key: &MatchKey| -> Vec<RecordId> {
            let form = key.index_form();
            let from = (kind.clone(), side, form.clone(), RecordId::new(""));
            let under = t
                .keys
                .range(from..)
                .take_while(|(k, s, f, _)| (k, *s, f) == (kind, side, &form));
            under.take(limit).map(|(.., id)| id.clone()).collect()
        };
        let state = self.lock();
        let tables = state.connections.get(connection);
        let of = |key| tables.map(|tables| under(tables, key)).unwrap_or_default();
        Ok(keys.iter().map(of).collect())
    }

    async fn dirty(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        after: Option<&(Side, RecordId)>,
        limit: usize,
    ) -> Result<Vec<Dirty>, StoreError> {
        Ok(self.read(connection, |t| {
            let start = match after {
                Some((side, id)) => Bound::Excluded((kind.clone(), *side, id.clone())),
                None => Bound::Included((kind.clone(), Side::Left, RecordId::new(""))),
            };
            let later = t.dirty.range((start, Bound::Unbounded));
            let of_kind = later.take_while(|((k, ..), _)| k == kind);
            of_kind
                .take(limit)
                .map(|(_, dirty)| dirty.clone())
                .collect()
        }))
    }

    async fn intents(&self, connection: &ConnectionId) -> Result<Vec<Intent>, StoreError> {
        Ok(self.read(connection, |t| t.intents.values().cloned().collect()))
    }

    async fn holds_of(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        subjects: &[Subject],
    ) -> Result<Vec<Hold>, StoreError> {
        Ok(self.read(connection, |t| {
            let holds = t.holds.values();
            let about = holds.filter(|h| h.kind == *kind && subjects.contains(&h.subject));
            about.cloned().collect()
        }))
    }

    async fn erased(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<bool>, StoreError> {
        let key = self.lock().erase_key();
        let has = |t: &Tables, id: &RecordId| t.erased.contains(&key.hash(kind, side, id));
        let state = self.lock();
        let tables = state.connections.get(connection);
        Ok(ids
            .iter()
            .map(|id| tables.is_some_and(|t| has(t, id)))
            .collect())
    }

    async fn claimed(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<ConnectionId>>, StoreError> {
        let state = self.lock();
        let tables = state.connections.get(connection);
        let account = tables.and_then(|tables| tables.pins[side].clone());
        let owner = |id: &RecordId| {
            let claim = (account.clone()?, kind.clone(), id.clone());
            let owner = state.claims.get(&claim);
            owner.filter(|owner| *owner != connection).cloned()
        };
        Ok(ids.iter().map(owner).collect())
    }

    async fn staged(
        &self,
        connection: &ConnectionId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Staged>, StoreError> {
        Ok(self.read(connection, |t| {
            let later = t.staged.range(after + 1..);
            later
                .take(limit)
                .map(|(_, staged)| staged.clone())
                .collect()
        }))
    }

    async fn commit(&self, connection: &ConnectionId, batch: Batch) -> Result<(), StoreError> {
        let mut state = self.lock();
        let key = state.erase_key();
        let State {
            connections,
            claims,
            ..
        } = &mut *state;
        let tables = connections.entry(connection.clone()).or_default();
        if tables.epoch != batch.epoch.0 {
            return Err(StoreError::Fenced);
        }
        let mut ended = BTreeSet::new();
        let mut joined = BTreeMap::new();
        for op in &batch.ops {
            if let Op::Bury(tombstone) = op {
                ended.insert(&tombstone.link.id);
            }
            tables.check(op, &ended, connection, claims)?;
            check_together(op, &ended, &mut joined)?;
        }
        for op in batch.ops {
            tables.apply(op, connection, claims, key);
        }
        Ok(())
    }

    async fn scrub(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn scratch(&self) -> Result<Arc<dyn Store>, StoreError> {
        let copy = self.lock().clone();
        Ok(Arc::new(Self(Arc::new(Mutex::new(copy)))))
    }
}

#[async_trait]
impl Archive for MemoryStore {
    async fn holds(
        &self,
        connection: &ConnectionId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Hold)>, StoreError> {
        Ok(self.read(connection, |t| {
            let later = t.holds.range(after + 1..).take(limit);
            later.map(|(at, hold)| (*at, hold.clone())).collect()
        }))
    }

    async fn history(
        &self,
        connection: &ConnectionId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Happened)>, StoreError> {
        Ok(self.read(connection, |t| {
            let later = t.history.range(after + 1..).take(limit);
            later.map(|(at, entry)| (*at, entry.clone())).collect()
        }))
    }

    async fn history_before(
        &self,
        connection: &ConnectionId,
        before: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Happened)>, StoreError> {
        Ok(self.read(connection, |t| {
            let last = t.history.range(..before).rev().take(limit);
            let mut page: Vec<_> = last.map(|(at, entry)| (*at, entry.clone())).collect();
            page.reverse();
            page
        }))
    }

    async fn holds_of_kind(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Hold)>, StoreError> {
        Ok(self.read(connection, |t| {
            let later = t.holds.range(after + 1..);
            let of_kind = later.filter(|(_, hold)| hold.kind == *kind).take(limit);
            of_kind.map(|(at, hold)| (*at, hold.clone())).collect()
        }))
    }

    async fn history_of(
        &self,
        connection: &ConnectionId,
        of: &HistoryOf,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Happened)>, StoreError> {
        Ok(self.read(connection, |t| {
            let later = t.history.range(after + 1..);
            let part = later.filter(|(_, entry)| of.has(entry)).take(limit);
            part.map(|(at, entry)| (*at, entry.clone())).collect()
        }))
    }

    async fn shown(
        &self,
        connection: &ConnectionId,
        kind: &Kind,
        side: Side,
        id: &RecordId,
    ) -> Result<Option<Record>, StoreError> {
        let ids = slice::from_ref(id);
        let link = self.links(connection, kind, side, ids).await?.pop();
        let seen = self.observations(connection, kind, side, ids).await?.pop();
        let (seen, link) = (seen.flatten(), link.flatten());
        Ok(Observation::all_shown(
            seen.as_deref(),
            link.as_deref(),
            side,
        ))
    }

    async fn known(
        &self,
        connection: &ConnectionId,
        name: &str,
    ) -> Result<Option<String>, StoreError> {
        Ok(self.read(connection, |t| t.known.get(name).cloned()))
    }

    async fn counts(&self, connection: &ConnectionId) -> Result<Counts, StoreError> {
        Ok(self.read(connection, |t| Counts {
            links: t.links.len() as u64,
            dirty: t.dirty.len() as u64,
            holds: t.holds.len() as u64,
            intents: t.intents.len() as u64,
            history: t.history.len() as u64,
        }))
    }
}

/// Uniqueness among the links of one batch.
fn check_together<'b>(
    op: &'b Op,
    ended: &BTreeSet<&LinkId>,
    joined: &mut BTreeMap<(&'b Kind, Side, &'b RecordId), &'b LinkId>,
) -> Result<(), StoreError> {
    let Op::Link(link) = op else {
        return Ok(());
    };
    for side in Side::BOTH {
        let id = &link.sides[side].id;
        let before = joined.insert((&link.kind, side, id), &link.id);
        if before.is_some_and(|other| *other != link.id && !ended.contains(other)) {
            return Err(StoreError::AlreadyLinked {
                side,
                kind: link.kind.clone(),
                id: id.clone(),
            });
        }
    }
    Ok(())
}

type Claims = BTreeMap<(AccountId, Kind, RecordId), ConnectionId>;

impl State {
    /// Made when it is first asked for.
    fn erase_key(&mut self) -> EraseKey {
        *self.erase_key.get_or_insert_with(|| {
            // The system's randomness, by the one way to it that `std` has.
            let halves = [(); 2].map(|()| RandomState::new().hash_one(()).to_ne_bytes());
            let mut bytes = [0; 16];
            bytes.copy_from_slice(halves.as_flattened());
            EraseKey::new(bytes)
        })
    }
}

impl Tables {
    /// Uniqueness, before anything is done.
    fn check(
        &self,
        op: &Op,
        ended: &BTreeSet<&LinkId>,
        connection: &ConnectionId,
        claims: &Claims,
    ) -> Result<(), StoreError> {
        let Op::Link(link) = op else {
            return Ok(());
        };
        for side in Side::BOTH {
            let id = &link.sides[side].id;
            let place = (link.kind.clone(), side, id.clone());
            if self
                .linked(&place)
                .is_some_and(|other| other.id != link.id && !ended.contains(&other.id))
            {
                return Err(StoreError::AlreadyLinked {
                    side,
                    kind: link.kind.clone(),
                    id: id.clone(),
                });
            }
            let claim = self.claim(link, side).and_then(|key| claims.get(&key));
            if let Some(other) = claim.filter(|other| *other != connection) {
                return Err(StoreError::Claimed {
                    kind: link.kind.clone(),
                    id: id.clone(),
                    connection: other.clone(),
                });
            }
        }
        Ok(())
    }

    fn linked(&self, (kind, side, id): &Place) -> Option<&Arc<Link>> {
        let linked = self.linked.get(&(kind.clone(), *side))?;
        linked.by_id.get(id).map(|(link, _)| link)
    }

    fn claim(&self, link: &Link, side: Side) -> Option<(AccountId, Kind, RecordId)> {
        let account = self.pins[side].clone()?;
        Some((account, link.kind.clone(), link.sides[side].id.clone()))
    }

    fn apply(&mut self, op: Op, connection: &ConnectionId, claims: &mut Claims, key: EraseKey) {
        match op {
            Op::Pin(side, account) => self.pins[side] = Some(account),
            Op::Lane(key, state) => {
                self.lanes.insert(key, state);
            }
            Op::Observe(observation) => self.observe(observation),
            Op::Forget(kind, side, id) => {
                let place = (kind, side, id);
                self.unindex(&place);
                self.observations.remove(&place);
            }
            Op::Mark(dirty) => self.mark(dirty),
            Op::Clear(read) => {
                let place = (read.kind, read.side, read.id);
                if self
                    .dirty
                    .get(&place)
                    .is_some_and(|now| now.mark == read.mark || planted!("clears-any-mark"))
                {
                    self.dirty.remove(&place);
                }
            }
            Op::Link(link) => self.link(*link, connection, claims),
            Op::Imprint(kind, side, id, imprint) => {
                let linked = self.linked.get_mut(&(kind, side));
                if let Some((_, kept)) = linked.and_then(|linked| linked.by_id.get_mut(&id)) {
                    *kept = Some(imprint);
                }
            }
            Op::Index(kind, id, digests) => {
                let entries = digests.into_iter().map(|d| (kind.clone(), d, id.clone()));
                self.digests.extend(entries);
            }
            Op::Bury(tombstone) => self.bury(*tombstone, claims),
            Op::Exhume(kind, id) => self.exhume(kind, id),
            Op::Intend(intent) => {
                self.intents.insert(intent.id, *intent);
            }
            Op::Settle(id) => {
                self.intents.remove(&id);
            }
            Op::Hold(kind, subject, holds) => self.hold(&kind, &subject, holds),
            Op::Record(happened) => {
                self.next_entry += 1;
                self.history.insert(self.next_entry, happened);
            }
            Op::Know(name, Some(fact)) => {
                self.known.insert(name, fact);
            }
            Op::Know(name, None) => {
                self.known.remove(&name);
            }
            Op::Stage(staged) => {
                self.staged.insert(staged.sequence, staged);
            }
            Op::Unstage(through) => self.staged.retain(|sequence, _| *sequence > through),
            Op::Fade(kind, link) => {
                if let Some(tombstone) = self.tombstones.get(&(kind.clone(), link.clone())) {
                    let ids = tombstone.link.sides.as_ref().map(|of| Some(of.id.clone()));
                    self.keep_hashes(&kind, &ids, key);
                }
                self.exhume(kind, link);
            }
            Op::Erase(kind, ids) => {
                self.keep_hashes(&kind, &ids, key);
                for side in Side::BOTH {
                    if let Some(id) = &ids[side] {
                        self.erase(&(kind.clone(), side, id.clone()), claims);
                    }
                }
            }
        }
    }

    fn keep_hashes(&mut self, kind: &Kind, ids: &Both<Option<RecordId>>, key: EraseKey) {
        for side in Side::BOTH {
            let id = ids[side].as_ref();
            self.erased.extend(id.map(|id| key.hash(kind, side, id)));
        }
    }

    fn erase(&mut self, place: &Place, claims: &mut Claims) {
        let (kind, side, id) = place;
        let link = self.linked(place).map(|link| link.id.clone());
        let buried = self.buried.get(place).cloned();
        for link in link.iter().chain(&buried) {
            self.unlink(&(kind.clone(), link.clone()), claims);
            self.exhume(kind.clone(), link.clone());
            self.digests.retain(|(of, _, id)| of != kind || id != link);
        }
        self.unindex(place);
        self.observations.remove(place);
        self.dirty.remove(place);
        self.holds.retain(|_, hold| {
            let subject = match &hold.subject {
                Subject::Link(of) => link.as_ref() == Some(of) || buried.as_ref() == Some(of),
                Subject::Record(on, of) => (on, of) == (side, id),
            };
            hold.kind != *kind || !subject && hold.ids[*side].as_ref() != Some(id)
        });
        let of = HistoryOf::Record(kind.clone(), *side, id.clone());
        self.history.retain(|_, entry| !of.has(entry));
        self.intents
            .retain(|_, intent| !intent.is_about(kind, *side, id));
        self.staged
            .retain(|_, step| step.kind != *kind || step.ids()[*side] != Some(id));
    }

    fn observe(&mut self, observation: Observation) {
        let place = (
            observation.kind.clone(),
            observation.side,
            observation.id.clone(),
        );
        self.unindex(&place);
        if self.linked(&place).is_none() {
            let (kind, side, id) = &place;
            for key in &observation.keys {
                self.keys
                    .insert((kind.clone(), *side, key.index_form(), id.clone()));
            }
        }
        self.observations.insert(place, Arc::new(observation));
    }

    fn unindex(&mut self, place: &Place) {
        let Some(known) = self.observations.get(place) else {
            return;
        };
        for key in &known.keys {
            self.keys
                .remove(&(place.0.clone(), place.1, key.index_form(), place.2.clone()));
        }
    }

    fn mark(&mut self, dirty: Dirty) {
        let place = (dirty.kind.clone(), dirty.side, dirty.id.clone());
        match self.dirty.get_mut(&place) {
            Some(known) => {
                let mark = dirty.on_top_of(known);
                *known = mark;
            }
            None => {
                self.dirty.insert(place, dirty);
            }
        }
    }

    fn bury(&mut self, tombstone: Tombstone, claims: &mut Claims) {
        let place = (tombstone.link.kind.clone(), tombstone.link.id.clone());
        self.unlink(&place, claims);
        for side in Side::BOTH {
            let id = tombstone.link.sides[side].id.clone();
            self.buried
                .insert((place.0.clone(), side, id), place.1.clone());
        }
        self.tombstones.insert(place, Arc::new(tombstone));
    }

    fn exhume(&mut self, kind: Kind, id: LinkId) {
        self.buried
            .retain(|(of, ..), link| !(*of == kind && *link == id));
        self.tombstones.remove(&(kind, id));
    }

    /// Takes a link, as it was, out of all that leads to it.
    fn unlink(&mut self, place: &(Kind, LinkId), claims: &mut Claims) {
        let Some(link) = self.links.remove(place) else {
            return;
        };
        for side in Side::BOTH {
            let of = &link.sides[side];
            if let Some(linked) = self.linked.get_mut(&(place.0.clone(), side)) {
                linked.by_id.remove(&of.id);
                linked.ids.remove(&of.id);
            }
            if let Some(parent) = &of.locator {
                let child = (place.0.clone(), side, parent.clone(), place.1.clone());
                self.children.remove(&child);
            }
            if let Some(claim) = self.claim(&link, side) {
                claims.remove(&claim);
            }
        }
    }

    fn link(&mut self, link: Link, connection: &ConnectionId, claims: &mut Claims) {
        self.unlink(&(link.kind.clone(), link.id.clone()), claims);
        let link = Arc::new(link);
        for side in Side::BOTH {
            if let Some(parent) = &link.sides[side].locator {
                let child = (link.kind.clone(), side, parent.clone(), link.id.clone());
                self.children.insert(child);
            }
            let place = (link.kind.clone(), side, link.sides[side].id.clone());
            self.unindex(&place);
            let (kind, side, id) = place;
            let linked = self.linked.entry((kind, side)).or_default();
            linked.ids.insert(id.clone());
            linked.by_id.insert(id, (Arc::clone(&link), None));
            if let Some(claim) = self.claim(&link, side) {
                claims.insert(claim, connection.clone());
            }
        }
        self.links
            .insert((link.kind.clone(), link.id.clone()), link);
    }

    fn hold(&mut self, kind: &Kind, subject: &Subject, holds: Vec<Hold>) {
        let about = |hold: &Hold| hold.kind == *kind && hold.subject == *subject;
        let stays =
            |hold: &Hold, new: &Hold| (&hold.field, hold.reason) == (&new.field, new.reason);
        self.holds
            .retain(|_, hold| !about(hold) || holds.iter().any(|new| stays(hold, new)));
        for mut new in holds {
            let known = self.holds.values_mut().find(|h| about(h) && stays(h, &new));
            if let Some(hold) = known {
                new.since = hold.since;
                *hold = new;
            } else {
                self.next_hold += 1;
                self.holds.insert(self.next_hold, new);
            }
        }
    }
}
