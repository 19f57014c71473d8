//! Judging rows: those that differ from their shadows enter the dirty set.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;

use crate::{
    connector::Row,
    engine::{
        caught::unreadable,
        pass::Pass,
        reading::walked::Walked,
        staging::reference::{parent_at, stands_under},
    },
    id::{RecordId, Ref, Stamp},
    imprint::Imprint,
    link::Link,
    matching::MatchKey,
    pairing::Pairing,
    reading::{Memo, Reading},
    side::Side,
    store::{Marker, Observation, Op, StoreError},
};

/// Stamps may be cut to the second.
const STAMP_GRAIN: Duration = Duration::from_secs(1);

/// Rows of one answer, and how they were asked for.
pub(in crate::engine) struct Sight<'p> {
    pub(in crate::engine) pairing: &'p Pairing,
    pub(in crate::engine) side: Side,
    /// What marks the rows that show something new.
    pub(in crate::engine) by: Marker,
    pub(in crate::engine) rows: Vec<Row>,
    pub(in crate::engine) asked: Timestamp,
    /// Rows that show something new had not changed by then.
    pub(in crate::engine) not_before: Option<Timestamp>,
}

impl Sight<'_> {
    /// Whether a row shows a record that was missing, or that could not be seen. Rows that are
    /// read again and again tell nothing of the latter: some show what a read by id does not.
    fn shows_again(&self, link: &Link, row: &Row) -> bool {
        let of = &link.sides[self.side];
        let tells = self.by == Marker::Walk || row.stamp > of.stamp;
        let shown = of.hidden && tells && !planted!("shown-again-is-still-hidden");
        of.absent.is_some() || shown
    }
}

/// What a row means, next to what is known.
enum Row_ {
    /// Nothing new.
    Known,
    /// What is kept is still so.
    Still(Box<Observation>),
    /// It may be older than what we know: the record is read by id.
    Doubtful(Box<Observation>),
    /// It shows something new.
    New(Box<Observation>),
}

