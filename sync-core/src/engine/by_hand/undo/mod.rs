//! Taking back what was written: planned from the history, and only where it still stands.

mod done;
mod linked_now;

use std::{cmp::Reverse, collections::BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use self::done::{Done, PAGE, Pair, Pairs, Written};
use crate::{
    connector::{ConnectorError, Effect},
    engine::{
        Engine, EngineError,
        leaving::{below::objection, delete::Undeleted},
        pass::Pass,
        report::Plan,
        staging::{
            entry::Loaded,
            stage::{InDoubt, LAST},
        },
    },
    field::FieldKey,
    id::{IntentId, Kind, RecordId, RunId},
    link::{Decided, Link},
    pairing::Pairing,
    plan::Planned,
    side::{Both, Side},
    step::Staged,
    store::{Dirty, Happened, HistoryEvent, HistoryOf, Op, StoreError},
    value::Value,
};

/// What is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undo {
    /// One entry of the history, by its number.
    Entry(u64),
    /// All that a cycle did.
    Run(RunId),
    /// All that was done to a record and its counterpart since then.
    Record {
        /// The kind.
        kind: Kind,
        /// The side of the id.
        side: Side,
        /// The record.
        id: RecordId,
        /// By our clock.
        since: Timestamp,
    },
}

/// Something that an undo leaves as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotUndone {
    /// The kind.
    pub kind: Kind,
    /// The records.
    pub ids: Both<Option<RecordId>>,
    /// The field; `None` for the record as a whole.
    pub field: Option<FieldKey>,
    /// Why, for a person.
    pub why: String,
}

/// The rule that the history names for an undone field.
const UNDO: &str = "undo";

const EDITED: &str = "somebody has edited it since it was created";

impl Engine {
    /// Plans to take back what was written. Like any plan it is shown, saved and
    /// [applied](Self::apply); nothing is written before that.
    ///
    /// A field is undone only where the side still shows what we wrote: it shows the old value
    /// again, and both shadows agree, so that the value does not travel. What the other side
    /// shows stays. The undo is itself in the history, and can be undone.
    ///
    /// A record that we created is deleted only with `creates`, and only if nobody has edited
    /// it since. What cannot be taken back is in [`Plan::left`], with the reason.
    pub async fn undo(&mut self, what: &Undo, creates: bool) -> Result<Plan, EngineError> {
        self.compare_accounts().await?;
        let scratch = self.store.scratch().await?;
        let epoch = scratch.open(&self.shared.connection).await?;
        let mut pass = self.pass(scratch, epoch);
        pass.dry = true;
        Box::pin(pass.look()).await?;
        let left = pass.stage_undo(what, creates).await?;
        pass.into_plan(left).await
    }
}

