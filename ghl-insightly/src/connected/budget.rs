//! How much of what both accounts allow the connection may use.

use sync_core::{Allowance, Both, Limits};

use super::clients;
use crate::settings::Settings;

/// What one account allows, as far as it is known and the settings do not say otherwise.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Budget {
    per_second: Option<f64>,
    pub(super) allowance: Option<Allowance>,
}

impl Budget {
    fn new(limits: Option<&api_transport::Limits>, per_day: Option<u64>, share: u8) -> Self {
        let Some(limits) = limits else {
            return Self::default();
        };
        let per_day = per_day.or(limits.daily);
        Self {
            per_second: Some(f64::from(limits.burst) / limits.interval.as_secs_f64()),
            allowance: per_day.map(|per_day| Allowance { per_day, share }),
        }
    }

    /// What a plan is reckoned by.
    pub(super) fn limits(&self) -> Limits {
        Limits {
            per_second: self.per_second,
            per_day: self.allowance.map(|allowance| allowance.of_a_day()),
        }
    }
}

/// What both accounts allow, where they told so many requests of a day.
pub(super) fn of(settings: &Settings, per_day: Both<Option<u64>>) -> Both<Budget> {
    let (ghl, insightly) = (&settings.ghl, &settings.insightly);
    Both::new(
        Budget::new(
            clients::ghl_limits(ghl.limits).as_ref(),
            per_day.left,
            ghl.share_of_day,
        ),
        Budget::new(
            clients::insightly_limits(insightly.limits).as_ref(),
            per_day.right,
            insightly.share_of_day,
        ),
    )
}
