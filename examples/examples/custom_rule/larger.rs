//! Of two counts the larger one stays.

use sync_core::{
    Both, Field, FieldKey, Fields, Value,
    rules::{Conflict, ConflictRule, Verdict, Version},
    testing::{BrokenLaw, rule_is_symmetric, rule_laws},
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

/// Proves the laws of rules, on counts that differ: of these the larger one is it on either side.
pub(crate) fn prove(stock: &Field<i64>) -> Result<(), BrokenLaw> {
    let fields = Fields::new().exact(stock);
    let counts = [Value::Int(7), Value::Int(12)];
    let conflict = || {
        let holds = fields.get(stock.key())?;
        let version = |value| Version {
            shadow: None,
            value: Some(value),
            changed: None,
            holds,
        };
        Some(Conflict {
            field: stock.key(),
            versions: Both::new(&counts[0], &counts[1]).map(version),
        })
    };
    rule_laws(&Larger, conflict())?;
    rule_is_symmetric(&Larger, conflict())
}
