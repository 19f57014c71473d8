//! Of two counts the larger one stays.

use sync_core::{
    FieldKey, Value,
    rules::{Conflict, ConflictRule, Verdict},
};

pub(crate) struct Larger;

impl ConflictRule for Larger {
    fn name(&self, _field: &FieldKey) -> &'static str {
        "larger"
    }

    fn decide(&self, conflict: &Conflict<'_>) -> Verdict {
        let counts = conflict.versions.map(|version| match version.value {
            Some(Value::Int(count)) => Some(*count),
            _ => None,
        });
        if counts.left >= counts.right {
            Verdict::TakeLeft
        } else {
            Verdict::TakeRight
        }
    }
}
