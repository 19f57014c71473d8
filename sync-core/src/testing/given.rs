//! What a side is given of a record.

use crate::{
    field::FieldSet,
    fields::{Access, FieldUse, Fields},
    record::Record,
};

/// The fields that are written. A new record is told more, where there is anything to tell.
pub(super) fn written(fields: &Fields, record: &Record, create: bool) -> FieldSet {
    let is_written = |of: &&FieldUse| match of.access {
        Access::Write => true,
        Access::CreateOnly | Access::ByMove => create && record.value(&of.key).is_some(),
        Access::ReadOnly => false,
    };
    let fields = fields.iter().filter(is_written);
    fields.map(|of| of.key.clone()).collect()
}

/// What a side shows once it is given these fields of a record.
pub(super) fn holdable(fields: &Fields, record: &Record, written: &FieldSet) -> Record {
    let fields = fields.iter().filter(|of| written.contains(&of.key));
    let projected = fields.filter_map(|of| {
        let value = of.project(record.value(&of.key))?;
        Some((of.key.clone(), value))
    });
    projected.collect()
}

/// The fields of which two records show something else.
pub(super) fn changed(written: &FieldSet, shown: &Record, wanted: &Record) -> FieldSet {
    let changed = written.iter();
    let changed = changed.filter(|key| shown.value(key) != wanted.value(key));
    changed.cloned().collect()
}
