//! Records that were born while the reply to a create was awaited, and changed since.

use crate::{
    engine::{pass::Pass, staging::stage::PAGE},
    pairing::Pairing,
    store::{Intent, Observation, StoreError},
};

impl Pass<'_> {
    /// Unlinked records that were born when a create may have arrived, by the server's clock, and
    /// changed since: whatever was sent, they need show nothing of it any more. They stay dirty
    /// until it is known whose they are.
    pub(super) async fn newborns(
        &self,
        pairing: &Pairing,
        intent: &Intent,
    ) -> Result<Vec<Observation>, StoreError> {
        let (here, kind) = (&self.shared.connection, &pairing.kind);
        let mut newborns = Vec::new();
        let (Some(from), false) = (intent.at_server, planted!("newborns-are-nobodys")) else {
            return Ok(newborns);
        };
        let until = from + self.shared.reply_grace;
        let mut after = None;
        loop {
            let page = self.store.dirty(here, kind, after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some((last.side, last.id.clone()));
            let ids = page.into_iter().filter(|dirty| dirty.side == intent.side);
            let ids: Vec<_> = ids.map(|dirty| dirty.id).collect();
            let seen = self.store.observations(here, kind, intent.side, &ids);
            let seen = seen.await?.into_iter().flatten();
            let was_born = |seen: &Observation| {
                let is_born = seen.created.is_some_and(|at| from <= at && at <= until);
                is_born && (!is_as_born(seen) || planted!("who-is-as-born-is-in-question"))
            };
            let born: Vec<_> = seen.filter(|seen| was_born(seen)).collect();
            let ids: Vec<_> = born.iter().map(|seen| seen.id.clone()).collect();
            let links = self.store.links(here, kind, intent.side, &ids).await?;
            let unlinked = born.into_iter().zip(links);
            let unlinked = unlinked.filter(|(_, link)| link.is_none());
            newborns.extend(unlinked.map(|(seen, _)| (*seen).clone()));
        }
        Ok(newborns)
    }
}

/// Whether nothing has changed a record since it was born.
pub(super) fn is_as_born(seen: &Observation) -> bool {
    let as_born = seen.created.zip(seen.stamp);
    as_born.is_some_and(|(born, stamp)| stamp.0 <= born)
}
