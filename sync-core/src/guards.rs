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
}

impl Default for Guards {
    /// 100 creates and 500 updates on a side: a create fires a CRM's own automations, and mass mail has happened.
    fn default() -> Self {
        Self {
            creates: Some(100),
            updates: Some(500),
        }
    }
}

impl Guards {
    /// Never asks: for sandboxes, and for a plan that a person has approved.
    pub const OFF: Self = Self {
        creates: None,
        updates: None,
    };
}

/// A guard that stopped a cycle. Nothing of the plan was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardStop {
    /// Where the writes would go.
    pub side: Side,
    /// `creates` or `updates`.
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
}

impl std::fmt::Display for GuardStop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let what = match self.guard {
            GuardName::Creates => "creates",
            GuardName::Updates => "updates",
        };
        write!(
            f,
            "the plan has {} {what} on the {} side, and the guard lets {} through",
            self.planned, self.side, self.limit
        )
    }
}
