//! Applying an entry of the staged plan. It is planned anew: the world may have moved.

use std::{collections::BTreeMap, mem, sync::Arc};

use crate::{
    caught::caught,
    engine::{
        EngineError,
        applying::{journal::Work, write::Look},
        hold::About,
        leaving::delete::Departure,
        pass::Pass,
        staging::{
            entry::{Counterpart, Loaded},
            reference,
        },
    },
    field::FieldKey,
    first_sync::Differences,
    link::{Link, LinkSide},
    pairing::Pairing,
    plan::{Planned, Write},
    side::{Both, Side},
    step::Staged,
    store::{Dirty, HistoryEvent, HoldReason, Observation, Op, StoreError},
};

impl Pass<'_> {
    pub(in crate::engine) async fn apply_one(&mut self, staged: Staged) -> Result<(), EngineError> {
        let Some(pairing) = self.pairing(&staged.kind) else {
            return Ok(());
        };
        let (side, id) = &staged.from;
        let loaded = self.load(pairing, *side, id).await?;
        if let Some(left) = loaded.left_behind(*side).filter(|_| staged.clears) {
            return Box::pin(self.clear_away(pairing, left, *side, staged.answers)).await;
        }
        if let Some(departure) = self.departure(pairing, &loaded).await? {
            return self.depart(pairing, &loaded, departure, staged).await;
        }
        let planned = self.plan(pairing, &loaded).await?;
        if self.has_moved(pairing, &staged, &loaded, &planned) {
            self.not_done = Some("its side was given up, or it would be created now");
            return Ok(());
        }
        self.carry_out(pairing, loaded, planned, *side, staged.answers)
            .await
    }

    /// Applies entries of one kind that need no call, in one commit. Those that are not as they
    /// were staged are left, to be applied alone.
    pub(in crate::engine) async fn apply_together(
        &mut self,
        staged: &[Staged],
    ) -> Result<Vec<Staged>, EngineError> {
        let Some(pairing) = staged.first().and_then(|first| self.pairing(&first.kind)) else {
            return Ok(Vec::new());
        };
        let records: Vec<_> = staged.iter().map(|staged| staged.from.clone()).collect();
        let loaded = self.load_all(pairing, &records).await?;
        let before = self.report.clone();
        let (mut ops, mut left) = (Vec::new(), Vec::new());
        for (staged, loaded) in staged.iter().zip(loaded) {
            let planned = self.plan(pairing, &loaded).await?;
            if self.departure(pairing, &loaded).await?.is_some()
                || self.has_moved(pairing, staged, &loaded, &planned)
                || planned.writes()
                || loaded.ids().as_ref().map(Option::as_ref) != staged.ids()
            {
                left.push(staged.clone());
                continue;
            }
            let answers = staged.answers.clone();
            let mut work = Work::of(pairing, loaded, &planned, staged.from.0, &answers);
            ops.extend(self.join(&mut work, &planned).await?);
            self.close(work, answers, &mut ops);
        }
        match self.commit(ops).await {
            Err(StoreError::AlreadyLinked { .. } | StoreError::Claimed { .. }) => {
                self.report = before;
                Ok(staged.to_vec())
            }
            done => Ok(done.map(|()| left)?),
        }
    }

    /// Does what was planned, and answers these marks.
    pub(in crate::engine) async fn carry_out(
        &mut self,
        pairing: &Pairing,
        loaded: Loaded,
        planned: Planned,
        from: Side,
        answers: Vec<Dirty>,
    ) -> Result<(), EngineError> {
        let mut work = Work::of(pairing, loaded, &planned, from, &answers);
        if self.winner_has_moved(&mut work, &planned).await? {
            let mut ops = Vec::new();
            self.close(work, answers, &mut ops);
            return Ok(self.commit(ops).await?);
        }
        let mut ops = self.join(&mut work, &planned).await?;
        if planned.writes() && !ops.is_empty() {
            // Two records are linked before the first call is sent for them.
            ops.extend(work.link.clone().map(|link| Op::Link(Box::new(link))));
            self.commit(mem::take(&mut ops)).await?;
        }
        for side in Side::BOTH {
            match planned.writes[side].clone() {
                Some(write) if write.new_parent(pairing, side).is_some() => {
                    Box::pin(self.move_record(&mut work, side, &write)).await?;
                }
                Some(write) => self.write(&mut work, side, write).await?,
                None => {}
            }
        }
        let left_behind = work.left_behind.take();
        let before = work.loaded.link.clone();
        self.close(work, answers, &mut ops);
        if let Some(before) = before {
            let freed = self.freed(&before, &ops).await?;
            ops.extend(freed);
        }
        self.commit(ops).await?;
        match left_behind {
            Some((side, left, mark)) => {
                Box::pin(self.clear_away(pairing, &left, side, vec![mark])).await
            }
            None => Ok(()),
        }
    }

    /// Whether an edit would be written over by what a record does not show any more. One that is
    /// gone does not win: then a record was edited on one side and deleted on the other.
    async fn winner_has_moved(
        &mut self,
        work: &mut Work<'_>,
        planned: &Planned,
    ) -> Result<bool, EngineError> {
        for winner in Side::BOTH {
            let loses = |write: &Write| {
                let mut decided = planned.decided.iter();
                decided.any(|(key, _)| write.changed.contains(key))
            };
            let is_over_an_edit = planned.writes[!winner].as_ref().is_some_and(loses);
            let seen = work.loaded.seen[winner].clone();
            let (Some(seen), true, true) = (seen, is_over_an_edit, work.link.is_some()) else {
                continue;
            };
            if planted!("the-dead-win") {
                continue;
            }
            match self.look_again(work, winner, &seen.reading.record).await? {
                Look::Same(_) => {}
                Look::Moved | Look::Nothing => return Ok(true),
            }
        }
        Ok(false)
    }

    /// A pair of which a record is missing. A delete that nobody has counted is not done.
    async fn depart(
        &mut self,
        pairing: &Pairing,
        loaded: &Loaded,
        departure: Departure,
        staged: Staged,
    ) -> Result<(), EngineError> {
        let Some(link) = &loaded.link else {
            return Ok(());
        };
        match departure {
            Departure::End(end) => self.end_link(link, end, staged.answers).await,
            Departure::Delete(side) if staged.deletes == Some(side) && !self.is_stopped(side) => {
                self.delete(pairing, link, side, staged.answers).await
            }
            Departure::Delete(_) | Departure::Wait | Departure::Hold(..) => {
                self.wait_until(None);
                Ok(())
            }
        }
    }

    /// A side that was given up, or a create that nobody has counted: left for the next cycle.
    fn has_moved(
        &self,
        pairing: &Pairing,
        staged: &Staged,
        loaded: &Loaded,
        planned: &Planned,
    ) -> bool {
        let own = loaded.seen[staged.from.0].as_deref();
        let lacks = |own| !reference::missing(pairing, own, planned).is_empty();
        if loaded.link.is_none() && own.is_some_and(lacks) {
            return true;
        }
        let ambiguous = loaded.counterpart.question().is_some();
        ambiguous
            || Side::BOTH.into_iter().any(|side| {
                let Some(write) = &planned.writes[side] else {
                    return false;
                };
                let moves = write.new_parent(pairing, side).is_some();
                let counted = staged.writes[side].as_ref();
                let counted = counted.is_some_and(|w| w.create || w.moves.is_some());
                let is_new = (write.create || moves) && !counted;
                let link = loaded.link.as_deref();
                self.is_stopped(side) || is_new && self.would_send(pairing, side, link, write)
            })
    }

    /// Whether a create, or a move, has any call. One that the mapper cannot draft was not counted, either:
    /// it is held.
    fn would_send(
        &self,
        pairing: &Pairing,
        side: Side,
        link: Option<&Link>,
        write: &Write,
    ) -> bool {
        let draft = self.drafted(pairing, side, link, &mut write.clone());
        !draft.calls.is_empty()
    }

    /// Two records become linked, and what needs no call is settled. The link itself is committed
    /// with what this answers, or with the end of the entry.
    async fn join(
        &mut self,
        work: &mut Work<'_>,
        planned: &Planned,
    ) -> Result<Vec<Op>, EngineError> {
        let mut ops = Vec::new();
        if work.link.is_none()
            && let (Some(left), Some(right)) = (&work.loaded.seen.left, &work.loaded.seen.right)
        {
            work.link = Some(Link::new(
                work.pairing.kind.clone(),
                Both::new(unlinked_side(left), unlinked_side(right)),
            ));
            let by = match &work.loaded.counterpart {
                Counterpart::One(key) => key.name.to_string(),
                _ => String::new(),
            };
            self.report.linked += 1;
            self.record(
                &mut ops,
                work.happened(self, None, HistoryEvent::Linked { by }),
            );
        }
        for (key, decided) in &planned.decided {
            self.report.decided += 1;
            let event = HistoryEvent::Decided {
                rule: self.decided_by(&work.loaded, key),
                seen: decided.seen.clone(),
                want: decided.want.clone(),
            };
            if !planted!("losers-are-not-recorded") {
                self.record(&mut ops, work.happened(self, Some(key.clone()), event));
            }
        }
        let Some(link) = &mut work.link else {
            return Ok(Vec::new());
        };
        let answers = planned.decided.iter();
        for (key, decided) in answers.filter(|_| !planted!("answers-are-forgotten")) {
            link.decided.insert(key.clone(), decided.clone());
        }
        for cell in &planned.settled {
            link.agree(cell.clone());
        }
        if work.loaded.link.is_none() {
            let link = link.clone();
            ops.extend(self.linked_anew(&link).await?);
        }
        Ok(ops)
    }

    /// The rule, or the policy for records that meet for the first time.
    pub(in crate::engine) fn decided_by(&self, loaded: &Loaded, key: &FieldKey) -> String {
        let link = loaded.link.as_ref();
        let met = link.is_some_and(|link| link.agreed.contains_key(key));
        match self.shared.first_sync.differences {
            Differences::Prefer(side) if !met => format!("first sync prefers the {side} side"),
            _ => {
                let name = caught(|| self.shared.rule.name(key).to_owned());
                name.unwrap_or_else(|why| format!("a rule that cannot tell its name: {why}"))
            }
        }
    }

    /// Ends an entry: observations that equal their shadows go, holds are as they are now, marks are answered.
    fn close(&mut self, mut work: Work<'_>, answers: Vec<Dirty>, ops: &mut Vec<Op>) {
        let kind = work.pairing.kind.clone();
        for side in Side::BOTH {
            let Some(seen) = &work.loaded.seen[side] else {
                continue;
            };
            let Some(link) = &mut work.link else { continue };
            if link.settle(work.pairing, side, seen) {
                ops.push(Op::Forget(kind.clone(), side, seen.id.clone()));
            } else {
                ops.push(Op::Observe(Observation::clone(seen)));
            }
        }
        let own = work.loaded.seen[work.from].as_ref();
        let about = match (&work.link, own) {
            (Some(link), _) => Some(About::link(link)),
            (None, Some(own)) => Some(About::record(&kind, work.from, &own.id)),
            (None, None) => None,
        };
        if let Some(link) = &work.link {
            ops.push(Op::Link(Box::new(link.clone())));
            for side in Side::BOTH {
                let about = About::record(&kind, side, &link.sides[side].id);
                ops.push(Self::release(about));
            }
        }
        if let Some(about) = about {
            ops.push(match work.record_hold.take() {
                Some((reason @ HoldReason::Forbidden, message)) => {
                    self.hold_for_now(about, reason, message)
                }
                Some((reason, message)) => self.hold_record(about, reason, message),
                None => self.hold_fields(about, &work.holds),
            });
        }
        if work.unfinished && !planted!("unfinished-is-clean") {
            self.wait_until(None);
        } else if !work.waits {
            ops.extend(answers.into_iter().map(Op::Clear));
        }
    }
}

impl<'p> Work<'p> {
    pub(in crate::engine) fn of(
        pairing: &'p Pairing,
        loaded: Loaded,
        planned: &Planned,
        from: Side,
        answers: &[Dirty],
    ) -> Self {
        let mut work = Self {
            pairing,
            link: loaded.link.as_deref().cloned(),
            from,
            holds: planned.holds.clone(),
            record_hold: None,
            under_way: BTreeMap::new(),
            left_behind: None,
            cause: answers.first().map_or(0, |dirty| dirty.cause),
            unfinished: false,
            waits: !planned.waits.is_empty(),
            loaded,
        };
        work.owe(planned);
        work
    }
}

pub(in crate::engine) fn unlinked_side(seen: &Arc<Observation>) -> LinkSide {
    let memo = seen.reading.memo.clone().unwrap_or_default();
    LinkSide::new(seen.target(), seen.stamp, memo)
}
