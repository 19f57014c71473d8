//! Writing one side of an entry: look, draft, send call by call, take each reply as a new observation.

use std::{slice, sync::Arc};

use crate::{
    connector::{Body, Reason, Reply, Row},
    engine::{
        EngineError,
        applying::{
            journal::{Sent, Work},
            refusal::Next,
        },
        pass::Pass,
        reading::look_up::Looked,
    },
    field::{FieldKey, FieldSet},
    id::{IntentId, RecordId},
    link::{Cell, Link, LinkSide},
    mapper::{Call, CallKind, Draft},
    plan::Write,
    reading::Memo,
    record::Record,
    sets,
    side::{Both, Side},
    store::{HistoryEvent, HoldReason, Marker, Observation, Op},
    value::{Shape, Value},
};

/// How often a write is tried again without the fields that were refused.
pub(in crate::engine) const TRIES: usize = 4;

/// What a second look showed.
pub(in crate::engine) enum Look {
    /// What we knew.
    Same(Row),
    /// Somebody changed it meanwhile.
    Moved,
    /// It cannot be read now, or is not there.
    Nothing,
}

impl Pass<'_> {
    pub(in crate::engine) async fn write(
        &mut self,
        work: &mut Work<'_>,
        side: Side,
        mut write: Write,
    ) -> Result<(), EngineError> {
        let mut native = None;
        let seen = work.loaded.seen[side].clone();
        if !write.create
            && self
                .needs_a_look(work.pairing, side, &write, seen.as_deref())
                .await?
        {
            // What the mapper cannot write in any case asks for no look.
            let memo = self.memo(work, side);
            let (_, holds) = self.draft(work.pairing, side, &mut write, &memo, None);
            work.holds.extend(holds);
            if write.changed.is_empty() && !planted!("a-look-for-nothing") {
                return Ok(());
            }
            match self.look_again(work, side, &write.shown).await? {
                Look::Same(row) => native = Some(row),
                Look::Moved | Look::Nothing => return Ok(()),
            }
        }
        if write.create && self.turns_up(work, side).await? {
            return Ok(());
        }
        for _ in 0..TRIES {
            let memo = self.memo(work, side);
            let (draft, holds) = self.draft(work.pairing, side, &mut write, &memo, native.as_ref());
            work.holds.extend(holds);
            match self.send_all(work, side, &mut write, draft).await? {
                Next::Over => return Ok(()),
                Next::Again => {}
                Next::Without(fields) => fields.iter().for_each(|key| write.leave_out(key)),
            }
        }
        Ok(())
    }

    #[expect(clippy::unused_self, reason = "reads like the other steps")]
    pub(in crate::engine) fn memo(&self, work: &Work<'_>, side: Side) -> Memo {
        let link = work.link.as_ref();
        link.map(|link| link.sides[side].memo.clone())
            .unwrap_or_default()
    }

    /// Reads a record by id, which is to show the same as when this was planned.
    pub(in crate::engine) async fn look_again(
        &mut self,
        work: &mut Work<'_>,
        side: Side,
        shown: &Record,
    ) -> Result<Look, EngineError> {
        let Some(link) = &work.link else {
            return Ok(Look::Nothing);
        };
        let target = link.target(side);
        let looked = self.look_up(work.pairing, side, &target, Some(link)).await;
        let (row, mut observation) = match looked {
            Ok(Some(Looked { row, observation })) => (row, observation),
            Ok(None) => {
                self.doubt(work, side).await?;
                return Ok(Look::Nothing);
            }
            Err(error) if !error.stops_the_side() => {
                let hidden = error.reason == Reason::Forbidden;
                if let Some(link) = &mut work.link {
                    link.sides[side].hidden = hidden;
                }
                let reason = match hidden {
                    true => HoldReason::Forbidden,
                    false => HoldReason::Unfit,
                };
                work.hold_record(reason, &error.message);
                return Ok(Look::Nothing);
            }
            Err(error) => {
                work.unfinished = true;
                self.failed(side, error);
                return Ok(Look::Nothing);
            }
        };
        let moved = differs(work, &observation, |key| shown.value(key).cloned());
        let mut visits = Vec::new();
        let known = work.loaded.seen[side].as_deref();
        self.mark_if_moved(Some(link), known, &observation, &mut visits);
        self.commit(visits).await?;
        observation.not_before = work.loaded.seen[side]
            .as_ref()
            .and_then(|seen| seen.not_before);
        work.loaded.seen[side] = Some(Arc::new(observation));
        if moved {
            work.unfinished = true;
            return Ok(Look::Moved);
        }
        Ok(Look::Same(row))
    }

    pub(in crate::engine) async fn send_all(
        &mut self,
        work: &mut Work<'_>,
        side: Side,
        write: &mut Write,
        draft: Draft<Body>,
    ) -> Result<Next, EngineError> {
        let last = draft.calls.len();
        for (at, call) in draft.calls.iter().enumerate() {
            let target = match call.kind {
                CallKind::Create => None,
                CallKind::Update => work.link.as_ref().map(|link| link.target(side)),
            };
            if call.kind == CallKind::Update && target.is_none() {
                let why = "the mapper drafts an update of a record that is not created yet";
                work.hold_record(HoldReason::Unfit, why);
                return Ok(Next::Over);
            }
            // Without its memo a new record would be read otherwise until the last call is done.
            let creates = call.kind == CallKind::Create && !planted!("a-create-without-its-memo");
            let remembers = at + 1 == last || creates;
            let memo = draft.memo.as_ref().filter(|_| remembers);
            let (intent, sent) = self
                .send(work, side, target.as_ref(), write, call, memo)
                .await?;
            match sent {
                Sent::Answered(reply) => {
                    let done = covered_for_the_last_time(&draft.calls[at..]);
                    if call.kind == CallKind::Create && work.link.is_some() {
                        Box::pin(
                            self.take_copy(work, side, write, call, &done, memo, &reply, intent),
                        )
                        .await?;
                    } else {
                        self.take_reply(work, side, write, call, &done, memo, &reply, intent)
                            .await?;
                    }
                    if work.link.is_none() || work.record_hold.is_some() {
                        return Ok(Next::Over);
                    }
                    write.done(&done);
                }
                Sent::InDoubt => {
                    work.unfinished = true;
                    return Ok(Next::Over);
                }
                Sent::NotDone(error) => {
                    self.commit(vec![Op::Settle(intent)]).await?;
                    return self.refused(work, side, write, call, error).await;
                }
            }
        }
        Ok(Next::Over)
    }

    /// Shadows, link, history and the cleared intent go into one commit.
    #[expect(
        clippy::too_many_arguments,
        reason = "one call and all that is known of it"
    )]
    async fn take_reply(
        &mut self,
        work: &mut Work<'_>,
        side: Side,
        write: &Write,
        call: &Call<Body>,
        done: &FieldSet,
        memo: Option<&Memo>,
        reply: &Reply,
        intent: IntentId,
    ) -> Result<(), EngineError> {
        let mut ops = vec![Op::Settle(intent)];
        let created = work.link.is_none();
        let believed = !created || planted!("adopt-a-linked-record");
        if !believed && self.is_linked(work, side, &reply.target.id).await? {
            let why = format!(
                "its creation on the {side} side was answered with {}, which is linked to another record",
                reply.target.id
            );
            work.hold_record(HoldReason::Unfit, &why);
            self.commit(ops).await?;
            return Ok(());
        }
        self.note_written(work, side, reply, memo);
        if created {
            self.report.created[side] += 1;
            self.record(
                &mut ops,
                work.happened(self, None, HistoryEvent::Created { side }),
            );
        } else {
            self.report.updated[side] += 1;
        }
        let observation = self.read_reply(work, side, reply, self.now());
        let covered: Vec<Cell> = write
            .cells
            .iter()
            .filter(|cell| done.contains(&cell.key))
            .cloned()
            .collect();
        let mut taken = Record::default();
        for cell in &covered {
            let shown = self.take_cell(work, side, write, cell, observation.as_ref(), &mut ops);
            taken.put(cell.key.clone(), shown);
        }
        if created {
            agree_on_the_rest(work, side, write, observation.as_ref());
        }
        if let Some(observation) = observation {
            let expected = |key: &FieldKey| {
                let covered = call.covers.contains(key);
                let from = if covered { &taken } else { &write.shown };
                from.value(key).cloned()
            };
            if !created && differs(work, &observation, expected) {
                ops.push(self.mark(&work.pairing.kind, side, &observation.id, Marker::Feed));
            }
            work.loaded.seen[side] = Some(Arc::new(observation));
        } else if let Some(seen) = &mut work.loaded.seen[side] {
            let seen = Arc::make_mut(seen);
            for cell in &covered {
                seen.reading
                    .record
                    .put(cell.key.clone(), cell.shown[side].clone());
            }
        }
        // A shadow never advances without what its side shows, or that would look like an edit.
        let shown = work.loaded.seen[side].as_deref();
        if let Some(link) = work.link.as_ref().filter(|_| created) {
            ops.extend(self.linked_anew(link).await?);
        }
        ops.extend(work.link.clone().map(|link| Op::Link(Box::new(link))));
        ops.extend(shown.cloned().map(Op::Observe));
        self.commit(ops).await?;
        Ok(())
    }

    pub(in crate::engine) async fn is_linked(
        &self,
        work: &Work<'_>,
        side: Side,
        id: &RecordId,
    ) -> Result<bool, EngineError> {
        let (here, ids) = (&self.shared.connection, slice::from_ref(id));
        let kind = &work.pairing.kind;
        let links = self.store.links(here, kind, side, ids).await?;
        Ok(links.iter().flatten().next().is_some())
    }

    /// The link learns where the record is, and that we wrote to it; a create makes the link.
    pub(in crate::engine) fn note_written(
        &self,
        work: &mut Work<'_>,
        side: Side,
        reply: &Reply,
        memo: Option<&Memo>,
    ) {
        let stamp = reply.row.as_ref().and_then(|row| row.stamp);
        if work.link.is_none()
            && let Some(source) = &work.loaded.seen[!side]
        {
            let memo = source.reading.memo.clone().unwrap_or_default();
            let mut sides =
                Both::from_fn(|_| LinkSide::new(source.target(), source.stamp, memo.clone()));
            sides[side] = LinkSide::new(reply.target.clone(), stamp, Memo::default());
            work.link = Some(Link::new(work.pairing.kind.clone(), sides));
        }
        if let Some(link) = &mut work.link {
            let of = &mut link.sides[side];
            of.written_at = Some(self.now()).filter(|_| !planted!("writes-are-forgotten"));
            let shown = reply.row.as_ref().and_then(|row| row.locator.clone());
            // A reply that does not show the record does not say that it has no parent.
            let told = shown.or_else(|| reply.target.locator.clone());
            if told.is_some() || planted!("a-mute-reply-parts-from-the-parent") {
                of.locator = told;
            }
            if let Some(memo) = memo {
                of.memo = memo.clone();
            }
            link.saw(side, stamp);
        }
    }

    pub(in crate::engine) fn take_cell(
        &self,
        work: &mut Work<'_>,
        side: Side,
        write: &Write,
        cell: &Cell,
        observation: Option<&Observation>,
        ops: &mut Vec<Op>,
    ) -> Option<Value> {
        let reading = observation
            .map(|seen| &seen.reading)
            .filter(|r| r.shows(&cell.key) && !planted!("reply-is-not-read"));
        let sent = cell.shown[side].clone();
        let before = write.shown.value(&cell.key);
        let is_set = sent.as_ref().or(before).is_some_and(|v| v.fits(Shape::Set));
        let shown = match reading.map(|reading| reading.record.value(&cell.key)) {
            Some(reply) if is_set && !write.create => {
                sets::after_our_write(before, sent.as_ref(), reply)
            }
            Some(reply) => reply.cloned(),
            None => sent.clone(),
        };
        // What a copy shows is nothing that was there before.
        let there = before.filter(|_| !write.create);
        if was_ignored(there, sent.as_ref(), shown.as_ref()) {
            if write.create {
                // An update may do what the create did not.
                work.unfinished = true;
            } else {
                let of = [cell.key.clone()].into_iter().collect();
                self.hold_refused(work, side, write, &of, "the old value stayed");
            }
            return shown;
        }
        let old = before.or_else(|| before_the_blank(work, side, &cell.key));
        let wrote = HistoryEvent::Wrote {
            side,
            old: old.cloned(),
            new: shown.clone(),
        };
        let is_copied = write.create && before.is_some() && before == sent.as_ref();
        if !is_copied {
            self.record(ops, work.happened(self, Some(cell.key.clone()), wrote));
            work.note_value(side, &write.shown, cell, self.now());
        }
        if shown != sent {
            let shown = shown.clone();
            let event = HistoryEvent::Rewritten { side, sent, shown };
            self.record(ops, work.happened(self, Some(cell.key.clone()), event));
        }
        work.answered(cell, side, shown.clone());
        shown
    }
}

