//! What a mapper and a matcher answer, where they may panic.

use crate::{
    caught::caught,
    connector::{ConnectorError, Reason, Row, Seen},
    engine::pass::Pass,
    id::{Kind, Target},
    imprint::Imprint,
    matching::MatchKey,
    pairing::Pairing,
    plan::{FieldHold, Planned},
    reading::{Memo, Reading, Unfit},
    record::Record,
    side::{Both, Side},
    store::HoldReason,
};

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
        caught(read).unwrap_or_else(|why| unreadable(pairing, &why))
    }

    /// The imprint of a row; `None` where its mapper tells none, or panics.
    pub(super) fn imprint(
        &self,
        kind: &Kind,
        side: Side,
        mapping: u64,
        row: &Row,
        imprint: &mut Imprint,
    ) -> Option<u64> {
        let mapping = if planted!("an-imprint-outlives-its-mapping") {
            0
        } else {
            mapping
        };
        let place = (mapping, &row.id, row.stamp, &row.locator, row.coverage);
        let hash = |imprint: &mut Imprint| self.connector(side).imprint(kind, row, imprint);
        caught(|| imprint.of(place, hash)).unwrap_or_default()
    }

    /// The keys of a record. Where the matcher panics it is not known whose counterpart it is.
    pub(super) fn keys(&self, kind: &Kind, record: &Record) -> Result<Vec<MatchKey>, String> {
        let keys = caught(|| self.shared.matcher.keys(kind, record));
        keys.map_err(|why| format!("the matcher cannot tell its keys: {why}"))
    }

    /// The keys by which a linked record is known to others; none where the matcher panics.
    pub(super) fn known_keys(&self, kind: &Kind, record: &Record) -> Vec<MatchKey> {
        self.keys(kind, record).unwrap_or_default()
    }

    /// Whether nothing in two records speaks against a key that both have.
    pub(super) fn records_agree(
        &self,
        kind: &Kind,
        key: &MatchKey,
        records: Both<&Record>,
    ) -> Result<bool, String> {
        let agree = || {
            let matcher = &self.shared.matcher;
            matcher.agree(kind, key, records.left, records.right)
        };
        caught(agree).map_err(|why| format!("the matcher cannot tell: {why}"))
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

/// No field can be read.
pub(super) fn unreadable(pairing: &Pairing, why: &str) -> Reading {
    let unfit = pairing.fields.iter().map(|pair| Unfit {
        field: pair.key.clone(),
        reason: why.to_owned(),
    });
    Reading {
        unfit: unfit.collect(),
        ..Reading::default()
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
