//! Records that are not found by id. Missing is not deleted: a record is looked for again, an
//! index lag later, and then under its keys, because two may have been merged into one.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    engine::{
        EngineError, hold::About, pass::Pass, reading::look_up::Looked, staging::entry::Loaded,
    },
    id::{Kind, Locator, RecordId},
    link::{Absence, Link, LinkEnd, LinkSide, Tombstone},
    matching::{MatchKey, Tier},
    pairing::Pairing,
    side::{Both, Side},
    store::{Dirty, Happened, HistoryEvent, HoldReason, Marker, Observation, Op, StoreError},
};

/// As many records are asked whether they are an heir.
const HEIRS: usize = 5;

/// Who has the keys of a record that is gone.
enum Heir {
    Nobody,
    /// One that might have them could not be read: it is asked again.
    Unread,
    /// One record without a link: the other was merged into it.
    Free(Box<Observation>),
    /// A record that is linked already, that may not be seen, or one of several: a person has to
    /// say.
    Asked(RecordId),
    /// The matcher cannot say by what to look.
    Unknown(String),
}

impl Pass<'_> {
    /// When a record that was not found is looked for again.
    pub(in crate::engine) fn looks_again_at(
        &self,
        pairing: &Pairing,
        side: Side,
        absence: &Absence,
    ) -> Timestamp {
        absence.last + self.index_lag(pairing, side) + self.shared.reply_grace
    }

    /// Its turn has not come: it was not found a moment ago.
    pub(in crate::engine) fn is_looked_for_later(
        &mut self,
        pairing: &Pairing,
        side: Side,
        link: Option<&Link>,
    ) -> bool {
        let absence = link.and_then(|link| link.sides[side].absent.as_ref());
        let Some(absence) =
            absence.filter(|absence| !absence.confirmed && absence.merged_into.is_none())
        else {
            return false;
        };
        let due = self.looks_again_at(pairing, side, absence);
        let later = self.now() < due && !planted!("looks-again-at-once");
        if later {
            self.counts.missing[side] += 1;
            self.wait_until(Some(due));
        }
        later
    }

    /// A record was not found by id. True when there is something to plan from.
    pub(in crate::engine) async fn not_found(
        &mut self,
        pairing: &Pairing,
        dirty: &Dirty,
        loaded: &Loaded,
    ) -> Result<bool, EngineError> {
        let side = dirty.side;
        if let Some(left) = loaded.left_behind(side) {
            let answers = vec![dirty.clone()];
            self.is_cleared(left, side, None, answers).await?;
            return Ok(false);
        }
        let Some(link) = &loaded.link else {
            self.forget_unlinked(dirty, loaded).await?;
            return Ok(false);
        };
        let mut link = Link::clone(link);
        link.sides[side].hidden = false;
        let now = self.now();
        let Some(before) = link.sides[side].absent.clone() else {
            let absence = Absence {
                first: now,
                last: now,
                confirmed: false,
                merged_into: None,
            };
            self.counts.missing[side] += 1;
            self.wait_until(Some(self.looks_again_at(pairing, side, &absence)));
            link.sides[side].absent = Some(absence);
            self.commit(vec![Op::Link(Box::new(link))]).await?;
            return Ok(false);
        };
        match self.heir(pairing, side, &link).await? {
            Heir::Unread => {
                self.wait_until(None);
                Ok(false)
            }
            Heir::Unknown(why) => {
                // Held and not deleted; the next walk misses it again.
                let message = format!("it is gone on the {side} side, and {why}");
                let hold = self.hold_record(About::link(&link), HoldReason::Unfit, message);
                self.commit(vec![hold, Op::Clear(dirty.clone())]).await?;
                Ok(false)
            }
            Heir::Free(heir) => {
                self.relink(pairing, side, &link, *heir, dirty).await?;
                Ok(false)
            }
            Heir::Asked(heir) => {
                let merged_into = Some(heir);
                let absence = Absence {
                    last: now,
                    confirmed: false,
                    merged_into,
                    ..before
                };
                self.is_missing(link, side, absence, dirty).await
            }
            Heir::Nobody => {
                let absence = Absence {
                    last: now,
                    confirmed: true,
                    merged_into: None,
                    ..before
                };
                self.is_missing(link, side, absence, dirty).await
            }
        }
    }

    /// What is known of a missing record now; the pair is planned by it.
    async fn is_missing(
        &mut self,
        mut link: Link,
        side: Side,
        absence: Absence,
        dirty: &Dirty,
    ) -> Result<bool, EngineError> {
        link.sides[side].absent = Some(absence);
        let mark = self.mark_because(&dirty.kind, side, &dirty.id, Marker::Feed, dirty.cause);
        let ops = vec![Op::Link(Box::new(link)), Op::Clear(dirty.clone()), mark];
        self.commit(ops).await?;
        Ok(true)
    }

    async fn heir(
        &mut self,
        pairing: &Pairing,
        side: Side,
        link: &Link,
    ) -> Result<Heir, EngineError> {
        let of = &link.sides[side];
        let keys = match self.keys(&pairing.kind, &of.shadow) {
            Ok(keys) => keys,
            Err(why) => return Ok(Heir::Unknown(why)),
        };
        let strong = |key: &&MatchKey| key.tier == Tier::First && !planted!("merge-is-a-delete");
        for key in keys.iter().filter(strong) {
            let ids = self.unlinked(&pairing.kind, side, key, HEIRS).await?;
            // Of those that were merged one after the other, all but the last are gone.
            let mut free = Vec::new();
            for id in ids {
                match self.look_up(pairing, side, &id.clone().into(), None).await {
                    Ok(None) => {}
                    Ok(Some(Looked { observation, .. })) => {
                        match self.agrees_with(pairing, key, link, &observation) {
                            Ok(true) => free.push(observation),
                            Ok(false) => {}
                            Err(why) => return Ok(Heir::Unknown(why)),
                        }
                    }
                    Err(error) if !error.stops_the_side() => {
                        return Ok(Heir::Asked(id));
                    }
                    Err(_) if planted!("an-unread-heir-is-nobody") => {}
                    Err(error) => {
                        self.failed(side, error);
                        return Ok(Heir::Unread);
                    }
                }
            }
            match free.pop() {
                Some(heir) if free.is_empty() => return Ok(Heir::Free(Box::new(heir))),
                Some(heir) if !planted!("several-heirs-are-none") => {
                    return Ok(Heir::Asked(heir.id));
                }
                _ => {}
            }
            let holder = self.holder(pairing, side, key, &of.id).await?;
            if let Some(holder) = holder.filter(|link| link.sides[side].absent.is_none()) {
                return Ok(Heir::Asked(holder.sides[side].id.clone()));
            }
        }
        Ok(Heir::Nobody)
    }

    /// Whether an heir could have been matched to what the other side shows.
    fn agrees_with(
        &self,
        pairing: &Pairing,
        key: &MatchKey,
        link: &Link,
        heir: &Observation,
    ) -> Result<bool, String> {
        let mut records = link.sides.as_ref().map(|of| &of.shadow);
        records[heir.side] = &heir.reading.record;
        self.records_agree(&pairing.kind, key, records)
    }

    /// The heir takes the place of the record that is gone. Fields that it shows as the other
    /// did keep their shadows; all others meet their counterparts for the first time.
    pub(in crate::engine) async fn relink(
        &mut self,
        pairing: &Pairing,
        side: Side,
        old: &Link,
        mut heir: Observation,
        dirty: &Dirty,
    ) -> Result<(), EngineError> {
        heir.reading.agree_with(&old.sides[side].shadow);
        // What was remembered of the other record says nothing of this one.
        let memo = match planted!("an-heir-has-the-old-memo") {
            true => old.sides[side].memo.clone(),
            false => heir.reading.memo.clone().unwrap_or_default(),
        };
        let mut sides: Both<LinkSide> = old.sides.clone();
        sides[side] = LinkSide::new(heir.target(), heir.stamp, memo);
        let mut link = Link::new(pairing.kind.clone(), sides);
        for pair in &pairing.fields {
            let was = old.sides[side].shadow.value(&pair.key);
            let same = heir.reading.shows(&pair.key) && heir.reading.record.value(&pair.key) == was;
            if let Some(revisions) = old.agreed.get(&pair.key).filter(|_| same) {
                link.sides[side].shadow.put(pair.key.clone(), was.cloned());
                link.agreed.insert(pair.key.clone(), *revisions);
            }
        }
        let mut ops = vec![
            self.bury(old, LinkEnd::Merged(side)),
            Self::release(About::link(old)),
        ];
        let event = HistoryEvent::Relinked {
            side,
            from: dirty.id.clone(),
        };
        self.record(&mut ops, self.happened_to(&link, event, dirty.cause));
        self.follow(pairing, side, &dirty.id, &heir.id, &mut ops)
            .await?;
        ops.push(Op::Forget(pairing.kind.clone(), side, dirty.id.clone()));
        ops.push(Op::Clear(dirty.clone()));
        ops.push(self.mark_because(&pairing.kind, side, &heir.id, Marker::Feed, dirty.cause));
        // Fields without shadows are settled by what both show.
        let other = &link.sides[!side].id;
        ops.push(self.mark_because(&pairing.kind, !side, other, Marker::Doubt, dirty.cause));
        ops.extend(self.linked_anew(&link).await?);
        ops.push(Op::Link(Box::new(link)));
        ops.push(Op::Observe(heir));
        self.report.linked += 1;
        self.commit(ops).await?;
        Ok(())
    }

    /// Children of a record that was merged are looked for under the one that took its place.
    async fn follow(
        &mut self,
        pairing: &Pairing,
        side: Side,
        from: &RecordId,
        to: &RecordId,
        ops: &mut Vec<Op>,
    ) -> Result<(), EngineError> {
        if planted!("children-stay-behind") {
            return Ok(());
        }
        for link in self.under(&pairing.kind, side, from).await? {
            let mut link = Link::clone(&link);
            link.sides[side].locator = Some(Locator::new(to.as_str()));
            link.sides[side].absent = None;
            let (kind, id) = (link.kind.clone(), link.sides[side].id.clone());
            ops.push(Op::Link(Box::new(link)));
            ops.push(self.mark(&kind, side, &id, Marker::Doubt));
        }
        Ok(())
    }

    /// The links of what stood under a record when it was last seen.
    pub(in crate::engine) async fn under(
        &self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
    ) -> Result<Vec<Arc<Link>>, StoreError> {
        let (here, parent) = (&self.shared.connection, Locator::new(id.as_str()));
        let kinds = self.shared.pairings.iter().map(|pairing| &pairing.kind);
        let mut links = Vec::new();
        for child in kinds.skip_while(|other| *other != kind).skip(1) {
            links.extend(self.store.links_under(here, child, side, &parent).await?);
        }
        Ok(links)
    }

    /// Ends a link.
    pub(in crate::engine) fn bury(&self, link: &Link, end: LinkEnd) -> Op {
        let at = self.now();
        let mut link = link.clone();
        for side in Side::BOTH {
            link.sides[side].absent = None;
        }
        Op::Bury(Box::new(Tombstone {
            link,
            end,
            at,
            sleeps_until: at + self.shared.leaving.sleep,
        }))
    }

    /// A line of the history about a whole pair.
    pub(in crate::engine) fn happened_to(
        &self,
        link: &Link,
        event: HistoryEvent,
        cause: u64,
    ) -> Happened {
        Happened {
            at: self.now(),
            kind: link.kind.clone(),
            ids: link.ids(),
            field: None,
            event,
            run: self.run,
            cause,
        }
    }
}
