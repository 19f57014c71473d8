//! Limits that stop a cycle and ask.

use serde::{Deserialize, Serialize};

use crate::side::Side;

/// How much one cycle may do before it asks. Judged on the whole plan, before anything is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guards {
    /// The most creates on one side.
    pub creates: Option<u64>,
    /// The most updates on one side.
    pub updates: Option<u64>,
    /// The most deletes on one side.
    pub deletes: Option<u64>,
    /// The largest share of the links, in percent, that may be missing on one side or change in
    /// one cycle: more than that is a side that is suddenly empty, or a filter gone wrong.
    /// Judged where there are 20 links or more.
    pub share: Option<u8>,
}

impl Default for Guards {
    /// 100 creates, 500 updates and 20 deletes on a side, and half of the links: a create fires a
    /// CRM's own automations, and mass mail has happened.
    fn default() -> Self {
        Self {
            creates: Some(100),
            updates: Some(500),
            deletes: Some(20),
            share: Some(50),
        }
    }
}

impl Guards {
    /// Never asks: for sandboxes, and for a plan that a person has approved.
    pub const OFF: Self = Self {
        creates: None,
        updates: None,
        deletes: None,
        share: None,
    };
}

/// A guard that stopped a cycle. Nothing of the plan was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardStop {
    /// Where the writes would go.
    pub side: Side,
    /// Which one.
    pub guard: GuardName,
    /// How many the plan has.
    pub planned: u64,
    /// How many the guard lets through.
    pub limit: u64,
}

/// Which guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardName {
    /// [`Guards::creates`].
    Creates,
    /// [`Guards::updates`].
    Updates,
    /// [`Guards::deletes`].
    Deletes,
    /// [`Guards::share`], of records that are missing.
    Missing,
    /// [`Guards::share`], of links that change.
    Changed,
}

impl std::fmt::Display for GuardStop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (planned, side, limit) = (self.planned, self.side, self.limit);
        let what = match self.guard {
            GuardName::Creates => "creates",
            GuardName::Updates => "updates",
            GuardName::Deletes => "deletes",
            GuardName::Missing => {
                return write!(
                    f,
                    "{planned} records are missing on the {side} side, and the guard lets {limit} go"
                );
            }
            GuardName::Changed => {
                return write!(
                    f,
                    "{planned} records changed on the {side} side at once, and the guard lets {limit} through"
                );
            }
        };
        write!(
            f,
            "the plan has {planned} {what} on the {side} side, and the guard lets {limit} through"
        )
    }
}
