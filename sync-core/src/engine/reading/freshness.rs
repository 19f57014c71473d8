//! Whether what we know of a record is fresh enough to write over it.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    connector::{Feed, Lane},
    engine::{EngineError, pass::Pass},
    id::Kind,
    pairing::Pairing,
    plan::Write,
    side::{Both, Side},
    step::Staged,
    store::{Observation, StoreError},
    value::Shape,
};

/// A read that ended this long ago still counts.
const FRESH: Duration = Duration::from_secs(30);

impl Pass<'_> {
    /// Whether the record must be read by id before this write.
    ///
    /// What a value takes the place of must have been seen by a route that does
    /// not lag, or an edit of the last seconds would be lost without a trace; a
    /// blank may be such an edit, or hide one. Adding to or removing from a set
    /// replaces nothing: there a feed that was read to its end a moment ago is
    /// enough. A read counts in the cycle that began it: the next one may come
    /// seconds later, and an index, or a page that was read before, show nothing
    /// of them.
    pub(in crate::engine) async fn needs_a_look(
        &self,
        pairing: &Pairing,
        side: Side,
        write: &Write,
        seen: Option<&Observation>,
    ) -> Result<bool, StoreError> {
        if wants_the_native(pairing, side, write) {
            return Ok(true);
        }
        let now = self.now();
        let recent = |seen: &Observation| {
            seen.by_id && seen.started >= self.began && seen.started + FRESH >= now
        };
        if seen.is_some_and(recent) {
            return Ok(false);
        }
        let read = self.feed_was_read(pairing, side).await?;
        if read.is_none_or(|read| read < self.began || read + FRESH < now) {
            return Ok(true);
        }
        let hides = self.lags(pairing, side) && !planted!("write-without-a-look");
        Ok(hides && replaces(pairing, write))
    }

    /// The sides of which a step writes over a record without a look, and whose feeds were last
    /// read too long ago for that. Reading them again costs less than a look for each of the
    /// steps to come.
    pub(in crate::engine) fn stale_sides(
        &self,
        staged: &Staged,
        read: &Both<Timestamp>,
    ) -> Vec<Side> {
        let is_stale = |side: &Side| {
            let write = staged.writes[*side].as_ref();
            write.is_some_and(|write| !write.create && !write.look)
                && read[*side] + FRESH / 2 < self.now()
                && !self.is_stopped(*side)
        };
        Side::BOTH.into_iter().filter(is_stale).collect()
    }

    /// Reads what changed of a kind since the cycle read it.
    pub(in crate::engine) async fn read_again(
        &mut self,
        kind: &Kind,
        side: Side,
    ) -> Result<(), EngineError> {
        let changes = |pairing: &&Pairing| {
            let capabilities = self.connector(side).capabilities(&pairing.kind);
            capabilities.is_some_and(|capabilities| capabilities.feed == Feed::Changes)
        };
        match self.pairing(kind).filter(changes) {
            Some(pairing) => self.read_lane(pairing, side, Lane::Fast).await,
            None => Ok(()),
        }
    }

    /// The same as far as a plan can tell: it is applied right after its side's feed was read.
    pub(in crate::engine) fn will_look(
        &self,
        pairing: &Pairing,
        side: Side,
        write: &Write,
    ) -> bool {
        wants_the_native(pairing, side, write)
            || self.lags(pairing, side) && replaces(pairing, write)
    }

    fn lags(&self, pairing: &Pairing, side: Side) -> bool {
        let capabilities = self.connector(side).capabilities(&pairing.kind);
        capabilities.is_none_or(|c| c.index_lag > Duration::ZERO)
    }

    pub(in crate::engine) fn index_lag(&self, pairing: &Pairing, side: Side) -> Duration {
        let capabilities = self.connector(side).capabilities(&pairing.kind);
        capabilities.map(|c| c.index_lag).unwrap_or_default()
    }
}

fn wants_the_native(pairing: &Pairing, side: Side, write: &Write) -> bool {
    let mut fields = pairing.fields.iter();
    fields.any(|pair| pair.uses[side].read_first && write.changed.contains(&pair.key))
}

fn replaces(pairing: &Pairing, write: &Write) -> bool {
    pairing
        .fields
        .iter()
        .any(|pair| pair.shape != Shape::Set && write.changed.contains(&pair.key))
}
