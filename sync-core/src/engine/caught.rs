//! Code of an embedder that panics is caught: what it was asked about is held, the rest goes on.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use crate::{
    connector::{ConnectorError, Reason, Row, Seen},
    engine::pass::Pass,
    id::{Kind, Target},
    pairing::Pairing,
    plan::{FieldHold, Planned},
    reading::{Memo, Reading, Unfit},
    side::{Both, Side},
    store::HoldReason,
};

/// Calls what must not panic. The calls are pure, so that nothing is left half-done.
pub(super) fn caught<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|cause| format!("it panicked: {}", said(&*cause)))
}

fn said(cause: &(dyn Any + Send)) -> &str {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied());
    text.unwrap_or("it did not say why")
}

impl Pass<'_> {
    /// What a mapper makes of a row. Where it panics, no field can be read.
    pub(super) fn read_row(
        &self,
        pairing: &Pairing,
        side: Side,
        row: &Row,
        memo: &Memo,
    ) -> Reading {
        let read = || self.connector(side).read(&pairing.kind, row, memo);
        caught(read).unwrap_or_else(|why| Reading {
            unfit: pairing
                .fields
                .iter()
                .map(|pair| Unfit {
                    field: pair.key.clone(),
                    reason: why.clone(),
                })
                .collect(),
            ..Reading::default()
        })
    }

    /// A read by id. A connector that answers with another record is not believed.
    pub(super) async fn fetch(
        &self,
        side: Side,
        kind: &Kind,
        target: &Target,
    ) -> Result<Option<Seen>, ConnectorError> {
        match self.connector(side).fetch(kind, target).await? {
            Some(seen) if seen.row.id != target.id => Err(ConnectorError::not_applied(
                "fetch",
                Reason::Other,
                format!(
                    "the connector was asked for {} and answered with {}",
                    target.id, seen.row.id
                ),
            )),
            seen => Ok(seen),
        }
    }
}

/// Nothing is planned for an entry whose rule or projection panicked.
pub(super) fn unplanned(pairing: &Pairing, why: &str) -> Planned {
    let hold = |pair: &crate::pairing::FieldPair| FieldHold {
        field: pair.key.clone(),
        reason: HoldReason::Unfit,
        message: format!("it cannot be planned: {why}"),
        values: Both::default(),
        retry_at: None,
    };
    Planned {
        holds: pairing.fields.iter().map(hold).collect(),
        ..Planned::default()
    }
}
