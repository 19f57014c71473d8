//! How often a connection may ask: intervals follow from the account's daily allowance.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::{
    connector::{ConnectorError, Cursor, Feed, Lane, Reason},
    engine::{Engine, pass::Pass, report::CycleReport},
    id::{ConnectionId, Kind},
    side::{Both, Side},
    store::{Batch, LaneKey, LaneState, Op, Store, StoreError},
};

/// How many requests a day an account allows, and how much of that this connection may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Allowance {
    /// Requests of the account on one day, by UTC.
    pub per_day: u64,
    /// This connection's share of them, in percent.
    pub share: u8,
}

impl Allowance {
    /// Requests of this connection on one day.
    pub fn of_a_day(&self) -> u64 {
        self.per_day * u64::from(self.share.min(100)) / 100
    }

    /// Whether nothing is left of it after so many requests of a day.
    pub fn is_used_up_by(&self, requests: u64) -> bool {
        requests >= self.of_a_day()
    }

    /// Why a side stops once it is used up.
    pub fn used_up() -> ConnectorError {
        let message = "this connection's share of the day's requests is used up; it goes on after midnight UTC";
        ConnectorError::not_applied(OF_A_SHARE, Reason::DayExhausted, message)
    }

    /// Whether it is the connection's share of the day that is used up, and not what the account
    /// allows.
    pub fn is_used_up(error: &ConnectorError) -> bool {
        error.reason == Reason::DayExhausted && error.op == OF_A_SHARE
    }
}

/// What a connection's own share keeps from being asked is a cycle, no operation of a system.
const OF_A_SHARE: &str = "cycle";

/// What a store tells of a day: no request is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UsedToday {
    /// Requests of the connection, by UTC.
    pub requests: u64,
    /// As many the account allowed on the day of the last of them, where that is known.
    pub per_day: Option<u64>,
}

impl UsedToday {
    /// What a connection has used of a side's day.
    pub async fn of(
        store: &dyn Store,
        connection: &ConnectionId,
        side: Side,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let state = store.lane(connection, &counted(side)).await?;
        let state = state.unwrap_or_default();
        let today = day(now).to_string();
        let is_today = state.cursor.is_some_and(|cursor| cursor.0 == today);
        Ok(Self {
            requests: if is_today { state.pages } else { 0 },
            per_day: Some(state.took).filter(|per_day| *per_day > 0),
        })
    }

    /// Counts requests that were made beside the cycles, such as those by which both sides are
    /// connected, and remembers what an account told of its day. It opens the store: an engine
    /// that is to go on is built, or rather has its first cycle, after it.
    pub async fn add(
        store: &dyn Store,
        connection: &ConnectionId,
        more: Both<Self>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let epoch = store.open(connection).await?;
        let mut ops = Vec::new();
        for side in Side::BOTH {
            let used = Self::of(store, connection, side, now).await?;
            let sum = Self {
                requests: used.requests + more[side].requests,
                per_day: more[side].per_day.or(used.per_day),
            };
            ops.push(sum.noted(side, now));
        }
        store.commit(connection, Batch { epoch, ops }).await
    }

    fn noted(self, side: Side, now: Timestamp) -> Op {
        let state = LaneState {
            cursor: Some(Cursor(day(now).to_string())),
            pages: self.requests,
            took: self.per_day.unwrap_or(0),
            ..LaneState::default()
        };
        Op::Lane(counted(side), state)
    }
}

const DAY: Duration = Duration::from_secs(24 * 3600);

/// However little is allowed, something is read this often.
const LONGEST: Duration = Duration::from_secs(3600);

/// The day of a time, by UTC.
fn day(at: Timestamp) -> i64 {
    at.as_second().div_euclid(24 * 3600)
}

/// Where the day's requests of a side are counted: a lane of a kind that nobody has.
fn counted(side: Side) -> LaneKey {
    LaneKey {
        side,
        kind: Kind::from_static("@requests"),
        lane: Lane::Fast,
    }
}

impl Pass<'_> {
    /// Takes up the day's count.
    pub(super) async fn count_on(&mut self) -> Result<(), StoreError> {
        for side in Side::BOTH {
            let (here, now) = (&self.shared.connection, self.now());
            let used = UsedToday::of(&*self.store, here, side, now).await?;
            self.spent[side] = used.requests;
        }
        Ok(())
    }

    /// Notes the day's count. A cycle that is dropped is not counted.
    pub(super) async fn note_count(&mut self) -> Result<(), StoreError> {
        let now = self.now();
        let note = |side: Side| {
            let used = UsedToday {
                requests: self.spent[side] + self.report.requests[side],
                per_day: self.shared.allowances[side].map(|of| of.per_day),
            };
            used.noted(side, now)
        };
        let ops = Side::BOTH.map(note).to_vec();
        self.commit(ops).await?;
        for side in Side::BOTH {
            if self.report.stopped[side].is_none() && self.is_spent(side) {
                self.report.stopped[side] = Some(Allowance::used_up());
            }
        }
        Ok(())
    }

    pub(super) fn is_spent(&self, side: Side) -> bool {
        self.shared.allowances[side].is_some_and(|allowance| {
            allowance.is_used_up_by(self.spent[side] + self.report.requests[side])
                && !planted!("the-share-is-ignored")
        })
    }
}

