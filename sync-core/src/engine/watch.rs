//! Cycling for as long as the program runs.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    task::Poll,
};

use crate::{
    engine::{Engine, EngineError},
    observer::Event,
    store::StoreError,
};

impl Engine {
    /// Cycles until `shutdown` completes: at intervals that follow from the
    /// [allowances](crate::EngineBuilder::allowance), and at once when a [hint](crate::Hints) comes.
    ///
    /// Hears of each cycle: [`Event::Cycled`]. A side that cannot be reached is tried again. When
    /// `shutdown` completes the running step is finished, and no other begun.
    ///
    /// Fails when the connection belongs to other accounts, and when the store fails.
    pub async fn watch(&mut self, shutdown: impl Future<Output = ()>) -> Result<(), EngineError> {
        let mut shutdown = pin!(shutdown);
        let (memory, bell) = (Arc::clone(&self.memory), Arc::clone(&self.bell));
        let clock = Arc::clone(&self.shared.clock);
        loop {
            // What rings from here on may come too late for this cycle.
            bell.hush();
            let mut over = false;
            let cycled = {
                let mut cycle = pin!(self.cycle());
                poll_fn(|context| {
                    if !over && shutdown.as_mut().poll(context).is_ready() {
                        over = true;
                        memory.stop(true);
                    }
                    cycle.as_mut().poll(context)
                })
                .await
            };
            let report = match cycled {
                Ok(report) => Some(report),
                Err(EngineError::Unreachable { .. }) => None,
                Err(error) => return Err(error),
            };
            if over {
                return Ok(());
            }
            if let Some(report) = &report {
                self.shared.notice(&Event::Cycled(report));
            }
            let next = self.next_cycle(report.as_ref()).await?;
            let mut wait = clock.sleep_until(next);
            let over = poll_fn(|context| {
                if shutdown.as_mut().poll(context).is_ready() {
                    return Poll::Ready(true);
                }
                if bell.poll_rung(context).is_ready() {
                    return Poll::Ready(false);
                }
                wait.as_mut().poll(context).map(|()| false)
            });
            if over.await {
                return Ok(());
            }
        }
    }

    /// The store is asked, nobody else.
    pub(super) async fn dirty_of(
        &self,
        kind: &crate::id::Kind,
    ) -> Result<crate::side::Both<u64>, StoreError> {
        let mut count = crate::side::Both::default();
        let mut after = None;
        loop {
            let here = &self.shared.connection;
            let page = self.store.dirty(here, kind, after.as_ref(), 500).await?;
            let Some(last) = page.last() else {
                return Ok(count);
            };
            after = Some((last.side, last.id.clone()));
            for dirty in &page {
                count[dirty.side] += 1;
            }
        }
    }
}
