//! References that a side shows no more: somebody took them away, or what they named is gone.

use crate::{
    engine::{
        EngineError,
        pass::Pass,
        staging::{
            entry::Loaded,
            reference::{is_parent, reference},
        },
    },
    id::Ref,
    link::LinkEnd,
    pairing::Pairing,
    side::Side,
    store::{Dirty, Marker, Op, StoreError},
};

/// What a linked record named by its shadows where it names nothing now. What it stands under is
/// asked about elsewhere.
fn blanked(pairing: &Pairing, loaded: &Loaded) -> Vec<(Side, Ref)> {
    let Some(link) = &loaded.link else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for side in Side::BOTH {
        let Some(shown) = loaded.shown(side) else {
            continue;
        };
        let named = pairing.fields.iter().filter(|pair| {
            !is_parent(pair) && pair.has_agreed(link) && shown.value(&pair.key).is_none()
        });
        let named = named.filter_map(|pair| reference(pair, &link.sides[side].shadow));
        found.extend(named.map(|of| (side, of.clone())));
    }
    found
}

impl Pass<'_> {
    /// Reads once in a cycle what references named that are blank now. False when it cannot be told
    /// whether that is still there.
    pub(in crate::engine) async fn look_at_the_blanked(
        &mut self,
        pairing: &Pairing,
        loaded: &Loaded,
    ) -> Result<bool, EngineError> {
        for (side, of) in blanked(pairing, loaded) {
            let there = self.linked_at(side, &of).await?;
            let there = there.filter(|link| link.sides[side].absent.is_none());
            let (Some(_), Some(named)) = (there, self.pairing(&of.kind)) else {
                continue;
            };
            let place = (of.kind.clone(), side, of.id.clone());
            if planted!("who-is-blanked-is-not-looked-at") || self.looked.contains(&place) {
                continue;
            }
            let cause = self.number();
            let look = Dirty {
                asked: Some(self.now()),
                by: Marker::Doubt,
                ..self.dirty_mark(&of.kind, side, &of.id, cause)
            };
            self.commit(vec![Op::Mark(look.clone())]).await?;
            if !self.read_by_id(named, &look).await? && !self.is_gone(side, &of).await? {
                return Ok(false);
            }
            self.looked.insert(place);
        }
        Ok(true)
    }

    /// What references named that are blank now, and is gone.
    pub(in crate::engine) async fn blanked_with_their_record(
        &self,
        pairing: &Pairing,
        loaded: &Loaded,
    ) -> Result<Vec<(Side, Ref)>, StoreError> {
        let mut gone = Vec::new();
        for (side, of) in blanked(pairing, loaded) {
            if self.is_gone(side, &of).await? {
                gone.push((side, of));
            }
        }
        Ok(gone)
    }

    async fn is_gone(&self, side: Side, of: &Ref) -> Result<bool, StoreError> {
        if let Some(link) = self.linked_at(side, of).await? {
            return Ok(link.sides[side].absent.is_some());
        }
        let buried = self.buried_at(side, of).await?;
        Ok(buried.is_some_and(|of| of.end == LinkEnd::Parted || of.end.leaves_without(side)))
    }
}
