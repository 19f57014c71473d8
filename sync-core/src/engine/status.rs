//! How a connection stands, for people and dashboards.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::{
    connector::{Feed, Lane},
    engine::{Engine, allowance::signed, reading::visit::visits_of},
    id::{ConnectionId, Kind},
    pairing::Pairing,
    side::{Both, Side},
    store::{Counts, StoreError},
};

/// How a connection stands. It is read from the store: no request is made.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Status {
    /// The connection.
    pub connection: ConnectionId,
    /// How often [`Engine::watch`] cycles.
    pub cycle_every: SignedDuration,
    /// Links, dirty records, holds, open intents.
    pub counts: Counts,
    /// Each side.
    pub sides: Both<SideStatus>,
}

/// How one side stands.
#[derive(Debug, Clone, Default, Serialize)]
#[non_exhaustive]
pub struct SideStatus {
    /// Requests of this connection today, by UTC.
    pub requests_today: u64,
    /// How many it may make in a day, if that is limited.
    pub allowed_a_day: Option<u64>,
    /// Each kind.
    pub kinds: Vec<KindStatus>,
}

/// How one kind of one side stands.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct KindStatus {
    /// The kind.
    pub kind: Kind,
    /// Records to look at.
    pub dirty: u64,
    /// Parents to visit, where the kind is read under its parents.
    pub visits: u64,
    /// How it is read.
    pub lanes: Vec<LaneStatus>,
}

/// How one lane stands.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct LaneStatus {
    /// The lane; the walk where every parent is visited in turn.
    pub lane: Lane,
    /// When the last read began that came to its end.
    pub read: Option<Timestamp>,
    /// Whether a read is under way.
    pub under_way: bool,
    /// How often it is read.
    pub every: SignedDuration,
    /// How old a change can be, at worst, that only this lane would tell, and has not.
    pub worst_lag: Option<SignedDuration>,
}

impl Engine {
    /// How the connection stands: when each lane was read, what is to do, what is held.
    pub async fn status(&self) -> Result<Status, StoreError> {
        let cycle_every = signed(self.interval().await?);
        let requests = self.requests_today().await?;
        let mut sides = Both::<SideStatus>::default();
        for side in Side::BOTH {
            let of = &mut sides[side];
            of.requests_today = requests[side];
            of.allowed_a_day = self.shared.allowances[side].map(|of| of.of_a_day());
        }
        for pairing in &self.shared.pairings {
            let dirty = self.dirty_of(&pairing.kind).await?;
            let visits = self.dirty_of(&visits_of(&pairing.kind)).await?;
            for side in Side::BOTH {
                sides[side].kinds.push(KindStatus {
                    kind: pairing.kind.clone(),
                    dirty: dirty[side],
                    visits: visits[side],
                    lanes: self.lanes(pairing, side, cycle_every).await?,
                });
            }
        }
        Ok(Status {
            connection: self.shared.connection.clone(),
            cycle_every,
            counts: self.store.counts(&self.shared.connection).await?,
            sides,
        })
    }

    async fn lanes(
        &self,
        pairing: &Pairing,
        side: Side,
        cycle_every: SignedDuration,
    ) -> Result<Vec<LaneStatus>, StoreError> {
        let capabilities = self.shared.connectors[side].capabilities(&pairing.kind);
        let (settled, walk) = (self.shared.settled_every, self.shared.walk_every);
        let every = match capabilities.map(|capabilities| &capabilities.feed) {
            Some(Feed::List) => vec![(Lane::Walk, cycle_every)],
            Some(Feed::ByParent { .. }) => vec![(Lane::Walk, signed(self.shared.sweep_every))],
            _ => vec![
                (Lane::Fast, cycle_every),
                (Lane::Settled, signed(settled)),
                (Lane::Walk, signed(walk)),
            ],
        };
        let now = self.shared.clock.now();
        let mut lanes = Vec::new();
        for (lane, every) in every {
            let state = self.lane(side, &pairing.kind, lane).await?;
            lanes.push(LaneStatus {
                lane,
                read: state.ended,
                under_way: state.started.is_some(),
                every,
                worst_lag: state.ended.map(|ended| now.duration_since(ended)),
            });
        }
        Ok(lanes)
    }
}
