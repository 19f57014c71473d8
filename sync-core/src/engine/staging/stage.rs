//! Making the plan: every dirty record is looked at, and its steps are staged and counted.

use std::{
    collections::{BTreeMap, HashSet},
    hash::{BuildHasher, RandomState},
    slice,
};

use jiff::Timestamp;

use crate::{
    connector::Lane,
    engine::{
        EngineError,
        hold::About,
        leaving::delete::Departure,
        pass::Pass,
        staging::{blocker::Way, claim::Claim, entry::Loaded, reference, scope::Parent},
    },
    id::{Kind, RecordId},
    leaving::OutOfScope,
    link::{Link, LinkEnd},
    matching::{MatchKey, Tier},
    observer::Event,
    pairing::{FieldPair, Pairing},
    plan::Planned,
    side::Side,
    store::{Dirty, Hold, HoldReason, Intent, Marker, Observation, Op, StoreError},
};

/// Dirty records in one page.
pub(in crate::engine) const PAGE: usize = 200;

/// Sequence numbers end here, so that every store can hold them.
pub(in crate::engine) const LAST: u64 = i64::MAX as u64;

/// Records with an open intent, or that could not be read: nothing is planned for them until then.
pub(in crate::engine) type InDoubt = BTreeMap<(Kind, Side, RecordId), (Side, RecordId)>;

/// What staging goes by.
struct Staging {
    in_doubt: InDoubt,
    /// Marks that came later and ask to look have not been looked at.
    began: u64,
    handled: Handled,
    sequence: u64,
    ops: Vec<Op>,
}

/// Records that were staged with their counterparts: eight bytes each, hashed with a seed of this
/// staging's own. Of two that share a hash one would be staged in the next cycle, with another seed.
#[derive(Default)]
struct Handled {
    seed: RandomState,
    hashes: HashSet<u64>,
}

impl Handled {
    fn add(&mut self, side: Side, id: &RecordId) {
        self.hashes.insert(self.seed.hash_one((side, id)));
    }

    fn has(&self, side: Side, id: &RecordId) -> bool {
        self.hashes.contains(&self.seed.hash_one((side, id)))
    }
}

