//! Settling intents that were never answered: by looking, never by repeating blindly.

use std::slice;

use crate::{
    engine::{EngineError, applying::newborn::is_as_born, pass::Pass, reading::look_up::Looked},
    field::FieldKey,
    id::{RecordId, Ref, Target},
    link::{Cell, Link, LinkSide},
    pairing::{FieldPair, Pairing},
    sets,
    side::{Both, Side},
    store::{Act, Happened, HistoryEvent, Intent, Marker, Observation, Op, StoreError},
    value::{Shape, Value},
};

impl Pass<'_> {
    pub(in crate::engine) async fn recover(&mut self) -> Result<(), EngineError> {
        let intents = self.store.intents(&self.shared.connection).await?;
        let creates = intents.iter().filter(|intent| intent.target.is_none());
        let mut open: Vec<&Intent> = creates.collect();
        for intent in &intents {
            let Some(pairing) = self.pairing(&intent.kind) else {
                continue;
            };
            match intent.target.clone() {
                Some(target) if intent.act == Act::Delete => {
                    self.recover_delete(pairing, intent, &target).await?;
                }
                Some(target) => self.recover_update(pairing, intent, &target).await?,
                None if self.is_made(pairing, intent).await? => {
                    let ops = vec![Op::Settle(intent.id), self.mark_source(intent)];
                    self.commit(ops).await?;
                    open.retain(|other| other.id != intent.id);
                }
                None => {
                    if self.recover_create(pairing, intent, &open).await? {
                        open.retain(|other| other.id != intent.id);
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether what is to be created has a counterpart by now. A move gives it another one.
    async fn is_made(&self, pairing: &Pairing, intent: &Intent) -> Result<bool, StoreError> {
        let source = self.link_of(pairing, !intent.side, &intent.source.id);
        Ok(intent.replaces.is_none() && source.await?.is_some())
    }

    /// The record is read: fields that show what was sent are done, the others are planned again.
    async fn recover_update(
        &mut self,
        pairing: &Pairing,
        intent: &Intent,
        target: &Target,
    ) -> Result<(), EngineError> {
        let side = intent.side;
        let mut link = self.link_of(pairing, side, &target.id).await?;
        if let (Some(link), Some(memo)) = (&mut link, &intent.memo) {
            link.sides[side].memo = memo.clone();
        }
        let looked = match self.look_up(pairing, side, target, link.as_ref()).await {
            Ok(looked) => looked,
            // What keeps it from being read is found, and told, by the look that is asked for.
            Err(error) if !error.stops_the_side() => None,
            Err(error) => {
                self.failed(side, error);
                self.wait_until(None);
                return Ok(());
            }
        };
        let mut ops = vec![Op::Settle(intent.id)];
        let by = match &looked {
            Some(_) => Marker::Feed,
            None => Marker::Doubt,
        };
        if let (Some(Looked { observation, .. }), Some(mut link)) = (looked, link) {
            link.saw(side, observation.stamp);
            self.agree_on_what_arrived(pairing, intent, &observation, &mut link, &mut ops);
            ops.push(Op::Observe(observation));
            ops.push(Op::Link(Box::new(link)));
        }
        ops.push(self.mark_because(&intent.kind, side, &target.id, by, intent.cause));
        ops.push(self.mark_source(intent));
        self.commit(ops).await?;
        Ok(())
    }

    /// It may have been in doubt already, so it is read.
    pub(in crate::engine) fn mark_source(&mut self, intent: &Intent) -> Op {
        let (kind, side, id) = (&intent.kind, !intent.side, &intent.source.id);
        self.mark_because(kind, side, id, Marker::Recovery, intent.cause)
    }

    pub(in crate::engine) async fn link_of(
        &self,
        pairing: &Pairing,
        side: Side,
        id: &RecordId,
    ) -> Result<Option<Link>, StoreError> {
        let of = Ref {
            kind: pairing.kind.clone(),
            id: id.clone(),
        };
        let link = self.linked_at(side, &of).await?;
        Ok(link.map(|link| Link::clone(&link)))
    }

    /// Fields whose other side is owed a write of its own stay open.
    pub(in crate::engine) fn agree_on_what_arrived(
        &self,
        pairing: &Pairing,
        intent: &Intent,
        observation: &Observation,
        link: &mut Link,
        ops: &mut Vec<Op>,
    ) {
        for cell in &intent.cells {
            let Some(change) = arrived(intent, cell, observation) else {
                continue;
            };
            let wrote = HistoryEvent::Wrote {
                side: intent.side,
                old: change.old.cloned(),
                new: change.new.clone(),
            };
            let is_copied = intent.replaces.is_some() && change.old == change.new.as_ref();
            if !is_copied {
                self.record(ops, self.happened(intent, link.ids(), Some(cell), wrote));
            }
            let agrees = intent.agrees.iter().find(|agreed| agreed.key == cell.key);
            let pair = pairing.fields.iter().find(|pair| pair.key == cell.key);
            if let (Some(pair), Some(agrees)) = (pair, agrees) {
                let agrees = agreed(pair, intent, &change, agrees.clone(), link);
                link.agree(agrees);
            }
        }
    }

    pub(in crate::engine) fn happened(
        &self,
        intent: &Intent,
        ids: Both<Option<RecordId>>,
        cell: Option<&Cell>,
        event: HistoryEvent,
    ) -> Happened {
        Happened {
            at: self.now(),
            kind: intent.kind.clone(),
            ids,
            field: cell.map(|cell| cell.key.clone()),
            event,
            run: self.run,
            cause: intent.cause,
        }
    }

    pub(in crate::engine) async fn adopt(
        &mut self,
        pairing: &Pairing,
        intent: &Intent,
        found: &Observation,
    ) -> Result<(), EngineError> {
        if let Some(old) = &intent.replaces {
            return self.adopt_copy(pairing, intent, old, found).await;
        }
        let here = &self.shared.connection;
        let source = slice::from_ref(&intent.source.id);
        let mut sources = self
            .store
            .observations(here, &intent.kind, !intent.side, source)
            .await?;
        let source = sources.pop().flatten();
        let memo = source
            .as_ref()
            .and_then(|source| source.reading.memo.clone());
        let stamp = source.as_ref().and_then(|source| source.stamp);
        let source_side = LinkSide::new(intent.source.clone(), stamp, memo.unwrap_or_default());
        let memo = intent.memo.clone().or_else(|| found.reading.memo.clone());
        let found_side = LinkSide::new(found.target(), found.stamp, memo.unwrap_or_default());
        let sides = match intent.side {
            Side::Left => Both::new(found_side, source_side),
            Side::Right => Both::new(source_side, found_side),
        };
        let mut link = Link::new(pairing.kind.clone(), sides);
        let mut ops = vec![Op::Settle(intent.id)];
        self.report.adopted += 1;
        let adopted = HistoryEvent::Adopted { side: intent.side };
        self.record(&mut ops, self.happened(intent, link.ids(), None, adopted));
        self.agree_on_what_arrived(pairing, intent, found, &mut link, &mut ops);
        ops.extend(self.linked_anew(&link).await?);
        ops.push(Op::Link(Box::new(link)));
        ops.push(self.mark_because(
            &intent.kind,
            intent.side,
            &found.id,
            Marker::Doubt,
            intent.cause,
        ));
        ops.push(self.mark_source(intent));
        self.commit(ops).await?;
        Ok(())
    }
}

/// What a write did to a field.
struct Arrived<'a> {
    old: Option<&'a Value>,
    new: Option<Value>,
}

/// What has arrived of a field, if anything has. A record that was created has shown all that
/// was sent: whatever else it shows was changed since, and what a page leaves out has arrived, too.
/// Where nothing has changed it since, it was made with something else, by somebody else: that
/// field is met as in a first sync. A set arrives item by item.
fn arrived<'a>(intent: &'a Intent, cell: &Cell, seen: &Observation) -> Option<Arrived<'a>> {
    let reading = &seen.reading;
    let shown = reading.record.value(&cell.key);
    let sent = cell.shown[intent.side].as_ref();
    let old = intent.before_of(&cell.key);
    let is_set = sent.or(old).is_some_and(|v| v.fits(Shape::Set));
    let new = match intent.target {
        None => sent.cloned(),
        Some(_) if is_set => sets::after_our_write(old, sent, shown),
        Some(_) => shown.cloned(),
    };
    let was_sent = !is_as_born(seen) || !reading.shows(&cell.key) || shown == sent;
    let was_sent = was_sent || planted!("what-was-never-sent-has-arrived");
    let arrived = match intent.target {
        None => was_sent && !reading.unfit.iter().any(|unfit| unfit.field == cell.key),
        Some(_) if is_set => reading.shows(&cell.key) && new.as_ref() != old,
        Some(_) => reading.shows(&cell.key) && new.as_ref() == sent,
    };
    arrived.then_some(Arrived { old, new })
}

/// The shadows of a field that arrived. Those of a set may have gone on with an answer of the
/// other side.
fn agreed(
    pair: &FieldPair,
    intent: &Intent,
    change: &Arrived<'_>,
    agrees: Cell,
    link: &Link,
) -> Cell {
    if pair.shape != Shape::Set || intent.target.is_none() {
        return agrees;
    }
    let base = Both::from_fn(|side| {
        let shadow = link.sides[side].shadow.value(&pair.key);
        shadow.filter(|_| pair.has_agreed(link))
    });
    let change = (change.old, change.new.as_ref());
    sets::agreed_by_write(pair, intent.side, base, agrees, change)
}

impl Intent {
    fn before_of(&self, key: &FieldKey) -> Option<&Value> {
        let before = self.before.iter().find(|(field, _)| field == key);
        before.and_then(|(_, value)| value.as_ref())
    }
}
