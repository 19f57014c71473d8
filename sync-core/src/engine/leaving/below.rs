//! What stands under a record that is to be deleted: systems delete it with its parent. What is
//! nowhere else is not lost that way: the delete is held.

use std::{collections::BTreeMap, slice, sync::Arc};

use jiff::Timestamp;

use crate::{
    connector::{ConnectorError, Reason, Row},
    engine::{
        EngineError,
        hold::{About, Again},
        leaving::delete::Departure,
        pass::Pass,
        staging::reference::{parent_at, stands_under},
    },
    id::{Kind, Locator, RecordId, Ref},
    link::{Link, LinkEnd},
    pairing::Pairing,
    record::Record,
    side::{Both, Side},
    store::{Hold, HoldReason, Marker, Op, StoreError},
};

/// So many are named in a hold, and looked at before a delete: one is enough to hold it.
const NAMED: usize = 5;

/// A record that a delete of its parent would take, and that is not known to be elsewhere as it is.
pub(in crate::engine) struct Lost {
    kind: Kind,
    id: RecordId,
    why: &'static str,
}

/// Why a record is not deleted on a side, if it is not.
pub(in crate::engine) fn objection(side: Side, lost: &[Lost]) -> Option<String> {
    if lost.is_empty() {
        return None;
    }
    let (named, more) = lost.split_at(lost.len().min(NAMED));
    let named = named
        .iter()
        .map(|Lost { kind, id, why }| format!("{kind} {id} ({why})"));
    let named = named.collect::<Vec<_>>().join(", ");
    let more = match more.len() {
        0 => String::new(),
        count => format!(", and {count} more"),
    };
    Some(format!(
        "with it would go on the {side} side what is nowhere else: {named}{more}; keep that elsewhere and delete it there by hand, or restore its counterpart, if that system can"
    ))
}

