//! What people do with links and holds by hand. Each is one commit; the next cycle writes.

use std::{slice, sync::Arc};

use crate::{
    engine::{
        Engine, EngineError, Shared, applying::apply::unlinked_side, by_hand::undo::in_doubt_of,
        hold::About, pass::Pass, staging::entry::Loaded,
    },
    id::{Kind, LinkId, RecordId, Target},
    link::{Decided, Link, LinkEnd},
    pairing::Pairing,
    rules::Verdict,
    side::{Both, Side},
    store::{
        Happened, HistoryEvent, Hold, HoldReason, Intent, Marker, Observation, Op, StoreError,
        Subject,
    },
};

/// Of holds that have another question.
const ASKS_NO_WHICH: &str = "the hold does not ask which record a lost create has made";

/// Who did it, in the history.
const BY_HAND: &str = "a person";

impl Engine {
    /// Links two records that are not linked, whatever their keys say. They are read by id now;
    /// the next cycle settles their fields as the first-sync policy says. Where one is the source
    /// of a create whose reply was lost, the other is what that has made: what it shows otherwise
    /// than it was sent is an edit, unless nothing has changed it since it was born.
    pub async fn link(
        &mut self,
        kind: &Kind,
        left: &RecordId,
        right: &RecordId,
    ) -> Result<LinkId, EngineError> {
        let mut pass = self.by_hand().await?;
        pass.link_by_hand(kind, Both::new(left, right)).await
    }

    /// Ends the link of a record. Both records stay as they are, and are not linked with each
    /// other or created again, unless a person links them. What stands under them waits for that.
    pub async fn unlink(
        &mut self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
    ) -> Result<(), EngineError> {
        let mut pass = self.by_hand().await?;
        pass.unlink_by_hand(kind, side, id).await
    }

    /// Puts another record of the same side into the place of one in its link, as after a merge
    /// in that system. What the two sides agreed on stays agreed: where the new record shows
    /// something else, that is an edit.
    pub async fn relink(
        &mut self,
        kind: &Kind,
        side: Side,
        from: &RecordId,
        to: &RecordId,
    ) -> Result<LinkId, EngineError> {
        let mut pass = self.by_hand().await?;
        pass.relink_by_hand(kind, side, from, to).await
    }

    /// Answers a held conflict, by the hold's number. The hold goes, and the next cycle writes
    /// what the verdict says, unless somebody edits the field before it does.
    pub async fn decide(&mut self, hold: u64, verdict: &Verdict) -> Result<(), EngineError> {
        let mut pass = self.by_hand().await?;
        pass.decide_by_hand(hold, verdict).await
    }

    /// Answers a hold that asks which record a lost create has made, by the hold's number: none of
    /// those that it names. The record is created again by the next cycle, and they are somebody's
    /// own.
    pub async fn none_of_these(&mut self, hold: u64) -> Result<(), EngineError> {
        let mut pass = self.by_hand().await?;
        pass.none_by_hand(hold).await
    }

    pub(in crate::engine) async fn by_hand(&mut self) -> Result<Pass<'_>, EngineError> {
        self.check_accounts().await?;
        let epoch = self.epoch().await?;
        Ok(self.pass(Arc::clone(&self.store), epoch))
    }
}

