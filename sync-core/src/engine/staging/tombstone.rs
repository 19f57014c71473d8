//! Records whose link ended: none is created again by itself, and one that was restored goes on.

use std::slice;

use crate::{
    engine::{EngineError, hold::About, pass::Pass, staging::entry::Loaded},
    link::{Link, LinkEnd, Tombstone},
    pairing::Pairing,
    side::Side,
    store::{Dirty, HistoryEvent, HoldReason, Marker, Op},
};

impl Pass<'_> {
    /// What becomes of a record that has no link any more.
    pub(in crate::engine) async fn stage_buried(
        &mut self,
        pairing: &Pairing,
        dirty: Dirty,
        loaded: &Loaded,
        tombstone: &Tombstone,
        ops: &mut Vec<Op>,
    ) -> Result<(), EngineError> {
        let side = dirty.side;
        let stays = match tombstone.end {
            LinkEnd::Kept(gone) | LinkEnd::Moved(gone) => gone != side,
            LinkEnd::Parted => true,
            LinkEnd::Deleted(_) | LinkEnd::Merged(_) | LinkEnd::BothGone => false,
        };
        let Some(own) = loaded.seen[side].as_deref().filter(|_| !stays) else {
            ops.push(Op::Clear(dirty));
            return Ok(());
        };
        // A row of an index may still show what is gone.
        if !own.by_id {
            self.wait_until(None);
            ops.push(self.mark_because(&dirty.kind, side, &dirty.id, Marker::Doubt, dirty.cause));
            return Ok(());
        }
        let other = &tombstone.link.sides[!side].id;
        let ids = slice::from_ref(other);
        let links = self
            .store
            .links(&self.shared.connection, &pairing.kind, !side, ids);
        // Of several that were merged one into the other, and are all back, one wakes.
        let is_woken = |op: &Op| {
            matches!(op, Op::Link(link)
                if link.kind == pairing.kind && link.sides[!side].id == *other)
        };
        let is_taken =
            links.await?.into_iter().flatten().next().is_some() || ops.iter().any(is_woken);
        let other_is_there = match tombstone.end {
            _ if is_taken => false,
            LinkEnd::Kept(_) => true,
            _ => self
                .seen(pairing, !side, other)
                .await?
                .is_some_and(|seen| seen.by_id),
        };
        if other_is_there && self.now() < tombstone.sleeps_until {
            self.wake(pairing, side, &tombstone.link, &dirty, ops);
            return Ok(());
        }
        let why = if is_taken {
            "is linked to another record now; merge the two, or delete it again"
        } else {
            "is not; restore that one, too, or enter this one anew, and delete it"
        };
        let message = format!(
            "it was deleted and is there again on the {side} side, but its counterpart {other} {why}"
        );
        let about = About::record(&dirty.kind, side, &dirty.id);
        ops.extend([
            self.hold_record(about, HoldReason::Restored, message),
            Op::Clear(dirty),
        ]);
        Ok(())
    }

    /// The link goes on with the shadows that it had.
    fn wake(
        &mut self,
        pairing: &Pairing,
        side: Side,
        link: &Link,
        dirty: &Dirty,
        ops: &mut Vec<Op>,
    ) {
        let kind = &pairing.kind;
        let mut awake = link.clone();
        for side in Side::BOTH {
            awake.sides[side].returned = Some(self.now());
        }
        ops.push(Op::Exhume(kind.clone(), link.id.clone()));
        ops.push(Op::Link(Box::new(awake)));
        self.record(
            ops,
            self.happened_to(link, HistoryEvent::Woke { side }, dirty.cause),
        );
        for side in Side::BOTH {
            let id = &link.sides[side].id;
            ops.push(Self::release(About::record(kind, side, id)));
            ops.push(self.mark_because(kind, side, id, Marker::Doubt, dirty.cause));
            self.mark_visits(kind, side, id, ops);
        }
        self.report.linked += 1;
        self.wait_until(None);
    }
}
