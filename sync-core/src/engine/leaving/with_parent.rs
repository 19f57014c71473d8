//! Records that are gone because what they stood under was away: a restored parent does not bring
//! back what went with it, and nobody has deleted that.

use std::time::Duration;

use crate::{
    engine::{
        pass::Pass,
        staging::{entry::Loaded, reference::parent_at},
    },
    link::{Absence, Link, LinkEnd},
    pairing::Pairing,
    side::Side,
    store::StoreError,
};

/// What stood under a parent that came back is read at once. What is missing by then was not
/// deleted afterwards.
const SOON: Duration = Duration::from_secs(24 * 3600);

/// What the parents of a pair say about a record of it that is gone.
pub(in crate::engine) enum WithParent {
    /// Nothing: it was deleted itself, or went with a parent that is gone on both sides.
    No,
    /// Its counterpart stands under a record that goes on alone, or did not go with that.
    Alone,
    /// It may have gone with its parent, which is back.
    Back,
}

impl Pass<'_> {
    pub(in crate::engine) async fn with_parent(
        &self,
        pairing: &Pairing,
        loaded: &Loaded,
        link: &Link,
        gone: Side,
    ) -> Result<WithParent, StoreError> {
        let there = !gone;
        let shown = loaded.shown(there).unwrap_or_default();
        let last = &link.sides[there].shadow;
        let of = parent_at(pairing, there, &shown).or_else(|| parent_at(pairing, there, last));
        let (Some(of), false) = (of, planted!("what-went-with-its-parent-was-deleted")) else {
            return Ok(WithParent::No);
        };
        if let Some(parents) = self.linked_at(there, of).await? {
            let stood = parent_at(pairing, gone, &link.sides[gone].shadow);
            let is_back = match (stood, &link.sides[gone].absent) {
                (Some(stood), _) if *stood != parents.reference(gone) => {
                    let buried = self.buried_at(gone, stood).await?;
                    buried.is_some_and(|parent| parent.end.leaves_without(gone))
                }
                (_, Some(absent)) => self.went_together(&parents, gone, absent).await?,
                _ => false,
            };
            return Ok(match is_back {
                true => WithParent::Back,
                false => WithParent::No,
            });
        }
        let Some(buried) = self.buried_at(there, of).await? else {
            return Ok(WithParent::No);
        };
        if !buried.end.leaves_without(there) {
            return Ok(WithParent::Alone);
        }
        let seen = match self.pairing(&of.kind) {
            Some(parents) => self.seen(parents, there, &of.id).await?,
            None => None,
        };
        Ok(match buried.end {
            _ if seen.is_some_and(|seen| seen.by_id) => WithParent::Back,
            // We deleted its parent after the other one, with which this counterpart did not go.
            LinkEnd::Deleted(first) if first == there => WithParent::Alone,
            _ => WithParent::No,
        })
    }

    /// Whether all that stood under a parent that is there is gone at once, as when that was away.
    async fn went_together(
        &self,
        parents: &Link,
        gone: Side,
        absent: &Absence,
    ) -> Result<bool, StoreError> {
        let parent = &parents.sides[gone];
        if parent.absent.is_some() {
            return Ok(false);
        }
        if parent.returned.is_some_and(|at| absent.first <= at + SOON) {
            return Ok(true);
        }
        let below = self.linked_below(parents, gone).await?;
        let is_gone = |link: &Link| link.sides[gone].absent.is_some();
        Ok(below.len() > 1
            && below.iter().all(|link| is_gone(link))
            && !planted!("all-that-is-gone-was-deleted"))
    }
}