/// What stood there before the blank that we left for a swap.
fn before_the_blank<'w>(work: &'w Work<'_>, side: Side, key: &FieldKey) -> Option<&'w Value> {
    let decided = work.link.as_ref()?.decided.get(key)?;
    let is_ours = decided.blanked == Some(side);
    decided.seen[side].as_ref().filter(|_| is_ours)
}

/// Whether a write was answered with the value from before it. A server that only writes a text
/// in its own way has not ignored it.
fn was_ignored(before: Option<&Value>, sent: Option<&Value>, shown: Option<&Value>) -> bool {
    let in_its_own_way = before.zip(sent).is_some_and(|(a, b)| a.reads_like(b));
    shown == before && sent != before && !in_its_own_way && !planted!("ignored-writes-count")
}

/// Of the fields that the first of these calls carries, those that no later one carries too.
fn covered_for_the_last_time(calls: &[Call<Body>]) -> FieldSet {
    let Some((now, later)) = calls.split_first() else {
        return FieldSet::new();
    };
    let again = |key: &FieldKey| later.iter().any(|call| call.covers.contains(key));
    now.covers
        .iter()
        .filter(|key| !again(key))
        .cloned()
        .collect()
}

/// What the server itself put into fields that we left out of a create goes into the shadow and does not travel.
fn agree_on_the_rest(
    work: &mut Work<'_>,
    side: Side,
    write: &Write,
    observation: Option<&Observation>,
) {
    let (Some(link), Some(new), Some(source)) =
        (&mut work.link, observation, &work.loaded.seen[!side])
    else {
        return;
    };
    let held = |key: &FieldKey| work.holds.iter().any(|hold| hold.field == *key);
    for pair in &work.pairing.fields {
        let both_show = new.reading.shows(&pair.key) && source.reading.shows(&pair.key);
        if !both_show || write.changed.contains(&pair.key) || held(&pair.key) {
            continue;
        }
        if pair.shape == Shape::Ref && source.reading.record.value(&pair.key).is_some() {
            continue;
        }
        let mut shown = Both::from_fn(|_| source.reading.record.value(&pair.key).cloned());
        shown[side] = new.reading.record.value(&pair.key).cloned();
        link.agree(Cell {
            key: pair.key.clone(),
            shown,
            revisions: pair.revisions(),
        });
    }
}

/// Whether a synced field shows something else than expected.
fn differs(
    work: &Work<'_>,
    observation: &Observation,
    expected: impl Fn(&FieldKey) -> Option<Value>,
) -> bool {
    let reading = &observation.reading;
    work.pairing.fields.iter().any(|pair| {
        reading.shows(&pair.key) && reading.record.value(&pair.key) != expected(&pair.key).as_ref()
    })
}
