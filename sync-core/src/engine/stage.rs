//! Making the plan: every dirty record is looked at, and its steps are staged and counted.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;

use crate::{
    connector::Lane,
    engine::{
        EngineError,
        entry::{Counterpart, Loaded},
        pass::Pass,
    },
    id::{Kind, RecordId, Target},
    observer::Event,
    pairing::Pairing,
    plan::{FieldHold, Planned},
    reading::Memo,
    side::{Both, Side},
    store::{Dirty, Hold, HoldReason, Marker, Observation, Op, Staged, StagedWrite, Subject},
};

/// Dirty records in one page.
const PAGE: usize = 200;

/// Sequence numbers end here, so that every store can hold them.
pub(super) const LAST: u64 = i64::MAX as u64;

/// Records with an open intent: nothing is planned for them until it is settled.
type InDoubt = BTreeSet<(Kind, Side, RecordId)>;

/// What staging goes by.
struct Staging {
    in_doubt: InDoubt,
    unread: HashSet<(Side, RecordId)>,
    handled: HashSet<(Side, RecordId)>,
    sequence: u64,
    ops: Vec<Op>,
}

impl Pass<'_> {
    /// Stages the plan of everything that is dirty.
    pub(super) async fn stage(&mut self) -> Result<(), EngineError> {
        let mut staging = Staging {
            in_doubt: self.in_doubt().await?,
            unread: HashSet::new(),
            handled: HashSet::new(),
            sequence: 0,
            ops: vec![Op::Unstage(LAST)],
        };
        for pairing in &self.shared.pairings {
            staging.handled.clear();
            staging.unread.clear();
            self.settle_doubts(pairing, &mut staging).await?;
            let mut after = None;
            loop {
                let here = &self.shared.connection;
                let page = self
                    .store
                    .dirty(here, &pairing.kind, after.as_ref(), PAGE)
                    .await?;
                let Some(last) = page.last() else { break };
                after = Some((last.side, last.id.clone()));
                for dirty in page {
                    self.stage_one(pairing, dirty, &mut staging).await?;
                }
                self.commit(std::mem::take(&mut staging.ops)).await?;
            }
        }
        self.commit(staging.ops).await?;
        Ok(())
    }

    /// What no row tells for sure is read by id before anything is planned: the other record of
    /// the pair may be dirty too, and its plan must not write over an edit that nobody has seen.
    async fn settle_doubts(
        &mut self,
        pairing: &Pairing,
        staging: &mut Staging,
    ) -> Result<(), EngineError> {
        let mut after = None;
        loop {
            let here = &self.shared.connection;
            let page = self
                .store
                .dirty(here, &pairing.kind, after.as_ref(), PAGE)
                .await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = Some((last.side, last.id.clone()));
            for dirty in page.iter().filter(|dirty| needs_reading(dirty.by)) {
                self.settle_doubt(pairing, dirty, staging).await?;
            }
            self.commit(std::mem::take(&mut staging.ops)).await?;
        }
    }

    async fn settle_doubt(
        &mut self,
        pairing: &Pairing,
        dirty: &Dirty,
        staging: &mut Staging,
    ) -> Result<(), EngineError> {
        let key = (dirty.kind.clone(), dirty.side, dirty.id.clone());
        if staging.in_doubt.contains(&key) {
            return Ok(());
        }
        let loaded = self.load(pairing, dirty.side, &dirty.id).await?;
        let known = loaded.seen[dirty.side].is_some();
        if !known
            && !self
                .read_by_id(pairing, dirty, &loaded, &mut staging.ops)
                .await?
        {
            staging.unread.insert((dirty.side, dirty.id.clone()));
        }
        Ok(())
    }

    async fn in_doubt(&self) -> Result<InDoubt, EngineError> {
        let intents = self.store.intents(&self.shared.connection).await?;
        let mut in_doubt = InDoubt::new();
        for intent in intents {
            in_doubt.insert((intent.kind.clone(), !intent.side, intent.source.id));
            if let Some(target) = intent.target {
                in_doubt.insert((intent.kind, intent.side, target.id));
            }
        }
        Ok(in_doubt)
    }

    async fn stage_one(
        &mut self,
        pairing: &Pairing,
        dirty: Dirty,
        staging: &mut Staging,
    ) -> Result<(), EngineError> {
        let (side, id) = (dirty.side, dirty.id.clone());
        if staging
            .in_doubt
            .contains(&(dirty.kind.clone(), side, id.clone()))
        {
            self.wait_until(None);
            return Ok(());
        }
        if staging.handled.contains(&(side, id.clone())) {
            return Ok(());
        }
        let loaded = self.load(pairing, side, &id).await?;
        let ids = loaded.ids();
        let unread = |side: Side| {
            let id = ids[side].clone();
            id.is_some_and(|id| staging.unread.contains(&(side, id)))
        };
        if Side::BOTH.into_iter().any(unread) {
            self.wait_until(None);
            return Ok(());
        }
        for side in Side::BOTH {
            staging
                .handled
                .extend(ids[side].clone().map(|id| (side, id)));
        }
        self.stage_entry(pairing, dirty, &loaded, staging).await
    }

    async fn stage_entry(
        &mut self,
        pairing: &Pairing,
        dirty: Dirty,
        loaded: &Loaded,
        staging: &mut Staging,
    ) -> Result<(), EngineError> {
        let side = dirty.side;
        if let Counterpart::Several(key, candidates) = &loaded.counterpart {
            let message = format!(
                "several records share {} `{}`: {}; link the right pair, or change the key",
                key.name,
                key.value,
                candidates
                    .iter()
                    .map(RecordId::as_str)
                    .collect::<Vec<_>>()
                    .join(", ")
            );
            self.hold_record(
                &dirty,
                loaded,
                HoldReason::Ambiguous,
                message,
                &mut staging.ops,
            );
            return Ok(());
        }
        if let (None, Some(own), None) = (&loaded.link, &loaded.seen[side], &loaded.seen[!side]) {
            match self.may_create(pairing, own).await? {
                MayCreate::Yes => {}
                MayCreate::Never => {
                    self.put_aside(pairing, dirty, loaded, &[], &mut staging.ops);
                    return Ok(());
                }
                MayCreate::Later(due) => {
                    self.notice(&Event::Waiting { side, id: &own.id });
                    self.wait_until(due);
                    self.counts.waiting += 1;
                    return Ok(());
                }
            }
        }
        let planned = self.plan(pairing, loaded).await?;
        if planned.is_quiet() && loaded.link.is_some() {
            self.report.waiting += u64::from(!planned.waits.is_empty());
            self.put_aside(pairing, dirty, loaded, &planned.holds, &mut staging.ops);
            return Ok(());
        }
        staging.sequence += 1;
        let staged = self.staged(pairing, staging.sequence, dirty, loaded, planned);
        self.counts.count(&staged);
        staging.ops.push(Op::Stage(staged));
        Ok(())
    }

    fn staged(
        &self,
        pairing: &Pairing,
        sequence: u64,
        dirty: Dirty,
        loaded: &Loaded,
        mut planned: Planned,
    ) -> Staged {
        let blank = Memo::default();
        let writes = Both::from_fn(|side| {
            let write = planned.writes[side].as_mut()?;
            let memo = loaded
                .link
                .as_ref()
                .map_or(&blank, |link| &link.sides[side].memo);
            let (draft, _) = self.draft(pairing, side, write, memo, None);
            let calls: Vec<_> = draft
                .calls
                .iter()
                .map(|call| call.name.to_owned())
                .collect();
            let field =
                |key: &crate::field::FieldKey| (key.clone(), write.wanted.value(key).cloned());
            (!calls.is_empty()).then(|| StagedWrite {
                create: write.create,
                calls,
                fields: write.changed.iter().map(field).collect(),
            })
        });
        let links = match &loaded.counterpart {
            Counterpart::One(_) => loaded.seen[!dirty.side]
                .as_ref()
                .map(|other| other.id.clone()),
            _ => None,
        };
        Staged {
            sequence,
            kind: pairing.kind.clone(),
            from: (dirty.side, dirty.id.clone()),
            writes,
            links,
            answers: vec![dirty],
        }
    }

    /// Nothing is to be done: the holds stay, what equals its shadow is forgotten, and the record is clean.
    fn put_aside(
        &mut self,
        pairing: &Pairing,
        dirty: Dirty,
        loaded: &Loaded,
        holds: &[FieldHold],
        ops: &mut Vec<Op>,
    ) {
        let subject = loaded.subject(dirty.side, &dirty.id);
        ops.push(self.hold_fields(&dirty.kind, &subject, holds));
        for side in Side::BOTH {
            if let (Some(link), Some(seen)) = (&loaded.link, &loaded.seen[side])
                && pairing.unchanged(link, side, &seen.reading)
            {
                ops.push(Op::Forget(dirty.kind.clone(), side, seen.id.clone()));
            }
        }
        ops.push(Op::Clear(dirty));
    }

    /// These, and only these, fields of a subject are held now.
    pub(super) fn hold_fields(
        &mut self,
        kind: &Kind,
        subject: &Subject,
        holds: &[FieldHold],
    ) -> Op {
        let now = self.now();
        let holds: Vec<Hold> = holds
            .iter()
            .map(|held| Hold {
                subject: subject.clone(),
                kind: kind.clone(),
                field: Some(held.field.clone()),
                reason: held.reason,
                message: held.message.clone(),
                values: held.values.clone(),
                since: now,
                retry_at: held.retry_at,
            })
            .collect();
        self.report.held += holds.len() as u64;
        for hold in &holds {
            self.notice(&Event::Held(hold));
        }
        Op::Hold(kind.clone(), subject.clone(), holds)
    }

    /// Holds a record as a whole.
    pub(super) fn hold_record(
        &mut self,
        dirty: &Dirty,
        loaded: &Loaded,
        reason: HoldReason,
        message: String,
        ops: &mut Vec<Op>,
    ) {
        let subject = loaded.subject(dirty.side, &dirty.id);
        let hold = Hold {
            subject: subject.clone(),
            kind: dirty.kind.clone(),
            field: None,
            reason,
            message,
            values: Both::default(),
            since: self.now(),
            retry_at: None,
        };
        self.report.held += 1;
        self.notice(&Event::Held(&hold));
        ops.push(Op::Hold(dirty.kind.clone(), subject, vec![hold]));
        ops.push(Op::Clear(dirty.clone()));
    }

    /// Reads a dirty record that no row shows. False when there is nothing to plan.
    async fn read_by_id(
        &mut self,
        pairing: &Pairing,
        dirty: &Dirty,
        loaded: &Loaded,
        ops: &mut Vec<Op>,
    ) -> Result<bool, EngineError> {
        let side = dirty.side;
        if self.is_stopped(side) {
            return Ok(false);
        }
        let target = match &loaded.link {
            Some(link) => link.target(side),
            None => Target::from(dirty.id.clone()),
        };
        let asked = self.now();
        self.report.looks += 1;
        let read = self.connector(side).fetch(&pairing.kind, &target).await;
        match read {
            Err(error) => {
                self.report.requests[side] += 1;
                self.failed(side, error);
                Ok(false)
            }
            Ok(None) => {
                self.called(side, asked, None);
                let message = "the record is not there any more; nothing is written to either side until it is back or the pair is unlinked".to_owned();
                self.hold_record(dirty, loaded, HoldReason::Missing, message, ops);
                Ok(false)
            }
            Ok(Some(seen)) => {
                self.called(side, asked, seen.server_time);
                let link = loaded.link.as_deref();
                let mut observation = self.observe(pairing, side, &seen.row, link, asked);
                observation.by_id = true;
                ops.push(Op::Observe(observation));
                Ok(true)
            }
        }
    }

    async fn may_create(
        &self,
        pairing: &Pairing,
        own: &Observation,
    ) -> Result<MayCreate, EngineError> {
        let there = !own.side;
        if !self.shared.first_sync.creates[there] {
            return Ok(MayCreate::Never);
        }
        for side in Side::BOTH {
            if self
                .lane_state(pairing, side, Lane::Walk)
                .await?
                .ended
                .is_none()
            {
                return Ok(MayCreate::Later(None));
            }
        }
        Ok(match self.shows_others_since(pairing, own).await? {
            None => MayCreate::Yes,
            due => MayCreate::Later(due),
        })
    }

    /// A record that somebody enters on both sides at once must not be doubled: the other side's
    /// feed has to be read past the record's creation. `None` when it is; else when it can be.
    async fn shows_others_since(
        &self,
        pairing: &Pairing,
        own: &Observation,
    ) -> Result<Option<Timestamp>, EngineError> {
        let born = own
            .created
            .and_then(|created| self.skew[own.side].interval(created));
        let born = born.map_or(own.started, |interval| interval.latest);
        let visible = born + self.index_lag(pairing, !own.side);
        let read = self.lane_state(pairing, !own.side, Lane::Fast).await?.ended;
        Ok((read.is_none_or(|read| read < visible)).then_some(visible))
    }
}

enum MayCreate {
    Yes,
    Never,
    Later(Option<Timestamp>),
}

/// A row's mark comes with what it showed; all others only say "look".
fn needs_reading(by: Marker) -> bool {
    !matches!(by, Marker::Feed | Marker::Walk)
}