impl Pass<'_> {
    async fn stage_undo(
        &mut self,
        what: &Undo,
        creates: bool,
    ) -> Result<Vec<NotUndone>, EngineError> {
        let mut left = Vec::new();
        let pairs = self.done(what, &mut left).await?;
        let created: BTreeSet<_> = pairs
            .iter()
            .filter_map(|((kind, ids), done)| Some((kind.clone(), ids.clone(), done.created?)))
            .collect();
        let in_doubt = self.in_doubt().await?;
        let mut ops = vec![Op::Unstage(LAST)];
        let mut sequence = 0;
        for ((kind, ids), done) in self.children_first(pairs) {
            let mut not_undone = |field, why: String| {
                let (kind, ids) = (kind.clone(), ids.clone());
                left.push(NotUndone {
                    kind,
                    ids,
                    field,
                    why,
                });
            };
            let loaded = match self.still_linked(&kind, &ids, &in_doubt).await? {
                Ok(loaded) => loaded,
                Err(why) => {
                    not_undone(None, why);
                    continue;
                }
            };
            let Some(pairing) = self.pairing(&kind) else {
                continue;
            };
            let step = match done.created {
                Some(side) if creates => {
                    let goes_first =
                        |link: &Link| created.contains(&(link.kind.clone(), link.ids(), side));
                    let step = self.undo_create(pairing, side, &loaded, goes_first).await?;
                    step.map_err(|why| vec![(None, why)])
                }
                Some(side) => {
                    let why = format!(
                        "it was created on the {side} side, and undoing creates was not asked for"
                    );
                    Err(vec![(None, why)])
                }
                None => {
                    let (step, reasons) = self.undo_fields(pairing, loaded, done).await?;
                    for (key, why) in reasons {
                        not_undone(Some(key), why);
                    }
                    step.ok_or_else(Vec::new)
                }
            };
            match step {
                Ok(mut step) => {
                    sequence += 1;
                    step.sequence = sequence;
                    self.counts.count(&step);
                    ops.push(Op::Stage(step));
                }
                Err(reasons) => {
                    for (field, why) in reasons {
                        not_undone(field, why);
                    }
                }
            }
        }
        self.commit(ops).await?;
        Ok(left)
    }

    /// What stands under others goes before them.
    fn children_first(&self, pairs: Pairs) -> Vec<(Pair, Done)> {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        let place = |kind: &Kind| {
            let mut kinds = self.shared.pairings.iter();
            kinds.position(|pairing| pairing.kind == *kind)
        };
        pairs.sort_by_key(|((kind, _), _)| Reverse(place(kind)));
        pairs
    }

    /// The pair as it is known now, or why it cannot be undone.
    async fn still_linked(
        &self,
        kind: &Kind,
        ids: &Both<Option<RecordId>>,
        in_doubt: &InDoubt,
    ) -> Result<Result<Loaded, String>, EngineError> {
        let (
            Some(pairing),
            Both {
                left: Some(left),
                right: Some(right),
            },
        ) = (self.pairing(kind), ids)
        else {
            return Ok(Err("its kind is not synced any more".to_owned()));
        };
        let loaded = self.load(pairing, Side::Left, left).await?;
        let link = loaded.link.as_ref();
        if link.is_none_or(|link| link.sides.right.id != *right) {
            return Ok(Err("the two are not linked any more".to_owned()));
        }
        let missing = Self::missing(loaded.link.as_deref());
        if missing.left || missing.right {
            let why = "one of the two is missing; run a cycle, and undo again when it is back";
            return Ok(Err(why.to_owned()));
        }
        if in_doubt_of(in_doubt, &loaded.ids(), kind).is_some() {
            let why = "a write to it has had no answer yet; run a cycle, and undo again";
            return Ok(Err(why.to_owned()));
        }
        Ok(Ok(loaded))
    }

    async fn undo_fields(
        &mut self,
        pairing: &Pairing,
        mut loaded: Loaded,
        done: Done,
    ) -> Result<(Option<Staged>, Vec<(FieldKey, String)>), EngineError> {
        let mut reasons = Vec::new();
        let mut answered = Vec::new();
        for (key, written) in done.fields {
            match answer(pairing, &loaded, &key, written) {
                Ok(Some(decided)) => answered.push((key, decided)),
                Ok(None) => {}
                Err(why) => reasons.push((key, why)),
            }
        }
        let planned = self.plan_answers(pairing, &mut loaded, &answered).await?;
        answered.retain(|(key, decided)| {
            let owed = |side: Side| decided.want[side] != decided.seen[side];
            let is_written = |side: Side| {
                let write = planned.writes[side].as_ref();
                write.is_some_and(|write| write.changed.contains(key))
            };
            let written = Side::BOTH.into_iter().all(|s| !owed(s) || is_written(s));
            if !written {
                let why = "it cannot be written there".to_owned();
                reasons.push((key.clone(), why));
            }
            written
        });
        let Some(dirty) = self.dirty_left(&loaded).filter(|_| !answered.is_empty()) else {
            return Ok((None, reasons));
        };
        let mut step = self.step(pairing, 0, dirty, &loaded, planned);
        step.undo = true;
        step.answered = answered;
        step.answers = Vec::new();
        Ok((Some(step), reasons))
    }

    /// A record that we created is deleted, if nobody has edited it.
    async fn undo_create(
        &mut self,
        pairing: &Pairing,
        side: Side,
        loaded: &Loaded,
        goes_first: impl Fn(&Link) -> bool,
    ) -> Result<Result<Staged, String>, EngineError> {
        let (Some(link), Some(dirty)) = (loaded.link.clone(), self.dirty_left(loaded)) else {
            return Ok(Err("the two are not linked any more".to_owned()));
        };
        let seen = loaded.seen[side].as_ref();
        let contradicts = seen.is_some_and(|of| pairing.contradicts(&link, side, &of.reading));
        if (contradicts || self.has_travelled(&link, side).await?)
            && !planted!("undo-deletes-what-was-edited")
        {
            return Ok(Err(EDITED.to_owned()));
        }
        let below = self.linked_below(&link, side).await?;
        let stays = below.iter().find(|link| !goes_first(link));
        if let Some(stays) = stays.filter(|_| !planted!("undo-takes-what-stands-under-it")) {
            return Ok(Err(format!(
                "{} {} stands under it, and would be deleted with it; undo that first",
                stays.kind, stays.sides[side].id
            )));
        }
        if let Some(why) = objection(side, &self.lost_with(&link, side).await?) {
            return Ok(Err(why));
        }
        let mut step = self.step(pairing, 0, dirty, loaded, Planned::default());
        step.undo = true;
        step.deletes = Some(side);
        step.answers = Vec::new();
        Ok(Ok(step))
    }

    /// Whether something that was edited on a side was written to the other.
    async fn has_travelled(&self, link: &Link, from: Side) -> Result<bool, StoreError> {
        // A record that was moved has a part of its history under another id: its counterpart
        // has all of it.
        for side in Side::BOTH {
            let id = link.sides[side].id.clone();
            let of = HistoryOf::Record(link.kind.clone(), side, id);
            if self.was_written(&of, !from).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn was_written(&self, of: &HistoryOf, there: Side) -> Result<bool, StoreError> {
        let here = &self.shared.connection;
        let mut after = 0;
        loop {
            let page = self.store.history_of(here, of, after, PAGE).await?;
            let Some((last, _)) = page.last() else {
                return Ok(false);
            };
            after = *last;
            let wrote = |happened: &Happened| matches!(happened.event, HistoryEvent::Wrote { side, .. } if side == there);
            if page.iter().any(|(_, happened)| wrote(happened)) {
                return Ok(true);
            }
        }
    }

    /// The link with these answers, and what they alone need.
    async fn plan_answers(
        &self,
        pairing: &Pairing,
        loaded: &mut Loaded,
        answered: &[(FieldKey, Decided)],
    ) -> Result<Planned, StoreError> {
        if let Some(link) = &loaded.link {
            let mut link = Link::clone(link);
            for (key, decided) in answered {
                link.answer_by_hand(key.clone(), decided.clone());
            }
            loaded.link = Some(link.into());
        }
        let mut planned = self.plan(pairing, loaded).await?;
        let is_answered = |key: &FieldKey| answered.iter().any(|(own, _)| own == key);
        planned.restrict(is_answered);
        Ok(planned)
    }

    /// Undoes one step of an approved plan; answers why it was refused, if it was.
    pub(in crate::engine) async fn undo_step(
        &mut self,
        step: &Staged,
    ) -> Result<Option<String>, EngineError> {
        let in_doubt = self.in_doubt().await?;
        let ids = step.ids().map(Option::<&RecordId>::cloned);
        let mut loaded = match self.still_linked(&step.kind, &ids, &in_doubt).await? {
            Ok(loaded) => loaded,
            Err(why) => return Ok(Some(why)),
        };
        let Some(pairing) = self.pairing(&step.kind) else {
            return Ok(None);
        };
        if let Some(side) = step.deletes {
            return self.undo_create_step(pairing, side, &loaded, step).await;
        }
        let before = self.plan(pairing, &loaded).await?;
        let planned = self
            .plan_answers(pairing, &mut loaded, &step.answered)
            .await?;
        let Some(dirty) = self.dirty_left(&loaded) else {
            return Ok(None);
        };
        let now = self.step(pairing, 0, dirty.clone(), &loaded, planned.clone());
        if let Some(why) = step.differs_from(&now) {
            return Ok(Some(why));
        }
        let mut ops = vec![Op::Mark(dirty.clone())];
        if let Some(link) = loaded.link.as_deref() {
            for (key, decided) in &step.answered {
                let event = HistoryEvent::Decided {
                    rule: UNDO.to_owned(),
                    seen: decided.seen.clone(),
                    want: decided.want.clone(),
                };
                let field = Some(key.clone());
                let happened = self.happened_to(link, event, dirty.cause);
                self.record(&mut ops, Happened { field, ..happened });
            }
            ops.push(Op::Link(Box::new(link.clone())));
        }
        self.commit(ops).await?;
        // What else is to be done about the two was not approved here: the mark stays for it.
        let answers = if before.is_quiet() {
            vec![dirty]
        } else {
            Vec::new()
        };
        self.carry_out(pairing, loaded, planned, Side::Left, answers)
            .await?;
        Ok(None)
    }

    async fn undo_create_step(
        &mut self,
        pairing: &Pairing,
        side: Side,
        loaded: &Loaded,
        step: &Staged,
    ) -> Result<Option<String>, EngineError> {
        let now = match self.undo_create(pairing, side, loaded, |_| false).await? {
            Ok(now) => now,
            Err(why) => return Ok(Some(why)),
        };
        if let Some(why) = step.differs_from(&now) {
            return Ok(Some(why));
        }
        let Some(link) = &loaded.link else {
            return Ok(None);
        };
        match self.try_delete(pairing, link, side, &[]).await? {
            None => Ok(None),
            Some(Undeleted::Edited(observation)) => {
                self.commit(vec![Op::Observe(*observation)]).await?;
                Ok(Some(EDITED.to_owned()))
            }
            Some(Undeleted::TakesOthers(why)) => Ok(Some(why)),
            Some(Undeleted::Failed(intent, error)) => {
                let why = self.create_stays(side, intent, error).await?;
                Ok(Some(why).filter(|_| !planted!("an-undo-that-failed-is-done")))
            }
        }
    }

    /// A record that an undo did not delete, as far as is known; what it says of that.
    async fn create_stays(
        &mut self,
        side: Side,
        intent: Option<IntentId>,
        error: ConnectorError,
    ) -> Result<String, EngineError> {
        let why = &error.message;
        let in_doubt = error.effect == Effect::Unknown && intent.is_some();
        let told = match in_doubt {
            true => format!(
                "whether it was deleted on the {side} side is not known yet ({why}); run a cycle, which finds out"
            ),
            false => format!("it cannot be deleted on the {side} side: {why}"),
        };
        if let Some(intent) = intent.filter(|_| !in_doubt) {
            self.commit(vec![Op::Settle(intent)]).await?;
        }
        if in_doubt || error.stops_the_side() {
            self.failed(side, error);
        }
        Ok(told)
    }

    fn dirty_left(&mut self, loaded: &Loaded) -> Option<Dirty> {
        let link = loaded.link.clone()?;
        let cause = self.number();
        Some(self.dirty_mark(&link.kind, Side::Left, &link.sides.left.id, cause))
    }
}

/// Whose open write keeps records from being changed.
pub(in crate::engine) fn in_doubt_of<'d>(
    in_doubt: &'d InDoubt,
    ids: &Both<Option<RecordId>>,
    kind: &Kind,
) -> Option<&'d (Side, RecordId)> {
    Side::BOTH.into_iter().find_map(|side| {
        let id = ids[side].clone();
        id.and_then(|id| in_doubt.get(&(kind.clone(), side, id)))
    })
}