impl Engine {
    /// How many requests each side had today, by UTC.
    pub(super) async fn requests_today(&self) -> Result<Both<u64>, StoreError> {
        let (here, now) = (&self.shared.connection, self.shared.clock.now());
        let mut requests = Both::default();
        for side in Side::BOTH {
            let used = UsedToday::of(&*self.store, here, side, now).await?;
            requests[side] = used.requests;
        }
        Ok(requests)
    }

    /// How often a cycle is due: half of what walks, sweeps and settled lanes leave of the day's
    /// allowance goes to polls, the rest to what they find. Never sooner than the
    /// [floor](crate::EngineBuilder::poll_floor).
    pub async fn interval(&self) -> Result<Duration, StoreError> {
        let mut interval = self.shared.poll_floor;
        for side in Side::BOTH {
            let Some(allowance) = self.shared.allowances[side] else {
                continue;
            };
            let cost = self.cost(side).await?;
            let left = allowance.of_a_day().saturating_sub(cost.a_day) / 2;
            let polls = left / cost.a_cycle.max(1);
            let every = match polls {
                0 => LONGEST,
                polls => DAY.div_f64(as_float(polls)),
            };
            interval = interval.max(every.min(LONGEST));
        }
        Ok(interval)
    }

    async fn cost(&self, side: Side) -> Result<Cost, StoreError> {
        let mut cost = Cost::default();
        let settled = times_a_day(self.shared.settled_every);
        let walks = times_a_day(self.shared.walk_every);
        let sweeps = times_a_day(self.shared.sweep_every);
        for pairing in &self.shared.pairings {
            let capabilities = self.shared.connectors[side].capabilities(&pairing.kind);
            let Some(capabilities) = capabilities else {
                continue;
            };
            let walk = self
                .lane(side, &pairing.kind, Lane::Walk)
                .await?
                .took
                .max(1);
            match capabilities.feed {
                Feed::Changes => {
                    let again = self.lane(side, &pairing.kind, Lane::Settled).await?;
                    cost.a_cycle += 1;
                    cost.a_day += walk * walks + again.took.max(1) * settled;
                }
                Feed::List => cost.a_cycle += walk,
                Feed::ByParent { .. } => cost.a_day += walk * sweeps,
            }
        }
        Ok(cost)
    }

    pub(super) async fn lane(
        &self,
        side: Side,
        kind: &Kind,
        lane: Lane,
    ) -> Result<LaneState, StoreError> {
        let kind = kind.clone();
        let key = LaneKey { side, kind, lane };
        let state = self.store.lane(&self.shared.connection, &key).await?;
        Ok(state.unwrap_or_default())
    }

    /// When the next cycle is due. What is left to do now is done soon.
    pub(super) async fn next_cycle(
        &self,
        report: Option<&CycleReport>,
    ) -> Result<Timestamp, StoreError> {
        let now = self.shared.clock.now();
        let regular = now + self.interval().await?;
        let soon = now + self.shared.poll_floor;
        let Some(report) = report else {
            return Ok(regular);
        };
        let stopped = report.guard.is_some() || !report.lanes.is_empty();
        let mut asked_to_wait = None;
        for error in [&report.stopped.left, &report.stopped.right]
            .into_iter()
            .flatten()
        {
            let wait = error.retry_after.unwrap_or_default();
            asked_to_wait = asked_to_wait.max(Some(now + wait));
        }
        if let Some(until) = asked_to_wait {
            return Ok(until.max(regular));
        }
        if stopped || report.is_settled() {
            return Ok(regular);
        }
        let at_once = report.writes() > 0 || report.visits_due;
        let due = report.due.filter(|_| !at_once);
        Ok(due.map_or(soon, |due| due.clamp(soon, regular.max(soon))))
    }
}

/// Requests that are known before anything changes.
#[derive(Default)]
struct Cost {
    a_cycle: u64,
    a_day: u64,
}

/// How often something happens in a day, rounded up.
fn times_a_day(every: Duration) -> u64 {
    DAY.as_secs().div_ceil(every.as_secs().max(1))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a number of polls in a day is small"
)]
fn as_float(number: u64) -> f64 {
    number as f64
}

/// For people, for JSON, and for sums of times.
pub(super) fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}
