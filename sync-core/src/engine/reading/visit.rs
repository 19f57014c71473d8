//! Kinds that are read under each parent: which parents are visited, and what is found there.

use std::collections::{BinaryHeap, HashSet};

use jiff::Timestamp;

use crate::{
    connector::{ConnectorError, Cursor, Feed, Lane, Page, Reason},
    engine::{
        EngineError,
        allowance::signed,
        pass::Pass,
        reading::{
            read::lane_key,
            sift::{Sight, news},
        },
        report::{LaneFault, LaneStop},
    },
    id::{Kind, LinkId, Locator, RecordId, Ref},
    link::Link,
    observer::Event,
    pairing::Pairing,
    side::Side,
    store::{Dirty, LaneState, Marker, Observation, Op, StoreError},
};

/// Dirty records, or links, in one page.
const PAGE: usize = 200;

/// As many records share the beginning of an id.
const FEW: usize = 10;

/// Visits between two commits of the sweep's place.
const STRIDE: usize = 20;

/// Parents to be visited are dirty records of a kind of their own: each once, also after a restart.
pub(in crate::engine) fn visits_of(kind: &Kind) -> Kind {
    Kind::new(format!("{kind}@parent"))
}

impl<'a> Pass<'a> {
    /// The kind under which a side reads another.
    pub(in crate::engine) fn parents_of(
        &self,
        pairing: &Pairing,
        side: Side,
    ) -> Option<&'a Pairing> {
        match &self.connector(side).capabilities(&pairing.kind)?.feed {
            Feed::ByParent { parent } => self.pairing(parent),
            Feed::Changes | Feed::List => None,
        }
    }

    /// The kinds that a side reads under records of this kind.
    fn children_of(&self, kind: &Kind, side: Side) -> impl Iterator<Item = &'a Pairing> {
        let pairings: &'a [Pairing] = &self.shared.pairings;
        let under = move |child: &&Pairing| {
            let parent = self.parents_of(child, side);
            parent.is_some_and(|parent| parent.kind == *kind)
        };
        pairings.iter().filter(under)
    }

    pub(in crate::engine) fn has_children(&self, kind: &Kind, side: Side) -> bool {
        self.children_of(kind, side).next().is_some()
    }

    /// What stands under a record is to be read soon.
    pub(in crate::engine) fn mark_visits(
        &mut self,
        kind: &Kind,
        side: Side,
        parent: &RecordId,
        ops: &mut Vec<Op>,
    ) {
        let children: Vec<Kind> = self
            .children_of(kind, side)
            .map(|child| visits_of(&child.kind))
            .collect();
        for visits in children {
            ops.push(self.mark(&visits, side, parent, Marker::Feed));
        }
    }

    /// Whether what stands under a record is still to be read.
    pub(in crate::engine) async fn visit_is_due(
        &self,
        child: &Pairing,
        side: Side,
        parent: &RecordId,
    ) -> Result<bool, StoreError> {
        let (here, kind) = (&self.shared.connection, visits_of(&child.kind));
        // Marks are read in the order of their ids: from just before its own.
        let mut letters = parent.as_str().chars();
        letters.next_back();
        let mut after = (side, RecordId::new(letters.as_str()));
        loop {
            let page = self.store.dirty(here, &kind, Some(&after), FEW).await?;
            if page.iter().any(|it| it.side == side && it.id == *parent) {
                return Ok(true);
            }
            match page.last() {
                Some(last) if (last.side, &last.id) < (side, parent) => {
                    after = (last.side, last.id.clone());
                }
                _ => return Ok(false),
            }
        }
    }

    /// What stands under a linked record that shows a newer stamp is read soon, whatever else it
    /// shows: a note moves its contact.
    pub(in crate::engine) fn mark_if_moved(
        &mut self,
        link: Option<&Link>,
        known: Option<&Observation>,
        new: &Observation,
        ops: &mut Vec<Op>,
    ) -> bool {
        let newest = known.and_then(|known| known.stamp);
        let moved = link.is_some_and(|link| new.stamp > newest.max(link.sides[new.side].stamp));
        if moved {
            self.mark_visits(&new.kind, new.side, &new.id, ops);
        }
        moved
    }

    /// Visits the parents that are marked, oldest first, and then goes on with the sweep.
    pub(in crate::engine) async fn visit_parents(
        &mut self,
        pairing: &Pairing,
        side: Side,
        parent: &Pairing,
    ) -> Result<(), EngineError> {
        let budget = self.shared.visits;
        let round = self.round(pairing, side, parent).await?;
        // The sweep keeps a share, or a busy day would stop it.
        let kept = self.sweep_due(&round).min(budget.div_ceil(5));
        let marked = self.marked_visits(pairing, side, budget - kept).await?;
        for dirty in &marked {
            if self.is_stopped(side) || self.memory.is_stopping() {
                return Ok(());
            }
            let id = dirty.id.clone();
            self.visit(pairing, side, parent, &id, Some(dirty)).await?;
        }
        let due = self.sweep_due(&round);
        let left = due.min(budget - marked.len());
        let goes_on = self.sweep(pairing, side, parent, round, left).await?;
        // Who runs once a day has no later cycle that catches up.
        self.report.visits_due |= goes_on && due > left;
        Ok(())
    }

    async fn marked_visits(
        &mut self,
        pairing: &Pairing,
        side: Side,
        budget: usize,
    ) -> Result<Vec<Dirty>, StoreError> {
        let kind = visits_of(&pairing.kind);
        let mut oldest = BinaryHeap::new();
        let mut after = None;
        let mut cut = false;
        loop {
            let here = &self.shared.connection;
            let page = self.store.dirty(here, &kind, after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some((last.side, last.id.clone()));
            for dirty in page.into_iter().filter(|dirty| dirty.side == side) {
                oldest.push(Oldest(dirty));
                if oldest.len() > budget {
                    oldest.pop();
                    cut = true;
                }
            }
        }
        self.report.visits_due |= cut;
        let oldest = oldest.into_sorted_vec();
        Ok(oldest.into_iter().map(|Oldest(dirty)| dirty).collect())
    }

    /// Reads all that stands under a parent. A linked child that is not there any more is to be
    /// read by id: it may have moved.
    async fn visit(
        &mut self,
        pairing: &Pairing,
        side: Side,
        parent: &Pairing,
        id: &RecordId,
        marked: Option<&Dirty>,
    ) -> Result<(), EngineError> {
        let here = &self.shared.connection;
        let asked = self.now();
        let of = Ref {
            kind: parent.kind.clone(),
            id: id.clone(),
        };
        let page = match self.connector(side).children(&pairing.kind, &of).await {
            Ok(page) => page,
            Err(error) => {
                self.report.requests[side] += 1;
                return self
                    .visit_failed(pairing, side, &of, marked.cloned(), error)
                    .await;
            }
        };
        self.called(side, asked, page.server_time);
        self.succeeded(side);
        let locator = Locator::new(id.as_str());
        let whole = !page.more;
        let by = match marked {
            Some(_) => Marker::Feed,
            None => Marker::Walk,
        };
        let sight = under(pairing, side, by, page, &locator, asked);
        let mut ops = self.sift(&sight, None).await?;
        if whole {
            let shown: HashSet<_> = sight.rows.iter().map(|row| &row.id).collect();
            let links = self
                .store
                .links_under(here, &pairing.kind, side, &locator)
                .await?;
            for link in links {
                let id = &link.sides[side].id;
                if !shown.contains(id) && !self.was_there(pairing, side, &link, asked) {
                    ops.push(self.mark(&pairing.kind, side, id, Marker::Doubt));
                }
            }
        }
        let (rows, new) = (sight.rows.len(), news(&ops));
        ops.extend(marked.cloned().map(Op::Clear));
        self.commit(ops).await?;
        let visit = (pairing.kind.clone(), side, id.clone());
        self.visited.insert(visit, asked);
        self.report.rows[side] += rows as u64;
        self.notice(&Event::Page {
            side,
            kind: &pairing.kind,
            lane: Lane::Walk,
            rows,
            new,
        });
        Ok(())
    }

    /// A parent that is not there is looked at itself; any other that cannot be read goes to the
    /// end of the queue, and the next one is visited.
    async fn visit_failed(
        &mut self,
        pairing: &Pairing,
        side: Side,
        parent: &Ref,
        marked: Option<Dirty>,
        error: ConnectorError,
    ) -> Result<(), EngineError> {
        let mut ops: Vec<Op> = marked.into_iter().map(Op::Clear).collect();
        match error.reason {
            Reason::NotFound | Reason::Forbidden => {
                ops.push(self.mark(&parent.kind, side, &parent.id, Marker::Doubt));
            }
            _ if error.stops_the_side() => {
                self.failed(side, error);
                return Ok(());
            }
            _ => {
                let stop = LaneStop {
                    side,
                    kind: pairing.kind.clone(),
                    lane: Lane::Walk,
                    why: LaneFault::Failed(error),
                };
                self.notice(&Event::LaneStopped(&stop));
                self.report.lanes.push(stop);
                ops.push(self.mark(&visits_of(&pairing.kind), side, &parent.id, Marker::Feed));
            }
        }
        self.commit(ops).await?;
        Ok(())
    }

    /// Goes over linked parents, as many as are left to this cycle. True when it can go on at once.
    async fn sweep(
        &mut self,
        pairing: &Pairing,
        side: Side,
        parent: &Pairing,
        mut round: LaneState,
        mut left: usize,
    ) -> Result<bool, EngineError> {
        while left > 0 && !self.is_stopped(side) && !self.memory.is_stopping() {
            let here = &self.shared.connection;
            let after = round.cursor.as_ref().map(|at| LinkId::new(at.0.as_str()));
            let page = self
                .store
                .link_page(here, &parent.kind, after.as_ref(), left.min(STRIDE))
                .await?;
            let over = page.is_empty();
            for link in &page {
                left -= 1;
                round.pages += 1;
                round.cursor = Some(Cursor(link.id.to_string()));
                let id = &link.sides[side].id;
                let visit = (pairing.kind.clone(), side, id.clone());
                let known = link.sides[side].absent.is_some() || self.visited.contains_key(&visit);
                if !known {
                    self.visit(pairing, side, parent, id, None).await?;
                }
                if self.is_stopped(side) {
                    return Ok(false);
                }
            }
            if over {
                self.doubt_the_held(pairing, side, None).await?;
                round.ended = round.started.take();
                round.cursor = None;
                // Not when it is taken up: who runs once a day would begin one and visit nobody.
                if !planted!("a-round-begins-when-it-is-taken-up") {
                    round = self.begun(round, parent).await?;
                }
            }
            let key = lane_key(pairing, side, Lane::Walk);
            self.commit(vec![Op::Lane(key, round.clone())]).await?;
            if over {
                return Ok(false);
            }
        }
        Ok(!self.is_stopped(side))
    }

    /// The round under way, or a new one. A link that is made later has its visit marked, so a
    /// round over no links is over.
    async fn round(
        &mut self,
        pairing: &Pairing,
        side: Side,
        parent: &Pairing,
    ) -> Result<LaneState, StoreError> {
        let mut round = self.lane_state(pairing, side, Lane::Walk).await?;
        let mapping = self.mapping(pairing);
        if round.mapping != mapping {
            round = LaneState {
                mapping,
                ..LaneState::default()
            };
        }
        if round.started.is_some() {
            return Ok(round);
        }
        round = self.begun(round, parent).await?;
        if round.took == 0 {
            round.ended = round.started;
        }
        let key = lane_key(pairing, side, Lane::Walk);
        self.commit(vec![Op::Lane(key, round.clone())]).await?;
        Ok(round)
    }

    async fn begun(&self, last: LaneState, parent: &Pairing) -> Result<LaneState, StoreError> {
        Ok(LaneState {
            started: Some(self.now()),
            pages: 0,
            took: self.count_links(&parent.kind).await?,
            ..last
        })
    }

    async fn count_links(&self, kind: &Kind) -> Result<u64, StoreError> {
        let mut count = 0;
        let mut after = None;
        loop {
            let here = &self.shared.connection;
            let page = self
                .store
                .link_page(here, kind, after.as_ref(), PAGE)
                .await?;
            let Some(last) = page.last() else {
                return Ok(count);
            };
            after = Some(last.id.clone());
            count += page.len() as u64;
        }
    }

    /// How many parents the round is behind its pace; the first one has none.
    fn sweep_due(&self, round: &LaneState) -> usize {
        let (Some(started), Some(_)) = (round.started, round.ended) else {
            return usize::MAX;
        };
        let elapsed = self.now().duration_since(started);
        let part = elapsed.as_secs_f64() / signed(self.shared.sweep_every).as_secs_f64().max(1.0);
        if part >= 1.0 {
            return usize::MAX;
        }
        let due = share(round.took, part).saturating_sub(round.pages);
        usize::try_from(due).unwrap_or(usize::MAX)
    }
}

/// A part of a number, rounded down: whoever is visited a moment after a round began would be passed
/// over by the rest of it. In hundred-thousandths, which is fine enough for a pace.
fn share(of: u64, part: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 100,000"
    )]
    let part = (part.clamp(0.0, 1.0) * 100_000.0) as u64;
    of * part / 100_000
}

/// The rows of a page, each with its parent.
fn under<'p>(
    pairing: &'p Pairing,
    side: Side,
    by: Marker,
    page: Page,
    locator: &Locator,
    asked: Timestamp,
) -> Sight<'p> {
    let mut rows = page.rows;
    for row in &mut rows {
        row.locator.get_or_insert_with(|| locator.clone());
    }
    Sight {
        pairing,
        side,
        by,
        rows,
        asked,
        not_before: None,
    }
}

/// Ordered by age, so that the youngest goes first from a heap.
struct Oldest(Dirty);

impl Oldest {
    fn age(&self) -> (Timestamp, u64) {
        (self.0.first, self.0.mark)
    }
}

impl PartialEq for Oldest {
    fn eq(&self, other: &Self) -> bool {
        self.age() == other.age()
    }
}

impl Eq for Oldest {}

impl PartialOrd for Oldest {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Oldest {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.age().cmp(&other.age())
    }
}
