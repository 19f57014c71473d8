//! A plan on paper: a person reads it, and it is applied later, as far as the world has not moved.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::{
    engine::{NotUndone, PlanCounts},
    id::{ConnectionId, Kind, RecordId},
    side::Side,
    step::Staged,
};

/// The form that this release writes.
const FORM: u32 = 1;

/// A plan that outlives the program, made by [`Plan::save`](crate::Plan::save) and done by
/// [`Engine::apply`](crate::Engine::apply).
///
/// It serialises by serde; the form of a newer release is refused by name. Each step carries
/// what it stands on: the link, and what both sides showed.
///
/// It holds the records' data: keep it as private as the store. Forgetting a record does not
/// reach it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedPlan {
    #[serde(deserialize_with = "known")]
    form: u32,
    /// Whose it is.
    pub connection: ConnectionId,
    /// When it was made, by our clock.
    pub made: Timestamp,
    /// How much it does.
    pub counts: PlanCounts,
    /// Its steps, in order.
    pub steps: Vec<Staged>,
    /// Of an undo: what it leaves as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<NotUndone>,
}

impl SavedPlan {
    pub(crate) fn new(
        connection: ConnectionId,
        made: Timestamp,
        counts: PlanCounts,
        steps: Vec<Staged>,
        left: Vec<NotUndone>,
    ) -> Self {
        Self {
            form: FORM,
            connection,
            made,
            counts,
            steps,
            left,
        }
    }
}

/// It is the first member, so that a newer form is named before anything in it is missed.
fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let form = u32::deserialize(deserializer)?;
    if form > FORM {
        return Err(D::Error::custom(format!(
            "the plan was saved by a newer release (form {form}, this one knows {FORM}); update this program"
        )));
    }
    Ok(form)
}

/// A step of a saved plan that was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedStep {
    /// Its place in the plan.
    pub sequence: u64,
    /// The kind.
    pub kind: Kind,
    /// The record that it was planned from.
    pub from: (Side, RecordId),
    /// Why, for a person: what has moved.
    pub why: String,
}

impl std::fmt::Display for RefusedStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (side, id) = &self.from;
        let (sequence, kind, why) = (self.sequence, &self.kind, &self.why);
        write!(f, "step {sequence}, {kind} {id} on the {side} side: {why}")
    }
}
