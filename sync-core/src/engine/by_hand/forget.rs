//! Erasing a person from the store, so that no late row brings them back.

use std::{collections::BTreeSet, slice};

use jiff::Timestamp;

use crate::{
    engine::{Engine, EngineError, by_hand::undo::in_doubt_of, pass::Pass},
    id::{Kind, RecordId},
    link::LinkEnd,
    pairing::Pairing,
    side::{Both, Side},
    store::{Hold, Intent, Marker, Observation, Op, StoreError},
};

/// What became of a wish to forget.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Forgotten {
    /// Nothing of these records is kept but a keyed hash of each id.
    Erased {
        /// The record and its counterpart.
        ids: Both<Option<RecordId>>,
        /// What stood under one of them: tasks and notes of a person.
        below: Vec<(Kind, Both<Option<RecordId>>)>,
    },
    /// A write to or from them has had no answer yet, and what it made must be known first.
    /// Nothing is erased; ask again, after `due` where that is known.
    Waits {
        /// The open write, for a person.
        why: String,
        /// When looking can settle it.
        due: Option<Timestamp>,
    },
}

/// Holds, or tombstones, in one page.
const PAGE: usize = 200;

impl Engine {
    /// Erases a record, its counterpart and all that stands under one of them from the store:
    /// shadows, observations, match keys, marks, holds, history, journal, staged steps and
    /// tombstone; with SQLite also from the disk. It deletes nothing in the two systems: do that
    /// there, before or after.
    ///
    /// What stays is a [keyed hash](crate::EraseKey) of each id, by which rows of these records
    /// are dropped from now on, and of what is put under them later. A person who is entered anew has
    /// another id, and is synced.
    ///
    /// An open write is settled first, by looking; where that does not settle it, the answer is
    /// [`Forgotten::Waits`]. Not reached are backups, saved plans, logs, and what other records
    /// say of the person.
    pub async fn forget(
        &mut self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
    ) -> Result<Forgotten, EngineError> {
        let mut pass = self.by_hand().await?;
        pass.forget(kind, side, id).await
    }
}

/// Who is to be forgotten.
#[derive(Clone)]
struct Whom<'p> {
    pairing: &'p Pairing,
    ids: Both<Option<RecordId>>,
}

impl<'p> Pass<'p> {
    async fn forget(
        &mut self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
    ) -> Result<Forgotten, EngineError> {
        let pairing = self.known_kind("forget", kind)?;
        let mut ids = self.all_ids(pairing, side, id).await?;
        let mut all = self.with_all_below(pairing, &ids).await?;
        if self.open_intent_of(&all).await?.is_some() {
            self.look().await?;
            self.recover().await?;
            ids = self.all_ids(pairing, side, id).await?;
            all = self.with_all_below(pairing, &ids).await?;
        }
        if let Some(why) = self.question_of(&all).await? {
            return Ok(Forgotten::Waits { why, due: None });
        }
        if let Some(intent) = self.open_intent_of(&all).await? {
            let why = format!(
                "the reply to `{}` on the {} side, sent at {}, was lost, and it is not settled yet",
                intent.call,
                intent.side,
                intent.at.strftime("%FT%TZ")
            );
            let due = self.report.due;
            return Ok(Forgotten::Waits { why, due });
        }
        let mut ops = Vec::new();
        for Whom { pairing, ids } in &all {
            if let Some(why) = self.unfinished_move(pairing, ids).await? {
                return Ok(Forgotten::Waits { why, due: None });
            }
            ops.extend(self.holds_that_name(&pairing.kind, ids).await?);
            ops.push(Op::Erase(pairing.kind.clone(), ids.clone()));
        }
        self.commit(ops).await?;
        self.store.scrub().await?;
        let below = all.into_iter().skip(1);
        let below = below.map(|whom| (whom.pairing.kind.clone(), whom.ids));
        Ok(Forgotten::Erased {
            ids,
            below: below.collect(),
        })
    }

