//! As what a pair of the history is linked by now: a record that was moved has another id.

use std::{collections::BTreeMap, slice};

use crate::{
    engine::pass::Pass,
    id::{Kind, RecordId},
    link::LinkEnd,
    side::{Both, Side},
    store::StoreError,
};

type Ids = Both<Option<RecordId>>;

/// Pairs that were asked for, with what they are now.
#[derive(Default)]
pub(super) struct LinkedNow(BTreeMap<(Kind, Ids), Ids>);

impl LinkedNow {
    /// The pair's ids by now; those it had where nothing took their place.
    pub(super) async fn ids(
        &mut self,
        pass: &Pass<'_>,
        kind: &Kind,
        ids: &Ids,
    ) -> Result<Ids, StoreError> {
        let asked = (kind.clone(), ids.clone());
        if let Some(known) = self.0.get(&asked) {
            return Ok(known.clone());
        }
        let now = pass.moved_on(kind, &asked.1).await?;
        let now = now.unwrap_or_else(|| asked.1.clone());
        Ok(self.0.entry(asked).or_insert(now).clone())
    }
}

impl Pass<'_> {
    /// The ids of a pair of which one was moved since.
    async fn moved_on(&self, kind: &Kind, ids: &Ids) -> Result<Option<Ids>, StoreError> {
        let here = &self.shared.connection;
        for side in Side::BOTH {
            let (Some(stayed), Some(old)) = (&ids[side], &ids[!side]) else {
                return Ok(None);
            };
            let links = self.store.links(here, kind, side, slice::from_ref(stayed));
            let Some(link) = links.await?.into_iter().flatten().next() else {
                continue;
            };
            let now = link.ids();
            let buried = self
                .store
                .tombstones(here, kind, !side, slice::from_ref(old));
            let buried = buried.await?.into_iter().flatten().next();
            // Once the old record is deleted, its tombstone says that the copy is what it became.
            let took_its_place = buried.is_some_and(|of| {
                matches!(of.end, LinkEnd::Moved(gone) | LinkEnd::Merged(gone) if gone == !side)
                    && of.link.sides[side].id == *stayed
            });
            if now == *ids || (took_its_place && !planted!("an-undo-knows-old-ids-only")) {
                return Ok(Some(now));
            }
        }
        Ok(None)
    }
}