impl<'a> Pass<'a> {
    /// The kinds that a side keeps under records of this kind.
    fn kinds_below(&self, kind: &Kind, side: Side) -> Vec<&'a Pairing> {
        let pairings: &'a [Pairing] = &self.shared.pairings;
        let later = pairings.iter().skip_while(|other| other.kind != *kind);
        let is_below = |child: &&Pairing| {
            let is_others = self
                .parents_of(child, side)
                .is_some_and(|parent| parent.kind != *kind);
            !is_others && child.fields.iter().any(|pair| pair.uses[side].parent)
        };
        later.skip(1).filter(is_below).collect()
    }

    /// Whether a side keeps any kind under records of this kind.
    pub(in crate::engine) fn has_below(&self, kind: &Kind) -> bool {
        let mut sides = Side::BOTH.into_iter();
        sides.any(|side| !self.kinds_below(kind, side).is_empty())
    }

    /// A delete is held where it would take with it what is nowhere else. When that is tried again,
    /// those are read, too: they may be gone.
    pub(in crate::engine) async fn unless_it_takes_others(
        &mut self,
        link: Option<&Link>,
        departure: Departure,
        ops: &mut Vec<Op>,
    ) -> Result<Departure, StoreError> {
        let (Some(link), Departure::Delete(side)) = (link, &departure) else {
            return Ok(departure);
        };
        let lost = self.lost_with(link, *side).await?;
        let Some(why) = objection(*side, &lost) else {
            return Ok(departure);
        };
        let (here, about) = (&self.shared.connection, About::link(link));
        let subjects = slice::from_ref(about.subject());
        let holds = self.store.holds_of(here, &link.kind, subjects).await?;
        let is_due = |hold: &Hold| hold.retry_at.is_some_and(|at| at <= self.now());
        if holds.iter().any(is_due) {
            for Lost { kind, id, .. } in &lost {
                ops.push(self.mark(kind, *side, id, Marker::Doubt));
            }
            self.wait_until(None);
        }
        let reason = HoldReason::EditedMeanwhile;
        Ok(Departure::Hold(reason, why, Again::ByItself))
    }

    /// A record is gone that may have held the delete of what it stood under.
    pub(in crate::engine) async fn look_at_its_parent(
        &mut self,
        kind: &Kind,
        side: Side,
        shown: &Record,
        ops: &mut Vec<Op>,
    ) -> Result<(), StoreError> {
        let Some(pairing) = self.pairing(kind) else {
            return Ok(());
        };
        if let Some(of) = parent_at(pairing, side, shown) {
            let link = self.linked_at(side, of).await?;
            if link.is_some_and(|link| link.sides[!side].absent.is_some()) {
                ops.push(self.mark(&of.kind, side, &of.id, Marker::Walk));
            }
        }
        Ok(())
    }

    /// What is known to be lost with one of a pair.
    pub(in crate::engine) async fn lost_with(
        &self,
        link: &Link,
        side: Side,
    ) -> Result<Vec<Lost>, StoreError> {
        let parent = link.reference(side);
        let mut lost = Vec::new();
        if planted!("a-delete-takes-what-stands-under-it") {
            return Ok(lost);
        }
        for child in self.kinds_below(&link.kind, side) {
            let linked = self.linked_lost(child, link, side).await?;
            let alone = self.alone_under(child, side, &parent).await?;
            let alone = alone.into_iter().map(|id| (id, "without a counterpart"));
            lost.extend(linked.into_iter().chain(alone).map(|(id, why)| Lost {
                kind: child.kind.clone(),
                id,
                why,
            }));
        }
        Ok(lost)
    }

    /// Linked records that would be lost with one of a pair.
    async fn linked_lost(
        &self,
        child: &Pairing,
        parents: &Link,
        side: Side,
    ) -> Result<Vec<(RecordId, &'static str)>, StoreError> {
        let mut lost = Vec::new();
        for link in self.linked_under(child, parents).await? {
            if let Some(why) = self.why_lost(child, &link, parents, side).await? {
                lost.push((link.sides[side].id.clone(), why));
            }
        }
        Ok(lost)
    }

    /// Whether a linked record under one of a pair shows something else than when its own pair last
    /// agreed, or its counterpart was put elsewhere.
    async fn why_lost(
        &self,
        child: &Pairing,
        link: &Link,
        parents: &Link,
        side: Side,
    ) -> Result<Option<&'static str>, StoreError> {
        let absent = link.sides[side].absent.as_ref();
        if absent.is_some_and(|absent| absent.confirmed) {
            return Ok(None);
        }
        let mut stands = Both::default();
        let mut edited = false;
        for at in Side::BOTH {
            let seen = self.seen(child, at, &link.sides[at].id).await?;
            let shown = seen
                .as_ref()
                .map_or(&link.sides[at].shadow, |seen| &seen.reading.record);
            stands[at] =
                parent_at(child, at, shown).is_none_or(|parent| *parent == parents.reference(at));
            edited |=
                at == side && seen.is_some_and(|seen| child.contradicts(link, side, &seen.reading));
        }
        Ok(match (stands[side], stands[!side]) {
            (true, _) if edited => Some("edited"),
            (true, false) if !planted!("a-delete-takes-what-was-put-elsewhere") => {
                Some("its counterpart is elsewhere")
            }
            _ => None,
        })
    }

    /// Linked records of a kind that one of the sides showed under one of a pair.
    async fn linked_under(
        &self,
        child: &Pairing,
        parents: &Link,
    ) -> Result<Vec<Arc<Link>>, StoreError> {
        let here = &self.shared.connection;
        let mut linked = BTreeMap::new();
        for side in Side::BOTH {
            let locator = Locator::new(parents.sides[side].id.as_str());
            let links = self.store.links_under(here, &child.kind, side, &locator);
            let links = links.await?.into_iter();
            linked.extend(links.map(|link| (link.id.clone(), link)));
        }
        Ok(linked.into_values().collect())
    }

    /// All linked records that go with one of a pair when that is deleted on a side.
    pub(in crate::engine) async fn linked_below(
        &self,
        link: &Link,
        side: Side,
    ) -> Result<Vec<Arc<Link>>, StoreError> {
        let mut linked = Vec::new();
        for child in self.kinds_below(&link.kind, side) {
            linked.extend(self.linked_under(child, link).await?);
        }
        Ok(linked)
    }

    /// Records without a counterpart.
    async fn alone_under(
        &self,
        child: &Pairing,
        side: Side,
        parent: &Ref,
    ) -> Result<Vec<RecordId>, StoreError> {
        let (here, kind) = (&self.shared.connection, &child.kind);
        let key = stands_under(side, parent);
        let mut alone = self.unlinked(kind, side, &key, usize::MAX).await?;
        let buried = self.store.tombstones(here, kind, side, &alone).await?;
        let mut buried = buried.into_iter();
        alone.retain(|_| {
            let end = buried.next().flatten().map(|tombstone| tombstone.end);
            !end.is_some_and(|end| is_away(end, side))
        });
        Ok(alone)
    }

    /// Whatever a side is known to keep under a record, linked or not.
    pub(in crate::engine) async fn all_under(
        &self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
    ) -> Result<Vec<(&'a Pairing, RecordId)>, StoreError> {
        let here = &self.shared.connection;
        let (locator, parent) = (
            Locator::new(id.as_str()),
            Ref {
                kind: kind.clone(),
                id: id.clone(),
            },
        );
        let mut under = Vec::new();
        for child in self.kinds_below(kind, side) {
            let linked = self.store.links_under(here, &child.kind, side, &locator);
            let linked = linked.await?.into_iter();
            let linked = linked.map(|link| link.sides[side].id.clone());
            let key = stands_under(side, &parent);
            let alone = self.unlinked(&child.kind, side, &key, usize::MAX).await?;
            under.extend(linked.chain(alone).map(|id| (child, id)));
        }
        Ok(under)
    }

    /// Reads what stands under a record that is to be deleted, and says what would be lost with it.
    pub(in crate::engine) async fn look_below(
        &mut self,
        link: &Link,
        side: Side,
    ) -> Result<Result<Vec<Lost>, ConnectorError>, EngineError> {
        let mut unread = Vec::new();
        if planted!("what-stands-under-it-is-not-read") {
            return Ok(Ok(self.lost_with(link, side).await?));
        }
        for child in self.kinds_below(&link.kind, side) {
            match self.read_below(child, link, side).await? {
                Ok(more) => unread.extend(more),
                Err(error) => return Ok(Err(error)),
            }
        }
        let mut lost = self.lost_with(link, side).await?;
        let is_told = |more: &Lost| {
            lost.iter()
                .any(|of| of.kind == more.kind && of.id == more.id)
        };
        unread.retain(|more| !is_told(more));
        lost.extend(unread);
        Ok(Ok(lost))
    }

    /// The store finds who stands under a record by where it is read, which some systems do not
    /// tell: that a row stands there is known once it was read there.
    async fn known_lost(
        &self,
        child: &Pairing,
        parents: &Link,
        side: Side,
        id: &RecordId,
    ) -> Result<Option<Lost>, StoreError> {
        let link = self.link_of(child, side, id).await?;
        let link = link.filter(|_| !planted!("who-is-read-under-it-is-taken"));
        let Some(link) = link else { return Ok(None) };
        let why = self.why_lost(child, &link, parents, side).await?;
        let (kind, id) = (child.kind.clone(), id.clone());
        Ok(why.map(|why| Lost { kind, id, why }))
    }

    /// Reads the records of a kind that stand under one of a pair: each that shows something new is
    /// read by id. Those that cannot be read are told.
    async fn read_below(
        &mut self,
        child: &Pairing,
        link: &Link,
        side: Side,
    ) -> Result<Result<Vec<Lost>, ConnectorError>, EngineError> {
        let parent = link.reference(side);
        let asked = self.now();
        let page = match self.connector(side).children(&child.kind, &parent).await {
            Ok(page) => page,
            // What its feed has shown is all that can be known.
            Err(error) if error.reason == Reason::Unsupported => return Ok(Ok(Vec::new())),
            Err(error) => {
                self.report.requests[side] += 1;
                return Ok(match error.reason {
                    Reason::NotFound => Ok(Vec::new()),
                    _ => Err(error),
                });
            }
        };
        self.called(side, asked, page.server_time);
        if page.more {
            let why = format!("not every {} under it is shown", child.kind);
            return Ok(Err(ConnectorError::not_applied(
                "children",
                Reason::Other,
                why,
            )));
        }
        let mut unread = Vec::new();
        for mut row in page.rows {
            row.locator
                .get_or_insert_with(|| Locator::new(parent.id.as_str()));
            if !self.is_news(child, side, &row, asked).await? {
                unread.extend(self.known_lost(child, link, side, &row.id).await?);
                continue;
            }
            if unread.len() >= NAMED {
                break;
            }
            let locator = row.locator.take();
            if !self
                .look_at_once(child, side, &row.id, locator, asked)
                .await?
            {
                unread.push(Lost {
                    kind: child.kind.clone(),
                    id: row.id,
                    why: "not read",
                });
            }
        }
        Ok(Ok(unread))
    }

    /// Whether a row shows something that is not known. Who was forgotten is not looked at.
    async fn is_news(
        &self,
        child: &Pairing,
        side: Side,
        row: &Row,
        asked: Timestamp,
    ) -> Result<bool, EngineError> {
        let known = self.load(child, side, &row.id).await?;
        let link = known.link.as_deref();
        let shown = self.observe(child, side, row, link, asked);
        Ok(match (link, &known.seen[side]) {
            (_, Some(seen)) => seen.reading != shown.reading,
            (Some(link), None) => child.contradicts(link, side, &shown.reading),
            (None, None) if known.tombstone.is_some_and(|of| is_away(of.end, side)) => false,
            (None, None) => !self.is_erased(child, side, &row.id).await?,
        })
    }
}

/// Whether a tombstone says that its record is gone, though an index that is behind may show it,
/// or that a move has left it behind: then its copy has all that it shows.
fn is_away(end: LinkEnd, side: Side) -> bool {
    end.leaves_without(side) || end == LinkEnd::Moved(side)
}
