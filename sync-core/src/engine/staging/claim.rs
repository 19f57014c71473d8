//! Records that another connection on the same account has.

use crate::{
    engine::{EngineError, hold::About, pass::Pass, staging::entry::Loaded},
    id::{ConnectionId, RecordId},
    pairing::Pairing,
    side::Side,
    store::{Dirty, HoldReason, Op},
};

/// A record and the connection that has it.
pub(in crate::engine) struct Claim {
    side: Side,
    id: RecordId,
    owner: ConnectionId,
}

impl Pass<'_> {
    /// Which of several entries are about a record without a link that another connection has.
    pub(in crate::engine) async fn claims(
        &self,
        pairing: &Pairing,
        entries: &[Loaded],
    ) -> Result<Vec<Option<Claim>>, EngineError> {
        let mut claims: Vec<Option<Claim>> = entries.iter().map(|_| None).collect();
        let (here, kind) = (&self.shared.connection, &pairing.kind);
        for side in Side::BOTH {
            let free = entries.iter().enumerate();
            let free = free.filter(|(_, loaded)| loaded.link.is_none());
            let (places, ids): (Vec<_>, Vec<_>) = free
                .filter_map(|(at, loaded)| Some((at, loaded.seen[side].as_ref()?.id.clone())))
                .unzip();
            if ids.is_empty() {
                continue;
            }
            let owners = self.store.claimed(here, kind, side, &ids).await?;
            for ((at, id), owner) in places.into_iter().zip(ids).zip(owners) {
                let claim = owner.map(|owner| Claim { side, id, owner });
                claims[at] = claims[at].take().or(claim);
            }
        }
        Ok(claims)
    }

    /// A record that nobody here matches is left to its owner without a word; one that somebody
    /// does is a question.
    pub(in crate::engine) fn leave_to_its_owner(
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
