//! Records that were there before the connection was, and that its first sync leaves alone.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    engine::pass::Pass,
    pairing::Pairing,
    reading::Reading,
    store::{Aside, FOLLOWED_SINCE, Observation, Op, StoreError},
};

/// Under this name the store keeps when the connection first read.
const BEGAN: &str = "began";

impl Pass<'_> {
    /// Keeps when the connection first read.
    pub(in crate::engine) async fn note_the_beginning(&mut self) -> Result<(), StoreError> {
        self.followed = Some(self.first_time(FOLLOWED_SINCE).await?);
        if self.shared.backlog.is_some() {
            self.connected = Some(self.first_time(BEGAN).await?);
        }
        Ok(())
    }

    /// When the store first came to know something; now, where it does not yet.
    async fn first_time(&mut self, name: &str) -> Result<Timestamp, StoreError> {
        let known = self.store.known(&self.shared.connection, name).await?;
        let known: Option<Timestamp> = known.and_then(|known| known.parse().ok());
        if let Some(known) = known.filter(|_| !planted!("each-cycle-is-the-first")) {
            return Ok(known);
        }
        let now = self.now();
        self.commit(vec![Op::Know(name.to_owned(), Some(now.to_string()))])
            .await?;
        Ok(now)
    }

    /// Whether a record was there before the store followed its system.
    pub(in crate::engine) fn was_there_before(&self, seen: &Observation) -> bool {
        let born = seen.created.map(|theirs| {
            let ours = self.skew[seen.side].interval(theirs);
            ours.map_or(theirs, |ours| ours.latest)
        });
        born.zip(self.followed).is_some_and(|(born, since)| {
            born <= since || planted!("whenever-it-came-equals-are-one")
        })
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