impl Pass<'_> {
    /// What rows show that is not known. A walk notes which records it met.
    pub(in crate::engine) async fn sift(
        &mut self,
        sight: &Sight<'_>,
        mut walked: Option<&mut Walked>,
    ) -> Result<Vec<Op>, StoreError> {
        let here = &self.shared.connection;
        let (pairing, side, rows) = (sight.pairing, sight.side, &sight.rows);
        let kind = &pairing.kind;
        let ids: Vec<RecordId> = rows.iter().map(|row| row.id.clone()).collect();
        let known = self.store.observations(here, kind, side, &ids).await?;
        let imprints = self.imprints(sight);
        let kept = self.store.imprints(here, kind, side, &ids).await?;
        let met_before = |at: usize| match (imprints[at], kept[at]) {
            (Some(imprint), Some(kept)) => imprint == kept || planted!("every-imprint-fits"),
            _ => false,
        };
        let quiet = (0..rows.len()).map(|at| known[at].is_none() && met_before(at));
        let quiet: Vec<bool> = quiet.collect();
        let links = self.links_but(&quiet, pairing, side, &ids).await?;
        let unknown = (0..rows.len())
            .filter(|at| !quiet[*at] && links[*at].is_none() && known[*at].is_none())
            .map(|at| ids[at].clone())
            .collect();
        let erased = self.erased(pairing, side, unknown).await?;
        let mut met = HashSet::with_capacity(rows.len());
        let mut unlinked = HashSet::new();
        let mut dropped = Vec::new();
        let mut ops = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let (link, known) = (links[at].as_deref(), known[at].as_deref());
            if erased.contains(&row.id) {
                continue;
            }
            if let Some(blocker) = self.blocker(kind) {
                let new = self.observe(&blocker.pairing, side, row, None, sight.asked);
                ops.extend(self.sift_blocker(blocker, new, known).await?);
                continue;
            }
            // It may be linked before the walk ends.
            if let Some(walked) = &mut walked
                && (!planted!("only-the-linked-are-met") || quiet[at] || link.is_some())
            {
                walked.met(&row.id);
            }
            // A page that shows a record twice, or one that was away, does not say what it shows now.
            if !met.insert(&row.id) || link.is_some_and(|link| sight.shows_again(link, row)) {
                ops.push(self.mark(kind, side, &row.id, Marker::Doubt));
                continue;
            }
            if !quiet[at] {
                if link.is_none() {
                    unlinked.insert(&row.id);
                }
                let told = ops.len();
                self.sift_row(sight, row, link, known, imprints[at], &mut ops);
                let known = known.filter(|_| link.is_none());
                dropped.extend(
                    known
                        .into_iter()
                        .flat_map(|known| no_more(known, &ops[told..])),
                );
            }
        }
        self.drop_under_the_forgotten(pairing, side, &unlinked, &mut ops)
            .await?;
        if !planted!("a-double-waits-for-the-walk") {
            ops.extend(self.held_under(kind, &dropped, None).await?);
        }
        Ok(ops)
    }

    /// Nothing is kept of what shows itself under a record that was forgotten, and has no
    /// counterpart. Whether there was any.
    pub(in crate::engine) async fn drop_under_the_forgotten(
        &self,
        pairing: &Pairing,
        side: Side,
        unlinked: &HashSet<&RecordId>,
        ops: &mut Vec<Op>,
    ) -> Result<bool, StoreError> {
        let parent = |op: &Op| match op {
            Op::Observe(new) if unlinked.contains(&new.id) => {
                let parent = parent_at(pairing, side, &new.reading.record)?;
                Some((parent.clone(), new.id.clone()))
            }
            _ => None,
        };
        let mut under = BTreeMap::<Ref, BTreeSet<RecordId>>::new();
        for (parent, id) in ops.iter().filter_map(parent) {
            under.entry(parent).or_default().insert(id);
        }
        let mut forgotten = false;
        for (parent, ids) in under {
            let Some(parents) = self.pairing(&parent.kind) else {
                continue;
            };
            if !self.is_erased(parents, side, &parent.id).await? {
                continue;
            }
            ops.retain(|op| match op {
                Op::Observe(new) => !ids.contains(&new.id),
                Op::Mark(dirty) => dirty.kind != pairing.kind || !ids.contains(&dirty.id),
                _ => true,
            });
            forgotten = true;
            let forget = |id| Op::Forget(pairing.kind.clone(), side, id);
            ops.extend(ids.into_iter().map(forget));
        }
        Ok(forgotten)
    }

    fn imprints(&self, sight: &Sight<'_>) -> Vec<Option<u64>> {
        let (kind, mapping) = (&sight.pairing.kind, sight.pairing.mapping());
        let mut imprint = Imprint::default();
        let of = |row| self.imprint(kind, sight.side, mapping, row, &mut imprint);
        sight.rows.iter().map(of).collect()
    }

    /// The links of records, but for those of which nothing more is asked.
    async fn links_but(
        &self,
        quiet: &[bool],
        pairing: &Pairing,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<Option<Arc<Link>>>, StoreError> {
        let asked = ids.iter().zip(quiet).filter(|(_, quiet)| !**quiet);
        let asked: Vec<RecordId> = asked.map(|(id, _)| id.clone()).collect();
        if asked.is_empty() {
            return Ok(vec![None; ids.len()]);
        }
        let here = &self.shared.connection;
        let links = self.store.links(here, &pairing.kind, side, &asked).await?;
        let mut links = links.into_iter();
        let link = |quiet: &bool| if *quiet { None } else { links.next().flatten() };
        Ok(quiet.iter().map(link).collect())
    }

    fn sift_row(
        &mut self,
        sight: &Sight<'_>,
        row: &Row,
        link: Option<&Link>,
        known: Option<&Observation>,
        imprint: Option<u64>,
        ops: &mut Vec<Op>,
    ) {
        let (pairing, side) = (sight.pairing, sight.side);
        let kind = &pairing.kind;
        let reading = self.read_linked(pairing, side, row, link);
        if let (Some(link), None) = (link, known)
            && is_known(pairing, side, row, link, &reading)
        {
            // A record that is hidden, or was away, is looked at by what its row says of that.
            let is_here = !link.sides[side].hidden && link.sides[side].absent.is_none();
            let imprint = imprint.filter(|_| is_here || planted!("who-is-away-leaves-an-imprint"));
            ops.extend(imprint.map(|of| Op::Imprint(kind.clone(), side, row.id.clone(), of)));
            return;
        }
        let mut new = self.observed(pairing, side, row, link, sight.asked, reading);
        new.not_before = known.map_or(sight.not_before, |known| known.not_before);
        new.aside = self.still_aside(pairing, known, &new.reading);
        let moved = self.mark_if_moved(link, known, &new, ops);
        let memo = link.and_then(|link| self.remembers(pairing, link, &new));
        let judged = self.judge_row(pairing, new, link, known);
        if !moved && link.is_some() && matches!(judged, Row_::New(_)) {
            self.mark_visits(kind, side, &row.id, ops);
        }
        let equals = moved && matches!(judged, Row_::Known) && self.has_children(kind, side);
        let mut told = link.and_then(|link| link.told(side, row, equals));
        if let (Some(link), Some(memo)) = (link, memo) {
            told.get_or_insert_with(|| link.clone()).sides[side].memo = memo;
        }
        ops.extend(told.map(|link| Op::Link(Box::new(link))));
        match judged {
            Row_::Known => {}
            Row_::Still(mut observation) => {
                if let Some(known) = known.filter(|known| known.stamp < observation.stamp) {
                    observation.keys.clone_from(&known.keys);
                    ops.push(Op::Observe(*observation));
                }
                // What is held, or has no counterpart, is looked at anew now and then.
                if sight.by == Marker::Walk {
                    ops.push(self.mark(kind, side, &row.id, sight.by));
                }
            }
            Row_::Doubtful(observation) => {
                if known.is_none() {
                    ops.push(Op::Observe(*observation));
                }
                ops.push(self.mark(kind, side, &row.id, Marker::Doubt));
            }
            Row_::New(observation) => {
                ops.push(Op::Observe(*observation));
                ops.push(self.mark(kind, side, &row.id, sight.by));
            }
        }
    }

    /// Reads a row by its mapper.
    pub(in crate::engine) fn observe(
        &self,
        pairing: &Pairing,
        side: Side,
        row: &Row,
        link: Option<&Link>,
        started: Timestamp,
    ) -> Observation {
        let reading = self.read_linked(pairing, side, row, link);
        self.observed(pairing, side, row, link, started, reading)
    }

    fn read_linked(
        &self,
        pairing: &Pairing,
        side: Side,
        row: &Row,
        link: Option<&Link>,
    ) -> Reading {
        let blank = Memo::default();
        let memo = link.map_or(&blank, |link| &link.sides[side].memo);
        let mut reading = self.read_row(pairing, side, row, memo);
        if let Some(link) = link.filter(|_| !planted!("a-moved-value-is-gone")) {
            reading.agree_with(&link.sides[side].shadow);
        }
        reading
    }

    fn observed(
        &self,
        pairing: &Pairing,
        side: Side,
        row: &Row,
        link: Option<&Link>,
        started: Timestamp,
        reading: Reading,
    ) -> Observation {
        let keys = match link {
            Some(_) => Ok(Vec::new()),
            None => self.keys(&pairing.kind, &reading.record),
        };
        let blocker = self.blocker(&pairing.kind);
        let heir = blocker.and_then(|blocker| blocker.heir_key(&reading.record));
        let parent = parent_at(pairing, side, &reading.record).filter(|_| link.is_none());
        let parent = parent.map(|parent| stands_under(side, parent));
        // Without its keys it would be created though it is there: it is held.
        let (keys, reading) = match keys {
            Ok(keys) => (
                keys.into_iter().chain(heir).chain(parent).collect(),
                reading,
            ),
            Err(why) => (Vec::new(), unreadable(pairing, &why)),
        };
        Observation {
            kind: pairing.kind.clone(),
            side,
            id: row.id.clone(),
            locator: row.locator.clone(),
            stamp: row.stamp,
            created: row.created,
            started,
            not_before: None,
            by_id: false,
            reading,
            keys,
            aside: None,
        }
    }

    /// What a mapper wants remembered of a row, though no synced field may have changed.
    fn remembers(&self, pairing: &Pairing, link: &Link, new: &Observation) -> Option<Memo> {
        let memo = new.reading.memo.as_ref()?;
        let of = &link.sides[new.side];
        let lag = self.index_lag(pairing, new.side);
        let may_be_old = |at: Timestamp| new.started < at + lag + STAMP_GRAIN;
        let is_old = new.stamp < of.stamp || of.written_at.is_some_and(may_be_old);
        (*memo != of.memo && !is_old).then(|| memo.clone())
    }

    /// A stamp orders what a record showed; where two of its readings have one stamp, or
    /// none, the index may be behind, and only a read by id can tell.
    fn judge_row(
        &self,
        pairing: &Pairing,
        new: Observation,
        link: Option<&Link>,
        known: Option<&Observation>,
    ) -> Row_ {
        let stampless = new.stamp.is_none();
        let is_older =
            |than: Option<Stamp>| !stampless && new.stamp < than && !planted!("ignore-stamps");
        // A row without a stamp, of a record that has one, tells no order.
        let lost_its_stamp = |had: Option<Stamp>| stampless && had.is_some();
        if let Some(known) = known {
            if is_older(known.stamp) {
                return Row_::Known;
            }
            if known.reading == new.reading {
                return Row_::Still(Box::new(new));
            }
            let same_stamp = known.stamp == new.stamp && !stampless;
            if same_stamp || lost_its_stamp(known.stamp) {
                return Row_::Doubtful(Box::new(new));
            }
        }
        let Some(link) = link else {
            return Row_::New(Box::new(new));
        };
        let of = &link.sides[new.side];
        let began_before = |then: Timestamp| new.started < then;
        if is_older(of.stamp) || stampless && of.written_at.is_some_and(began_before) {
            return Row_::Known;
        }
        if known.is_none() && pairing.unchanged(link, new.side, &new.reading) {
            return Row_::Known;
        }
        let lag = self.index_lag(pairing, new.side);
        let may_lag = of
            .written_at
            .is_some_and(|at| began_before(at + lag + STAMP_GRAIN));
        let same_stamp = new.stamp == of.stamp && !stampless || lost_its_stamp(of.stamp);
        // For as long as the index may lag, a row can show what was there before our last write,
        // or between two of them, under a stamp that looks new: replies do not always tell theirs.
        if may_lag || same_stamp && pairing.contradicts(link, new.side, &new.reading) {
            return Row_::Doubtful(Box::new(new));
        }
        Row_::New(Box::new(new))
    }
}

