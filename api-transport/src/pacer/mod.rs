//! How fast an account may be called.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Mutex as Gate, Notify},
    time::{Instant, sleep_until, timeout_at},
};

mod limits;
mod state;
#[cfg(test)]
mod tests;
mod window;

pub use limits::{Budget, DayExhausted, LimitReading, Limits, Priority};

use state::{Next, State};
use window::Window;

/// One account's pacer: a handle, given to any number of clients of that account.
///
/// It holds to the published limits, learns from the rate headers, lets
/// interactive calls go first, pauses everyone once after a 429, and stops when
/// the day is used up. Callers that share an account take turns: see [`lane`](Self::lane).
#[derive(Clone)]
pub struct Pacer {
    account: Arc<Account>,
    lane: Arc<Lane>,
}

struct Account {
    /// One of each lane at a time looks for its turn here; tokio's gates are first come, first served.
    bulk_gate: Gate<()>,
    interactive_gate: Gate<()>,
    state: Mutex<State>,
    /// A request is over, or an interactive call is through.
    changed: Notify,
}

/// Those who queue together, such as the calls of one location.
#[derive(Default)]
struct Lane {
    bulk: Gate<()>,
    interactive: Gate<()>,
}

/// Leave to send one request. Drop it when the answer is there: the request counts from then
/// on for one interval, since the server counted it at some moment before.
pub struct Turn {
    account: Arc<Account>,
    /// How long the call waited for it.
    pub waited: Duration,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.account.lock().over();
        self.account.changed.notify_waiters();
    }
}

impl std::fmt::Debug for Turn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Turn")
            .field("waited", &self.waited)
            .finish_non_exhaustive()
    }
}

impl Pacer {
    /// A pacer for an account with these limits.
    pub fn new(limits: Limits) -> Self {
        Self::start(Some(limits))
    }

    /// No limits of ours: for a server of your own. Pauses after a 429 all the same.
    pub fn unlimited() -> Self {
        Self::start(None)
    }

    fn start(limits: Option<Limits>) -> Self {
        let state = State {
            daily_remaining: limits.as_ref().and_then(|l| l.daily),
            limits,
            window: Window::default(),
            paused_until: None,
            interactive_waiting: 0,
            daily_resets_at: None,
            sent: 0,
            waited: Duration::ZERO,
        };
        Self {
            account: Arc::new(Account {
                bulk_gate: Gate::new(()),
                interactive_gate: Gate::new(()),
                state: Mutex::new(state),
                changed: Notify::new(),
            }),
            lane: Arc::default(),
        }
    }

    /// The same account for another queue of calls, e.g. those of another location: lanes
    /// take turns, so that one with a thousand calls does not keep the others waiting.
    /// Clones stay in the lane that they were made from.
    pub fn lane(&self) -> Self {
        Self {
            account: Arc::clone(&self.account),
            lane: Arc::default(),
        }
    }

    /// Waits for leave to send one request.
    pub async fn turn(&self, priority: Priority) -> Result<Turn, DayExhausted> {
        if self.goes_at_once(priority)? {
            return Ok(self.given(Duration::ZERO));
        }
        let asked = Instant::now();
        match priority {
            Priority::Bulk => {
                let _lane = self.lane.bulk.lock().await;
                let _queue = self.account.bulk_gate.lock().await;
                self.wait(priority).await?;
            }
            Priority::Interactive => {
                let _waiting = Waiting::enter(&self.account);
                let _lane = self.lane.interactive.lock().await;
                let _queue = self.account.interactive_gate.lock().await;
                self.wait(priority).await?;
            }
        }
        let waited = asked.elapsed();
        self.state().waited += waited;
        Ok(self.given(waited))
    }

    /// Whether nobody is in front of this call and nothing has to be waited for.
    fn goes_at_once(&self, priority: Priority) -> Result<bool, DayExhausted> {
        let (lane, queue) = match priority {
            Priority::Bulk => (&self.lane.bulk, &self.account.bulk_gate),
            Priority::Interactive => (&self.lane.interactive, &self.account.interactive_gate),
        };
        let (Ok(_lane), Ok(_queue)) = (lane.try_lock(), queue.try_lock()) else {
            return Ok(false);
        };
        let next = self.state().next(priority, Instant::now())?;
        Ok(matches!(next, Next::Go))
    }

    fn given(&self, waited: Duration) -> Turn {
        Turn {
            account: Arc::clone(&self.account),
            waited,
        }
    }

    async fn wait(&self, priority: Priority) -> Result<(), DayExhausted> {
        loop {
            let changed = self.account.changed.notified();
            let next = self.state().next(priority, Instant::now())?;
            match next {
                Next::Go => return Ok(()),
                Next::At(at) if priority == Priority::Interactive => sleep_until(at).await,
                Next::At(at) => drop(timeout_at(at, changed).await),
                Next::Later => changed.await,
            }
        }
    }

    /// Nobody sends for `wait`, as after a 429. Pauses do not add up.
    pub fn pause(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut state = self.state();
        state.paused_until = Some(state.paused_until.map_or(until, |at| at.max(until)));
    }

    /// Takes over what an answer's rate headers said.
    pub fn learn(&self, reading: &LimitReading) {
        if *reading != LimitReading::default() {
            self.state().learn(reading, Instant::now());
        }
    }

    /// What is left of the day and of the interval.
    pub fn budget(&self) -> Budget {
        self.state().budget(Instant::now())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.account.lock()
    }
}

impl Account {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Pacer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Pacer").field(&self.budget()).finish()
    }
}

/// Counts an interactive call while it waits, also when it is dropped meanwhile.
struct Waiting<'a>(&'a Account);

impl<'a> Waiting<'a> {
    fn enter(account: &'a Account) -> Self {
        account.lock().interactive_waiting += 1;
        Self(account)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.lock().interactive_waiting -= 1;
        self.0.changed.notify_waiters();
    }
}
