//! Reading what changed: the lanes of a kind, each with its cursor.

use jiff::Timestamp;

use crate::{
    connector::{Cursor, Feed, Lane, Page},
    engine::{
        EngineError,
        pass::Pass,
        reading::{
            sift::{Sight, news},
            walked::Walked,
        },
        report::{LaneFault, LaneStop},
    },
    id::RecordId,
    observer::Event,
    pairing::Pairing,
    side::Side,
    store::{LaneKey, LaneState, Marker, Op, StoreError},
};

/// Pages of a settled lane in one cycle.
const SETTLED_PAGES: u64 = 20;

/// Pages of any other lane in one cycle.
const PAGES: u64 = 1_000;

/// A read that takes more pages than this, and ten times what the last one took, has no end.
const ENDLESS: u64 = 10_000;

/// One read of a lane, as far as it has come in this cycle.
struct Reading {
    lane: Lane,
    state: LaneState,
    walked: Option<Walked>,
    /// The ids of the last page.
    last: Vec<RecordId>,
    pages: u64,
}

impl Pass<'_> {
    /// Reads one kind of one side: the lanes that are due, or what stands under parents.
    pub(in crate::engine) async fn read(
        &mut self,
        pairing: &Pairing,
        side: Side,
    ) -> Result<(), EngineError> {
        if let Some(parent) = self.parents_of(pairing, side) {
            return self.visit_parents(pairing, side, parent).await;
        }
        for lane in [Lane::Fast, Lane::Settled, Lane::Walk] {
            if self.is_due(pairing, side, lane).await? {
                self.read_lane(pairing, side, lane).await?;
            }
        }
        Ok(())
    }

    /// A list has no lane but the walk, which every cycle reads.
    fn is_list(&self, pairing: &Pairing, side: Side) -> bool {
        let capabilities = self.connector(side).capabilities(&pairing.kind);
        capabilities.is_some_and(|capabilities| capabilities.feed == Feed::List)
    }

    /// When the last complete read of a side's feed began.
    pub(in crate::engine) async fn feed_was_read(
        &self,
        pairing: &Pairing,
        side: Side,
    ) -> Result<Option<Timestamp>, StoreError> {
        if self.parents_of(pairing, side).is_some() {
            return Ok(None);
        }
        let lane = if self.is_list(pairing, side) {
            Lane::Walk
        } else {
            Lane::Fast
        };
        Ok(self.lane_state(pairing, side, lane).await?.ended)
    }

    pub(in crate::engine) async fn lane_state(
        &self,
        pairing: &Pairing,
        side: Side,
        lane: Lane,
    ) -> Result<LaneState, StoreError> {
        let key = lane_key(pairing, side, lane);
        let state = self.store.lane(&self.shared.connection, &key).await?;
        Ok(state.unwrap_or_default())
    }

    async fn is_due(&self, pairing: &Pairing, side: Side, lane: Lane) -> Result<bool, StoreError> {
        let every = match (lane, self.is_list(pairing, side)) {
            (Lane::Fast, false) | (Lane::Walk, true) => return Ok(true),
            (Lane::Fast | Lane::Settled, true) => return Ok(false),
            (Lane::Settled, false) => self.shared.settled_every,
            (Lane::Walk, false) => self.shared.walk_every,
        };
        if lane == Lane::Settled && planted!("no-settled-lane") {
            return Ok(false);
        }
        let state = self.lane_state(pairing, side, lane).await?;
        // A clock that was put back does not keep it waiting.
        let again = |ended: Timestamp| ended + every <= self.now() || ended > self.now();
        let remapped = lane == Lane::Walk && state.mapping != self.mapping(pairing);
        Ok(remapped || state.started.is_some() || state.ended.is_none_or(again))
    }

    pub(in crate::engine) async fn read_lane(
        &mut self,
        pairing: &Pairing,
        side: Side,
        lane: Lane,
    ) -> Result<(), EngineError> {
        let mut state = self.lane_state(pairing, side, lane).await?;
        if lane == Lane::Walk && state.mapping != self.mapping(pairing) {
            state.cursor = None;
            state.started = None;
            self.forgive(&pairing.kind).await?;
        }
        let walked = (lane == Lane::Walk).then(|| self.memory.walk(&pairing.kind, side, &state));
        let mut reading = Reading {
            lane,
            walked: walked.flatten(),
            state,
            last: Vec::new(),
            pages: 0,
        };
        while !self.is_stopped(side) && !self.memory.is_stopping() {
            if !self.read_page(pairing, side, &mut reading).await? {
                break;
            }
        }
        if let (Some(walked), Some(started)) = (reading.walked, reading.state.started) {
            self.memory.keep(&pairing.kind, side, walked, started);
        }
        Ok(())
    }

    /// Whether there is more to read now.
    async fn read_page(
        &mut self,
        pairing: &Pairing,
        side: Side,
        reading: &mut Reading,
    ) -> Result<bool, EngineError> {
        let asked = self.now();
        let from = reading.state.cursor.clone();
        let read = self
            .connector(side)
            .changes(&pairing.kind, reading.lane, from.as_ref())
            .await;
        let page = match read {
            Ok(page) => page,
            Err(error) => {
                self.report.requests[side] += 1;
                if error.stops_the_side() {
                    self.report.stopped[side] = Some(error);
                } else {
                    self.stop_lane(pairing, side, reading.lane, LaneFault::Failed(error));
                }
                return Ok(false);
            }
        };
        self.called(side, asked, page.server_time);
        if let Some(fault) = reading.fault(&page, from.as_ref()) {
            self.stop_lane(pairing, side, reading.lane, fault);
            return Ok(false);
        }
        let more = page.more;
        self.take_page(pairing, side, page, asked, reading).await?;
        let budget = match reading.lane {
            Lane::Settled => SETTLED_PAGES,
            Lane::Fast | Lane::Walk => PAGES,
        };
        if more && reading.pages >= budget {
            self.wait_until(None);
            return Ok(false);
        }
        Ok(more)
    }

    fn stop_lane(&mut self, pairing: &Pairing, side: Side, lane: Lane, why: LaneFault) {
        let stop = LaneStop {
            side,
            kind: pairing.kind.clone(),
            lane,
            why,
        };
        self.notice(&Event::LaneStopped(&stop));
        self.report.lanes.push(stop);
    }

    /// What a page shows and the lane's new place go into the store in one commit.
    async fn take_page(
        &mut self,
        pairing: &Pairing,
        side: Side,
        page: Page,
        asked: Timestamp,
        reading: &mut Reading,
    ) -> Result<(), StoreError> {
        let lane = reading.lane;
        let rows = page.rows.len();
        // The last complete read showed what the index had by then.
        let lag = self.index_lag(pairing, side);
        let ended = reading.state.ended.filter(|_| lane == Lane::Fast);
        let sight = Sight {
            pairing,
            side,
            by: match lane {
                Lane::Walk => Marker::Walk,
                Lane::Fast | Lane::Settled => Marker::Feed,
            },
            rows: page.rows,
            asked,
            not_before: ended.map(|ended| ended - lag),
        };
        let mut ops = self.sift(&sight, reading.walked.as_mut()).await?;
        let new = news(&ops);
        let started = reading.state.started.unwrap_or(asked);
        let over = !page.more;
        let judged = match &mut reading.walked {
            Some(walked) if over => self.judge_walk(pairing, side, walked, started).await?,
            None if over && lane == Lane::Walk => self.may_go_unjudged(&reading.state),
            _ => true,
        };
        let pages = reading.state.pages + 1;
        let state = LaneState {
            cursor: (page.more || lane != Lane::Walk).then_some(page.next),
            started: page.more.then_some(started),
            ended: if over && judged {
                Some(started)
            } else {
                reading.state.ended
            },
            mapping: self.mapping(pairing),
            pages: if over { 0 } else { pages },
            took: if over { pages } else { reading.state.took },
        };
        let place = Op::Lane(lane_key(pairing, side, lane), state.clone());
        if planted!("cursor-before-rows") {
            self.commit(vec![place.clone()]).await?;
        }
        ops.push(place);
        self.commit(ops).await?;
        reading.state = state;
        reading.pages += 1;
        reading.last = sight.rows.into_iter().map(|row| row.id).collect();
        self.report.rows[side] += rows as u64;
        self.notice(&Event::Page {
            side,
            kind: &pairing.kind,
            lane,
            rows,
            new,
        });
        Ok(())
    }

    /// A walk that a restart broke in two has met everybody, but nobody remembers whom: who is gone
    /// is told by another one, at once. Before the first one is over nothing depends on that.
    fn may_go_unjudged(&mut self, state: &LaneState) -> bool {
        let may = state.ended.is_none() || planted!("a-broken-walk-is-whole");
        if !may {
            self.wait_until(None);
        }
        may
    }
}

impl Reading {
    /// What is wrong with a page that says there is more.
    fn fault(&self, page: &Page, from: Option<&Cursor>) -> Option<LaneFault> {
        if !page.more {
            return None;
        }
        let ids = || page.rows.iter().map(|row| &row.id);
        let took = self.state.pages + 1;
        if from == Some(&page.next) {
            Some(LaneFault::Stuck)
        } else if !page.rows.is_empty() && ids().eq(&self.last) {
            Some(LaneFault::Repeats)
        } else if took > ENDLESS.max(self.state.took * 10) {
            Some(LaneFault::Endless { pages: took })
        } else {
            None
        }
    }
}

pub(in crate::engine) fn lane_key(pairing: &Pairing, side: Side, lane: Lane) -> LaneKey {
    LaneKey {
        side,
        kind: pairing.kind.clone(),
        lane,
    }
}
