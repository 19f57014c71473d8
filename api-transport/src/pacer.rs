//! How fast an account may be called.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Mutex as Gate, OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until},
};

/// The published limits of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Requests in each interval.
    pub burst: u32,
    /// The interval.
    pub interval: Duration,
    /// Requests under way at once.
    pub in_flight: usize,
    /// Requests in a day, until the rate headers tell better.
    pub daily: Option<u64>,
    /// How many of the day's requests bulk calls leave to interactive ones.
    pub reserve: u64,
}

/// Who is calling: a person who waits, or a sweep that has time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Priority {
    /// Goes ahead of bulk calls and may use the day's reserve.
    #[default]
    Interactive,
    /// Yields to interactive calls and leaves the reserve alone.
    Bulk,
}

/// What an answer's rate headers said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LimitReading {
    /// Requests in each interval.
    pub burst: Option<u32>,
    /// Left in this interval.
    pub burst_remaining: Option<u32>,
    /// The interval.
    pub interval: Option<Duration>,
    /// Requests in a day.
    pub daily: Option<u64>,
    /// Left in this day.
    pub daily_remaining: Option<u64>,
    /// Until the day's allowance is renewed.
    pub daily_resets_in: Option<Duration>,
}

/// What is left of an account's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Requests in a day, where known.
    pub daily: Option<u64>,
    /// Left in this day, as the API last said, where known.
    pub daily_remaining: Option<u64>,
    /// Until the day's allowance is renewed, where known.
    pub resets_in: Option<Duration>,
    /// Requests that this pacer let through.
    pub sent: u64,
    /// How long calls have waited here for their turn, summed up.
    pub waited: Duration,
}

/// The day's allowance is used up, or what is left is kept for interactive calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayExhausted {
    /// Until the allowance is renewed, where known.
    pub resets_in: Option<Duration>,
}

/// One account's pacer: a handle, given to any number of clients of that account.
///
/// It holds to the published limits, learns from the rate headers, lets
/// interactive calls go first, pauses everyone once after a 429, and stops when
/// the day is used up.
#[derive(Clone)]
pub struct Pacer(Arc<Inner>);

struct Inner {
    in_flight: Arc<Semaphore>,
    /// One bulk call at a time looks for its turn; the rest queue here, in order.
    bulk_gate: Gate<()>,
    interactive_gate: Gate<()>,
    state: Mutex<State>,
}

struct State {
    limits: Option<Limits>,
    sent_at: VecDeque<Instant>,
    paused_until: Option<Instant>,
    interactive_waiting: usize,
    daily_remaining: Option<u64>,
    daily_resets_at: Option<Instant>,
    sent: u64,
    waited: Duration,
}

/// Leave to send one request; dropping it frees the place in flight.
#[derive(Debug)]
pub struct Turn {
    _in_flight: Option<OwnedSemaphorePermit>,
    /// How long the call waited for it.
    pub waited: Duration,
}

/// Servers count arrivals, we count departures: this much is left between the two.
const ARRIVAL_MARGIN: Duration = Duration::from_millis(150);

/// How often a bulk call looks whether the interactive ones are through.
const YIELD: Duration = Duration::from_millis(20);

enum Next {
    Go,
    At(Instant),
}

impl Pacer {
    /// A pacer for an account with these limits.
    pub fn new(limits: Limits) -> Self {
        let in_flight = limits.in_flight.max(1);
        Self::start(Some(limits), in_flight)
    }

    /// No limits of ours: for a server of your own. Pauses after a 429 all the same.
    pub fn unlimited() -> Self {
        Self::start(None, Semaphore::MAX_PERMITS)
    }