impl Pass<'_> {
    /// Stages the plan of everything that is dirty; once more, if what it would create asks for a
    /// whole reading first.
    pub(in crate::engine) async fn stage(&mut self) -> Result<(), EngineError> {
        let (counts, report) = (self.counts, self.report.clone());
        self.stage_dirty().await?;
        if self.read_before_creates().await? {
            self.counts = counts;
            self.report.unplan(&report);
            self.stage_dirty().await?;
        }
        self.count_key_look_ups();
        Ok(())
    }

    async fn stage_dirty(&mut self) -> Result<(), EngineError> {
        self.creates.clear();
        let mut in_doubt = self.in_doubt().await?;
        let began = self.number();
        for pairing in &self.shared.pairings {
            self.settle_doubts(pairing, &mut in_doubt).await?;
        }
        // Who was read only now may be what a lost create has made.
        if !planted!("who-is-read-by-id-is-no-copy") {
            for (record, asked) in self.in_doubt().await? {
                in_doubt.entry(record).or_insert(asked);
            }
        }
        let mut staging = Staging {
            in_doubt,
            began,
            handled: Handled::default(),
            sequence: 0,
            ops: vec![Op::Unstage(LAST)],
        };
        for pairing in &self.shared.pairings {
            staging.handled = Handled::default();
            let mut after = None;
            loop {
                let here = &self.shared.connection;
                let page = self
                    .store
                    .dirty(here, &pairing.kind, after.as_ref(), PAGE)
                    .await?;
                let Some(last) = page.last() else { break };
                after = Some((last.side, last.id.clone()));
                self.stage_page(pairing, page, &mut staging).await?;
                self.commit(std::mem::take(&mut staging.ops)).await?;
            }
        }
        self.commit(staging.ops).await?;
        Ok(())
    }

    pub(in crate::engine) async fn in_doubt(&self) -> Result<InDoubt, EngineError> {
        let intents = self.store.intents(&self.shared.connection).await?;
        let open: Vec<&Intent> = intents.iter().collect();
        let mut in_doubt = InDoubt::new();
        for intent in &intents {
            let (kind, side) = (&intent.kind, intent.side);
            let asked = (!side, intent.source.id.clone());
            in_doubt.insert((kind.clone(), asked.0, asked.1.clone()), asked.clone());
            if let Some(target) = intent.changes() {
                let id = target.id.clone();
                let about = match intent.target.is_some() {
                    true => (side, id.clone()),
                    // It is the source of a copy about which a person may be asked.
                    false => asked.clone(),
                };
                in_doubt.insert((kind.clone(), side, id), about);
            }
            let creates = intent.target.is_none();
            let Some(pairing) = self.pairing(kind).filter(|_| creates) else {
                continue;
            };
            // What may be the one that was made is no new record.
            for seen in self.kept_back_by(pairing, intent, &open).await? {
                in_doubt.insert((kind.clone(), side, seen.id), asked.clone());
            }
        }
        Ok(in_doubt)
    }

    /// What the entries of a page ask of the store is asked at once: nothing is committed before
    /// all of them are staged.
    async fn stage_page(
        &mut self,
        pairing: &Pairing,
        mut page: Vec<Dirty>,
        staging: &mut Staging,
    ) -> Result<(), EngineError> {
        let record = |dirty: &Dirty| (dirty.side, dirty.id.clone());
        let looked_at = |dirty: &Dirty| dirty.mark <= staging.began || !dirty.by.asks_to_look();
        let count = page.len();
        page.retain(looked_at);
        if page.len() < count {
            self.wait_until(None);
        }
        page.retain(|dirty| !staging.handled.has(dirty.side, &dirty.id));
        let records: Vec<_> = page.iter().map(record).collect();
        let loaded = self.load_all(pairing, &records).await?;
        let claims = self.claims(pairing, &loaded).await?;
        for ((dirty, loaded), claim) in page.into_iter().zip(&loaded).zip(claims) {
            if !staging.handled.has(dirty.side, &dirty.id) {
                self.stage_one(pairing, dirty, loaded, claim, staging)
                    .await?;
            }
        }
        Ok(())
    }

    async fn stage_one(
        &mut self,
        pairing: &Pairing,
        dirty: Dirty,
        loaded: &Loaded,
        claim: Option<Claim>,
        staging: &mut Staging,
    ) -> Result<(), EngineError> {
        let (side, id) = (dirty.side, dirty.id.clone());
        let in_doubt = |(side, id): (Side, RecordId)| {
            let record = (dirty.kind.clone(), side, id);
            staging.in_doubt.get(&record)
        };
        let ids = loaded.ids();
        let theirs = Side::BOTH
            .into_iter()
            .filter_map(|s| Some((s, ids[s].clone()?)));
        if let Some((asked_on, asked)) = [(side, id)].into_iter().chain(theirs).find_map(in_doubt) {
            let about = About::record(&dirty.kind, *asked_on, asked);
            if self.asked(&about).await?.is_none() {
                self.wait_until(None);
            }
            return Ok(());
        }
        for (other, id) in Side::BOTH
            .into_iter()
            .filter_map(|s| Some((s, ids[s].as_ref()?)))
        {
            // Marks are read in this order: what lies behind does not come again.
            if (other, id) > (side, &dirty.id) {
                staging.handled.add(other, id);
            }
        }
        // It is held until it is seen again; what the other side shows is kept for that day.
        let hidden = loaded.link.as_ref().is_some_and(|link| link.is_hidden());
        if hidden && !planted!("hidden-pair-is-planned") {
            staging.ops.push(Op::Clear(dirty));
            return Ok(());
        }
        self.stage_entry(pairing, dirty, loaded, claim, staging)
            .await
    }

    /// What a person is asked, if that is which record a lost create made: nothing more can be done.
    pub(in crate::engine) async fn asked(&self, about: &About) -> Result<Option<Hold>, StoreError> {
        let here = &self.shared.connection;
        let subjects = slice::from_ref(about.subject());
        let holds = self.store.holds_of(here, about.kind(), subjects).await?;
        let asks = |hold: &Hold| hold.field.is_none() && hold.reason == HoldReason::InDoubt;
        Ok(holds.into_iter().find(asks))
    }

    async fn stage_entry(
        &mut self,
        pairing: &Pairing,
        dirty: Dirty,
        loaded: &Loaded,
        claim: Option<Claim>,
        staging: &mut Staging,
    ) -> Result<(), EngineError> {
        let side = dirty.side;
        if loaded.left_behind(side).is_some() {
            self.stage_clearing(pairing, dirty, loaded, staging);
            return Ok(());
        }
        if let Some(message) = loaded.counterpart.question() {
            let about = About::record(&dirty.kind, side, &dirty.id);
            let hold = self.hold_record(about, HoldReason::Ambiguous, message);
            staging.ops.extend([hold, Op::Clear(dirty)]);
            return Ok(());
        }
        let stays_dead = loaded.is_alone() && !planted!("the-dead-come-back");
        if let Some(claim) = claim {
            let ops = self.leave_to_its_owner(dirty, loaded, &claim);
            staging.ops.extend(ops);
            return Ok(());
        }
        if let (Some(tombstone), true) = (&loaded.tombstone, stays_dead) {
            let ops = &mut staging.ops;
            return self
                .stage_buried(pairing, dirty, loaded, tombstone, ops)
                .await;
        }
        if let (None, Some(own), None) = (&loaded.link, &loaded.seen[side], &loaded.seen[!side]) {
            match self.may_create(pairing, own).await? {
                MayCreate::Blocked(why) => {
                    staging.ops.extend(self.hold_blocked(dirty, why));
                    return Ok(());
                }
                MayCreate::Yes => {}
                MayCreate::Doubled(key, others) => {
                    self.stage_doubled(pairing, dirty, &key, &others, staging)
                        .await?;
                    return Ok(());
                }
                MayCreate::Never => {
                    let nothing = Planned::default();
                    self.put_aside(pairing, dirty, loaded, &nothing, &mut staging.ops);
                    return Ok(());
                }
                MayCreate::LeftAlone => {
                    self.counts.left_alone += 1;
                    staging.ops.extend(self.left_alone(pairing, own));
                    let nothing = Planned::default();
                    self.put_aside(pairing, dirty, loaded, &nothing, &mut staging.ops);
                    return Ok(());
                }
                MayCreate::Later(due) => {
                    self.notice(&Event::Waiting { side, id: &own.id });
                    self.wait_until(due);
                    self.counts.waiting += 1;
                    return Ok(());
                }
            }
        }
        if let Some(departure) = self.departure(pairing, loaded).await? {
            self.stage_departure(pairing, dirty, loaded, departure, staging)
                .await?;
            return Ok(());
        }
        let parent = self.parent(pairing, loaded).await?;
        let Some(dirty) =
            self.unless_parent_is_away(pairing, dirty, loaded, &parent, &mut staging.ops)
        else {
            return Ok(());
        };
        if !self.admits(&pairing.kind, loaded) && !planted!("scope-is-ignored") {
            self.stage_out_of_scope(dirty, loaded, staging);
            return Ok(());
        }
        let Some(planned) = self.plan_unless_frozen(pairing, loaded).await? else {
            self.is_frozen();
            return Ok(());
        };
        if let (None, Some(own), None) = (&loaded.link, &loaded.seen[side], &loaded.seen[!side]) {
            let missing = reference::missing(pairing, own, &planned);
            if !missing.is_empty() {
                staging.ops.extend(Self::wait_for(own, &missing, dirty));
                return Ok(());
            }
        }
        if planned.is_quiet() && loaded.link.is_some() {
            self.put_aside(pairing, dirty, loaded, &planned, &mut staging.ops);
            return Ok(());
        }
        if self.dry {
            let about = About::loaded(loaded, &dirty.kind, side, &dirty.id);
            staging.ops.push(self.hold_fields(about, &planned.holds));
        }
        staging.sequence += 1;
        let staged = self.step(pairing, staging.sequence, dirty, loaded, planned);
        self.counts.count(&staged);
        self.creates.count(&staged);
        staging.ops.push(Op::Stage(staged));
        Ok(())
    }

    /// `None` where it has to be seen first what became of a record that it refers to.
    async fn plan_unless_frozen(
        &mut self,
        pairing: &Pairing,
        loaded: &Loaded,
    ) -> Result<Option<Planned>, EngineError> {
        if !self.look_at_the_blanked(pairing, loaded).await? {
            return Ok(None);
        }
        let planned = self.plan(pairing, loaded).await?;
        let goes = self.puts_under_the_gone(pairing, &planned).await?
            && !planted!("a-record-is-put-under-the-gone");
        Ok(Some(planned).filter(|_| !goes))
    }

    /// What becomes of a record by what it stands under: it is given back if it is to be planned.
    fn unless_parent_is_away(
        &mut self,
        pairing: &Pairing,
        dirty: Dirty,
        loaded: &Loaded,
        parent: &Parent,
        ops: &mut Vec<Op>,
    ) -> Option<Dirty> {
        match (parent, &loaded.link, &loaded.seen[dirty.side]) {
            (Parent::There, ..) | (Parent::Ended, Some(_), _) => return Some(dirty),
            (Parent::Away | Parent::Leaving, ..) if planted!("children-go-on-alone") => {
                return Some(dirty);
            }
            (Parent::Away | Parent::Leaving, ..) => self.is_frozen(),
            (Parent::Parted, Some(link), _) => {
                let waits = Self::wait_in(pairing, link, loaded, reference::is_parent, dirty);
                ops.extend(waits);
            }
            (Parent::Ended | Parent::Parted, None, Some(own)) => {
                let parents = reference::parents(pairing, own);
                ops.extend(Self::wait_for(own, &parents, dirty));
            }
            (Parent::Ended | Parent::Parted, None, None) => ops.push(Op::Clear(dirty)),
        }
        None
    }

    fn is_frozen(&mut self) {
        self.counts.waiting += 1;
        self.report.frozen += 1;
    }

    /// The others are looked for: they may have been merged into this one.
    async fn stage_doubled(
        &mut self,
        pairing: &Pairing,
        dirty: Dirty,
        key: &MatchKey,
        others: &[RecordId],
        staging: &mut Staging,
    ) -> Result<(), EngineError> {
        let side = dirty.side;
        let named: Vec<&str> = others.iter().map(RecordId::as_str).collect();
        let message = format!(
            "{} on the {side} side has the same {} `{}`; merge them, or change the key",
            named.join(", "),
            key.name,
            key.value
        );
        let about = About::record(&dirty.kind, side, &dirty.id);
        let known = self.store.holds_of(
            &self.shared.connection,
            &dirty.kind,
            slice::from_ref(about.subject()),
        );
        // Once is enough: they would look for each other for ever.
        let is_known = known
            .await?
            .iter()
            .any(|h| h.reason == HoldReason::Ambiguous);
        let hold = self.hold_record(about, HoldReason::Ambiguous, message);
        for other in others.iter().filter(|_| !is_known) {
            let look = self.mark_because(&pairing.kind, side, other, Marker::Doubt, dirty.cause);
            staging.ops.push(look);
        }
        staging.ops.extend([hold, Op::Clear(dirty)]);
        Ok(())
    }

    async fn stage_departure(
        &mut self,
        pairing: &Pairing,
        dirty: Dirty,
        loaded: &Loaded,
        departure: Departure,
        staging: &mut Staging,
    ) -> Result<(), EngineError> {
        let departure = self.unless_it_became_another(loaded, departure).await?;
        let link = loaded.link.as_deref();
        let departure = self
            .unless_it_takes_others(link, departure, &mut staging.ops)
            .await?;
        if let Departure::Delete(there) = departure
            && self.is_under_the_held(pairing, loaded, there).await?
            && !planted!("a-frozen-child-is-deleted")
        {
            self.is_frozen();
            return Ok(());
        }
        let missing = Self::missing(loaded.link.as_deref());
        let confirmed = !matches!(departure, Departure::Wait);
        for side in Side::BOTH
            .into_iter()
            .filter(|side| confirmed && missing[*side])
        {
            self.counts.missing[side] += 1;
        }
        let deletes = match departure {
            Departure::Wait => {
                self.wait_until(None);
                return Ok(());
            }
            Departure::Hold(reason, message, again) => {
                let about = About::loaded(loaded, &dirty.kind, dirty.side, &dirty.id);
                let hold = self.hold_until(again, about, reason, message);
                staging.ops.extend([hold, Op::Clear(dirty)]);
                return Ok(());
            }
            Departure::End(_) => None,
            Departure::Delete(side) => Some(side),
        };
        staging.sequence += 1;
        let planned = Planned::default();
        let mut staged = self.step(pairing, staging.sequence, dirty, loaded, planned);
        staged.deletes = deletes;
        self.counts.count(&staged);
        staging.ops.push(Op::Stage(staged));
        Ok(())
    }

    /// What a move has left behind is deleted. Nobody is to take it for a record of its own.
    fn stage_clearing(
        &mut self,
        pairing: &Pairing,
        dirty: Dirty,
        loaded: &Loaded,
        staging: &mut Staging,
    ) {
        let (side, id) = (dirty.side, dirty.id.clone());
        staging
            .ops
            .push(Op::Forget(dirty.kind.clone(), side, id.clone()));
        staging.sequence += 1;
        let planned = Planned::default();
        let mut staged = self.step(pairing, staging.sequence, dirty, loaded, planned);
        staged.links = None;
        staged.clears = true;
        self.counts.count(&staged);
        staging.ops.push(Op::Stage(staged));
    }

    /// Nothing is written; what was seen is kept for the day when it is back.
    fn stage_out_of_scope(&mut self, dirty: Dirty, loaded: &Loaded, staging: &mut Staging) {
        let about = About::loaded(loaded, &dirty.kind, dirty.side, &dirty.id);
        staging.ops.push(Self::release(about));
        if let (Some(link), OutOfScope::Unlink) = (&loaded.link, self.shared.leaving.out_of_scope) {
            staging.ops.push(self.bury(link, LinkEnd::Parted));
        }
        staging.ops.push(Op::Clear(dirty));
    }

    /// Nothing is to be done: the holds stay, what equals its shadow is forgotten, and the record is
    /// clean, unless a field of it waits for another record to be linked.
    fn put_aside(
        &mut self,
        pairing: &Pairing,
        dirty: Dirty,
        loaded: &Loaded,
        planned: &Planned,
        ops: &mut Vec<Op>,
    ) {
        let about = About::loaded(loaded, &dirty.kind, dirty.side, &dirty.id);
        let waits = !planned.waits.is_empty();
        if !waits || !planned.holds.is_empty() {
            ops.push(self.hold_fields(about, &planned.holds));
        }
        if waits {
            let waits = |pair: &FieldPair| planned.waits.contains(&pair.key);
            if let Some(link) = &loaded.link {
                ops.extend(Self::wait_in(pairing, link, loaded, waits, dirty));
            }
            return;
        }
        if let Some(known) = &loaded.link {
            let mut link = Link::clone(known);
            for side in Side::BOTH {
                if let Some(seen) = &loaded.seen[side]
                    && link.settle(pairing, side, seen)
                {
                    ops.push(Op::Forget(dirty.kind.clone(), side, seen.id.clone()));
                }
            }
            if link != **known {
                ops.push(Op::Link(Box::new(link)));
            }
        }
        ops.push(Op::Clear(dirty));
    }

    async fn may_create(
        &mut self,
        pairing: &Pairing,
        own: &Observation,
    ) -> Result<MayCreate, EngineError> {
        let there = !own.side;
        if !self.shared.first_sync.creates[there] || !pairing.may_change(there) {
            return Ok(MayCreate::Never);
        }
        if self.is_left_alone(own) {
            return Ok(MayCreate::LeftAlone);
        }
        if let Some((key, link)) = self.rival_of(pairing, own).await? {
            let linked = link.sides[own.side].id.clone();
            return Ok(MayCreate::Doubled(key, vec![linked]));
        }
        if let Some((key, others)) = self.doubles_of(pairing, own).await? {
            return Ok(MayCreate::Doubled(key, others));
        }
        for side in Side::BOTH {
            if self.parents_of(pairing, side).is_none()
                && self
                    .lane_state(pairing, side, Lane::Walk)
                    .await?
                    .ended
                    .is_none()
                && !planted!("create-before-both-are-indexed")
            {
                return Ok(MayCreate::Later(None));
            }
        }
        match self.way(own).await? {
            Way::Free => {}
            Way::Unknown => return Ok(MayCreate::Later(None)),
            Way::Blocked(why) => return Ok(MayCreate::Blocked(why)),
        }
        Ok(match self.shows_others_since(pairing, own).await? {
            None => MayCreate::Yes,
            due => MayCreate::Later(due),
        })
    }

    /// A record that somebody enters on both sides at once must not be doubled: the other side's
    /// feed has to be read past the record's creation. `None` when it is; else when it can be.
    async fn shows_others_since(
        &mut self,
        pairing: &Pairing,
        own: &Observation,
    ) -> Result<Option<Timestamp>, EngineError> {
        let born = own
            .created
            .and_then(|created| self.skew[own.side].interval(created));
        let born = born.map_or(own.started, |interval| interval.latest);
        let visible = born + self.index_lag(pairing, !own.side);
        let read = if self.parents_of(pairing, !own.side).is_some() {
            let matches = own.keys.iter().any(|key| key.tier != Tier::Recovery);
            match self.parent_there(pairing, own).await? {
                Some(parent) if matches => {
                    self.parent_was_visited(pairing, !own.side, &parent).await?
                }
                // What shows the same may stand there.
                Some(parent)
                    if self.visit_is_due(pairing, !own.side, &parent.id).await?
                        && !planted!("created-before-a-look-under-its-parent") =>
                {
                    None
                }
                _ => return Ok(None),
            }
        } else {
            self.feed_was_read(pairing, !own.side).await?
        };
        let may_hide =
            read.is_none_or(|read| read < visible) && !planted!("create-beside-an-entry");
        Ok(may_hide.then_some(visible))
    }
}

enum MayCreate {
    Yes,
    /// Others of its side have its key.
    Doubled(MatchKey, Vec<RecordId>),
    Never,
    /// It was there before the connection was.
    LeftAlone,
    Later(Option<Timestamp>),
    /// A record stands in the way: which, and what to do.
    Blocked(String),
}
