//! Loading what is known of a dirty record: its link, its counterpart, its holds.

use std::{collections::BTreeSet, slice, sync::Arc};

use jiff::Timestamp;

use crate::{
    caught::caught,
    connector::{Body, Row},
    engine::{caught::unplanned, hold::About, pass::Pass, staging::ahead::Ahead},
    field::FieldKey,
    id::{Kind, RecordId, Ref},
    link::{Decided, Link, Tombstone},
    mapper::{Call, CallKind, Change, Draft},
    matching::{MatchKey, Tier},
    pairing::Pairing,
    plan::{Entry, FieldHold, Planned, Planner, Write},
    reading::{Memo, Unfit},
    record::Record,
    rules::{Interval, Verdict},
    side::{Both, Side},
    store::{Hold, HoldReason, Observation, StoreError, Subject},
};

/// An entry with everything that its plan needs.
#[derive(Debug, Default)]
pub(in crate::engine) struct Loaded {
    pub(in crate::engine) link: Option<Arc<Link>>,
    pub(in crate::engine) seen: Both<Option<Arc<Observation>>>,
    pub(in crate::engine) refused: Vec<Hold>,
    pub(in crate::engine) counterpart: Counterpart,
    /// How the record's last link ended, if it has none now.
    pub(in crate::engine) tombstone: Option<Arc<Tombstone>>,
}

/// What the matcher found for a record without a link.
#[derive(Debug, Default)]
pub(in crate::engine) enum Counterpart {
    /// Nobody, or nobody was looked for.
    #[default]
    Nobody,
    /// Exactly one, by this key.
    One(MatchKey),
    /// Several, by this key; a person has to choose.
    Several(MatchKey, Vec<RecordId>),
    /// This one perhaps: why that is not known.
    Perhaps(RecordId, String),
}

impl Counterpart {
    /// What a person is asked, where it is not known which it is.
    pub(in crate::engine) fn question(&self) -> Option<String> {
        match self {
            Self::Nobody | Self::One(_) => None,
            Self::Several(key, ids) => {
                let ids: Vec<&str> = ids.iter().map(RecordId::as_str).collect();
                Some(format!(
                    "several records share {} `{}`: {}; link the right pair, or change the key",
                    key.name,
                    key.value,
                    ids.join(", ")
                ))
            }
            Self::Perhaps(id, why) => Some(format!("{id} may be its counterpart: {why}")),
        }
    }
}

impl Loaded {
    /// Where one of two records that meet could show what the other does, it is read so.
    pub(in crate::engine) fn read_alike(&mut self) {
        for side in Side::BOTH {
            let (Some(seen), Some(other)) = (&self.seen[side], &self.seen[!side]) else {
                return;
            };
            if !seen.reading.alternatives.is_empty() {
                let mut alike = Observation::clone(seen);
                alike.reading.agree_with(&other.reading.record);
                alike.reading.alternatives.clear();
                self.seen[side] = Some(Arc::new(alike));
            }
        }
    }

    /// Whether nobody is there to be linked with, or only the one that it was linked with.
    pub(in crate::engine) fn is_alone(&self) -> bool {
        let was = |side: Side| self.tombstone.as_ref().map(|t| &t.link.sides[side].id);
        match &self.counterpart {
            Counterpart::Nobody => true,
            Counterpart::One(_) => Side::BOTH
                .into_iter()
                .all(|side| self.seen[side].as_ref().map(|seen| &seen.id) == was(side)),
            Counterpart::Several(..) | Counterpart::Perhaps(..) => false,
        }
    }

    /// The records of this entry.
    pub(in crate::engine) fn ids(&self) -> Both<Option<RecordId>> {
        match &self.link {
            Some(link) => link.ids(),
            None => self
                .seen
                .as_ref()
                .map(|seen| seen.as_ref().map(|seen| seen.id.clone())),
        }
    }
}

