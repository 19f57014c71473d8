//! What is not to be written now: what is outside the scope, and children whose parents are away.

use std::slice;

use crate::{
    engine::{
        EngineError,
        hold::About,
        pass::Pass,
        staging::{
            entry::Loaded,
            reference::{parent_at, reference},
        },
    },
    id::{Kind, Ref},
    leaving::Deletes,
    link::{Link, LinkEnd},
    pairing::{FieldPair, Pairing},
    plan::Planned,
    record::Record,
    side::Side,
    store::Observation,
    value::Value,
};

/// How a record stands to its parent.
pub(in crate::engine) enum Parent {
    /// It has none, or one that is synced.
    There,
    /// The parent is missing, held, or out of scope: the child is frozen.
    Away,
    /// One of the two is gone, and the other one is to follow: the child is frozen, unless it was put
    /// under another.
    Leaving,
    /// The link of the parent has ended: one of the two is gone.
    Ended,
    /// Somebody has parted the parents. What stands under them is left as it is, too.
    Parted,
}

impl Pass<'_> {
    /// Whether every side that shows the record has it in its scope.
    pub(in crate::engine) fn admits(&self, kind: &Kind, loaded: &Loaded) -> bool {
        let Some(scope) = &self.shared.scope else {
            return true;
        };
        Side::BOTH.into_iter().all(|side| {
            let shown = loaded.shown(side);
            shown.is_none_or(|record| scope.admits(kind, side, &record))
        })
    }

    /// Another number for another set of fields, revisions, filter, or backlog: what was read under the
    /// old one is read again.
    pub(in crate::engine) fn mapping(&self, pairing: &Pairing) -> u64 {
        let scope = self.shared.scope.as_ref().map(|scope| scope.digest());
        let backlog = self.shared.backlog.as_ref().map(|of| of.digest());
        pairing.mapping() ^ scope.unwrap_or_default() ^ backlog.unwrap_or_default()
    }

    pub(in crate::engine) async fn parent(
        &self,
        pairing: &Pairing,
        loaded: &Loaded,
    ) -> Result<Parent, EngineError> {
        let (mut ended, mut leaving, mut stays_parted) = (false, false, false);
        for pair in &pairing.fields {
            let (mut parted, mut departs, mut moved_away) = (false, false, false);
            for side in Side::BOTH
                .into_iter()
                .filter(|side| pair.uses[*side].parent)
            {
                let shown = loaded.shown(side);
                let shown = shown.as_ref().and_then(|record| record.value(&pair.key));
                let Some(Value::Ref(of)) = shown else {
                    continue;
                };
                match self.parent_at(side, of).await? {
                    Parent::There => moved_away |= loaded.is_moved(side, pair, shown),
                    Parent::Parted => parted = true,
                    Parent::Leaving => departs = true,
                    Parent::Ended if planted!("an-ended-parent-goes-first") => {
                        return Ok(Parent::Ended);
                    }
                    Parent::Ended => ended = true,
                    // What was taken from a parent that ended may stand under one that is held.
                    Parent::Away => return Ok(Parent::Away),
                }
            }
            // What was put under another parent does not stay with one that was parted from.
            stays_parted |= parted && !moved_away;
            leaving |= departs && !moved_away;
            ended |= departs && moved_away;
        }
        Ok(match (leaving, ended, stays_parted) {
            (true, ..) => Parent::Away,
            (_, true, _) => Parent::Ended,
            (_, _, true) => Parent::Parted,
            _ => Parent::There,
        })
    }

    async fn parent_at(&self, side: Side, of: &Ref) -> Result<Parent, EngineError> {
        let Some(link) = self.linked_at(side, of).await? else {
            return Ok(match self.buried_at(side, of).await? {
                Some(buried) if buried.end == LinkEnd::Parted => Parent::Parted,
                Some(_) => Parent::Ended,
                None => Parent::There,
            });
        };
        let follows = |gone: Side| {
            let absent = link.sides[gone].absent.as_ref();
            let is_gone = absent.is_some_and(|of| of.confirmed && of.merged_into.is_none());
            is_gone && self.shared.leaving.deletes[!gone] == Deletes::Follow
        };
        if Side::BOTH.into_iter().any(follows) && !planted!("the-moved-wait-for-the-gone") {
            return Ok(Parent::Leaving);
        }
        let missing = Self::missing(Some(&link));
        if missing.left || missing.right || self.is_held_whole(&link).await? {
            return Ok(Parent::Away);
        }
        let Some(pairing) = self.pairing(&of.kind) else {
            return Ok(Parent::There);
        };
        let loaded = self.load(pairing, side, &of.id).await?;
        Ok(match self.admits(&of.kind, &loaded) {
            true => Parent::There,
            false => Parent::Away,
        })
    }

    /// Whether a record that is to be deleted on a side stands under one there that is held, or whose
    /// own delete is not done.
    pub(in crate::engine) async fn is_under_the_held(
        &self,
        pairing: &Pairing,
        loaded: &Loaded,
        side: Side,
    ) -> Result<bool, EngineError> {
        let shown = loaded.shown(side).unwrap_or_default();
        let Some(of) = parent_at(pairing, side, &shown) else {
            return Ok(false);
        };
        let parent = self.parent_at(side, of).await?;
        Ok(matches!(parent, Parent::Away | Parent::Leaving))
    }

    /// Whether a record would be put under one that is gone: what both sides show of its parent was
    /// settled the other way.
    pub(in crate::engine) async fn puts_under_the_gone(
        &self,
        pairing: &Pairing,
        planned: &Planned,
    ) -> Result<bool, EngineError> {
        for side in Side::BOTH {
            let Some(write) = &planned.writes[side] else {
                continue;
            };
            let parents = pairing
                .fields
                .iter()
                .filter(|pair| pair.uses[side].parent && write.changed.contains(&pair.key));
            for of in parents.filter_map(|pair| reference(pair, &write.wanted)) {
                let link = self.linked_at(side, of).await?;
                if link.is_some_and(|link| link.sides[side].absent.is_some()) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    async fn is_held_whole(&self, link: &Link) -> Result<bool, EngineError> {
        let about = About::link(link);
        let subjects = slice::from_ref(about.subject());
        let here = &self.shared.connection;
        let holds = self.store.holds_of(here, &link.kind, subjects).await?;
        Ok(holds.iter().any(|hold| hold.field.is_none()))
    }
}

impl Loaded {
    /// Whether a side shows another parent than when both agreed.
    fn is_moved(&self, side: Side, pair: &FieldPair, shown: Option<&Value>) -> bool {
        let link = self.link.as_deref().filter(|link| pair.has_agreed(link));
        link.is_some_and(|link| shown != link.sides[side].shadow.value(&pair.key))
            && !planted!("a-parted-parent-keeps-whom-it-lost")
    }

    /// All that a side shows. `None` where there is no record.
    pub(in crate::engine) fn shown(&self, side: Side) -> Option<Record> {
        Observation::all_shown(self.seen[side].as_deref(), self.link.as_deref(), side)
    }
}
