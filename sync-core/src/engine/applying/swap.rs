//! Unique keys that change hands. A system that keeps one record for each e-mail refuses the new
//! owner as long as the old one has it; where the old one is to lose it anyway, it is blanked first.

use std::collections::BTreeMap;

use crate::{
    engine::{
        EngineError,
        applying::journal::{Sent, Work},
        pass::Pass,
    },
    field::FieldKey,
    id::RecordId,
    link::{Cell, Decided, Link},
    pairing::Pairing,
    plan::Write,
    side::Side,
    store::{Marker, Observation, Op},
};

/// Whether the new owner of a key can have it.
pub(in crate::engine) enum Way {
    /// The old one's field is blank now.
    Open,
    /// The old one is to lose it, but that could not be done yet.
    Later,
    /// The old one keeps it.
    Shut,
}

impl Pass<'_> {
    /// Blanks a field of the record that has the key, if that record is to get another value
    /// there.
    pub(in crate::engine) async fn make_way(
        &mut self,
        pairing: &Pairing,
        side: Side,
        holder: &RecordId,
        field: &FieldKey,
    ) -> Result<Way, EngineError> {
        let loaded = self.load(pairing, side, holder).await?;
        let Some(mut link) = loaded.link.as_deref().cloned() else {
            return Ok(Way::Shut);
        };
        if !self.reserve(&link) {
            return Ok(Way::Later);
        }
        let planned = self.plan(pairing, &loaded).await?;
        let leaves = planned.writes[side].as_ref();
        let Some(write) = leaves.filter(|write| write.changed.contains(field)) else {
            return Ok(Way::Shut);
        };
        let Some(cell) = write.cells.iter().find(|cell| cell.key == *field) else {
            return Ok(Way::Shut);
        };
        // The answer is kept: the blank that we leave is nobody's edit.
        let mut seen = cell.shown.clone();
        seen[side] = write.shown.value(field).cloned();
        seen[!side] = loaded.shown(!side).and_then(|r| r.value(field).cloned());
        let decided = Decided {
            seen,
            want: cell.shown.clone(),
            blanked: Some(side).filter(|_| !planted!("own-blank-is-an-edit")),
        };
        link.decided.insert(field.clone(), decided);
        let mut blank = blanking(write, side, cell);
        let memo = link.sides[side].memo.clone();
        let (draft, holds) = self.draft(pairing, side, &mut blank, &memo, None);
        let ([call], []) = (draft.calls.as_slice(), holds.as_slice()) else {
            return Ok(Way::Shut);
        };
        self.commit(vec![Op::Link(Box::new(link.clone()))]).await?;
        let target = link.target(side);
        let mut work = Work {
            pairing,
            link: Some(link),
            from: !side,
            holds: Vec::new(),
            record_hold: None,
            under_way: BTreeMap::new(),
            left_behind: None,
            cause: 0,
            unfinished: false,
            waits: false,
            loaded,
        };
        let sent = self.send(&work, side, Some(&target), &blank, call, None);
        let (intent, sent) = sent.await?;
        let reply = match sent {
            Sent::Answered(reply) => reply,
            Sent::InDoubt => return Ok(Way::Later),
            Sent::NotDone(error) => {
                self.commit(vec![Op::Settle(intent)]).await?;
                let later = error.stops_the_side();
                self.failed(side, error);
                return Ok(if later { Way::Later } else { Way::Shut });
            }
        };
        self.report.updated[side] += 1;
        self.note_written(&mut work, side, &reply, None);
        let seen = self.read_reply(&work, side, &reply, self.now());
        let seen = seen.or_else(|| Some(blanked(work.loaded.seen[side].as_deref()?, field)));
        let mut ops = vec![Op::Settle(intent)];
        ops.extend(work.link.take().map(|link: Link| Op::Link(Box::new(link))));
        ops.extend(seen.map(Op::Observe));
        ops.push(self.mark(&pairing.kind, side, holder, Marker::Doubt));
        self.commit(ops).await?;
        Ok(Way::Open)
    }
}

/// The write that takes a value away, and nothing else.
fn blanking(write: &Write, side: Side, cell: &Cell) -> Write {
    let mut cell = cell.clone();
    cell.shown[side] = None;
    let mut wanted = write.shown.clone();
    wanted.put(cell.key.clone(), None);
    Write {
        create: false,
        shown: write.shown.clone(),
        wanted,
        changed: [cell.key.clone()].into_iter().collect(),
        cells: vec![cell],
    }
}

fn blanked(seen: &Observation, field: &FieldKey) -> Observation {
    let mut seen = seen.clone();
    seen.reading.record.put(field.clone(), None);
    seen
}
