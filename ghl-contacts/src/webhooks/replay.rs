//! A delivery counts once: how old it may be, and which ones were there.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use jiff::Timestamp;

use super::DeliveryId;

/// How far the `timestamp` of a delivery may be from now.
///
/// HighLevel advises five minutes, but repeats a delivery for about 70 minutes after a 429,
/// and whether a repetition has a new stamp is not documented. So the stock window is two
/// hours into the past and five minutes into the future, and the memory does the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    past: Duration,
    future: Duration,
    undated: bool,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            past: Duration::from_secs(2 * 60 * 60),
            future: Duration::from_secs(5 * 60),
            undated: true,
        }
    }
}

impl Window {
    /// Accepts stamps this far back and this far ahead, and deliveries without a stamp.
    pub fn new(past: Duration, future: Duration) -> Self {
        Self {
            past,
            future,
            undated: true,
        }
    }

    /// Refuses deliveries without a `timestamp`, which HighLevel's pages do not promise.
    pub fn refuse_undated(mut self) -> Self {
        self.undated = false;
        self
    }

    /// Whether a delivery of this stamp may still count.
    pub fn admits(&self, stamp: Option<Timestamp>, now: Timestamp) -> bool {
        let Some(stamp) = stamp else {
            return self.undated;
        };
        let age = now.duration_since(stamp);
        match Duration::try_from(age) {
            Ok(age) => age <= self.past,
            Err(_) => age.unsigned_abs() <= self.future,
        }
    }
}

/// What a memory knows of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim {
    /// It is new, and yours now: [`confirm`](ReplayMemory::confirm) or
    /// [`release`](ReplayMemory::release) it.
    New,
    /// Somebody is at it this moment.
    Pending,
    /// It was kept before.
    Known,
    /// It is older than what the memory still holds: it may have been kept before.
    Forgotten,
}

/// Why a memory cannot tell.
#[derive(Debug, thiserror::Error)]
#[error("the memory of deliveries failed: {0}")]
pub struct MemoryError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Which deliveries were there. Implement it where several processes receive for one app.
///
/// A claim is atomic: of two that race for one delivery, one gets [`Claim::New`]. A claim
/// that is neither confirmed nor released (its process died) must end by itself.
#[async_trait]
pub trait ReplayMemory: Send + Sync + 'static {
    /// Claims a delivery. `stamp` is its own time, or that of its arrival if it has none.
    async fn claim(&self, id: &DeliveryId, stamp: Timestamp) -> Result<Claim, MemoryError>;

    /// It is kept: from now on it is known.
    async fn confirm(&self, id: &DeliveryId) -> Result<(), MemoryError>;

    /// It is not kept: when it comes again it is new.
    async fn release(&self, id: &DeliveryId) -> Result<(), MemoryError>;
}

/// The stock memory: in this process, of bounded size.
///
/// When it is full the delivery with the oldest stamp is dropped, and from then on nothing
/// of that age is taken for new: a full memory never lets a replay through. Make it larger
/// than the deliveries of one [`Window`]. Deliveries without a stamp count by their arrival,
/// so a dropped one can come again.
#[derive(Debug)]
pub struct RecentDeliveries {
    capacity: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    known: HashMap<DeliveryId, Entry>,
    by_age: BTreeSet<(Timestamp, DeliveryId)>,
    dropped: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    stamp: Timestamp,
    claimed: Instant,
    kept: bool,
}

/// After this long without a word, whoever claimed a delivery is gone.
const CLAIM_ENDS: Duration = Duration::from_secs(60);

impl Default for RecentDeliveries {
    /// Holds 65,536 deliveries: some 15 MB when full, and nine a second over two hours.
    fn default() -> Self {
        Self::new(65_536)
    }
}

impl RecentDeliveries {
    /// Holds this many deliveries, and at least one.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            inner: Mutex::default(),
        }
    }

    /// How many it holds now.
    pub fn len(&self) -> usize {
        self.inner().known.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn claim(&mut self, id: &DeliveryId, stamp: Timestamp, capacity: usize) -> Claim {
        match self.known.get(id) {
            Some(Entry { kept: true, .. }) => return Claim::Known,
            Some(entry) if entry.claimed.elapsed() < CLAIM_ENDS => return Claim::Pending,
            Some(_) => self.remove(id),
            None if self.dropped.is_some_and(|dropped| stamp <= dropped) => {
                return Claim::Forgotten;
            }
            None => {}
        }
        while self.known.len() >= capacity {
            self.drop_oldest();
        }
        if self.dropped.is_some_and(|dropped| stamp <= dropped) {
            return Claim::Forgotten;
        }
        let entry = Entry {
            stamp,
            claimed: Instant::now(),
            kept: false,
        };
        self.known.insert(id.clone(), entry);
        self.by_age.insert((stamp, id.clone()));
        Claim::New
    }

    fn remove(&mut self, id: &DeliveryId) {
        if let Some(entry) = self.known.remove(id) {
            self.by_age.remove(&(entry.stamp, id.clone()));
        }
    }

    fn drop_oldest(&mut self) {
        if let Some((stamp, id)) = self.by_age.pop_first() {
            self.known.remove(&id);
            self.dropped = self.dropped.max(Some(stamp));
        }
    }
}

#[async_trait]
impl ReplayMemory for RecentDeliveries {
    async fn claim(&self, id: &DeliveryId, stamp: Timestamp) -> Result<Claim, MemoryError> {
        Ok(self.inner().claim(id, stamp, self.capacity))
    }

    async fn confirm(&self, id: &DeliveryId) -> Result<(), MemoryError> {
        if let Some(entry) = self.inner().known.get_mut(id) {
            entry.kept = true;
        }
        Ok(())
    }

    async fn release(&self, id: &DeliveryId) -> Result<(), MemoryError> {
        self.inner().remove(id);
        Ok(())
    }
}