    fn start(limits: Option<Limits>, in_flight: usize) -> Self {
        let state = State {
            daily_remaining: limits.as_ref().and_then(|l| l.daily),
            limits,
            sent_at: VecDeque::new(),
            paused_until: None,
            interactive_waiting: 0,
            daily_resets_at: None,
            sent: 0,
            waited: Duration::ZERO,
        };
        Self(Arc::new(Inner {
            in_flight: Arc::new(Semaphore::new(in_flight)),
            bulk_gate: Gate::new(()),
            interactive_gate: Gate::new(()),
            state: Mutex::new(state),
        }))
    }

    /// Waits for leave to send one request.
    pub async fn turn(&self, priority: Priority) -> Result<Turn, DayExhausted> {
        let asked = Instant::now();
        let in_flight = Arc::clone(&self.0.in_flight).acquire_owned().await.ok();
        match priority {
            Priority::Bulk => {
                let _queue = self.0.bulk_gate.lock().await;
                self.wait(priority).await?;
            }
            Priority::Interactive => {
                let _waiting = Waiting::enter(&self.0);
                let _queue = self.0.interactive_gate.lock().await;
                self.wait(priority).await?;
            }
        }
        let waited = asked.elapsed();
        self.state().waited += waited;
        Ok(Turn {
            _in_flight: in_flight,
            waited,
        })
    }

