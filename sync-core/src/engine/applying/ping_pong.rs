//! Fields that go back and forth: a CRM's workflow or a second tool undoes what we write, and we
//! would undo it for ever.

use jiff::{SignedDuration, Timestamp};

use crate::{
    engine::{applying::journal::Work, pass::Pass},
    field::FieldKey,
    link::{Cell, Link, Written},
    mapper::items_missing,
    plan::Planned,
    record::Record,
    side::Side,
    store::HoldReason,
    stored,
    value::{Shape, Value},
};

/// How long a write is remembered for this.
const WINDOW: SignedDuration = SignedDuration::from_hours(1);

/// After as many writes of one or two values within the window, one more of them is held.
const WRITES: usize = 4;

impl Pass<'_> {
    /// Takes fields out of the plan that we have written too often already.
    pub(in crate::engine) fn hold_ping_pong(&self, link: Option<&Link>, planned: &mut Planned) {
        let Some(link) = link else { return };
        for side in Side::BOTH {
            let Some(write) = &mut planned.writes[side] else {
                continue;
            };
            let changed: Vec<FieldKey> = write.changed.iter().cloned().collect();
            for key in changed {
                let value = digest(write.shown.value(&key), write.wanted.value(&key));
                let Some(until) = self.too_often(link, side, &key, value) else {
                    continue;
                };
                let message = format!(
                    "it was written {WRITES} times within an hour, and each time something changed it back: a workflow, or a second tool; stop that, or take the field out of the sync"
                );
                let mut hold = write.hold(side, &key, HoldReason::PingPong, message);
                hold.retry_at = Some(until);
                planned.holds.push(hold);
                write.leave_out(&key);
            }
            if write.changed.is_empty() {
                planned.writes[side] = None;
            }
        }
    }

    /// When one more write of this value may be tried.
    fn too_often(&self, link: &Link, side: Side, key: &FieldKey, value: u32) -> Option<Timestamp> {
        let since = self.now() - WINDOW;
        let written = link.written.get(key)?.iter();
        let recent: Vec<&Written> = written.filter(|w| w.at > since && w.side == side).collect();
        let last = recent.last_chunk::<WRITES>()?;
        // People who edit it often hardly ever have only two values in mind.
        let mut values: Vec<u32> = last.iter().map(|written| written.value).collect();
        values.push(value);
        values.sort_unstable();
        values.dedup();
        let few = values.len() <= 2 && !planted!("ping-pong-goes-on");
        let oldest = last.first().filter(|_| few)?;
        Some(oldest.at + WINDOW)
    }
}

impl Work<'_> {
    /// Remembers a write, and forgets those that are too old to say anything.
    pub(in crate::engine) fn note_value(
        &mut self,
        side: Side,
        shown: &Record,
        cell: &Cell,
        now: Timestamp,
    ) {
        let Some(link) = &mut self.link else { return };
        let since = now - WINDOW;
        link.written.retain(|_, written| {
            written.retain(|written| written.at > since);
            !written.is_empty()
        });
        let written = link.written.entry(cell.key.clone()).or_default();
        written.push(Written {
            at: now,
            side,
            value: digest(shown.value(&cell.key), cell.shown[side].as_ref()),
        });
    }
}

/// What a write does to a field: the value it gives, or the items it adds and removes.
fn digest(shown: Option<&Value>, wanted: Option<&Value>) -> u32 {
    let is_set = wanted.or(shown).is_some_and(|value| value.fits(Shape::Set));
    let parts = if is_set {
        let items = (items_missing(wanted, shown), items_missing(shown, wanted));
        stored::encode(&items)
    } else {
        stored::encode(&wanted)
    };
    let fold = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    parts.unwrap_or_default().iter().fold(0x811c_9dc5, fold)
}