/// How many rows showed something that is kept: each has an operation of its own among others.
pub(in crate::engine) fn news(ops: &[Op]) -> usize {
    ops.iter().filter(|op| matches!(op, Op::Observe(_))).count()
}

/// Whether the row of a linked record tells nothing at all.
fn is_known(pairing: &Pairing, side: Side, row: &Row, link: &Link, reading: &Reading) -> bool {
    let of = &link.sides[side];
    row.stamp <= of.stamp
        && (row.locator.is_none() || row.locator == of.locator)
        && reading.memo.as_ref().is_none_or(|memo| *memo == of.memo)
        && pairing.unchanged(link, side, reading)
}

impl Link {
    /// The link as it becomes by what a row tells beside its fields, if that is news: where the
    /// record is, and that it still equals its shadow under a newer stamp.
    pub(in crate::engine) fn told(&self, side: Side, row: &Row, equals: bool) -> Option<Self> {
        let moved = row.locator.is_some() && row.locator != self.sides[side].locator;
        if !moved && !equals {
            return None;
        }
        let mut link = self.clone();
        let of = &mut link.sides[side];
        if moved {
            of.locator.clone_from(&row.locator);
        }
        if equals {
            of.stamp = of.stamp.max(row.stamp);
            of.settled = of.stamp;
        }
        Some(link)
    }
}

/// The keys that a record shows no more.
fn no_more(known: &Observation, ops: &[Op]) -> Vec<MatchKey> {
    let new = ops.iter().find_map(|op| match op {
        Op::Observe(new) if new.id == known.id => Some(new),
        _ => None,
    });
    let keys = new.map(|new| known.keys.iter().filter(|key| !new.keys.contains(key)));
    keys.into_iter().flatten().cloned().collect()
}
