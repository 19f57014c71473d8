//! Reading what changed: rows that differ from their shadows enter the dirty set.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    connector::{Feed, Lane, Page, Row},
    engine::{EngineError, pass::Pass},
    id::RecordId,
    link::Link,
    observer::Event,
    pairing::Pairing,
    reading::{Memo, Reading},
    side::Side,
    store::{LaneKey, LaneState, Marker, Observation, Op, StoreError},
};

/// Stamps may be cut to the second.
const STAMP_GRAIN: Duration = Duration::from_secs(1);

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
    /// Reads one kind of one side: its feed, and the walk when it is due.
    pub(super) async fn read(&mut self, pairing: &Pairing, side: Side) -> Result<(), EngineError> {
        let feed = self.feed_lane(pairing, side);
        self.read_lane(pairing, side, feed).await?;
        if feed != Lane::Walk && self.walk_is_due(pairing, side).await? {
            self.read_lane(pairing, side, Lane::Walk).await?;
        }
        Ok(())
    }

    /// The lane that every cycle reads: the whole list, where a system tells no changes.
    fn feed_lane(&self, pairing: &Pairing, side: Side) -> Lane {
        let capabilities = self.connector(side).capabilities(&pairing.kind);
        match capabilities.map(|capabilities| &capabilities.feed) {
            Some(Feed::List) => Lane::Walk,
            _ => Lane::Fast,
        }
    }

    /// When the last complete read of a side's feed began.
    pub(super) async fn feed_was_read(
        &self,
        pairing: &Pairing,
        side: Side,
    ) -> Result<Option<Timestamp>, StoreError> {
        let lane = self.feed_lane(pairing, side);
        Ok(self.lane_state(pairing, side, lane).await?.ended)
    }

    pub(super) async fn lane_state(
        &self,
        pairing: &Pairing,
        side: Side,
        lane: Lane,
    ) -> Result<LaneState, StoreError> {
        let key = lane_key(pairing, side, lane);
        let state = self.store.lane(&self.shared.connection, &key).await?;
        Ok(state.unwrap_or(LaneState {
            cursor: None,
            started: None,
            ended: None,
            mapping: 0,
        }))
    }

    async fn walk_is_due(&self, pairing: &Pairing, side: Side) -> Result<bool, StoreError> {
        let state = self.lane_state(pairing, side, Lane::Walk).await?;
        let again = |ended: Timestamp| ended + self.shared.walk_every <= self.now();
        let remapped = state.mapping != self.mapping(pairing);
        Ok(remapped || state.cursor.is_some() || state.ended.is_none_or(again))
    }

    async fn read_lane(
        &mut self,
        pairing: &Pairing,
        side: Side,
        lane: Lane,
    ) -> Result<(), EngineError> {
        let mut state = self.lane_state(pairing, side, lane).await?;
        if lane == Lane::Walk && state.mapping != self.mapping(pairing) {
            state.cursor = None;
        }
        while !self.is_stopped(side) {
            let asked = self.now();
            let from = state.cursor.as_ref();
            let read = self
                .connector(side)
                .changes(&pairing.kind, lane, from)
                .await;
            let page = match read {
                Ok(page) => page,
                Err(error) => {
                    self.report.requests[side] += 1;
                    self.report.stopped[side] = Some(error);
                    break;
                }
            };
            self.called(side, asked, page.server_time);
            let more = page.more;
            state = self
                .take_page(pairing, side, lane, page, asked, state)
                .await?;
            if !more {
                break;
            }
        }
        Ok(())
    }

    /// What a page shows and the lane's new place go into the store in one commit.
    async fn take_page(
        &mut self,
        pairing: &Pairing,
        side: Side,
        lane: Lane,
        page: Page,
        asked: Timestamp,
        state: LaneState,
    ) -> Result<LaneState, StoreError> {
        let rows = page.rows.len();
        // The last complete read showed what the index had by then.
        let lag = self.index_lag(pairing, side);
        let not_before = state.ended.filter(|_| lane != Lane::Walk);
        let not_before = not_before.map(|ended| ended - lag);
        let mut ops = Vec::new();
        self.sift(pairing, side, lane, page.rows, asked, not_before, &mut ops)
            .await?;
        let new = ops.len();
        let started = state.started.unwrap_or(asked);
        let state = LaneState {
            cursor: (page.more || lane != Lane::Walk).then_some(page.next),
            started: page.more.then_some(started),
            ended: if page.more {
                state.ended
            } else {
                Some(started)
            },
            mapping: self.mapping(pairing),
        };
        ops.push(Op::Lane(lane_key(pairing, side, lane), state.clone()));
        self.commit(ops).await?;
        self.report.rows[side] += rows as u64;
        self.notice(&Event::Page {
            side,
            kind: &pairing.kind,
            lane,
            rows,
            new,
        });
        Ok(state)
    }

    #[expect(clippy::too_many_arguments, reason = "one page and where it came from")]
    async fn sift(
        &mut self,
        pairing: &Pairing,
        side: Side,
        lane: Lane,
        rows: Vec<Row>,
        asked: Timestamp,
        not_before: Option<Timestamp>,
        ops: &mut Vec<Op>,
    ) -> Result<(), StoreError> {
        let here = &self.shared.connection;
        let kind = &pairing.kind;
        let ids: Vec<RecordId> = rows.iter().map(|row| row.id.clone()).collect();
        let links = self.store.links(here, kind, side, &ids).await?;
        let known = self.store.observations(here, kind, side, &ids).await?;
        let by = match lane {
            Lane::Walk => Marker::Walk,
            Lane::Fast | Lane::Settled => Marker::Feed,
        };
        let met = links.iter().zip(&known).zip(&ids);
        let unknown = met.filter(|((link, known), _)| link.is_none() && known.is_none());
        let unknown = unknown.map(|(_, id)| id.clone()).collect();
        let erased = self.erased(pairing, side, unknown).await?;
        for ((row, link), known) in rows.iter().zip(&links).zip(&known) {
            let (link, known) = (link.as_deref(), known.as_deref());
            if erased.contains(&row.id) {
                continue;
            }
            let mut new = self.observe(pairing, side, row, link, asked);
            new.not_before = known.map_or(not_before, |known| known.not_before);
            match self.judge_row(pairing, new, link, known) {
                Row_::Known => {}
                Row_::Still(observation) => {
                    if known.is_some_and(|known| known.stamp < observation.stamp) {
                        ops.push(Op::Observe(*observation));
                    }
                    // What is held, or has no counterpart, is looked at anew now and then.
                    if lane == Lane::Walk {
                        ops.push(self.mark(kind, side, &row.id, by));
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
                    ops.push(self.mark(kind, side, &row.id, by));
                }
            }
        }
        Ok(())
    }

    /// Reads a row by its mapper.
    pub(super) fn observe(
        &self,
        pairing: &Pairing,
        side: Side,
        row: &Row,
        link: Option<&Link>,
        started: Timestamp,
    ) -> Observation {
        let blank = Memo::default();
        let memo = link.map_or(&blank, |link| &link.sides[side].memo);
        let reading: Reading = self.connector(side).read(&pairing.kind, row, memo);
        let keys = match link {
            Some(_) => Vec::new(),
            None => self.shared.matcher.keys(&pairing.kind, &reading.record),
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
        }
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
        // An index may still show what is gone.
        if link.is_some_and(|link| link.sides[new.side].absent.is_some()) {
            return Row_::Doubtful(Box::new(new));
        }
        if let Some(known) = known {
            if known.stamp > new.stamp {
                return Row_::Known;
            }
            if known.reading == new.reading {
                return Row_::Still(Box::new(new));
            }
            if known.stamp == new.stamp && known.stamp.is_some() {
                return Row_::Doubtful(Box::new(new));
            }
        }
        let Some(link) = link else {
            return Row_::New(Box::new(new));
        };
        let of = &link.sides[new.side];
        let began_before = |then: Timestamp| new.started < then;
        let stampless = new.stamp.is_none();
        if new.stamp < of.stamp || stampless && of.written_at.is_some_and(began_before) {
            return Row_::Known;
        }
        if known.is_none() && pairing.unchanged(link, new.side, &new.reading) {
            return Row_::Known;
        }
        let lag = self.index_lag(pairing, new.side);
        let may_lag = of
            .written_at
            .is_some_and(|at| began_before(at + lag + STAMP_GRAIN));
        let same_stamp = new.stamp.is_some() && new.stamp == of.stamp;
        // For as long as the index may lag, a row can show what was there before our last write,
        // or between two of them, under a stamp that looks new: replies do not always tell theirs.
        if may_lag || same_stamp && pairing.contradicts(link, new.side, &new.reading) {
            return Row_::Doubtful(Box::new(new));
        }
        Row_::New(Box::new(new))
    }
}

fn lane_key(pairing: &Pairing, side: Side, lane: Lane) -> LaneKey {
    LaneKey {
        side,
        kind: pairing.kind.clone(),
        lane,
    }
}
