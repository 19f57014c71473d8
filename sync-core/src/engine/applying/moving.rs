//! Moving a record that stays under its parent: a copy is created under the other one, and the
//! link goes over to it in the commit that answers the create. What is left behind is deleted
//! after it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    connector::{Body, Reply},
    engine::{
        EngineError,
        applying::{
            journal::Work,
            refusal::Next,
            write::{Look, TRIES},
        },
        hold::About,
        pass::Pass,
        staging::{entry::Loaded, reference::reference},
    },
    field::{FieldKey, FieldSet},
    fields::Access,
    id::{IntentId, Ref, Target},
    leaving::Moves,
    link::{Cell, Link, LinkEnd, LinkSide, Tombstone},
    mapper::Call,
    pairing::{FieldPair, Pairing},
    plan::{FieldHold, Planned, Write},
    reading::Memo,
    record::Record,
    side::{Both, Side},
    store::{Dirty, HistoryEvent, Hold, HoldReason, Intent, Marker, Observation, Op, StoreError},
};

impl Write {
    /// The other parent that a record is to get on a side where it stays under the one it has.
    pub(in crate::engine) fn new_parent(&self, pairing: &Pairing, side: Side) -> Option<&Ref> {
        let moves = |pair: &&FieldPair| pair.uses[side].moves() && self.changed.contains(&pair.key);
        let mut moved = pairing.fields.iter().filter(moves);
        moved
            .find_map(|pair| reference(pair, &self.wanted))
            .filter(|_| !self.create)
    }

    /// Whether a record is to stand under nothing on a side where it stays under its parent.
    fn loses_its_parent(&self, pairing: &Pairing, side: Side) -> bool {
        let mut moved = pairing.fields.iter().filter(|pair| pair.uses[side].moves());
        let loses = |pair: &FieldPair| {
            self.changed.contains(&pair.key) && reference(pair, &self.wanted).is_none()
        };
        !self.create && moved.any(loses) && !planted!("a-move-ends-under-nothing")
    }

    /// Keeps the new parent back, and goes on with the rest.
    fn hold_the_move(
        &mut self,
        pairing: &Pairing,
        side: Side,
        why: &str,
        retry_at: Option<Timestamp>,
        holds: &mut Vec<FieldHold>,
    ) {
        for pair in pairing.fields.iter().filter(|pair| pair.uses[side].moves()) {
            if self.changed.contains(&pair.key) {
                holds.push(FieldHold {
                    retry_at,
                    ..self.hold(side, &pair.key, HoldReason::Unfit, why.to_owned())
                });
                self.leave_out(&pair.key);
            }
        }
    }

    /// What the old record showed of all that its copy has by now, or was meant to lose.
    pub(in crate::engine) fn copied(&self, call: &Call<Body>) -> Record {
        let comes_later = |key: &FieldKey| self.changed.contains(key) && !call.covers.contains(key);
        let shown = self.shown.iter().filter(|(key, _)| !comes_later(key));
        shown
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }
}

impl Link {
    /// The link as it goes over to a copy. Fields that it is given as they were agree again once
    /// it has them.
    fn copied_to(&self, side: Side, target: Target, given: &[Cell], shown: &Record) -> Self {
        let mut sides = self.sides.clone();
        let shadow = sides[side].shadow.clone();
        sides[side] = LinkSide {
            shadow,
            ..LinkSide::new(target, None, Memo::default())
        };
        let mut link = Self {
            agreed: self.agreed.clone(),
            decided: self.decided.clone(),
            written: self.written.clone(),
            ..Self::new(self.kind.clone(), sides)
        };
        for cell in given {
            if cell.shown[side].as_ref() == shown.value(&cell.key) {
                link.forget_shadows(&cell.key);
            }
        }
        link
    }

    fn forget_shadows(&mut self, key: &FieldKey) {
        self.agreed.remove(key);
        for side in Side::BOTH {
            self.sides[side].shadow.put(key.clone(), None);
        }
    }
}