/// What a field is to show again; `None` if it shows that already.
fn answer(
    pairing: &Pairing,
    loaded: &Loaded,
    key: &FieldKey,
    written: Both<Option<Written>>,
) -> Result<Option<Decided>, String> {
    if !pairing.fields.iter().any(|pair| pair.key == *key) {
        return Err("the field is not synced any more".to_owned());
    }
    let link = loaded.link.as_ref();
    if link.is_some_and(|link| link.decided.contains_key(key)) {
        return Err("a decision about it is still being written; run a cycle first".to_owned());
    }
    let seen = Both::from_fn(|side| loaded.shows(side, key).cloned());
    let mut want = seen.clone();
    for (side, written) in Side::BOTH.into_iter().zip([written.left, written.right]) {
        let Some(written) = written else { continue };
        if seen[side] == written.new || planted!("undo-whatever-stands") {
            want[side] = written.old;
        } else if seen[side] != written.old {
            let shows =
                |value: Option<&Value>| value.map_or("(blank)".to_owned(), |v| format!("`{v}`"));
            let (now, ours) = (shows(seen[side].as_ref()), shows(written.new.as_ref()));
            return Err(format!(
                "the {side} side shows {now} by now, not the {ours} that we wrote"
            ));
        }
    }
    Ok((want != seen).then_some(Decided {
        seen,
        want,
        blanked: None,
    }))
}
