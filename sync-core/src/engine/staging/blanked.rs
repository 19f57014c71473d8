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
    store::StoreError,
};

/// What a linked record named by its shadows where it names nothing now. What it stands under is
/// asked about elsewhere.
fn blanked(pairing: &Pairing, loaded: &Loaded) -> Vec<(Side, Ref)> {
    let Some(link) = &loaded.link else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for side in Side::BOTH {
        let fields = pairing.fields.iter();
        let fields = fields.filter(|pair| !is_parent(pair) && pair.has_agreed(link));
        let shadow = &link.sides[side].shadow;
        let named = fields.filter_map(|pair| Some((pair, reference(pair, shadow)?)));
        let named: Vec<_> = named.collect();
        // What a side shows is put together only for those that name somebody.
        let shown = (!named.is_empty()).then(|| loaded.shown(side)).flatten();
        let Some(shown) = shown else { continue };
        let blank = named
            .iter()
            .filter(|(pair, _)| shown.value(&pair.key).is_none());
        found.extend(blank.map(|(_, of)| (side, Ref::clone(of))));
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
            let asked = self.now();
            let is_read = self.look_at_once(named, side, &of.id, None, asked).await?;
            if !is_read && !self.is_gone(side, &of).await? {
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
