//! What is about to be done is on disk before it is done.

use std::collections::BTreeMap;

use crate::{
    connector::{Body, ConnectorError, Reason, Reply},
    engine::{EngineError, pass::Pass, staging::entry::Loaded},
    field::FieldKey,
    id::{CauseId, IntentId, RecordId, Target},
    link::{Cell, Link, Tombstone},
    mapper::Call,
    matching::MatchKey,
    observer::Event,
    pairing::Pairing,
    plan::{FieldHold, Planned, Write},
    reading::Memo,
    sets,
    side::{Both, Side},
    store::{Dirty, Happened, HistoryEvent, HoldReason, Intent, Observation, Op},
    value::{Shape, Value},
};

/// One entry while it is applied.
pub(in crate::engine) struct Work<'a> {
    pub(in crate::engine) pairing: &'a Pairing,
    pub(in crate::engine) loaded: Loaded,
    /// The link as it becomes; `None` until a create was answered.
    pub(in crate::engine) link: Option<Link>,
    /// The side that the entry was planned from.
    pub(in crate::engine) from: Side,
    pub(in crate::engine) holds: Vec<FieldHold>,
    /// Why the whole record is held, if it is.
    pub(in crate::engine) record_hold: Option<(HoldReason, String)>,
    /// The fields that are written.
    pub(in crate::engine) under_way: BTreeMap<FieldKey, UnderWay>,
    pub(in crate::engine) cause: CauseId,
    /// What a move has left behind, and the mark by which it is found again.
    pub(in crate::engine) left_behind: Option<(Side, Tombstone, Dirty)>,
    /// Something is left for a later cycle: the entry stays dirty.
    pub(in crate::engine) unfinished: bool,
    /// A field waits until another record is linked: the entry stays dirty until then.
    pub(in crate::engine) waits: bool,
}

/// A field that is written to one side or both.
pub(in crate::engine) struct UnderWay {
    /// The sides that have not answered.
    owed: Both<bool>,
    /// What both sides show once they have.
    want: Cell,
    /// What they show now.
    now: Both<Option<Value>>,
}

/// What became of a call.
pub(in crate::engine) enum Sent {
    /// It was answered.
    Answered(Reply),
    /// It was certainly not done.
    NotDone(ConnectorError),
    /// It may have been done: the intent stays open.
    InDoubt,
}

impl Work<'_> {
    pub(in crate::engine) fn ids(&self) -> Both<Option<RecordId>> {
        match &self.link {
            Some(link) => link.ids(),
            None => self.loaded.ids(),
        }
    }

    pub(in crate::engine) fn happened(
        &self,
        pass: &Pass<'_>,
        field: Option<FieldKey>,
        event: HistoryEvent,
    ) -> Happened {
        Happened {
            at: pass.now(),
            kind: self.pairing.kind.clone(),
            ids: self.ids(),
            field,
            event,
            run: pass.run,
            cause: self.cause,
        }
    }

    /// Notes which sides each field waits for.
    pub(in crate::engine) fn owe(&mut self, planned: &Planned) {
        for side in Side::BOTH {
            let Some(write) = &planned.writes[side] else {
                continue;
            };
            self.owe_on(side, write);
        }
    }

    /// Notes that the fields of a write wait for a side.
    pub(in crate::engine) fn owe_on(&mut self, side: Side, write: &Write) {
        for cell in &write.cells {
            let field = self.under_way.entry(cell.key.clone());
            let field = field.or_insert_with(|| UnderWay {
                owed: Both::default(),
                want: cell.clone(),
                now: cell.shown.clone(),
            });
            field.owed[side] = true;
            field.now[side] = write.shown.value(&cell.key).cloned();
        }
    }

    /// What has agreed of a field once one side has answered: all of it if that was the last
    /// answer; of a set, the items that are then as they are to be on both sides.
    fn agrees(&self, key: &FieldKey, side: Side, shown: Option<Value>) -> Option<Cell> {
        let field = self.under_way.get(key)?;
        let (mut want, mut now) = (field.want.clone(), field.now.clone());
        want.shown[side].clone_from(&shown);
        now[side] = shown;
        if !field.owed[!side] || planted!("shadows-advance-alone") {
            return Some(want);
        }
        let pair = self.pairing.fields.iter().find(|pair| pair.key == *key)?;
        let link = self.link.as_ref()?;
        let base = Both::from_fn(|side| {
            let shadow = link.sides[side].shadow.value(key);
            shadow.filter(|_| pair.has_agreed(link))
        });
        let is_set = pair.shape == Shape::Set;
        is_set.then(|| sets::agreed_so_far(pair, base, want, &now))
    }

    /// One side has answered for a field; both shadows advance when both have. Items of a
    /// set advance one by one, on both sides together.
    pub(in crate::engine) fn answered(&mut self, cell: &Cell, side: Side, shown: Option<Value>) {
        let agrees = self.agrees(&cell.key, side, shown.clone());
        if let Some(field) = self.under_way.get_mut(&cell.key) {
            field.owed[side] = false;
            field.now[side].clone_from(&shown);
            field.want.shown[side] = shown;
        }
        if let (Some(link), Some(agrees)) = (&mut self.link, agrees) {
            link.agree(agrees);
        }
    }
}

