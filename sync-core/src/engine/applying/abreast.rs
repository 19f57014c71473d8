//! Entries of a plan are applied side by side, up to a limit. Inside one entry the order stays,
//! and so does the order of kinds.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::{Future, poll_fn},
    pin::Pin,
    slice,
    task::Poll,
};

use crate::{
    engine::{
        CycleReport, EngineError, applying::queue::Queues, hold::About, pass::Pass,
        staging::stage::LAST,
    },
    id::{Kind, RecordId},
    link::Link,
    side::{Both, Side},
    step::Staged,
    store::{HoldReason, Op, StoreError},
};

/// A record that an entry is about.
pub(in crate::engine) type Place = (Kind, Side, RecordId);

/// Futures that run together. They are polled in the order in which they began, so that one seed
/// gives one story.
struct InFlight<'f, T>(Vec<Pin<Box<dyn Future<Output = T> + Send + 'f>>>);

impl<T> InFlight<'_, T> {
    /// The first that ends; `None` when nothing runs.
    async fn next(&mut self) -> Option<T> {
        if self.0.is_empty() {
            return None;
        }
        poll_fn(|context| {
            for at in 0..self.0.len() {
                if let Poll::Ready(done) = self.0[at].as_mut().poll(context) {
                    drop(self.0.remove(at));
                    return Poll::Ready(Some(done));
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// An entry that was applied, in a pass of its own, or several that needed no call.
struct Applied<'a> {
    entry: Pass<'a>,
    staged: Vec<Staged>,
    /// What is to be applied again, alone.
    again: Vec<Staged>,
    result: Result<(), EngineError>,
}

impl<'a> Pass<'a> {
    /// Applies the staged plan. What failed in the last cycle comes last, so that a record that
    /// always fails keeps nobody waiting.
    pub(in crate::engine) async fn apply(&mut self) -> Result<(), EngineError> {
        self.memory.release_all();
        let troubled = self.memory.troubled();
        self.apply_those(|place| !troubled.contains(place)).await?;
        if !troubled.is_empty() {
            self.apply_those(|place| troubled.contains(place)).await?;
        }
        self.commit(vec![Op::Unstage(LAST)]).await?;
        Ok(())
    }

    async fn apply_those(&mut self, these: impl Fn(&Place) -> bool) -> Result<(), EngineError> {
        let mut running: InFlight<'_, Applied<'a>> = InFlight(Vec::new());
        let mut queues = Queues::new(self.shared.concurrency);
        let mut read = Both::new(self.began, self.began);
        let mut outcome = Ok(());
        let mut again = Vec::new();
        loop {
            queues.fill(self, &these).await?;
            if outcome.is_err() || self.memory.is_stopping() {
                break;
            }
            let mut next = queues.next(|next| self.memory.reserve(&places(next)));
            if !next.is_empty() {
                next.retain(|staged| {
                    let approved = self.is_approved(staged);
                    if !approved {
                        self.memory.release(&places(staged));
                        queues.ended(staged);
                    }
                    approved
                });
                let Some(first) = next.first() else {
                    continue;
                };
                let stale = self.stale_sides(first, &read);
                while !stale.is_empty()
                    && let Some(applied) = running.next().await
                {
                    applied.staged.iter().for_each(|done| queues.ended(done));
                    outcome = outcome.and(self.absorb(applied, &mut again));
                }
                if outcome.is_err() || self.memory.is_stopping() {
                    break;
                }
                for side in stale {
                    read[side] = self.now();
                    self.read_again(&first.kind, side).await?;
                }
                let entry = self.entry(next.iter().flat_map(places).collect());
                running.0.push(match next.len() {
                    1 => Box::pin(entry.applied(next.remove(0))),
                    _ => Box::pin(entry.applied_together(next)),
                });
            } else if let Some(applied) = running.next().await {
                applied.staged.iter().for_each(|done| queues.ended(done));
                outcome = outcome.and(self.absorb(applied, &mut again));
            } else {
                // Nothing runs, so nothing is taken.
                self.memory.release_all();
                read = Both::new(self.began, self.began);
                if queues.turn().is_none() {
                    break;
                }
            }
        }
        while let Some(applied) = running.next().await {
            outcome = outcome.and(self.absorb(applied, &mut again));
        }
        for staged in again {
            let places = places(&staged);
            if outcome.is_ok() && !self.memory.is_stopping() && self.memory.reserve(&places) {
                let applied = Box::pin(self.entry(places).applied(staged)).await;
                outcome = outcome.and(self.absorb(applied, &mut Vec::new()));
            }
        }
        outcome
    }

    async fn applied(mut self, staged: Staged) -> Applied<'a> {
        let mut result = self.apply_one(staged.clone()).await;
        if let Err(EngineError::Store(claimed @ StoreError::Claimed { .. })) = &result {
            let message = claimed.to_string();
            result = self.hold_claimed(&staged, message).await;
        }
        let again = Vec::from_iter(self.again.then(|| staged.clone()));
        Applied {
            entry: self,
            staged: vec![staged],
            again,
            result,
        }
    }

    async fn applied_together(mut self, staged: Vec<Staged>) -> Applied<'a> {
        let left = self.apply_together(&staged).await;
        let (again, result) = match left {
            Ok(left) => (left, Ok(())),
            Err(error) => (Vec::new(), Err(error)),
        };
        Applied {
            entry: self,
            staged,
            again,
            result,
        }
    }

    /// A record that another connection has is nobody else's, and everything else goes on.
    async fn hold_claimed(&mut self, staged: &Staged, message: String) -> Result<(), EngineError> {
        let (side, id) = &staged.from;
        let about = About::record(&staged.kind, *side, id);
        let mut ops = vec![self.hold_for_now(about, HoldReason::Claimed, message)];
        ops.extend(staged.answers.iter().cloned().map(Op::Clear));
        Ok(self.commit(ops).await?)
    }

    /// A pass for one entry, which knows what this one does.
    fn entry(&self, reserved: Vec<Place>) -> Self {
        let stopped = self.report.stopped.clone();
        let report = CycleReport {
            stopped,
            ..CycleReport::default()
        };
        let spent = Both::from_fn(|side| self.spent[side] + self.report.requests[side]);
        Self {
            store: self.store.clone(),
            report,
            creates: self.creates.clone(),
            visited: BTreeMap::new(),
            looked: BTreeSet::new(),
            failures: Both::default(),
            emptied: None,
            approval: None,
            not_done: None,
            reserved,
            spent,
            ..*self
        }
    }

    /// Takes both records of a link for this entry, unless another one has them.
    pub(in crate::engine) fn reserve(&mut self, link: &Link) -> bool {
        let places = Side::BOTH.map(|side| {
            let id = link.sides[side].id.clone();
            (link.kind.clone(), side, id)
        });
        let free = places.into_iter().all(|place| {
            let ours = self.reserved.contains(&place);
            if !ours && !self.memory.reserve(slice::from_ref(&place)) {
                return false;
            }
            self.reserved.push(place);
            true
        });
        self.again |= !free;
        free
    }

    fn absorb(&mut self, applied: Applied<'_>, again: &mut Vec<Staged>) -> Result<(), EngineError> {
        let Applied {
            entry,
            staged,
            again: left,
            result,
        } = applied;
        self.memory.release(&entry.reserved);
        self.skew = entry.skew;
        let troubled = Side::BOTH.into_iter().any(|side| entry.failures[side] > 0);
        for staged in &staged {
            if let Some(why) = entry.not_done {
                self.not_begun(staged, why);
            }
            self.memory.note_trouble(place(staged), troubled);
        }
        for side in Side::BOTH {
            if entry.failures[side] > 0 {
                self.failures[side] += entry.failures[side];
            } else if entry.report.requests[side] > 0 {
                self.failures[side] = 0;
            }
        }
        self.report.absorb(entry.report);
        for side in Side::BOTH {
            self.give_up_after_failures(side);
        }
        again.extend(left);
        match result {
            // Another entry was faster: this one is planned anew.
            Err(EngineError::Store(StoreError::AlreadyLinked { .. })) => {
                self.wait_until(None);
                Ok(())
            }
            result => result,
        }
    }
}

pub(in crate::engine) fn place(staged: &Staged) -> Place {
    let (side, id) = staged.from.clone();
    (staged.kind.clone(), side, id)
}

fn places(staged: &Staged) -> Vec<Place> {
    let own = place(staged);
    let other = staged.links.clone();
    let other = other.map(|link| (staged.kind.clone(), !own.1, link.id));
    [own].into_iter().chain(other).collect()
}