    async fn wait(&self, priority: Priority) -> Result<(), DayExhausted> {
        loop {
            let next = self.state().next(priority, Instant::now())?;
            match next {
                Next::Go => return Ok(()),
                Next::At(at) => sleep_until(at).await,
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
        self.state().learn(reading, Instant::now());
    }

    /// What is left of the day.
    pub fn budget(&self) -> Budget {
        let state = self.state();
        Budget {
            daily: state.limits.as_ref().and_then(|l| l.daily),
            daily_remaining: state.daily_remaining,
            resets_in: state.resets_in(Instant::now()),
            sent: state.sent,
            waited: state.waited,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock()
    }
}

impl Inner {
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
struct Waiting<'a>(&'a Inner);

impl<'a> Waiting<'a> {
    fn enter(inner: &'a Inner) -> Self {
        inner.lock().interactive_waiting += 1;
        Self(inner)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.lock().interactive_waiting -= 1;
    }
}

impl State {
    fn next(&mut self, priority: Priority, now: Instant) -> Result<Next, DayExhausted> {
        self.renew_day(now);
        if self.day_is_used_up(priority) {
            return Err(DayExhausted {
                resets_in: self.resets_in(now),
            });
        }
        if let Some(at) = self.paused_until.filter(|at| *at > now) {
            return Ok(Next::At(at));
        }
        if let Some(at) = self.burst_opens_at(now) {
            return Ok(Next::At(at));
        }
        if priority == Priority::Bulk && self.interactive_waiting > 0 {
            return Ok(Next::At(now + YIELD));
        }
        self.note_sent(now);
        Ok(Next::Go)
    }

    fn note_sent(&mut self, now: Instant) {
        self.sent += 1;
        self.daily_remaining = self.daily_remaining.map(|left| left.saturating_sub(1));
        if self.limits.is_some() {
            self.sent_at.push_back(now);
        }
    }

    /// When a place in the interval is free again; `None` if there is one now.
    fn burst_opens_at(&mut self, now: Instant) -> Option<Instant> {
        let limits = self.limits.as_ref()?;
        let window = limits.interval + ARRIVAL_MARGIN;
        while self
            .sent_at
            .front()
            .is_some_and(|sent| *sent + window <= now)
        {
            self.sent_at.pop_front();
        }
        let full = self.sent_at.len() >= limits.burst as usize;
        self.sent_at
            .front()
            .filter(|_| full)
            .map(|sent| *sent + window)
    }

    fn day_is_used_up(&self, priority: Priority) -> bool {
        let kept = match (priority, &self.limits) {
            (Priority::Bulk, Some(limits)) => limits.reserve,
            _ => 0,
        };
        self.daily_remaining.is_some_and(|left| left <= kept)
    }

    fn renew_day(&mut self, now: Instant) {
        if self.daily_resets_at.is_some_and(|at| at <= now) {
            self.daily_resets_at = None;
            self.daily_remaining = self.limits.as_ref().and_then(|l| l.daily);
        }
    }

    fn resets_in(&self, now: Instant) -> Option<Duration> {
        self.daily_resets_at
            .map(|at| at.saturating_duration_since(now))
    }

    fn learn(&mut self, reading: &LimitReading, now: Instant) {
        if let Some(limits) = &mut self.limits {
            limits.burst = reading.burst.filter(|b| *b > 0).unwrap_or(limits.burst);
            limits.interval = reading.interval.unwrap_or(limits.interval);
            limits.daily = reading.daily.or(limits.daily);
        }
        if let Some(left) = reading.daily_remaining {
            self.daily_remaining = Some(left);
        }
        if let Some(wait) = reading.daily_resets_in {
            self.daily_resets_at = Some(now + wait);
        }
        self.make_room_for_others(reading, now);
    }

    /// Another program uses the same account: what it took counts as ours.
    fn make_room_for_others(&mut self, reading: &LimitReading, now: Instant) {
        let (Some(limits), Some(left)) = (&self.limits, reading.burst_remaining) else {
            return;
        };
        let used = limits.burst.saturating_sub(left) as usize;
        if left == 0 {
            while self.sent_at.len() < used {
                self.sent_at.push_back(now);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits {
            burst: 10,
            interval: Duration::from_secs(1),
            in_flight: 4,
            daily: Some(100),
            reserve: 20,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_passes_at_once_and_the_next_call_waits_for_the_interval() {
        let pacer = Pacer::new(limits());
        let start = Instant::now();
        for _ in 0..10 {
            pacer.turn(Priority::Bulk).await.unwrap();
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        pacer.turn(Priority::Bulk).await.unwrap();
        assert!(start.elapsed() >= Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn no_interval_ever_holds_more_than_the_burst() {
        let pacer = Pacer::new(Limits {
            daily: None,
            ..limits()
        });
        let mut sent = Vec::new();
        for _ in 0..55 {
            pacer.turn(Priority::Interactive).await.unwrap();
            sent.push(Instant::now());
        }
        for window in sent.windows(11) {
            assert!(window[10] - window[0] >= Duration::from_secs(1));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn bulk_leaves_the_reserve_and_a_used_up_day_stops() {
        let pacer = Pacer::new(limits());
        for _ in 0..80 {
            pacer.turn(Priority::Bulk).await.unwrap();
        }
        assert!(pacer.turn(Priority::Bulk).await.is_err());
        for _ in 0..20 {
            pacer.turn(Priority::Interactive).await.unwrap();
        }
        assert!(pacer.turn(Priority::Interactive).await.is_err());
        pacer.learn(&LimitReading {
            daily_resets_in: Some(Duration::from_secs(60)),
            ..LimitReading::default()
        });
        tokio::time::advance(Duration::from_secs(61)).await;
        assert!(pacer.turn(Priority::Bulk).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_everyone_once() {
        let pacer = Pacer::new(limits());
        let start = Instant::now();
        pacer.pause(Duration::from_secs(5));
        pacer.pause(Duration::from_secs(5));
        let (a, b) = tokio::join!(
            pacer.turn(Priority::Bulk),
            pacer.turn(Priority::Interactive)
        );
        assert!(a.is_ok() && b.is_ok());
        assert!(start.elapsed() < Duration::from_secs(6));
    }

    #[tokio::test(start_paused = true)]
    async fn an_empty_interval_in_the_headers_holds_us_back() {
        let pacer = Pacer::new(limits());
        pacer.learn(&LimitReading {
            burst_remaining: Some(0),
            ..LimitReading::default()
        });
        let start = Instant::now();
        pacer.turn(Priority::Interactive).await.unwrap();
        assert!(start.elapsed() >= Duration::from_secs(1));
    }
}