impl Pass<'_> {
    /// Writes the intent, then sends the call.
    pub(in crate::engine) async fn send(
        &mut self,
        work: &Work<'_>,
        side: Side,
        target: Option<&Target>,
        write: &Write,
        call: &Call<Body>,
        memo: Option<&Memo>,
    ) -> Result<(IntentId, Sent), EngineError> {
        let mut intent = self.intent(work, side, target, write, call, memo);
        let id = intent.id;
        if target.is_none() {
            match self.keys_made(work, write, call) {
                Ok(keys) => intent.keys = keys,
                // A create whose reply is lost could not be found again.
                Err(why) => {
                    let error = ConnectorError::not_applied(call.name, Reason::Other, why);
                    return Ok((id, Sent::NotDone(error)));
                }
            }
        }
        if !planted!("no-journal") {
            self.commit(vec![Op::Intend(Box::new(intent))]).await?;
        }
        self.notice(&Event::Sending {
            side,
            kind: &work.pairing.kind,
            call: call.name,
            create: call.kind,
        });
        let asked = self.now();
        let sent = self
            .connector(side)
            .send(&work.pairing.kind, target, call)
            .await;
        let sent = sent.map(|reply| believed(target, reply));
        Ok((id, self.answer(side, asked, sent)))
    }

    fn answer(
        &mut self,
        side: Side,
        asked: jiff::Timestamp,
        sent: Result<Reply, ConnectorError>,
    ) -> Sent {
        match sent {
            Ok(reply) => {
                self.called(side, asked, reply.server_time);
                self.succeeded(side);
                Sent::Answered(reply)
            }
            Err(error) => {
                self.report.requests[side] += 1;
                match error.effect {
                    crate::connector::Effect::NotApplied => Sent::NotDone(error),
                    _ if planted!("lost-reply-is-a-refusal") => Sent::NotDone(error),
                    crate::connector::Effect::Unknown => {
                        self.failed(side, error);
                        Sent::InDoubt
                    }
                }
            }
        }
    }

    fn intent(
        &mut self,
        work: &Work<'_>,
        side: Side,
        target: Option<&Target>,
        write: &Write,
        call: &Call<Body>,
        memo: Option<&Memo>,
    ) -> Intent {
        let covered = write
            .cells
            .iter()
            .filter(|cell| call.covers.contains(&cell.key));
        let cells: Vec<Cell> = covered.cloned().collect();
        let agrees = cells
            .iter()
            .filter_map(|cell| work.agrees(&cell.key, side, cell.shown[side].clone()));
        // Whoever is linked and created is created anew.
        let replaced = work.link.as_ref().filter(|_| target.is_none());
        let before = match replaced {
            None => cells
                .iter()
                .map(|cell| {
                    let value = write.shown.value(&cell.key).cloned();
                    (cell.key.clone(), value)
                })
                .collect(),
            Some(_) => {
                let copied = write.copied(call);
                let copied = copied.iter();
                copied
                    .map(|(key, value)| (key.clone(), Some(value.clone())))
                    .collect()
            }
        };
        Intent {
            id: self.intent_id(),
            kind: work.pairing.kind.clone(),
            act: call.kind.into(),
            side,
            source: self.source(work, side),
            target: target.cloned(),
            replaces: replaced.map(|link| link.target(side)),
            call: call.name.to_owned(),
            before,
            agrees: agrees.collect(),
            cells,
            keys: Vec::new(),
            memo: memo.cloned(),
            at: self.now(),
            at_server: self.skew[side].earliest_there(self.now()),
            cause: work.cause,
        }
    }

    /// The keys by which what a create makes is found again.
    fn keys_made(
        &self,
        work: &Work<'_>,
        write: &Write,
        call: &Call<Body>,
    ) -> Result<Vec<MatchKey>, String> {
        let mut shown = write.wanted.clone();
        for (key, value) in call.made.iter() {
            shown.put(key.clone(), Some(value.clone()));
        }
        self.keys(&work.pairing.kind, &shown)
    }

    #[expect(clippy::unused_self, reason = "part of writing an intent")]
    fn source(&self, work: &Work<'_>, side: Side) -> Target {
        let seen = |side: Side| work.loaded.seen[side].as_ref().map(|seen| seen.target());
        match &work.link {
            Some(link) => link.target(!side),
            None => seen(!side).unwrap_or_else(|| Target::from(RecordId::from_static(""))),
        }
    }

    /// What a reply shows, read by the mapper with the memo that the call leaves behind.
    pub(in crate::engine) fn read_reply(
        &self,
        work: &Work<'_>,
        side: Side,
        reply: &Reply,
        asked: jiff::Timestamp,
    ) -> Option<Observation> {
        let row = reply.row.as_ref()?;
        let mut observation = self.observe(work.pairing, side, row, work.link.as_ref(), asked);
        observation.by_id = true;
        observation.keys = Vec::new();
        Some(observation)
    }
}

/// An answer that shows another record than the one that was written shows nothing of it.
fn believed(target: Option<&Target>, mut reply: Reply) -> Reply {
    if let Some(target) = target {
        reply.target.id = target.id.clone();
    }
    let id = &reply.target.id;
    reply.row = reply.row.filter(|row| row.id == *id);
    reply
}