impl Pass<'_> {
    pub(in crate::engine) async fn load(
        &self,
        pairing: &Pairing,
        side: Side,
        id: &RecordId,
    ) -> Result<Loaded, StoreError> {
        let mut loaded = self.load_all(pairing, &[(side, id.clone())]).await?;
        Ok(loaded.pop().unwrap_or_default())
    }

    /// Several records, in the order asked, with a few calls for all of them.
    pub(in crate::engine) async fn load_all(
        &self,
        pairing: &Pairing,
        records: &[(Side, RecordId)],
    ) -> Result<Vec<Loaded>, StoreError> {
        let mut all: Vec<Loaded> = records.iter().map(|_| Loaded::default()).collect();
        let (here, kind) = (&self.shared.connection, &pairing.kind);
        for side in Side::BOTH {
            let (places, ids) = of_side(records, side, |_| true);
            if !ids.is_empty() {
                let links = self.store.links(here, kind, side, &ids).await?;
                for (at, link) in places.into_iter().zip(links) {
                    all[at].link = link;
                }
            }
        }
        let mut wanted = Both::<BTreeSet<RecordId>>::default();
        for ((side, id), loaded) in records.iter().zip(&all) {
            match &loaded.link {
                Some(link) => {
                    for side in Side::BOTH {
                        wanted[side].insert(link.sides[side].id.clone());
                    }
                }
                None => drop(wanted[*side].insert(id.clone())),
            }
        }
        let mut ahead = Ahead::default();
        self.ask_seen(&mut ahead, pairing, wanted).await?;
        let mut lone = Vec::new();
        for ((side, id), loaded) in records.iter().zip(&mut all) {
            if let Some(link) = &loaded.link {
                loaded.seen = Both::from_fn(|side| ahead.seen(side, &link.sides[side].id));
            } else {
                loaded.seen[*side] = ahead.seen(*side, id);
                lone.extend(loaded.seen[*side].clone());
            }
        }
        for side in Side::BOTH {
            let (places, ids) = of_side(records, side, |at| all[at].link.is_none());
            if !ids.is_empty() {
                let buried = self.store.tombstones(here, kind, side, &ids).await?;
                for (at, tombstone) in places.into_iter().zip(buried) {
                    all[at].tombstone = tombstone;
                }
            }
        }
        self.ask_sharing(&mut ahead, pairing, &lone).await?;
        self.ask_under_parents(&mut ahead, pairing, &lone).await?;
        for ((side, _), loaded) in records.iter().zip(&mut all) {
            if let (None, Some(own)) = (&loaded.link, loaded.seen[*side].clone()) {
                self.look_for_counterpart(&ahead, pairing, &own, loaded)
                    .await?;
            }
        }
        self.load_refused(pairing, records, &mut all).await?;
        Ok(all)
    }

    /// What was refused, and is not to be tried yet.
    async fn load_refused(
        &self,
        pairing: &Pairing,
        records: &[(Side, RecordId)],
        all: &mut [Loaded],
    ) -> Result<(), StoreError> {
        let (here, kind) = (&self.shared.connection, &pairing.kind);
        let subject = |((side, id), loaded): (&(Side, RecordId), &Loaded)| {
            About::loaded(loaded, kind, *side, id).subject().clone()
        };
        let subjects: Vec<Subject> = records.iter().zip(&*all).map(subject).collect();
        let now = self.now();
        let waits =
            |hold: &Hold| hold.retry_at.is_some_and(|at| at > now) && !self.may_be_moved_now(hold);
        let waits = |hold: &Hold| waits(hold) && !planted!("refused-is-sent-again");
        let mut holds = self.store.holds_of(here, kind, &subjects).await?;
        holds.retain(waits);
        if holds.is_empty() {
            return Ok(());
        }
        for (subject, loaded) in subjects.iter().zip(all) {
            let own = holds.iter().filter(|hold| hold.subject == *subject);
            loaded.refused = own.cloned().collect();
        }
        Ok(())
    }

    pub(in crate::engine) async fn seen(
        &self,
        pairing: &Pairing,
        side: Side,
        id: &RecordId,
    ) -> Result<Option<Arc<Observation>>, StoreError> {
        let here = &self.shared.connection;
        let ids = slice::from_ref(id);
        let mut seen = self
            .store
            .observations(here, &pairing.kind, side, ids)
            .await?;
        Ok(seen.pop().flatten())
    }

    /// Exactly one unlinked record on each side links; anything else does not.
    async fn look_for_counterpart(
        &self,
        ahead: &Ahead,
        pairing: &Pairing,
        own: &Observation,
        loaded: &mut Loaded,
    ) -> Result<(), StoreError> {
        for tier in [Tier::First, Tier::Second] {
            for key in own.keys.iter().filter(|key| key.tier == tier) {
                let mut others = self.candidates(ahead, pairing, own, key).await?;
                if others.is_empty() {
                    continue;
                }
                let rivals = self.rivals(ahead, pairing, own, key, &others[0]).await?;
                let pair = opposite(own, &others[0]);
                let known = self.records_agree(&pairing.kind, key, pair);
                if others.len() == 1
                    && let Err(why) = known
                {
                    loaded.counterpart = Counterpart::Perhaps(others[0].id.clone(), why);
                } else if others.len() == 1 && rivals.is_empty() || planted!("match-the-first") {
                    loaded.seen[!own.side] = others.pop();
                    loaded.read_alike();
                    loaded.counterpart = Counterpart::One(key.clone());
                } else {
                    let ids = others.iter().chain(&rivals).map(|o| o.id.clone());
                    loaded.counterpart = Counterpart::Several(key.clone(), ids.collect());
                }
                return Ok(());
            }
        }
        let found = match self.by_a_blocker(pairing, own).await? {
            Some(found) => Some(found),
            None => self.equal_of(ahead, pairing, own).await?,
        };
        if let Some((key, other)) = found {
            loaded.seen[!own.side] = Some(other);
            loaded.read_alike();
            loaded.counterpart = Counterpart::One(key);
        }
        Ok(())
    }

    /// Unlinked records of the other side that share a key and agree.
    async fn candidates(
        &self,
        ahead: &Ahead,
        pairing: &Pairing,
        own: &Observation,
        key: &MatchKey,
    ) -> Result<Vec<Arc<Observation>>, StoreError> {
        let mut agreeing = Vec::new();
        for other in self.sharing(ahead, pairing, !own.side, key).await? {
            if self.agree(&pairing.kind, key, own, &other)
                && !self.is_left_behind(pairing, &other).await?
                && !self
                    .is_better_matched(ahead, pairing, own, &other, key)
                    .await?
            {
                agreeing.push(other);
            }
        }
        Ok(agreeing)
    }

    /// Other records of the own side that share the key and would take the same candidate.
    async fn rivals(
        &self,
        ahead: &Ahead,
        pairing: &Pairing,
        own: &Observation,
        key: &MatchKey,
        candidate: &Observation,
    ) -> Result<Vec<Arc<Observation>>, StoreError> {
        let mut rivals = self.sharing(ahead, pairing, own.side, key).await?;
        rivals
            .retain(|rival| rival.id != own.id && self.agree(&pairing.kind, key, rival, candidate));
        Ok(rivals)
    }

    /// Whether nothing in two records of opposite sides speaks against a key that both have.
    pub(in crate::engine) fn agree(
        &self,
        kind: &Kind,
        key: &MatchKey,
        one: &Observation,
        other: &Observation,
    ) -> bool {
        // Where the matcher panics, nothing is known to speak against it.
        let agrees = self.records_agree(kind, key, opposite(one, other));
        agrees.unwrap_or(true)
    }

    /// A shared phone must not take a record whose e-mail belongs to somebody else on our side.
    async fn is_better_matched(
        &self,
        ahead: &Ahead,
        pairing: &Pairing,
        own: &Observation,
        other: &Observation,
        key: &MatchKey,
    ) -> Result<bool, StoreError> {
        for better in other.keys.iter().filter(|better| better.tier < key.tier) {
            let better = self.sharing(ahead, pairing, own.side, better).await?;
            if !better.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(in crate::engine) async fn plan(
        &self,
        pairing: &Pairing,
        loaded: &Loaded,
    ) -> Result<Planned, StoreError> {
        let plan = |planner: &Planner<'_>, entry: &Entry<'_>| caught(|| planner.plan(entry));
        let planned = self.planner(pairing, loaded, plan).await?;
        let mut planned = planned.unwrap_or_else(|why| unplanned(pairing, &why));
        self.hold_ping_pong(loaded.link.as_deref(), &mut planned);
        self.hold_moves(pairing, loaded, &mut planned).await?;
        Ok(planned)
    }

    /// What a field becomes by a person's verdict; `None` where that cannot be told.
    pub(in crate::engine) async fn verdict(
        &self,
        pairing: &Pairing,
        loaded: &Loaded,
        key: &FieldKey,
        verdict: &Verdict,
    ) -> Result<Option<Decided>, StoreError> {
        let by_hand =
            |planner: &Planner<'_>, entry: &Entry<'_>| planner.by_hand(entry, key, verdict);
        self.planner(pairing, loaded, by_hand).await
    }

    async fn planner<T>(
        &self,
        pairing: &Pairing,
        loaded: &Loaded,
        ask: impl FnOnce(&Planner<'_>, &Entry<'_>) -> T,
    ) -> Result<T, StoreError> {
        let references = self.references(pairing, loaded).await?;
        let translate = |side: Side, of: &Ref| {
            let found = references
                .iter()
                .find(|(s, from, _)| *s == side && from == of);
            found.map(|(_, _, to)| to.clone())
        };
        let gone = self.blanked_with_their_record(pairing, loaded).await?;
        let is_gone = |side: Side, of: &Ref| gone.iter().any(|(s, gone)| *s == side && gone == of);
        let planner = Planner {
            pairing,
            rule: &*self.shared.rule,
            differences: self.shared.first_sync.differences,
            translate: &translate,
            is_gone: &is_gone,
        };
        let link = loaded.link.as_deref();
        let entry = Entry {
            link,
            seen: loaded.seen.as_ref().map(|seen| seen.as_deref()),
            evidence: Both::from_fn(|side| self.evidence(side, link, loaded.seen[side].as_deref())),
            born: Both::from_fn(|side| self.born(side, loaded.seen[side].as_deref()?)),
            refused: &loaded.refused,
        };
        Ok(ask(&planner, &entry))
    }

    /// The references of an entry, with what they are on the other side.
    async fn references(
        &self,
        pairing: &Pairing,
        loaded: &Loaded,
    ) -> Result<Vec<(Side, Ref, Ref)>, StoreError> {
        let mut found = Vec::new();
        for side in Side::BOTH {
            let seen = loaded.seen[side].as_ref();
            for pair in &pairing.fields {
                let decided = loaded.link.as_ref();
                let decided = decided.and_then(|link| link.decided.get(&pair.key));
                let wanted = decided.and_then(|decided| decided.want[side].as_ref());
                let shown = seen.and_then(|seen| seen.reading.record.value(&pair.key));
                let refers = shown.into_iter().chain(wanted.filter(|_| shown != wanted));
                for value in refers {
                    let crate::value::Value::Ref(of) = value else {
                        continue;
                    };
                    let here = &self.shared.connection;
                    let links = self
                        .store
                        .links(here, &of.kind, side, slice::from_ref(&of.id))
                        .await?;
                    if let Some(Some(link)) = links.first() {
                        let to = Ref {
                            kind: of.kind.clone(),
                            id: link.sides[!side].id.clone(),
                        };
                        found.push((side, (**of).clone(), to));
                    }
                }
            }
        }
        Ok(found)
    }

    /// When a side changed: after its shadow's stamp and the last read that did not show it, before its own stamp.
    fn evidence(
        &self,
        side: Side,
        link: Option<&Link>,
        seen: Option<&Observation>,
    ) -> Option<Interval> {
        let seen = seen?;
        let skew = &self.skew[side];
        let latest = skew.interval(seen.stamp?.0)?.latest;
        let shadow = link.and_then(|link| link.sides[side].settled);
        let after_shadow = shadow.and_then(|stamp| Some(skew.interval(stamp.0)?.earliest));
        let known = after_shadow
            .into_iter()
            .chain(seen.not_before)
            .chain(self.born(side, seen));
        Some(Interval {
            earliest: known.max().unwrap_or(Timestamp::MIN),
            latest,
        })
    }

    /// Not after a record was created, by our clock.
    fn born(&self, side: Side, seen: &Observation) -> Option<Timestamp> {
        Some(self.skew[side].interval(seen.created?)?.earliest)
    }

    /// The calls of a write. Fields that the mapper cannot write are left out and held.
    pub(in crate::engine) fn draft(
        &self,
        pairing: &Pairing,
        side: Side,
        write: &mut Write,
        memo: &Memo,
        native: Option<&Row>,
    ) -> (Draft<Body>, Vec<FieldHold>) {
        let mut holds = Vec::new();
        let blank = Record::default();
        loop {
            let change = Change {
                create: write.create,
                native,
                // A copy shows nothing yet.
                shown: if write.create { &blank } else { &write.shown },
                wanted: &write.wanted,
                changed: &write.changed,
                memo,
                now: self.now(),
            };
            let drafted = caught(|| self.connector(side).draft(&pairing.kind, &change));
            let drafted = drafted.unwrap_or_else(|reason| Err(of_the_mapper(reason)));
            let drafted = drafted.and_then(|draft| match astray(write, &draft) {
                Some(unfit) => Err(unfit),
                None => Ok(draft),
            });
            match drafted {
                Ok(draft) => {
                    holds.extend(left_without_a_call(side, write, &draft));
                    return (draft, holds);
                }
                Err(unfit) if write.changed.contains(&unfit.field) => {
                    holds.push(write.hold(side, &unfit.field, HoldReason::Unfit, unfit.reason));
                    write.leave_out(&unfit.field);
                }
                // One cause is one hold: nothing of it is there yet that could be held apart.
                Err(unfit) if write.create => {
                    holds.push(write.hold(side, &unfit.field, HoldReason::Unfit, unfit.reason));
                    return (Draft::new(), holds);
                }
                Err(unfit) => {
                    let message = format!("`{}`: {}", unfit.field, unfit.reason);
                    let hold = |key| write.hold(side, key, HoldReason::Unfit, message.clone());
                    holds.extend(write.changed.iter().map(hold));
                    return (Draft::new(), holds);
                }
            }
        }
    }
}

/// The records of two observations of opposite sides.
pub(in crate::engine) fn opposite<'o>(
    one: &'o Observation,
    other: &'o Observation,
) -> Both<&'o Record> {
    let (one_record, other_record) = (&one.reading.record, &other.reading.record);
    match one.side {
        Side::Left => Both::new(one_record, other_record),
        Side::Right => Both::new(other_record, one_record),
    }
}