    /// A record with its counterpart, then all that stands under one of them.
    async fn with_all_below(
        &self,
        pairing: &'p Pairing,
        ids: &Both<Option<RecordId>>,
    ) -> Result<Vec<Whom<'p>>, StoreError> {
        let ids = ids.clone();
        let mut all = vec![Whom { pairing, ids }];
        let mut next = 0;
        while let Some(Whom { pairing, ids }) = all.get(next).cloned() {
            next += 1;
            for side in Side::BOTH {
                let Some(id) = &ids[side] else { continue };
                for (child, id) in self.all_under(&pairing.kind, side, id).await? {
                    let ids = self.all_ids(child, side, &id).await?;
                    let is_it =
                        |whom: &Whom<'_>| whom.pairing.kind == child.kind && whom.ids == ids;
                    if !all.iter().any(is_it) && !planted!("what-stands-under-it-stays-known") {
                        all.push(Whom {
                            pairing: child,
                            ids,
                        });
                    }
                }
            }
        }
        Ok(all)
    }

    async fn open_intent_of(&self, all: &[Whom<'_>]) -> Result<Option<Intent>, StoreError> {
        for Whom { pairing, ids } in all {
            let open = self.open_intent(pairing, ids).await?;
            if open.is_some() {
                return Ok(open);
            }
        }
        Ok(None)
    }

    /// What a person is asked of one of these: erased, it could not be answered, and who it is
    /// would be created again.
    async fn question_of(&self, all: &[Whom<'_>]) -> Result<Option<String>, EngineError> {
        let in_doubt = self.in_doubt().await?;
        for Whom { pairing, ids } in all {
            let Some(source) = in_doubt_of(&in_doubt, ids, &pairing.kind) else {
                continue;
            };
            let question = self.question(&pairing.kind, source).await?;
            if question.is_some() {
                return Ok(question);
            }
        }
        Ok(None)
    }

    /// What a move has left behind is still to be deleted, and must be known until then.
    async fn unfinished_move(
        &self,
        pairing: &Pairing,
        ids: &Both<Option<RecordId>>,
    ) -> Result<Option<String>, StoreError> {
        let (here, kind) = (&self.shared.connection, &pairing.kind);
        for side in Side::BOTH {
            let ids: Vec<RecordId> = ids[side].iter().cloned().collect();
            let buried = self.store.tombstones(here, kind, side, &ids).await?;
            for tombstone in buried.into_iter().flatten() {
                if let LinkEnd::Moved(side) = tombstone.end {
                    let id = &tombstone.link.sides[side].id;
                    let why = format!(
                        "{id} on the {side} side was moved, and what was left behind is not deleted yet"
                    );
                    return Ok(Some(why));
                }
            }
        }
        Ok(None)
    }

    /// A record and whom it is, or was, linked with.
    async fn all_ids(
        &self,
        pairing: &Pairing,
        side: Side,
        id: &RecordId,
    ) -> Result<Both<Option<RecordId>>, StoreError> {
        let here = &self.shared.connection;
        let (kind, own) = (&pairing.kind, slice::from_ref(id));
        let link = self.store.links(here, kind, side, own).await?.pop();
        let buried = self.store.tombstones(here, kind, side, own).await?.pop();
        let mut ids = Both::default();
        if let Some(Some(link)) = link {
            ids = link.sides.as_ref().map(|of| Some(of.id.clone()));
        } else if let Some(Some(buried)) = buried {
            ids = buried.link.sides.as_ref().map(|of| Some(of.id.clone()));
        }
        ids[side] = Some(id.clone());
        Ok(ids)
    }

    /// A write without an answer that is about one of these records, or may have made one.
    async fn open_intent(
        &self,
        pairing: &Pairing,
        ids: &Both<Option<RecordId>>,
    ) -> Result<Option<Intent>, StoreError> {
        for intent in self.store.intents(&self.shared.connection).await? {
            let own = |side: Side| ids[side].as_ref().map(|id| (side, id));
            let mut records = Side::BOTH.into_iter().filter_map(own);
            let is_about = |(side, id)| intent.is_about(&pairing.kind, side, id);
            let made = ids[intent.side]
                .as_ref()
                .filter(|_| ids[!intent.side].is_none());
            if records.any(is_about) {
                return Ok(Some(intent));
            }
            if let Some(id) = made.filter(|_| !planted!("what-was-made-is-forgotten"))
                && self.may_have_made(pairing, &intent, id).await?
            {
                return Ok(Some(intent));
            }
        }
        Ok(None)
    }

    /// Whether a create without an answer may have made a record: one of its keys, or unseen.
    async fn may_have_made(
        &self,
        pairing: &Pairing,
        intent: &Intent,
        id: &RecordId,
    ) -> Result<bool, StoreError> {
        if intent.target.is_some() || intent.kind != pairing.kind {
            return Ok(false);
        }
        let (here, ids) = (&self.shared.connection, slice::from_ref(id));
        let seen = self
            .store
            .observations(here, &intent.kind, intent.side, ids)
            .await?;
        let shares = |seen: &Observation| seen.keys.iter().any(|key| intent.keys.contains(key));
        Ok(seen
            .into_iter()
            .flatten()
            .next()
            .is_none_or(|seen| shares(&seen)))
    }

    /// Others are held with words that name the record, or a key of it: they are looked at anew.
    async fn holds_that_name(
        &mut self,
        kind: &Kind,
        ids: &Both<Option<RecordId>>,
    ) -> Result<Vec<Op>, StoreError> {
        let words = self.words(kind, ids).await?;
        let names = |hold: &Hold| {
            words
                .iter()
                .any(|word| hold.message.contains(word.as_str()))
        };
        let mut ops = Vec::new();
        let mut after = 0;
        loop {
            let here = &self.shared.connection;
            let page = self.store.holds_of_kind(here, kind, after, PAGE).await?;
            let Some((last, _)) = page.last() else {
                return Ok(ops);
            };
            after = *last;
            for (_, hold) in page.iter().filter(|(_, hold)| names(hold)) {
                ops.push(Op::Hold(kind.clone(), hold.subject.clone(), Vec::new()));
                for side in Side::BOTH {
                    if let Some(id) = hold.ids[side]
                        .as_ref()
                        .filter(|id| ids[side].as_ref() != Some(id))
                    {
                        ops.push(self.mark(kind, side, id, Marker::Feed));
                    }
                }
            }
        }
    }

    /// By what a message could name a record: its ids and the values of its keys.
    async fn words(
        &self,
        kind: &Kind,
        ids: &Both<Option<RecordId>>,
    ) -> Result<BTreeSet<String>, StoreError> {
        let here = &self.shared.connection;
        let mut words = BTreeSet::new();
        for side in Side::BOTH {
            let Some(id) = &ids[side] else { continue };
            words.insert(id.to_string());
            let own = slice::from_ref(id);
            let seen = self.store.observations(here, kind, side, own).await?;
            let link = self.store.links(here, kind, side, own).await?;
            let seen = seen.iter().flatten().map(|seen| &seen.reading.record);
            let shadows = link.iter().flatten().map(|link| &link.sides[side].shadow);
            for record in seen.chain(shadows) {
                let keys = self.known_keys(kind, record);
                words.extend(keys.into_iter().map(|key| key.value.to_string()));
            }
        }
        Ok(words)
    }

    /// Of tombstones that no longer sleep only hashes stay.
    pub(in crate::engine) async fn fade_tombstones(&mut self) -> Result<(), EngineError> {
        loop {
            let (here, now) = (&self.shared.connection, self.now());
            let awake = self.store.tombstones_until(here, now, PAGE).await?;
            if awake.is_empty() {
                return Ok(());
            }
            let fade = awake
                .iter()
                .map(|tombstone| Op::Fade(tombstone.link.kind.clone(), tombstone.link.id.clone()));
            self.commit(fade.collect()).await?;
        }
    }

    /// Whether a record was forgotten.
    pub(in crate::engine) async fn is_erased(
        &self,
        pairing: &Pairing,
        side: Side,
        id: &RecordId,
    ) -> Result<bool, StoreError> {
        let erased = self.erased(pairing, side, vec![id.clone()]).await?;
        Ok(!erased.is_empty())
    }

    /// Which of these records are known only by a hash: nothing is read of them.
    pub(in crate::engine) async fn erased(
        &self,
        pairing: &Pairing,
        side: Side,
        ids: Vec<RecordId>,
    ) -> Result<BTreeSet<RecordId>, StoreError> {
        if ids.is_empty() {
            return Ok(BTreeSet::new());
        }
        let here = &self.shared.connection;
        let erased = self.store.erased(here, &pairing.kind, side, &ids).await?;
        let erased = ids.into_iter().zip(erased).filter(|(_, erased)| *erased);
        Ok(erased.map(|(id, _)| id).collect())
    }
}
