//! Waiting for what a running command does.

use std::time::{Duration, Instant};

/// How often it is looked.
const GLANCE: Duration = Duration::from_millis(2);

/// Returns as soon as something is so.
pub(crate) async fn until(what: &str, within: Duration, mut is_so: impl FnMut() -> bool) {
    let patient_until = Instant::now() + within;
    while !is_so() {
        assert!(
            Instant::now() < patient_until,
            "{what}: not within {within:?}"
        );
        tokio::time::sleep(GLANCE).await;
    }
}