impl Pass<'_> {
    async fn link_by_hand(
        &mut self,
        kind: &Kind,
        ids: Both<&RecordId>,
    ) -> Result<LinkId, EngineError> {
        let what = "link";
        let pairing = self.known_kind(what, kind)?;
        for side in Side::BOTH {
            if self.is_erased(pairing, side, ids[side]).await? {
                let why = format!(
                    "the {kind} {} was forgotten on the {side} side, and stays out of the sync; enter it anew, and it has another id",
                    ids[side]
                );
                return Err(impossible(what, why));
            }
        }
        for side in Side::BOTH {
            let create = self.open_create(kind, side, ids[side]).await?;
            if let Some(intent) = create.filter(|_| !planted!("an-answer-leaves-it-open")) {
                return self.made(what, pairing, &intent, ids).await;
            }
        }
        let mut loaded = Loaded::default();
        let mut ops = Vec::new();
        for side in Side::BOTH {
            let seen = self
                .read_named(what, pairing, side, ids[side], None)
                .await?;
            ops.push(Op::Observe(seen.clone()));
            loaded.seen[side] = Some(Arc::new(seen));
            ops.extend(self.exhumes(kind, side, ids[side]).await?);
        }
        loaded.read_alike();
        let (Some(left), Some(right)) = (&loaded.seen.left, &loaded.seen.right) else {
            return Err(impossible(what, "a record is missing"));
        };
        let sides = Both::new(unlinked_side(left), unlinked_side(right));
        let link = Link::new(kind.clone(), sides);
        let id = link.id.clone();
        let by = BY_HAND.to_owned();
        let linked = self.happened_to(&link, HistoryEvent::Linked { by }, 0);
        self.record(&mut ops, linked);
        ops.extend(self.linked_anew(&link).await?);
        ops.push(Op::Link(Box::new(link)));
        ops.push(self.mark(kind, Side::Left, ids.left, Marker::Feed));
        self.commit(ops).await?;
        Ok(id)
    }

    /// A person says which record an open create has made.
    async fn made(
        &mut self,
        what: &'static str,
        pairing: &Pairing,
        intent: &Intent,
        ids: Both<&RecordId>,
    ) -> Result<LinkId, EngineError> {
        let side = intent.side;
        let in_question = self.in_question(pairing, side).await?;
        if let Some(other) = asked_for(&in_question, intent, ids[side]) {
            let (kind, source) = (&pairing.kind, &other.source.id);
            let why = format!(
                "the {kind} {} on the {side} side may be what the lost create of {source} has made, and not this one's; say of {source} first that none is, or link them",
                ids[side]
            );
            return Err(impossible(what, why));
        }
        let seen = self
            .read_named(what, pairing, side, ids[side], None)
            .await?;
        let mut ops = vec![Op::Observe(seen.clone()), Self::unasked(intent)];
        ops.extend(self.not_made(intent, &in_question, Some(ids[side])));
        ops.extend(self.exhumes(&pairing.kind, side, ids[side]).await?);
        self.commit(ops).await?;
        self.adopt(pairing, intent, &seen).await?;
        Ok(LinkId::of(ids.left, ids.right))
    }

    /// The create that a record waits for.
    async fn open_create(
        &self,
        kind: &Kind,
        side: Side,
        source: &RecordId,
    ) -> Result<Option<Intent>, EngineError> {
        let intents = self.store.intents(&self.shared.connection).await?;
        let mut intents = intents.into_iter();
        Ok(intents.find(|intent| intent.creates_from(kind, side, source)))
    }

    /// Those that an open create may have made, but for the one that it has: they are somebody's
    /// own, and are read before they cross. Somebody may have deleted them meanwhile.
    fn not_made(
        &mut self,
        intent: &Intent,
        in_question: &[(Intent, Vec<Observation>)],
        made: Option<&RecordId>,
    ) -> Vec<Op> {
        let own = in_question.iter().filter(|(own, _)| own.id == intent.id);
        let own = own.flat_map(|(_, found)| found);
        let others = own.filter(|seen| Some(&seen.id) != made);
        others
            .filter(|_| !planted!("those-that-it-is-not-are-not-read"))
            .map(|seen| self.mark(&intent.kind, intent.side, &seen.id, Marker::Doubt))
            .collect()
    }

    /// Nobody is asked any more what a create has made.
    fn unasked(intent: &Intent) -> Op {
        let source = Subject::Record(!intent.side, intent.source.id.clone());
        Op::Hold(intent.kind.clone(), source, Vec::new())
    }

    async fn unlink_by_hand(
        &mut self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
    ) -> Result<(), EngineError> {
        let what = "unlink";
        let pairing = self.known_kind(what, kind)?;
        let link = self.link_for(what, pairing, side, id).await?;
        let mut ops = Vec::new();
        let why = BY_HAND.to_owned();
        let unlinked = self.happened_to(&link, HistoryEvent::Unlinked { why }, 0);
        self.record(&mut ops, unlinked);
        self.part(&link, LinkEnd::Parted, Vec::new(), &mut ops)
            .await?;
        Ok(self.commit(ops).await?)
    }

    async fn relink_by_hand(
        &mut self,
        kind: &Kind,
        side: Side,
        from: &RecordId,
        to: &RecordId,
    ) -> Result<LinkId, EngineError> {
        let what = "relink";
        let pairing = self.known_kind(what, kind)?;
        let link = self.link_for(what, pairing, side, from).await?;
        let seen = self
            .read_named(what, pairing, side, to, Some(&link))
            .await?;
        let exhumed = self.exhumes(kind, side, to).await?;
        self.commit(exhumed).await?;
        let cause = self.number();
        let dirty = self.dirty_mark(kind, side, from, cause);
        self.relink(pairing, side, &link, seen, &dirty).await?;
        Ok(match side {
            Side::Left => LinkId::of(to, &link.sides.right.id),
            Side::Right => LinkId::of(&link.sides.left.id, to),
        })
    }

    async fn decide_by_hand(&mut self, number: u64, verdict: &Verdict) -> Result<(), EngineError> {
        let what = "decide";
        let hold = self.hold_named(what, number).await?;
        let pairing = self.known_kind(what, &hold.kind)?;
        let (Some(key), Some(left), Subject::Link(_)) =
            (&hold.field, &hold.ids.left, &hold.subject)
        else {
            let why = format!(
                "the hold is not about two values of a field: {}",
                hold.message
            );
            return Err(impossible(what, why));
        };
        if !hold.reason.is_a_choice() {
            let why = format!("the field is not in conflict: {}", hold.message);
            return Err(impossible(what, why));
        }
        let link = self.link_for(what, pairing, Side::Left, left).await?;
        let loaded = self.load(pairing, Side::Left, left).await?;
        let decided = self.verdict(pairing, &loaded, key, verdict).await?;
        let decided = decided.filter(|decided| decided.seen == hold.values);
        let Some(decided) = decided else {
            let why = "a side shows something else by now, or the verdict says nothing; run a cycle, and look at the hold again";
            return Err(impossible(what, why));
        };
        let ops = self.decided_ops(link, &hold, decided).await?;
        Ok(self.commit(ops).await?)
    }

    async fn decided_ops(
        &mut self,
        mut link: Link,
        hold: &Hold,
        decided: Decided,
    ) -> Result<Vec<Op>, EngineError> {
        let Some(key) = hold.field.clone() else {
            return Ok(Vec::new());
        };
        let here = &self.shared.connection;
        let subjects = slice::from_ref(&hold.subject);
        let mut others = self.store.holds_of(here, &hold.kind, subjects).await?;
        others.retain(|other| other.field.as_ref() != Some(&key));
        let mut ops = vec![Op::Hold(hold.kind.clone(), hold.subject.clone(), others)];
        let event = HistoryEvent::Decided {
            rule: BY_HAND.to_owned(),
            seen: decided.seen.clone(),
            want: decided.want.clone(),
        };
        let field = Some(key.clone());
        let happened = self.happened_to(&link, event, 0);
        self.record(&mut ops, Happened { field, ..happened });
        link.answer_by_hand(key, decided);
        ops.push(self.mark(&hold.kind, Side::Left, &link.sides.left.id, Marker::Feed));
        ops.push(Op::Link(Box::new(link)));
        Ok(ops)
    }

    async fn none_by_hand(&mut self, number: u64) -> Result<(), EngineError> {
        let what = "say that none is the one";
        let hold = self.hold_named(what, number).await?;
        let asks_no_which = || impossible(what, format!("{ASKS_NO_WHICH}: {}", hold.message));
        let Subject::Record(side, source) = &hold.subject else {
            return Err(asks_no_which());
        };
        let create = match hold.reason {
            HoldReason::InDoubt => self.open_create(&hold.kind, *side, source).await?,
            _ => None,
        };
        let intent = create.ok_or_else(asks_no_which)?;
        let pairing = self.known_kind(what, &hold.kind)?;
        let in_question = self.in_question(pairing, intent.side).await?;
        let mut ops = self.not_made(&intent, &in_question, None);
        ops.extend([
            Op::Settle(intent.id),
            Self::unasked(&intent),
            self.mark_source(&intent),
        ]);
        let ids = Both::from_fn(|of| (of != intent.side).then(|| source.clone()));
        let none = HistoryEvent::NoneOfThese { side: intent.side };
        let happened = self.happened(&intent, ids, None, none);
        self.record(&mut ops, happened);
        Ok(self.commit(ops).await?)
    }

    async fn hold_named(&self, what: &'static str, number: u64) -> Result<Hold, EngineError> {
        let here = &self.shared.connection;
        let found = self.store.holds(here, number.saturating_sub(1), 1).await?;
        let hold = found.into_iter().find(|(found, _)| *found == number);
        let (_, hold) = hold.ok_or_else(|| {
            let why =
                format!("there is no hold {number}, or no longer; look at those that there are");
            impossible(what, why)
        })?;
        Ok(hold)
    }

    /// What a person is asked of the lost create of a record.
    pub(super) async fn question(
        &self,
        kind: &Kind,
        (side, source): &(Side, RecordId),
    ) -> Result<Option<String>, StoreError> {
        let about = About::record(kind, *side, source);
        let asked = self.asked(&about).await?;
        Ok(asked.map(|hold| {
            format!(
                "the {kind} {source} on the {side} side is held until that is answered: {}",
                hold.message
            )
        }))
    }

    /// The link of a record of which no write is open.
    async fn link_for(
        &self,
        what: &'static str,
        pairing: &Pairing,
        side: Side,
        id: &RecordId,
    ) -> Result<Link, EngineError> {
        let loaded = self.load(pairing, side, id).await?;
        let in_doubt = self.in_doubt().await?;
        if let Some(source) = in_doubt_of(&in_doubt, &loaded.ids(), &pairing.kind) {
            let why = match self.question(&pairing.kind, source).await? {
                Some(question) => question,
                None => "a write to the pair has had no answer yet; run a cycle, and try again"
                    .to_owned(),
            };
            return Err(impossible(what, why));
        }
        let unlinked = || {
            impossible(
                what,
                format!("the {} {id} on the {side} side is not linked", pairing.kind),
            )
        };
        loaded.link.as_deref().cloned().ok_or_else(unlinked)
    }

    /// Reads a record that a person named, which must not be linked.
    async fn read_named(
        &mut self,
        what: &'static str,
        pairing: &Pairing,
        side: Side,
        id: &RecordId,
        link: Option<&Link>,
    ) -> Result<Observation, EngineError> {
        let here = &self.shared.connection;
        let ids = slice::from_ref(id);
        let links = self.store.links(here, &pairing.kind, side, ids).await?;
        if let Some(other) = links.iter().flatten().next() {
            let there = &other.sides[!side].id;
            let why = format!(
                "the {} {id} on the {side} side is linked to {there}; unlink it first",
                pairing.kind
            );
            return Err(impossible(what, why));
        }
        let known = self.seen(pairing, side, id).await?;
        let target = known.map_or_else(|| Target::from(id.clone()), |known| known.target());
        let looked = self.look_up(pairing, side, &target, link).await;
        let looked = looked.map_err(|error| EngineError::Unreachable { side, error })?;
        let missing = || {
            impossible(
                what,
                format!("there is no {} {id} on the {side} side", pairing.kind),
            )
        };
        Ok(looked.ok_or_else(missing)?.observation)
    }

    /// A person's word is newer than a tombstone.
    async fn exhumes(
        &self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
    ) -> Result<Vec<Op>, EngineError> {
        let here = &self.shared.connection;
        let ids = slice::from_ref(id);
        let buried = self.store.tombstones(here, kind, side, ids).await?;
        let exhume = |tombstone: Arc<crate::link::Tombstone>| {
            Op::Exhume(kind.clone(), tombstone.link.id.clone())
        };
        Ok(buried.into_iter().flatten().map(exhume).collect())
    }
}

