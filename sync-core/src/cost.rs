//! What a plan costs: requests, and the time that they take under given limits.

use std::time::Duration;

use crate::{
    engine::PlanCounts,
    side::{Both, Side},
};

/// How much one side lets through.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Limits {
    /// Requests in a second, on average; `None` for no limit.
    pub per_second: Option<f64>,
    /// Requests in a day; `None` for no limit.
    pub per_day: Option<u64>,
}

/// What a plan costs one side. Reading what changed is not in it: that costs what it costs anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost {
    /// Requests: calls, and looks before something is replaced or created.
    pub requests: u64,
    /// How long they take at the side's rate.
    pub time: Duration,
    /// How many days' allowances they use up, begun ones counted whole; zero without such a limit.
    pub days: u64,
}

impl PlanCounts {
    /// What the plan costs each side.
    ///
    /// ```
    /// # use sync_core::{Both, Limits, PlanCounts};
    /// let mut counts = PlanCounts::default();
    /// counts.calls = Both::new(600, 1_200);
    /// let limit = Limits { per_second: Some(5.0), per_day: Some(1_000) };
    /// let cost = counts.cost(&Both::new(limit, limit));
    /// assert_eq!((cost.left.time.as_secs() / 60, cost.right.days), (2, 2));
    /// ```
    pub fn cost(&self, limits: &Both<Limits>) -> Both<Cost> {
        Both::from_fn(|side: Side| {
            let requests = self.calls[side] + self.looks[side];
            let Limits {
                per_second,
                per_day,
            } = limits[side];
            #[expect(clippy::cast_precision_loss, reason = "plans are not that long")]
            let seconds = per_second.map_or(0.0, |rate| requests as f64 / rate);
            Cost {
                requests,
                time: Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX),
                days: per_day.map_or(0, |allowance| requests.div_ceil(allowance.max(1))),
            }
        })
    }
}
