//! Records that were born while the reply to a create was awaited, and changed since.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    engine::{applying::sent::sent, pass::Pass, staging::stage::PAGE},
    field::FieldKey,
    pairing::Pairing,
    store::{Intent, Observation, StoreError},
    value::Value,
};

/// By how much the server's clock may show more than the least that it showed: its answers, and
/// what they took, are measured in seconds.
const CLOCK: Duration = Duration::from_secs(5);

impl Pass<'_> {
    /// By the server's clock, when a create has arrived if it ever does.
    pub(super) fn arrived_by(&self, intent: &Intent) -> Option<Timestamp> {
        let clock = match planted!("a-clock-has-no-grain") {
            true => Duration::ZERO,
            false => CLOCK,
        };
        let sent = intent.at_server?;
        Some(sent + self.shared.reply_grace + clock)
    }

    /// Unlinked records that were born when a create may have arrived, by the server's clock, and
    /// changed since: whatever was sent, they need show nothing of it any more. What a system's own
    /// rules change at once has the stamp of its birth: who shows half of what was sent is one, too.
    /// They stay dirty until it is known whose they are.
    pub(super) async fn newborns(
        &self,
        pairing: &Pairing,
        intent: &Intent,
    ) -> Result<Vec<Observation>, StoreError> {
        let (here, kind) = (&self.shared.connection, &pairing.kind);
        let mut newborns = Vec::new();
        let (Some(from), Some(until), false) = (
            intent.at_server,
            self.arrived_by(intent),
            planted!("newborns-are-nobodys"),
        ) else {
            return Ok(newborns);
        };
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
                let may_be = !is_as_born(seen) || is_much_alike(intent, seen);
                is_born && (may_be || planted!("who-is-as-born-is-in-question"))
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

/// Whether a record shows at least half of what was sent, but for what it refers to: many stand
/// under one parent.
fn is_much_alike(intent: &Intent, seen: &Observation) -> bool {
    let sent = || sent(intent).filter(|(_, value)| !matches!(value, Value::Ref(_)));
    let is_shown =
        |(key, value): &(&FieldKey, &Value)| seen.reading.record.value(key) == Some(value);
    let shown = sent().filter(is_shown).count();
    let is_alike = shown > 0 && 2 * shown >= sent().count();
    is_alike && !planted!("who-is-as-born-is-nobodys")
}

/// Whether nothing has changed a record since it was born.
pub(super) fn is_as_born(seen: &Observation) -> bool {
    let as_born = seen.created.zip(seen.stamp);
    as_born.is_some_and(|(born, stamp)| stamp.0 <= born)
}