impl Pass<'_> {
    /// Moves that are not to be made are held; the rest of the record goes on.
    pub(in crate::engine) async fn hold_moves(
        &self,
        pairing: &Pairing,
        loaded: &Loaded,
        planned: &mut Planned,
    ) -> Result<(), StoreError> {
        for side in Side::BOTH {
            let (Some(write), Some(link)) = (&mut planned.writes[side], &loaded.link) else {
                continue;
            };
            let (kind, id) = (&pairing.kind, &link.sides[side].id);
            let mut retry_at = None;
            let why = if write.loses_its_parent(pairing, side) {
                format!(
                    "{kind} {id} cannot stand under nothing on the {side} side; put its counterpart back, or under another"
                )
            } else if write.new_parent(pairing, side).is_none() {
                continue;
            } else if self.shared.leaving.moves[side] == Moves::Hold {
                // The policy may be another one by then, or as soon as the program starts anew.
                retry_at = (!planted!("a-held-move-is-held-for-ever"))
                    .then(|| self.now() + self.shared.retry_refused);
                format!(
                    "{kind} {id} cannot be moved on the {side} side; put its counterpart back, or let moves be followed, which makes it anew there"
                )
            } else if self.under(kind, side, id).await?.is_empty() {
                continue;
            } else {
                format!(
                    "{kind} {id} would have to be created anew on the {side} side, and what stands under it would be lost"
                )
            };
            write.hold_the_move(pairing, side, &why, retry_at, &mut planned.holds);
            if write.changed.is_empty() {
                planned.writes[side] = None;
            }
        }
        Ok(())
    }

    /// Whether a policy held a move that is another one by now.
    pub(in crate::engine) fn may_be_moved_now(&self, hold: &Hold) -> bool {
        let (Some(pairing), Some(key)) = (self.pairing(&hold.kind), &hold.field) else {
            return false;
        };
        // What else keeps a record where it is has no time.
        let was_policy = hold.reason == HoldReason::Unfit && hold.retry_at.is_some();
        was_policy
            && Side::BOTH.into_iter().any(|side| {
                let mut moved = pairing.fields.iter().filter(|pair| pair.uses[side].moves());
                self.shared.leaving.moves[side] != Moves::Hold && moved.any(|pair| pair.key == *key)
            })
    }

    /// The create of a copy: all that the side shows and can be given, with what is written to it.
    pub(in crate::engine) fn copy_of(
        &self,
        pairing: &Pairing,
        side: Side,
        link: &Link,
        write: &Write,
    ) -> Write {
        let capabilities = self.connector(side).capabilities(&pairing.kind);
        let mut copy = Write {
            create: true,
            shown: write.shown.clone(),
            wanted: Record::default(),
            changed: FieldSet::new(),
            cells: write.cells.clone(),
        };
        let fields = capabilities.iter().flat_map(|known| known.fields.iter());
        for held in fields.filter(|held| held.access != Access::ReadOnly) {
            if let Some(value) = write.wanted.value(&held.key) {
                copy.wanted.put(held.key.clone(), Some(value.clone()));
                copy.changed.insert(held.key.clone());
            }
        }
        let agreed = pairing.fields.iter().filter_map(|pair| {
            let is_given = copy.changed.contains(&pair.key) && !write.changed.contains(&pair.key);
            as_agreed(pair, side, link, &write.wanted).filter(|_| is_given)
        });
        copy.cells.extend(agreed);
        copy
    }

    /// Moves a record whose write gives it another parent.
    pub(in crate::engine) async fn move_record(
        &mut self,
        work: &mut Work<'_>,
        side: Side,
        write: &Write,
    ) -> Result<(), EngineError> {
        let Look::Same(row) = self.look_again(work, side, &write.shown).await? else {
            return Ok(());
        };
        let (Some(link), Some(seen)) = (work.link.clone(), work.loaded.seen[side].clone()) else {
            return Ok(());
        };
        let mut write = write.clone();
        if let Some(unfit) = seen.reading.unfit.first() {
            let why = format!("it cannot be copied: `{}`: {}", unfit.field, unfit.reason);
            return self.move_nothing(work, side, write, &why).await;
        }
        // What only this side holds is as it was just read.
        let only_here = |key: &FieldKey| !work.pairing.fields.iter().any(|pair| pair.key == *key);
        for (key, value) in seen.reading.record.iter().filter(|(key, _)| only_here(key)) {
            write.shown.put(key.clone(), Some(value.clone()));
            write.wanted.put(key.clone(), Some(value.clone()));
        }
        // What the record does not show is for its mapper to keep, which has the native.
        let unseen = seen.reading.unseen.iter();
        for key in unseen.filter(|key| !write.changed.contains(key)) {
            write.shown.put(key.clone(), None);
            write.wanted.put(key.clone(), None);
        }
        if planted!("a-move-deletes-first") {
            let target = link.target(side);
            drop(
                self.connector(side)
                    .delete(&work.pairing.kind, &target)
                    .await,
            );
        }
        for _ in 0..TRIES {
            let mut copy = self.copy_of(work.pairing, side, &link, &write);
            let memo = self.memo(work, side);
            let (draft, holds) = self.draft(work.pairing, side, &mut copy, &memo, Some(&row));
            if let Some(held) = holds.first() {
                let why = format!("it cannot be copied: `{}`: {}", held.field, held.message);
                return self.move_nothing(work, side, write, &why).await;
            }
            work.owe_on(side, &copy);
            match self.send_all(work, side, &mut copy, draft).await? {
                Next::Again => {}
                Next::Over => return Ok(()),
                // A copy that lacks something is none.
                Next::Without(fields) => {
                    fields.iter().for_each(|key| write.leave_out(key));
                    let why = "a field of its copy was refused";
                    return self.move_nothing(work, side, write, why).await;
                }
            }
        }
        Ok(())
    }

    /// The record stays where it is, and gets what else there is to be written.
    async fn move_nothing(
        &mut self,
        work: &mut Work<'_>,
        side: Side,
        mut write: Write,
        why: &str,
    ) -> Result<(), EngineError> {
        write.hold_the_move(work.pairing, side, why, None, &mut work.holds);
        match write.changed.is_empty() {
            true => Ok(()),
            false => self.write(work, side, write).await,
        }
    }

    /// The link goes over to the copy, in the commit that answers its create.
    #[expect(
        clippy::too_many_arguments,
        reason = "one call and all that is known of it"
    )]
    pub(in crate::engine) async fn take_copy(
        &mut self,
        work: &mut Work<'_>,
        side: Side,
        copy: &Write,
        call: &Call<Body>,
        done: &FieldSet,
        memo: Option<&Memo>,
        reply: &Reply,
        intent: IntentId,
    ) -> Result<(), EngineError> {
        let Some(old) = work.link.clone() else {
            return Ok(());
        };
        let mut ops = vec![Op::Settle(intent)];
        if self.is_linked(work, side, &reply.target.id).await? {
            let why = format!(
                "the create of its copy on the {side} side was answered with {}, which is linked already",
                reply.target.id
            );
            work.hold_record(HoldReason::Unfit, &why);
            return Ok(self.commit(ops).await?);
        }
        work.link = Some(old.copied_to(side, reply.target.clone(), &copy.cells, &copy.shown));
        self.note_written(work, side, reply, memo);
        let observation = self.read_reply(work, side, reply, self.now());
        let left = self.leave_behind(&old, side, copy.copied(call), work.cause, &mut ops);
        self.report.moved[side] += 1;
        let from = old.sides[side].id.clone();
        let moved = HistoryEvent::Moved { side, from };
        self.record(&mut ops, work.happened(self, None, moved));
        for cell in &copy.cells {
            // What is to be blank is not sent to what shows nothing yet.
            if done.contains(&cell.key) || cell.shown[side].is_none() {
                self.take_cell(work, side, copy, cell, observation.as_ref(), &mut ops);
            }
        }
        agree_on_what_is_shown(work, side, copy, call, observation.as_ref());
        work.loaded.seen[side] = observation.map(Arc::new);
        if let Some(link) = &work.link {
            ops.extend(self.linked_anew(link).await?);
            ops.push(Op::Link(Box::new(link.clone())));
        }
        let seen = work.loaded.seen[side].as_deref();
        ops.extend(seen.cloned().map(Op::Observe));
        self.commit(ops).await?;
        work.left_behind = Some((side, left.0, left.1));
        Ok(())
    }

    /// The old record is nobody's counterpart from now on, and is to be deleted.
    fn leave_behind(
        &mut self,
        old: &Link,
        side: Side,
        copied: Record,
        cause: u64,
        ops: &mut Vec<Op>,
    ) -> (Tombstone, Dirty) {
        let (kind, target) = (old.kind.clone(), old.target(side));
        let mut mark = self.dirty_mark(&kind, side, &target.id, cause);
        mark.locator = target.locator;
        let mut link = old.clone();
        link.sides[side].shadow = copied;
        let left = Tombstone {
            link,
            end: LinkEnd::Moved(side),
            at: self.now(),
            // It does not fade before it is deleted.
            sleeps_until: Timestamp::MAX,
        };
        if planted!("the-old-id-of-a-move-is-forgotten") {
            ops.push(self.bury(old, LinkEnd::Parted));
            ops.push(Op::Exhume(kind.clone(), old.id.clone()));
        } else {
            ops.push(Op::Bury(Box::new(left.clone())));
            ops.push(Op::Mark(mark.clone()));
        }
        ops.push(Self::release(About::link(old)));
        ops.push(Op::Forget(kind, side, target.id));
        (left, mark)
    }

    /// A copy whose reply was lost was found: the link goes over to it.
    pub(in crate::engine) async fn adopt_copy(
        &mut self,
        pairing: &Pairing,
        intent: &Intent,
        old: &Target,
        found: &Observation,
    ) -> Result<(), EngineError> {
        let side = intent.side;
        let mut ops = vec![Op::Settle(intent.id)];
        if let Some(old) = self.link_of(pairing, side, &old.id).await? {
            let shown: Record = intent
                .before
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), value.clone()?)))
                .collect();
            let mut link = old.copied_to(side, found.target(), &intent.cells, &shown);
            let memo = intent.memo.clone().or_else(|| found.reading.memo.clone());
            link.sides[side].memo = memo.unwrap_or_default();
            link.saw(side, found.stamp);
            self.leave_behind(&old, side, shown, intent.cause, &mut ops);
            (self.report.adopted, self.report.moved[side]) =
                (self.report.adopted + 1, self.report.moved[side] + 1);
            let from = old.sides[side].id.clone();
            let moved = HistoryEvent::Moved { side, from };
            self.record(&mut ops, self.happened(intent, link.ids(), None, moved));
            self.agree_on_what_arrived(pairing, intent, found, &mut link, &mut ops);
            ops.extend(self.linked_anew(&link).await?);
            ops.push(Op::Link(Box::new(link)));
            let (kind, by) = (&intent.kind, Marker::Doubt);
            ops.push(self.mark_because(kind, side, &found.id, by, intent.cause));
        }
        ops.push(self.mark_source(intent));
        Ok(self.commit(ops).await?)
    }
}

