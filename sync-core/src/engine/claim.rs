//! Records that another connection on the same account has.

use crate::{
    engine::{EngineError, entry::Loaded, hold::About, pass::Pass},
    id::{ConnectionId, RecordId},
    pairing::Pairing,
    side::Side,
    store::{Dirty, HoldReason, Op},
};

/// A record and the connection that has it.
pub(super) struct Claim {
    side: Side,
    id: RecordId,
    owner: ConnectionId,
}

impl Pass<'_> {
    /// Whether another connection has a record that is to be linked or copied.
    pub(super) async fn claim(
        &self,
        pairing: &Pairing,
        loaded: &Loaded,
    ) -> Result<Option<Claim>, EngineError> {
        if loaded.link.is_some() {
            return Ok(None);
        }
        let (here, kind) = (&self.shared.connection, &pairing.kind);
        for side in Side::BOTH {
            let Some(seen) = &loaded.seen[side] else {
                continue;
            };
            let owner = self.store.claimed(here, kind, side, &seen.id).await?;
            if let Some(owner) = owner {
                let id = seen.id.clone();
                return Ok(Some(Claim { side, id, owner }));
            }
        }
        Ok(None)
    }

    /// A record that nobody here matches is left to its owner without a word; one that somebody
    /// does is a question.
    pub(super) fn leave_to_its_owner(
        &mut self,
        dirty: Dirty,
        loaded: &Loaded,
        claim: &Claim,
    ) -> Vec<Op> {
        let about = About::record(&dirty.kind, dirty.side, &dirty.id);
        let is_matched = Side::BOTH
            .into_iter()
            .all(|side| loaded.seen[side].is_some());
        let ops = if is_matched {
            let message = format!(
                "the {} {} on the {} side belongs to the connection `{}`; unlink it there, or change the key",
                dirty.kind, claim.id, claim.side, claim.owner
            );
            self.hold_for_now(about, HoldReason::Claimed, message)
        } else {
            Self::release(about)
        };
        vec![ops, Op::Clear(dirty)]
    }
}
