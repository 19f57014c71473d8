//! Which of its look-alikes each lost create has made.

use crate::{
    engine::applying::{
        candidate::Found,
        sent::{Fit, sent},
    },
    id::RecordId,
    pairing::Pairing,
    store::{Intent, Observation},
};

/// Which of its records each open create has made, where many share what finds them again: the
/// text of a note. What else was sent tells them apart, and a record is of the create that it
/// shows best. One that shows something else than was sent may be ours, edited since, or
/// somebody's own: that is for a person to say.
pub(super) struct LookAlikes<'i> {
    pub(super) pairing: &'i Pairing,
    /// Creates of which nothing is known yet, and what each may have made.
    pub(super) open: Vec<(&'i Intent, Vec<Observation>)>,
}

impl LookAlikes<'_> {
    /// Gives each create the record that is clearly its own, and answers what is left for one.
    pub(super) fn found(mut self, intent: &Intent) -> Found {
        while let Some((create, id)) = self.clear() {
            let (own, found) = self.open.swap_remove(create);
            if own.id == intent.id {
                let it = found.into_iter().find(|seen| seen.id == id);
                return it.map_or(Found::Nothing, |it| Found::It(Box::new(it)));
            }
            for (_, others) in &mut self.open {
                others.retain(|seen| seen.id != id);
            }
        }
        let own = self.open.into_iter().find(|(own, _)| own.id == intent.id);
        match own {
            Some((_, left)) if !left.is_empty() => Found::Several(left),
            _ => Found::Nothing,
        }
    }

    /// A create that is known to have made a record, the best known first.
    fn clear(&self) -> Option<(usize, RecordId)> {
        let creates = self.open.iter().enumerate();
        let pairs = creates.flat_map(|(create, (intent, found))| {
            let fit = move |seen| (Fit::of(self.pairing, intent, seen), create, seen);
            found.iter().map(fit)
        });
        let clear = pairs.filter(|(fit, create, seen)| {
            fit.misfits == 0
                && self.is_the_best_of(*create, *fit, seen)
                && self.is_the_best_for(*create, *fit, seen)
        });
        // Who has the fewest to choose from chooses first, and leaves to others what may be theirs.
        let first = clear.min_by_key(|(fit, create, seen)| {
            let (intent, found) = &self.open[*create];
            let few = (found.len(), self.claims(seen));
            (fit.unexplained, few, intent.id, seen.id.clone())
        });
        first.map(|(_, create, seen)| (create, seen.id.clone()))
    }

    /// How many creates may have made a record.
    fn claims(&self, seen: &Observation) -> usize {
        let may =
            |(_, found): &&(&Intent, Vec<Observation>)| found.iter().any(|it| it.id == seen.id);
        self.open.iter().filter(may).count()
    }

    /// Whether no other record fits the create as well, but for those that nothing tells apart.
    fn is_the_best_of(&self, create: usize, fit: Fit, seen: &Observation) -> bool {
        let (intent, found) = &self.open[create];
        let is_worse = |other: &Observation| Fit::of(self.pairing, intent, other) > fit;
        let is_alike = |other: &Observation| other.reading.record == seen.reading.record;
        found.iter().all(|other| is_alike(other) || is_worse(other))
    }

    /// Whether the record fits no other create as well, but for those that have sent the same.
    fn is_the_best_for(&self, create: usize, fit: Fit, seen: &Observation) -> bool {
        let intent = self.open[create].0;
        let is_worse = |other: &Intent| Fit::of(self.pairing, other, seen).all() > fit.all();
        let mut others = self
            .open
            .iter()
            .filter(|(_, found)| found.iter().any(|it| it.id == seen.id));
        others.all(|(other, _)| sent(other).eq(sent(intent)) || is_worse(other))
    }
}
