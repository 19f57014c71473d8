//! Time comes in from outside, so that tests own it.

use std::{future::Future, pin::Pin};

use jiff::Timestamp;

/// Our own clock. It is used for waiting and for what only we know; servers'
/// times are told by their own stamps.
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// Waits until then.
    fn sleep_until(&self, until: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}