fn of_the_mapper(reason: String) -> Unfit {
    Unfit {
        field: FieldKey::new("mapper"),
        reason,
    }
}

/// A draft that would do other than was asked of it: nothing of it is sent.
fn astray(write: &Write, draft: &Draft<Body>) -> Option<Unfit> {
    let creates = |call: &&Call<Body>| call.kind == CallKind::Create;
    let mut later = draft.calls.iter().skip(usize::from(write.create));
    if let Some(call) = later.find(creates) {
        let why = format!("its draft makes another record, by `{}`", call.name);
        return Some(of_the_mapper(why));
    }
    if planted!("a-draft-is-sent-unread") {
        return None;
    }
    let covered = draft.covers();
    let mut covered = covered.iter();
    let unasked = covered.find(|key| !write.changed.contains(key))?;
    let why = format!("its draft writes `{unasked}`, which nobody asked for");
    Some(of_the_mapper(why))
}

fn left_without_a_call(side: Side, write: &mut Write, draft: &Draft<Body>) -> Vec<FieldHold> {
    let covered = draft.covers();
    let missed = write.changed.iter().filter(|key| !covered.contains(key));
    let missed: Vec<_> = missed.cloned().collect();
    let mut holds = Vec::new();
    for key in missed {
        let message = "the mapper has no call that writes it".to_owned();
        holds.push(write.hold(side, &key, HoldReason::Unfit, message));
        write.leave_out(&key);
    }
    holds
}

/// The places and the ids of those records of a side that are asked about.
fn of_side(
    records: &[(Side, RecordId)],
    side: Side,
    asked: impl Fn(usize) -> bool,
) -> (Vec<usize>, Vec<RecordId>) {
    let of_side = records.iter().enumerate();
    of_side
        .filter(|(at, (of, _))| *of == side && asked(*at))
        .map(|(at, (_, id))| (at, id.clone()))
        .unzip()
}
