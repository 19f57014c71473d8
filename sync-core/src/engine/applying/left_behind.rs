//! Records that a move has left behind: each is deleted once its copy shows all that it shows.
//! Until then its tombstone says what it is, and it is taken for nobody's counterpart.

use std::slice;

use crate::{
    connector::ConnectorError,
    engine::{
        EngineError,
        applying::journal::Work,
        hold::{About, Again},
        pass::Pass,
        reading::look_up::Looked,
        staging::entry::Loaded,
    },
    field::{FieldKey, FieldSet},
    fields::Access,
    id::IntentId,
    link::{LinkEnd, Tombstone},
    pairing::Pairing,
    plan::{Planned, Write},
    side::Side,
    store::{Dirty, HistoryEvent, HoldReason, Marker, Observation, Op, StoreError},
};

impl Loaded {
    /// What a move has left behind of this record.
    pub(in crate::engine) fn left_behind(&self, side: Side) -> Option<&Tombstone> {
        let tombstone = self.tombstone.as_deref().filter(|_| self.link.is_none());
        tombstone.filter(|tombstone| tombstone.end == LinkEnd::Moved(side))
    }
}

impl Pass<'_> {
    /// Whether a move has left this record behind.
    pub(in crate::engine) async fn is_left_behind(
        &self,
        pairing: &Pairing,
        seen: &Observation,
    ) -> Result<bool, StoreError> {
        let side = seen.side;
        if !pairing.fields.iter().any(|pair| pair.uses[side].moves()) {
            return Ok(false);
        }
        let (here, ids) = (&self.shared.connection, slice::from_ref(&seen.id));
        let buried = self.store.tombstones(here, &pairing.kind, side, ids);
        let mut buried = buried.await?.into_iter().flatten();
        Ok(buried.any(|tombstone| tombstone.end == LinkEnd::Moved(side)))
    }

    /// Deletes what a move has left behind, unless it shows something that its copy was not given.
    pub(in crate::engine) async fn clear_away(
        &mut self,
        pairing: &Pairing,
        left: &Tombstone,
        side: Side,
        answers: Vec<Dirty>,
    ) -> Result<(), EngineError> {
        if self.is_stopped(side) {
            self.wait_until(None);
            return Ok(());
        }
        let target = left.link.target(side);
        let looked = self.look_up(pairing, side, &target, Some(&left.link)).await;
        let observation = match looked {
            Ok(Some(Looked { observation, .. })) => observation,
            Ok(None) => return self.is_cleared(left, side, None, answers).await,
            Err(error) => return self.not_cleared(left, side, None, answers, error).await,
        };
        let edited = self.not_copied(pairing, left, &observation);
        if !edited.is_empty() && !planted!("a-move-deletes-without-a-look") {
            return self
                .bring_over(pairing, left, &observation, &edited, answers)
                .await;
        }
        let cause = answers.first().map_or(0, |dirty| dirty.cause);
        let (id, refused) = self.send_delete(&left.link, side, cause).await?;
        match refused {
            None => self.is_cleared(left, side, Some(id), answers).await,
            Some(error) => self.not_cleared(left, side, Some(id), answers, error).await,
        }
    }

    /// What a record shows that was not there when it was copied.
    fn not_copied(&self, pairing: &Pairing, left: &Tombstone, old: &Observation) -> Vec<FieldKey> {
        let capabilities = self.connector(old.side).capabilities(&pairing.kind);
        let copied = &left.link.sides[old.side].shadow;
        let fields = capabilities.iter().flat_map(|known| known.fields.iter());
        let can_be_given = fields.filter(|held| held.access == Access::Write);
        let keys = can_be_given.map(|held| &held.key);
        let shown = keys.filter(|key| old.reading.shows(key));
        let edited = shown.filter(|key| old.reading.record.value(key) != copied.value(key));
        edited.cloned().collect()
    }

    /// An edit of what was left behind is made in the copy, and travels from there.
    async fn bring_over(
        &mut self,
        pairing: &Pairing,
        left: &Tombstone,
        old: &Observation,
        edited: &[FieldKey],
        answers: Vec<Dirty>,
    ) -> Result<(), EngineError> {
        let side = old.side;
        let other = &left.link.sides[!side].id;
        let Some(link) = self.link_of(pairing, !side, other).await? else {
            let why = "and what it was copied to is not linked any more".to_owned();
            return self.hold_left(left, side, &why, answers).await;
        };
        if Self::missing(Some(&link))[side] && !planted!("a-copy-that-is-gone-is-waited-for") {
            let id = &link.sides[side].id;
            let why =
                format!("and {id}, which took its place, is gone; delete it, too, or restore {id}");
            return self.hold_left(left, side, &why, answers).await;
        }
        if !self.reserve(&link) {
            self.wait_until(None);
            return Ok(());
        }
        let copy = match self
            .look_up(pairing, side, &link.target(side), Some(&link))
            .await
        {
            Ok(Some(Looked { observation, .. })) => observation,
            Ok(None) => {
                let id = &link.sides[side].id;
                let mark = self.mark(&pairing.kind, side, id, Marker::Doubt);
                self.wait_until(None);
                return Ok(self.commit(vec![mark]).await?);
            }
            Err(error) => return self.not_cleared(left, side, None, answers, error).await,
        };
        let mut write = Write {
            create: false,
            shown: copy.reading.record.clone(),
            wanted: copy.reading.record.clone(),
            changed: FieldSet::new(),
            // The other side is to see it as an edit: no shadow advances.
            cells: Vec::new(),
        };
        let mut left = left.clone();
        for key in edited {
            let edit = old.reading.record.value(key);
            let (now, copied) = (
                copy.reading.record.value(key),
                left.link.sides[side].shadow.value(key),
            );
            if now != edit {
                if now != copied {
                    let why = format!(
                        "and {} took its place, where `{key}` was changed, too; make the two equal, or delete {}",
                        copy.id, old.id
                    );
                    return self.hold_left(&left, side, &why, answers).await;
                }
                write.wanted.put(key.clone(), edit.cloned());
                write.changed.insert(key.clone());
            }
            left.link.sides[side].shadow.put(key.clone(), edit.cloned());
        }
        let id = copy.id.clone();
        self.wait_until(None);
        if !write.changed.is_empty() {
            match self.edit_copy(pairing, copy, write, &answers).await? {
                Edited::Done => {}
                Edited::Later => return Ok(()),
                Edited::Never(why) => {
                    let why = format!("and {id}, which took its place, does not take that: {why}");
                    return self.hold_left(&left, side, &why, answers).await;
                }
            }
        }
        let mark = self.mark(&pairing.kind, side, &id, Marker::Doubt);
        Ok(self.commit(vec![Op::Bury(Box::new(left)), mark]).await?)
    }

    /// Writes to a copy.
    async fn edit_copy(
        &mut self,
        pairing: &Pairing,
        copy: Observation,
        write: Write,
        answers: &[Dirty],
    ) -> Result<Edited, EngineError> {
        let side = copy.side;
        let mut loaded = self.load(pairing, side, &copy.id).await?;
        loaded.seen[side] = Some(copy.into());
        let mut work = Work::of(pairing, loaded, &Planned::default(), side, answers);
        self.write(&mut work, side, write).await?;
        let held = work.holds.first().map(|hold| hold.message.clone());
        let held = held.or_else(|| work.record_hold.take().map(|(_, why)| why));
        Ok(match held {
            Some(why) => Edited::Never(why),
            None if work.unfinished => Edited::Later,
            None => Edited::Done,
        })
    }

    async fn hold_left(
        &mut self,
        left: &Tombstone,
        side: Side,
        why: &str,
        answers: Vec<Dirty>,
    ) -> Result<(), EngineError> {
        let id = &left.link.sides[side].id;
        let message = format!("{id} was edited on the {side} side after it was moved, {why}");
        let about = About::record(&left.link.kind, side, id);
        let mut ops = vec![self.hold_for_now(about, HoldReason::EditedMeanwhile, message)];
        ops.extend(answers.into_iter().map(Op::Clear));
        Ok(self.commit(ops).await?)
    }

    /// What was left behind is gone, by the delete of this intent or by somebody else's.
    pub(in crate::engine) async fn is_cleared(
        &mut self,
        left: &Tombstone,
        side: Side,
        intent: Option<IntentId>,
        answers: Vec<Dirty>,
    ) -> Result<(), EngineError> {
        let (kind, id) = (&left.link.kind, &left.link.sides[side].id);
        let cause = answers.first().map_or(0, |dirty| dirty.cause);
        let mut ops: Vec<Op> = intent.map(Op::Settle).into_iter().collect();
        if intent.is_some() {
            let event = HistoryEvent::Deleted { side };
            self.record(&mut ops, self.happened_to(&left.link, event, cause));
        }
        ops.push(self.bury(&left.link, LinkEnd::Merged(side)));
        ops.push(Self::release(About::record(kind, side, id)));
        ops.push(Op::Forget(kind.clone(), side, id.clone()));
        let shadow = &left.link.sides[side].shadow;
        self.look_at_its_parent(kind, side, shadow, &mut ops)
            .await?;
        ops.extend(answers.into_iter().map(Op::Clear));
        Ok(self.commit(ops).await?)
    }

    async fn not_cleared(
        &mut self,
        left: &Tombstone,
        side: Side,
        intent: Option<IntentId>,
        answers: Vec<Dirty>,
        error: ConnectorError,
    ) -> Result<(), EngineError> {
        let about = About::record(&left.link.kind, side, &left.link.sides[side].id);
        let again = Again::ByItself;
        self.not_deleted(about, again, side, intent, answers, error)
            .await
    }
}

/// What became of an edit that a copy was given.
enum Edited {
    Done,
    /// It may have been done, or is to be tried again.
    Later,
    Never(String),
}
