//! Entries of a plan are applied side by side, up to a limit. Inside one entry the order stays,
//! and so does the order of kinds.

use std::{
    collections::BTreeSet,
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

use crate::{
    engine::{EngineError, pass::Pass, stage::LAST},
    id::{Kind, RecordId},
    side::Side,
    store::{Op, Staged, StoreError},
};

/// Staged steps in one page.
const PAGE: usize = 100;

/// The records that an entry is about.
type Touches = Vec<(Side, RecordId)>;

/// Futures that run together. They are polled in the order in which they began, so that one seed
/// gives one story.
struct InFlight<'f, T> {
    entries: Vec<(Touches, Pin<Box<dyn Future<Output = T> + Send + 'f>>)>,
}

impl<'f, T> InFlight<'f, T> {
    fn touches(&self, records: &Touches) -> bool {
        let mut touched = self.entries.iter().flat_map(|(touches, _)| touches);
        touched.any(|record| records.contains(record))
    }

    /// The first that ends; `None` when nothing runs.
    async fn next(&mut self) -> Option<T> {
        if self.entries.is_empty() {
            return None;
        }
        poll_fn(|context| {
            for at in 0..self.entries.len() {
                if let Poll::Ready(done) = self.entries[at].1.as_mut().poll(context) {
                    drop(self.entries.remove(at));
                    return Poll::Ready(Some(done));
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// An entry that was applied, in a pass of its own.
struct Applied<'a> {
    entry: Pass<'a>,
    record: (Kind, Side, RecordId),
    result: Result<(), EngineError>,
}

impl<'a> Pass<'a> {
    /// Applies the staged plan. What failed in the last cycle comes last, so that a record that
    /// always fails keeps nobody waiting.
    pub(super) async fn apply(&mut self) -> Result<(), EngineError> {
        let troubled = self.memory.troubled();
        self.apply_those(|record| !troubled.contains(record))
            .await?;
        if !troubled.is_empty() {
            self.apply_those(|record| troubled.contains(record)).await?;
        }
        self.make_ways().await?;
        self.commit(vec![Op::Unstage(LAST)]).await?;
        Ok(())
    }

    async fn apply_those(
        &mut self,
        these: impl Fn(&(Kind, Side, RecordId)) -> bool,
    ) -> Result<(), EngineError> {
        let mut running = InFlight {
            entries: Vec::new(),
        };
        let mut kind = None;
        let mut after = 0;
        let mut failed = Ok(());
        'plan: loop {
            let here = &self.shared.connection;
            let page = self.store.staged(here, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.sequence;
            for staged in page {
                let (side, id) = staged.from.clone();
                let record = (staged.kind.clone(), side, id);
                if !these(&record) {
                    continue;
                }
                let touches = touches(&staged);
                while running.entries.len() >= self.shared.concurrency
                    || kind.as_ref() != Some(&staged.kind)
                    || running.touches(&touches)
                {
                    let Some(applied) = running.next().await else {
                        break;
                    };
                    failed = failed.and(self.absorb(applied));
                }
                if failed.is_err() || self.memory.is_stopping() {
                    break 'plan;
                }
                kind = Some(staged.kind.clone());
                let mut entry = self.entry();
                let apply = async move {
                    let result = entry.apply_one(staged).await;
                    Applied {
                        entry,
                        record,
                        result,
                    }
                };
                running.entries.push((touches, Box::pin(apply)));
            }
        }
        while let Some(applied) = running.next().await {
            failed = failed.and(self.absorb(applied));
        }
        failed
    }

    /// A pass for one entry, which knows what this one does.
    fn entry(&self) -> Self {
        let mut entry = Self {
            store: self.store.clone(),
            report: crate::engine::CycleReport::default(),
            counts: self.counts,
            visited: self.visited.clone(),
            emptied: None,
            holders: Vec::new(),
            ..*self
        };
        entry.report.stopped.clone_from(&self.report.stopped);
        entry.spent = Side::BOTH.into_iter().fold(self.spent, |mut spent, side| {
            spent[side] += self.report.requests[side];
            spent
        });
        entry.failures = crate::side::Both::default();
        entry
    }

    fn absorb(&mut self, applied: Applied<'_>) -> Result<(), EngineError> {
        let Applied {
            entry,
            record,
            result,
        } = applied;
        self.skew = entry.skew;
        let mut troubled = false;
        for side in Side::BOTH {
            let calls = entry.report.requests[side];
            if entry.failures[side] > 0 {
                troubled = true;
                self.failures[side] += entry.failures[side];
            } else if calls > 0 {
                self.failures[side] = 0;
            }
        }
        self.memory.note_trouble(record, troubled);
        self.holders.extend(entry.holders);
        self.report.absorb(entry.report);
        for side in Side::BOTH {
            self.give_up_after_failures(side);
        }
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

fn touches(staged: &Staged) -> Touches {
    let (side, id) = staged.from.clone();
    let other = staged.links.clone().map(|other| (!side, other));
    [(side, id)].into_iter().chain(other).collect()
}

/// Records that failed lately.
pub(super) type Troubled = BTreeSet<(Kind, Side, RecordId)>;
