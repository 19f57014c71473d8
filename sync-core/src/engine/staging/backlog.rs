//! Records that were there before the connection was, and that its first sync leaves alone.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    engine::pass::Pass,
    pairing::Pairing,
    reading::Reading,
    store::{Aside, Observation, Op, StoreError},
};

/// Under this name the store keeps when the connection first read.
const BEGAN: &str = "began";

impl Pass<'_> {
    /// Keeps when the connection first read.
    pub(in crate::engine) async fn note_the_beginning(&mut self) -> Result<(), StoreError> {
        if self.shared.backlog.is_none() {
            return Ok(());
        }
        let known = self.store.known(&self.shared.connection, BEGAN).await?;
        let known: Option<Timestamp> = known.and_then(|known| known.parse().ok());
        if let Some(known) = known.filter(|_| !planted!("each-cycle-is-the-first")) {
            self.connected = Some(known);
            return Ok(());
        }
        let now = self.now();
        self.connected = Some(now);
        self.commit(vec![Op::Know(BEGAN.to_owned(), Some(now.to_string()))])
            .await
    }

    /// How a record stands that shows something else than before.
    pub(in crate::engine) fn still_aside(
        &self,
        pairing: &Pairing,
        known: Option<&Observation>,
        new: &Reading,
    ) -> Option<Aside> {
        let known = known?;
        match known.aside? {
            Aside::LeftAlone(mapping) if known.reading != *new => {
                let is_same = mapping == self.mapping(pairing);
                let tells = is_same && !planted!("only-stamps-tell-of-changes");
                tells.then_some(Aside::Changed)
            }
            aside => Some(aside),
        }
    }

    /// The record as it is kept when the first sync leaves it alone.
    pub(in crate::engine) fn left_alone(&self, pairing: &Pairing, own: &Observation) -> Option<Op> {
        let aside = Some(Aside::LeftAlone(self.mapping(pairing)));
        let kept = || Observation {
            aside,
            ..own.clone()
        };
        (own.aside != aside).then(|| Op::Observe(kept()))
    }

    /// Whether a record without a counterpart was there before, and is not to be created.
    pub(in crate::engine) fn is_left_alone(&self, own: &Observation) -> bool {
        if own.aside == Some(Aside::Changed) {
            return false;
        }
        let (Some(backlog), Some(connected)) = (&self.shared.backlog, self.connected) else {
            return false;
        };
        let stamp = own.stamp.map(|stamp| stamp.0);
        // Were it taken for earlier than it was, it would never be created.
        let ours = |theirs| {
            let interval = self.skew[own.side].interval(theirs);
            let interval = interval.filter(|_| !planted!("a-clock-that-is-behind-makes-old"));
            interval.map_or(theirs, |interval| interval.latest)
        };
        let Some(changed) = stamp.into_iter().chain(own.created).map(ours).max() else {
            return false;
        };
        let age = Duration::try_from(connected.duration_since(changed)).unwrap_or_default();
        !age.is_zero() && !backlog.enters(&own.kind, own.side, &own.reading.record, age)
    }
}
