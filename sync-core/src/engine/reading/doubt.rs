//! Records of which no row can be trusted are read by id, before anything is planned from them.

use jiff::Timestamp;

use crate::{
    connector::Reason,
    engine::{
        EngineError,
        hold::About,
        pass::Pass,
        reading::look_up::Looked,
        staging::{
            entry::Loaded,
            stage::{InDoubt, PAGE},
        },
    },
    id::{Locator, RecordId},
    link::Link,
    pairing::Pairing,
    side::Side,
    store::{Dirty, HoldReason, Marker, Op},
};

impl Pass<'_> {
    /// Reads every record that is marked only to be looked at. One that cannot be read
    /// keeps its pair out of the plan: what it shows now could be written over.
    pub(in crate::engine) async fn settle_doubts(
        &mut self,
        pairing: &Pairing,
        in_doubt: &mut InDoubt,
    ) -> Result<(), EngineError> {
        let mut after = None;
        loop {
            let here = &self.shared.connection;
            let page = self
                .store
                .dirty(here, &pairing.kind, after.as_ref(), PAGE)
                .await?;
            let Some(last) = page.last() else { break };
            after = Some((last.side, last.id.clone()));
            for dirty in page.iter().filter(|dirty| dirty.by.asks_to_look()) {
                let record = (dirty.kind.clone(), dirty.side, dirty.id.clone());
                let own = (dirty.side, dirty.id.clone());
                // What a lost create may have made is read: it may be gone, or another's.
                let is_written = in_doubt.get(&record).is_some_and(|asked| *asked == own);
                if !is_written && !self.read_by_id(pairing, dirty).await? {
                    in_doubt.insert(record, own);
                }
            }
        }
        Ok(())
    }

    /// Whether a feed that does not lag has shown the record since the last hint came.
    fn was_shown_since(&self, pairing: &Pairing, dirty: &Dirty, loaded: &Loaded) -> bool {
        let seen = loaded.seen[dirty.side].as_ref();
        let asked = dirty.asked.filter(|_| !planted!("a-second-hint-is-lost"));
        let asked = asked.unwrap_or(dirty.first);
        seen.is_some_and(|seen| seen.started > asked)
            && self.index_lag(pairing, dirty.side).is_zero()
    }

    /// Marks a record that nobody has asked about, and reads it by id: false as there.
    pub(in crate::engine) async fn look_at_once(
        &mut self,
        pairing: &Pairing,
        side: Side,
        id: &RecordId,
        locator: Option<Locator>,
        asked: Timestamp,
    ) -> Result<bool, EngineError> {
        let cause = self.number();
        let look = Dirty {
            locator,
            asked: Some(asked),
            by: Marker::Doubt,
            ..self.dirty_mark(&pairing.kind, side, id, cause)
        };
        self.commit(vec![Op::Mark(look.clone())]).await?;
        self.read_by_id(pairing, &look).await
    }

    /// False when there is nothing to plan from.
    pub(in crate::engine) async fn read_by_id(
        &mut self,
        pairing: &Pairing,
        dirty: &Dirty,
    ) -> Result<bool, EngineError> {
        let side = dirty.side;
        if self.is_stopped(side) {
            return Ok(false);
        }
        let loaded = self.load(pairing, side, &dirty.id).await?;
        if loaded.link.is_none() && self.is_erased(pairing, side, &dirty.id).await? {
            self.commit(vec![Op::Clear(dirty.clone())]).await?;
            return Ok(false);
        }
        if self.is_looked_for_later(pairing, side, loaded.link.as_deref()) {
            return Ok(false);
        }
        let Some(target) = self.target_of(dirty, &loaded).await? else {
            return Ok(false);
        };
        if dirty.by == Marker::Hint && self.was_shown_since(pairing, dirty, &loaded) {
            return Ok(true);
        }
        let link = loaded.link.as_deref();
        let looked = match self.look_up(pairing, side, &target, link).await {
            Ok(looked) => looked,
            Err(error) if error.reason == Reason::Forbidden && planted!("forbidden-is-gone") => {
                None
            }
            Err(error) if error.reason == Reason::Forbidden => {
                let about = About::loaded(&loaded, &dirty.kind, side, &dirty.id);
                let message = format!(
                    "it may not be seen on the {side} side: {}; nothing is written to either side until it may",
                    error.message
                );
                let hold = self.hold_for_now(about, HoldReason::Forbidden, message);
                let mut ops = vec![hold, Op::Clear(dirty.clone())];
                if let Some(link) = &loaded.link {
                    let mut link = Link::clone(link);
                    link.sides[side].hidden = true;
                    ops.push(Op::Link(Box::new(link)));
                }
                self.commit(ops).await?;
                return Ok(false);
            }
            Err(error) if !error.stops_the_side() => {
                let about = About::loaded(&loaded, &dirty.kind, side, &dirty.id);
                let message = format!("it cannot be read on the {side} side: {}", error.message);
                let hold = self.hold_for_now(about, HoldReason::Unfit, message);
                self.commit(vec![hold, Op::Clear(dirty.clone())]).await?;
                return Ok(false);
            }
            Err(error) => {
                self.failed(side, error);
                return Ok(false);
            }
        };
        let Some(Looked {
            row,
            mut observation,
        }) = looked
        else {
            return self.not_found(pairing, dirty, &loaded).await;
        };
        observation.not_before = loaded.seen[side].as_ref().and_then(|seen| seen.not_before);
        let mark = self.mark_because(&dirty.kind, side, &dirty.id, Marker::Feed, dirty.cause);
        let mut ops = vec![Op::Clear(dirty.clone()), mark];
        let known = loaded.seen[side].as_deref();
        observation.aside = self.still_aside(pairing, known, &observation.reading);
        self.mark_if_moved(link, known, &observation, &mut ops);
        ops.push(Op::Observe(observation));
        let unlinked = link.is_none().then_some(&dirty.id).into_iter().collect();
        if self
            .drop_under_the_forgotten(pairing, side, &unlinked, &mut ops)
            .await?
        {
            self.commit(ops).await?;
            return Ok(false);
        }
        if let Some(link) = link {
            let told = link.told(side, &row, false);
            let mut new = told.unwrap_or_else(|| Link::clone(link));
            let of = &mut new.sides[side];
            let was_hidden = std::mem::take(&mut of.hidden);
            let was_absent = of.absent.take().is_some();
            if was_absent || was_hidden {
                ops.push(Self::release(About::link(link)));
            }
            if was_absent && self.has_below(&link.kind) {
                of.returned = Some(self.now());
                self.look_for_orphans(&link.kind, side, &dirty.id, &mut ops)
                    .await?;
            }
            if new != *link {
                ops.push(Op::Link(Box::new(new)));
            }
        }
        self.commit(ops).await?;
        Ok(true)
    }

    /// A record without a link that is not there: nothing was ever promised for it. Those that
    /// were held because of it are looked at again.
    pub(in crate::engine) async fn forget_unlinked(
        &mut self,
        dirty: &Dirty,
        loaded: &Loaded,
    ) -> Result<(), EngineError> {
        let (kind, side, id) = (&dirty.kind, dirty.side, &dirty.id);
        let mut ops = vec![
            Op::Forget(kind.clone(), side, id.clone()),
            Self::release(About::record(kind, side, id)),
            Op::Clear(dirty.clone()),
        ];
        self.look_for_orphans(kind, side, id, &mut ops).await?;
        if let Some(seen) = &loaded.seen[side] {
            let shown = &seen.reading.record;
            self.look_at_its_parent(kind, side, shown, &mut ops).await?;
            ops.extend(self.held_under(kind, &seen.keys, Some(id)).await?);
        }
        self.commit(ops).await?;
        Ok(())
    }
}
