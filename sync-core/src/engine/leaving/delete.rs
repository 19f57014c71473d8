//! What a confirmed absence does to the other side.

use crate::{
    connector::{ConnectorError, Effect, Reason},
    engine::{
        EngineError,
        hold::{About, Again},
        leaving::{below::objection, with_parent::WithParent},
        pass::Pass,
        reading::look_up::Looked,
        staging::{entry::Loaded, reference::parent_at},
    },
    id::{IntentId, Kind, RecordId, Target},
    leaving::Deletes,
    link::{Link, LinkEnd},
    pairing::Pairing,
    reading::Reading,
    side::{Both, Side},
    store::{Act, Dirty, HistoryEvent, HoldReason, Intent, Marker, Observation, Op, StoreError},
};

/// What is to be done about a pair of which a record is missing.
pub(in crate::engine) enum Departure {
    /// It is not known yet whether it is gone.
    Wait,
    /// A person has to look.
    Hold(HoldReason, String, Again),
    /// The link ends; both sides stay as they are.
    End(LinkEnd),
    /// The record of this side is deleted, too.
    Delete(Side),
}

impl Pass<'_> {
    /// What is to be done about a linked pair, if one of its records is missing.
    pub(in crate::engine) async fn departure(
        &self,
        pairing: &Pairing,
        loaded: &Loaded,
    ) -> Result<Option<Departure>, StoreError> {
        let Some(link) = loaded.link.as_deref() else {
            return Ok(None);
        };
        let absent = link.sides.as_ref().map(|side| side.absent.as_ref());
        let Some(gone) = Side::BOTH.into_iter().find(|side| absent[*side].is_some()) else {
            return Ok(None);
        };
        let merged = Side::BOTH.into_iter().find_map(|side| {
            let heir = absent[side]?.merged_into.as_ref()?;
            Some((side, heir))
        });
        if let Some((side, heir)) = merged {
            let message = format!(
                "the record {} on the {side} side is gone, and {heir} has its key: they were probably merged; merge their counterparts, link the one that took its place, or unlink the pair",
                link.sides[side].id
            );
            return Ok(Some(Departure::Hold(
                HoldReason::Merged,
                message,
                Again::Asked,
            )));
        }
        let confirmed = |side: Side| absent[side].is_some_and(|absence| absence.confirmed);
        if !confirmed(gone) {
            return Ok(Some(Departure::Wait));
        }
        if absent[!gone].is_some() {
            return Ok(Some(if confirmed(!gone) {
                Departure::End(LinkEnd::BothGone)
            } else {
                Departure::Wait
            }));
        }
        let edited = match &loaded.seen[!gone] {
            Some(seen) => self.is_edited(pairing, link, !gone, &seen.reading).await?,
            None => false,
        };
        let with_parent = self.with_parent(pairing, loaded, link, gone).await?;
        Ok(Some(self.after_delete(pairing, gone, edited, &with_parent)))
    }

    /// Whether a record shows something else than when its pair last agreed. That it stands under
    /// nothing any more since we deleted its parent is nobody's edit.
    async fn is_edited(
        &self,
        pairing: &Pairing,
        link: &Link,
        side: Side,
        reading: &Reading,
    ) -> Result<bool, StoreError> {
        if !pairing.contradicts(link, side, reading) {
            return Ok(false);
        }
        let parent = parent_at(pairing, side, &link.sides[side].shadow);
        let Some(of) = parent.filter(|_| parent_at(pairing, side, &reading.record).is_none())
        else {
            return Ok(true);
        };
        let buried = self.buried_at(side, of).await?;
        if buried.is_none_or(|parent| parent.end != LinkEnd::Deleted(!side))
            || planted!("losing-its-parent-is-an-edit")
        {
            return Ok(true);
        }
        let mut rest = reading.clone();
        for pair in pairing.fields.iter().filter(|pair| pair.uses[side].parent) {
            let shadow = link.sides[side].shadow.value(&pair.key);
            rest.record.put(pair.key.clone(), shadow.cloned());
        }
        Ok(pairing.contradicts(link, side, &rest))
    }

    fn after_delete(
        &self,
        pairing: &Pairing,
        gone: Side,
        edited: bool,
        with_parent: &WithParent,
    ) -> Departure {
        let capabilities = self.connector(gone).capabilities(&pairing.kind);
        let (there, sees_all) = (!gone, capabilities.is_none_or(|c| c.sees_all));
        match (self.shared.leaving.deletes[there], with_parent) {
            (Deletes::Keep, _) | (_, WithParent::Alone) => Departure::End(LinkEnd::Kept(gone)),
            _ if edited && !planted!("delete-over-an-edit") => Departure::Hold(
                HoldReason::EditedMeanwhile,
                format!(
                    "it was deleted on the {gone} side, and edited on the {there} side; delete it there, too, or restore it on the {gone} side, if that system can"
                ),
                Again::Asked,
            ),
            (_, WithParent::Back) => Departure::Hold(
                HoldReason::Deleted,
                format!(
                    "it is gone on the {gone} side, and may have gone with what it stood under, which is there again; delete it on the {there} side, too, or unlink the pair, which keeps it"
                ),
                Again::Asked,
            ),
            (Deletes::Follow, WithParent::No) if !pairing.may_change(there) => Departure::Hold(
                HoldReason::Deleted,
                format!(
                    "it was deleted on the {gone} side, and nothing is deleted on the {there} side, where its changes come from; restore it, or unlink the pair"
                ),
                Again::Asked,
            ),
            (Deletes::Follow, WithParent::No) if sees_all || planted!("hidden-is-deleted") => {
                Departure::Delete(there)
            }
            (Deletes::Follow, WithParent::No) => Departure::Hold(
                HoldReason::Deleted,
                format!(
                    "it is not found on the {gone} side any more, but the credential there does not see everything; if it was deleted, delete it on the {there} side, too"
                ),
                Again::Asked,
            ),
            (Deletes::Hold, WithParent::No) => Departure::Hold(
                HoldReason::Deleted,
                format!(
                    "it was deleted on the {gone} side; delete it on the {there} side, too, or unlink the pair"
                ),
                Again::Asked,
            ),
        }
    }

    /// Ends a link without any call.
    pub(in crate::engine) async fn end_link(
        &mut self,
        link: &Link,
        end: LinkEnd,
        answers: Vec<Dirty>,
    ) -> Result<(), EngineError> {
        let why = match end {
            LinkEnd::BothGone => "both records are gone".to_owned(),
            LinkEnd::Kept(side) => format!("it was deleted on the {side} side, and is kept here"),
            _ => "it left what is synced".to_owned(),
        };
        let cause = answers.first().map_or(0, |dirty| dirty.cause);
        let mut ops = Vec::new();
        let event = HistoryEvent::Unlinked { why };
        self.record(&mut ops, self.happened_to(link, event, cause));
        self.part(link, end, answers, &mut ops).await?;
        self.commit(ops).await?;
        Ok(())
    }

    /// The link becomes a tombstone, and nothing of its records is kept or held.
    pub(in crate::engine) async fn part(
        &mut self,
        link: &Link,
        end: LinkEnd,
        answers: Vec<Dirty>,
        ops: &mut Vec<Op>,
    ) -> Result<(), StoreError> {
        ops.push(self.bury(link, end));
        ops.push(Self::release(About::link(link)));
        for side in Side::BOTH {
            ops.push(Op::Forget(
                link.kind.clone(),
                side,
                link.sides[side].id.clone(),
            ));
            self.look_at_its_parent(&link.kind, side, &link.sides[side].shadow, ops)
                .await?;
        }
        ops.extend(answers.into_iter().map(Op::Clear));
        let gone = Side::BOTH
            .into_iter()
            .filter(|side| end.leaves_without(*side));
        for side in gone {
            self.look_for_orphans(&link.kind, side, &link.sides[side].id, ops)
                .await?;
        }
        Ok(())
    }

    /// What stood under a record that is gone is looked for: nobody reads it under its parent any
    /// more.
    pub(in crate::engine) async fn look_for_orphans(
        &mut self,
        kind: &Kind,
        side: Side,
        parent: &RecordId,
        ops: &mut Vec<Op>,
    ) -> Result<(), StoreError> {
        if planted!("orphans-are-not-looked-for") {
            return Ok(());
        }
        for child in self.under(kind, side, parent).await? {
            // On the other side it may have gone with a parent that we never knew.
            for side in Side::BOTH {
                ops.push(self.mark(&child.kind, side, &child.sides[side].id, Marker::Doubt));
            }
        }
        Ok(())
    }

    /// Deletes the record of a side after its counterpart, or says what is in the way.
    pub(in crate::engine) async fn delete(
        &mut self,
        pairing: &Pairing,
        link: &Link,
        side: Side,
        answers: Vec<Dirty>,
    ) -> Result<(), EngineError> {
        let about = About::link(link);
        match self.try_delete(pairing, link, side, &answers).await? {
            None => Ok(()),
            Some(Undeleted::Edited(observation)) => {
                self.wait_until(None);
                Ok(self.commit(vec![Op::Observe(*observation)]).await?)
            }
            Some(Undeleted::TakesOthers(why)) => {
                let mut ops = vec![self.hold_for_now(about, HoldReason::EditedMeanwhile, why)];
                ops.extend(answers.into_iter().map(Op::Clear));
                Ok(self.commit(ops).await?)
            }
            Some(Undeleted::Failed(intent, error)) => {
                self.not_deleted(about, Again::Asked, side, intent, answers, error)
                    .await
            }
        }
    }

    /// Deletes the record of a side, if it is still as the pair last agreed and takes nothing with
    /// it that is nowhere else.
    pub(in crate::engine) async fn try_delete(
        &mut self,
        pairing: &Pairing,
        link: &Link,
        side: Side,
        answers: &[Dirty],
    ) -> Result<Option<Undeleted>, EngineError> {
        let target = link.target(side);
        let looked = match self.look_up(pairing, side, &target, Some(link)).await {
            Ok(looked) => looked,
            Err(error) => return Ok(Some(Undeleted::Failed(None, error))),
        };
        let Some(Looked { observation, .. }) = looked else {
            let end = match end_of(link, side) {
                LinkEnd::Deleted(_) => LinkEnd::BothGone,
                end => end,
            };
            self.end_link(link, end, answers.to_vec()).await?;
            return Ok(None);
        };
        let edited = self
            .is_edited(pairing, link, side, &observation.reading)
            .await?;
        if edited && !planted!("delete-without-a-look") {
            return Ok(Some(Undeleted::Edited(Box::new(observation))));
        }
        let lost = match self.look_below(link, side).await? {
            Ok(lost) => lost,
            Err(error) => return Ok(Some(Undeleted::Failed(None, error))),
        };
        if let Some(why) = objection(side, &lost) {
            return Ok(Some(Undeleted::TakesOthers(why)));
        }
        let cause = answers.first().map_or(0, |dirty| dirty.cause);
        let (id, refused) = self.send_delete(link, side, cause).await?;
        if let Some(error) = refused {
            return Ok(Some(Undeleted::Failed(Some(id), error)));
        }
        let mut ops = vec![Op::Settle(id)];
        let answers = answers.to_vec();
        self.deleted(link, side, cause, answers, &mut ops).await?;
        self.commit(ops).await?;
        Ok(None)
    }

    /// Writes the intent, then deletes the record of a side. One that is not there is deleted.
    pub(in crate::engine) async fn send_delete(
        &mut self,
        link: &Link,
        side: Side,
        cause: u64,
    ) -> Result<(IntentId, Option<ConnectorError>), StoreError> {
        let target = link.target(side);
        let intent = self.delete_intent(link, side, &target, cause);
        let id = intent.id;
        self.commit(vec![Op::Intend(Box::new(intent))]).await?;
        let asked = self.now();
        let sent = self.connector(side).delete(&link.kind, &target).await;
        if let Err(error) = sent
            && error.reason != Reason::NotFound
        {
            self.report.requests[side] += 1;
            return Ok((id, Some(error)));
        }
        self.called(side, asked, None);
        self.succeeded(side);
        Ok((id, None))
    }

    async fn deleted(
        &mut self,
        link: &Link,
        side: Side,
        cause: u64,
        answers: Vec<Dirty>,
        ops: &mut Vec<Op>,
    ) -> Result<(), StoreError> {
        self.report.deleted[side] += 1;
        let event = HistoryEvent::Deleted { side };
        self.record(ops, self.happened_to(link, event, cause));
        self.part(link, end_of(link, side), answers, ops).await
    }

    pub(in crate::engine) async fn not_deleted(
        &mut self,
        about: About,
        again: Again,
        side: Side,
        intent: Option<IntentId>,
        answers: Vec<Dirty>,
        error: ConnectorError,
    ) -> Result<(), EngineError> {
        if error.effect == Effect::Unknown && intent.is_some() {
            self.failed(side, error);
            self.wait_until(None);
            return Ok(());
        }
        let mut ops: Vec<Op> = intent.map(Op::Settle).into_iter().collect();
        if error.stops_the_side() {
            self.failed(side, error);
            self.wait_until(None);
        } else {
            let why = &error.message;
            let message = match again {
                Again::Asked => format!("it cannot be deleted on the {side} side: {why}"),
                Again::ByItself => format!(
                    "it was moved on the {side} side, and this one, which that has left behind, cannot be deleted there: {why}; its copy goes on in its place, so delete this one by hand"
                ),
            };
            let reason = match error.reason {
                Reason::Forbidden => HoldReason::Forbidden,
                _ => HoldReason::Refused,
            };
            ops.push(self.hold_until(again, about, reason, message));
            ops.extend(answers.into_iter().map(Op::Clear));
        }
        Ok(self.commit(ops).await?)
    }

    fn delete_intent(&mut self, link: &Link, side: Side, target: &Target, cause: u64) -> Intent {
        let shadow = &link.sides[side].shadow;
        let before = shadow
            .iter()
            .map(|(key, value)| (key.clone(), Some(value.clone())));
        Intent {
            id: self.intent_id(),
            kind: link.kind.clone(),
            act: Act::Delete,
            side,
            source: link.target(!side),
            target: Some(target.clone()),
            replaces: None,
            call: "delete".to_owned(),
            cells: Vec::new(),
            agrees: Vec::new(),
            before: before.collect(),
            keys: Vec::new(),
            memo: None,
            at: self.now(),
            at_server: None,
            cause,
        }
    }

    /// A delete whose reply was lost: if the record is gone it was done, else it is planned anew
    /// once it can no longer be on its way.
    pub(in crate::engine) async fn recover_delete(
        &mut self,
        pairing: &Pairing,
        intent: &Intent,
        target: &Target,
    ) -> Result<(), EngineError> {
        let side = intent.side;
        let gone = match self.look_up(pairing, side, target, None).await {
            Ok(looked) => looked.is_none(),
            // As far as anybody can tell it is there; the next look at the pair says why.
            Err(error) if !error.stops_the_side() => false,
            Err(error) => {
                self.failed(side, error);
                self.wait_until(None);
                return Ok(());
            }
        };
        let link = self.link_of(pairing, side, &target.id).await?;
        let mut ops = vec![Op::Settle(intent.id)];
        match (gone, link) {
            (true, Some(link)) => {
                self.deleted(&link, side, intent.cause, Vec::new(), &mut ops)
                    .await?;
            }
            (false, _) if self.now() < intent.at + self.shared.reply_grace => {
                self.wait_until(Some(intent.at + self.shared.reply_grace));
                return Ok(());
            }
            _ => {
                let (kind, source) = (&intent.kind, &intent.source.id);
                ops.push(self.mark_because(kind, !side, source, Marker::Recovery, intent.cause));
            }
        }
        Ok(self.commit(ops).await?)
    }

    /// Which sides of a pair are missing a record.
    pub(in crate::engine) fn missing(link: Option<&Link>) -> Both<bool> {
        Both::from_fn(|side| link.is_some_and(|link| link.sides[side].absent.is_some()))
    }
}

/// Why a record was not deleted.
pub(in crate::engine) enum Undeleted {
    /// It is not as the pair last agreed.
    Edited(Box<Observation>),
    /// With it would go what is nowhere else.
    TakesOthers(String),
    /// It, or what stands under it, could not be read, or the system did not delete it.
    Failed(Option<IntentId>, ConnectorError),
}

/// A record is deleted after its counterpart, or alone: then the other one stays.
fn end_of(link: &Link, side: Side) -> LinkEnd {
    match link.sides[!side].absent {
        Some(_) => LinkEnd::Deleted(!side),
        None => LinkEnd::Kept(side),
    }
}
