//! A whole reading, because somebody asks for it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    connector::Lane,
    engine::{Engine, EngineError, pass::Pass, reading::read::lane_key},
    pairing::Pairing,
    side::Side,
    store::{LaneState, Op, StoreError},
};

impl Engine {
    /// From the next cycle on both sides are read whole, all kinds, as if the day for it had come:
    /// after a restore from a bin, or when a credential was given more to see. What is held for a
    /// time is tried again. Asks for nothing
    /// itself. What was read of a whole reading that is under way is read again.
    pub async fn read_whole(&mut self) -> Result<(), EngineError> {
        let epoch = self.epoch().await?;
        let mut pass = self.pass(Arc::clone(&self.store), epoch);
        for pairing in &pass.shared.pairings {
            pass.forgive(&pairing.kind).await?;
        }
        Ok(pass.read_whole().await?)
    }
}

impl Pass<'_> {
    async fn read_whole(&self) -> Result<(), StoreError> {
        let pairings = self.shared.pairings.iter();
        let synced = pairings.flat_map(|pairing| Side::BOTH.map(|side| (pairing, side)));
        let blockers = self.shared.blockers.iter();
        let blockers = blockers.map(|blocker| (&blocker.pairing, blocker.side));
        let mut ops = Vec::new();
        for (pairing, side) in synced.chain(blockers) {
            let state = self.lane_state(pairing, side, Lane::Walk).await?;
            let state = self.begun_anew(pairing, side, &state);
            ops.push(Op::Lane(lane_key(pairing, side, Lane::Walk), state));
        }
        self.commit(ops).await
    }

    /// A walk that is as old as can be, or a sweep that has no pace to keep, as the first one.
    fn begun_anew(&self, pairing: &Pairing, side: Side, state: &LaneState) -> LaneState {
        let is_swept = self.parents_of(pairing, side).is_some();
        let oldest = |_| Timestamp::UNIX_EPOCH;
        LaneState {
            cursor: None,
            started: None,
            ended: state.ended.filter(|_| !is_swept).map(oldest),
            pages: 0,
            ..state.clone()
        }
    }
}