/// A field that a side shows as it agreed.
fn as_agreed(pair: &FieldPair, side: Side, link: &Link, wanted: &Record) -> Option<Cell> {
    let shadow = |side: Side| link.sides[side].shadow.value(&pair.key).cloned();
    let agrees = pair.has_agreed(link) && !link.decided.contains_key(&pair.key);
    let shown = Both::from_fn(shadow);
    (agrees && shown[side].as_ref() == wanted.value(&pair.key)).then(|| Cell {
        key: pair.key.clone(),
        shown,
        revisions: pair.revisions(),
    })
}

/// Fields that no write is about: an edit that is under way is still one only if the copy shows
/// it, and what the server itself put into a blank field does not travel.
fn agree_on_what_is_shown(
    work: &mut Work<'_>,
    side: Side,
    copy: &Write,
    call: &Call<Body>,
    observation: Option<&Observation>,
) {
    let Some(link) = &mut work.link else { return };
    for pair in &work.pairing.fields {
        let key = &pair.key;
        if !pair.has_agreed(link) || copy.cells.iter().any(|cell| cell.key == *key) {
            continue;
        }
        let shown = observation
            .filter(|seen| seen.reading.shows(key))
            .map(|seen| seen.reading.record.value(key).cloned());
        let wanted = copy.wanted.value(key);
        match (wanted, shown) {
            (Some(_), None) if call.covers.contains(key) => {}
            (Some(wanted), Some(Some(shown))) if shown == *wanted => {}
            (Some(_), _) => link.forget_shadows(key),
            (None, Some(put)) if copy.shown.value(key).is_none() => {
                let mut shown = Both::from_fn(|side| link.sides[side].shadow.value(key).cloned());
                shown[side] = put;
                link.agree(Cell {
                    key: key.clone(),
                    shown,
                    revisions: pair.revisions(),
                });
            }
            (None, _) => {}
        }
    }
}
