//! Whether somebody is there already who would be doubled: a record that came back, or came into
//! sight, under an old stamp is in no feed. Before a record is created, its keys are asked for; where
//! that costs more than reading the whole side, the side is read.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use crate::{
    connector::{Lane, Reason},
    engine::{EngineError, applying::journal::Work, pass::Pass, reading::sift::Sight},
    id::Kind,
    matching::{MatchKey, Tier},
    pairing::Pairing,
    side::Side,
    step::Staged,
    store::{HoldReason, LaneState, Marker, Op},
};

/// A whole reading that began so long ago shows who is there, for many creates together.
const FRESH: Duration = Duration::from_secs(3600);

/// How many records of each kind are to be created on each side.
#[derive(Clone, Default)]
pub(in crate::engine) struct Creates {
    planned: BTreeMap<(Kind, Side), u64>,
    /// So many that the side was read whole for them.
    read_whole: BTreeSet<(Kind, Side)>,
}

impl Creates {
    pub(in crate::engine) fn clear(&mut self) {
        self.planned.clear();
    }

    pub(in crate::engine) fn count(&mut self, staged: &Staged) {
        for side in Side::BOTH {
            if staged.writes[side]
                .as_ref()
                .is_some_and(|write| write.create)
            {
                *self.planned.entry((staged.kind.clone(), side)).or_default() += 1;
            }
        }
    }
}

impl Pass<'_> {
    fn finds(&self, pairing: &Pairing, side: Side) -> bool {
        let capabilities = self.connector(side).capabilities(&pairing.kind);
        capabilities.is_some_and(|capabilities| capabilities.finds)
    }

    /// Reads whole what is to get more records than that takes pages, unless it was read a moment
    /// ago. True when something was read, so that there may be other things to plan.
    pub(in crate::engine) async fn read_before_creates(&mut self) -> Result<bool, EngineError> {
        let mut read = false;
        for ((kind, side), count) in self.creates.planned.clone() {
            let pairing = self
                .pairing(&kind)
                .filter(|pairing| self.finds(pairing, side));
            let Some(pairing) = pairing else { continue };
            let walk = self.lane_state(pairing, side, Lane::Walk).await?;
            if count <= walk.took {
                continue;
            }
            if !self.is_fresh(&walk) {
                self.read_lane(pairing, side, Lane::Walk).await?;
                read = true;
            }
            // One that was not read to its end tells nothing.
            let walk = self.lane_state(pairing, side, Lane::Walk).await?;
            if self.is_fresh(&walk) {
                self.creates.read_whole.insert((kind, side));
            }
        }
        Ok(read)
    }

    fn is_fresh(&self, walk: &LaneState) -> bool {
        let began = walk.ended;
        began.is_some_and(|began| began + FRESH >= self.now())
            || planted!("any-walk-is-fresh-enough")
    }

    /// Each record whose keys are asked for is a look.
    pub(in crate::engine) fn count_key_look_ups(&mut self) {
        for ((kind, side), count) in &self.creates.planned {
            let pairing = self.pairing(kind);
            if pairing.is_some_and(|pairing| self.asks_first(pairing, *side)) {
                self.counts.looks[*side] += count;
            }
        }
    }

    fn asks_first(&self, pairing: &Pairing, side: Side) -> bool {
        let place = (pairing.kind.clone(), side);
        self.finds(pairing, side)
            && !self.creates.read_whole.contains(&place)
            && !planted!("a-create-is-not-looked-for")
    }

    /// Asks for the keys of a record that is to be created. True when one turned up that was not
    /// known, or nobody could tell: it is planned anew.
    pub(in crate::engine) async fn turns_up(
        &mut self,
        work: &mut Work<'_>,
        side: Side,
    ) -> Result<bool, EngineError> {
        let own = work.loaded.seen[!side].clone();
        let Some(own) = own.filter(|_| self.asks_first(work.pairing, side)) else {
            return Ok(false);
        };
        for key in own.keys.iter().filter(|key| key.tier == Tier::First) {
            if self.turns_up_under(work, side, key).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn turns_up_under(
        &mut self,
        work: &mut Work<'_>,
        side: Side,
        key: &MatchKey,
    ) -> Result<bool, EngineError> {
        let (pairing, asked) = (work.pairing, self.now());
        let rows = match self.connector(side).find(&pairing.kind, key).await {
            Ok(rows) => rows,
            Err(error) if error.reason == Reason::Unsupported => return Ok(false),
            Err(error) => {
                self.report.requests[side] += 1;
                if error.stops_the_side() {
                    work.unfinished = true;
                    self.failed(side, error);
                } else {
                    let why = format!(
                        "whether its {} is on the {side} side already cannot be asked: {}",
                        key.name, error.message
                    );
                    work.hold_record(HoldReason::Unfit, &why);
                }
                return Ok(true);
            }
        };
        self.called(side, asked, None);
        self.report.looks += 1;
        let sight = Sight {
            pairing,
            side,
            by: Marker::Feed,
            rows,
            asked,
            not_before: None,
        };
        let ops = self.sift(&sight, None).await?;
        let is_new = |op: &Op| match op {
            Op::Mark(dirty) => dirty.kind == pairing.kind && dirty.by == Marker::Feed,
            _ => false,
        };
        let turned_up = ops.iter().any(is_new);
        self.commit(ops).await?;
        work.unfinished |= turned_up;
        Ok(turned_up)
    }
}