impl<'a> Pass<'a> {
    pub(in crate::engine) fn known_kind(
        &self,
        what: &'static str,
        kind: &Kind,
    ) -> Result<&'a Pairing, EngineError> {
        self.shared.known_kind(what, kind)
    }
}

impl Shared {
    pub(in crate::engine) fn known_kind(
        &self,
        what: &'static str,
        kind: &Kind,
    ) -> Result<&Pairing, EngineError> {
        let named = self.pairings.iter().find(|pairing| pairing.kind == *kind);
        named.ok_or_else(|| {
            let synced = self.pairings.iter();
            let synced: Vec<_> = synced.map(|pairing| pairing.kind.to_string()).collect();
            let synced = synced.join(", ");
            impossible(
                what,
                format!("the kind `{kind}` is not synced; these are: {synced}"),
            )
        })
    }
}

/// Another open create that may have made a record, where this one has not.
fn asked_for<'q>(
    in_question: &'q [(Intent, Vec<Observation>)],
    intent: &Intent,
    id: &RecordId,
) -> Option<&'q Intent> {
    let is_one = |(_, found): &&(Intent, Vec<Observation>)| found.iter().any(|it| it.id == *id);
    let creates = || in_question.iter().filter(is_one).map(|(create, _)| create);
    let is_own = creates().any(|create| create.id == intent.id);
    creates().next().filter(|_| !is_own)
}

pub(in crate::engine) fn impossible(what: &'static str, why: impl Into<String>) -> EngineError {
    let why = why.into();
    EngineError::Impossible { what, why }
}
