//! Users, countries, tags and custom fields of both accounts are read when these are connected.
//! A run that goes on for days connects them anew.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use sync_core::{Event, HoldReason, Observer};

/// How long what was read is good for.
const GOOD: Duration = Duration::from_secs(24 * 3600);

/// How long it is not tried again, whatever was refused.
const REST: Duration = Duration::from_secs(3600);

/// How old the lists of both accounts are, and whether something was refused since.
#[derive(Debug)]
pub(crate) struct Lists {
    read: Timestamp,
    tried: Option<Timestamp>,
    refused: Arc<AtomicBool>,
}

impl Lists {
    pub(crate) fn read_at(now: Timestamp) -> Self {
        Self {
            read: now,
            tried: None,
            refused: Arc::default(),
        }
    }

    /// Hears of values that a system refuses, or that do not fit what is known of it.
    pub(crate) fn observer(&self) -> impl Observer {
        let refused = Arc::clone(&self.refused);
        move |event: &Event<'_>| {
            if let Event::Held(hold) = event
                && matches!(hold.reason, HoldReason::Refused | HoldReason::Unfit)
            {
                refused.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Whether it is time to read them again: after a day, or after a refusal, and never twice
    /// within an hour. Whoever asks and hears yes, tries.
    pub(crate) fn are_due(&mut self, now: Timestamp) -> bool {
        let old = self.read + GOOD <= now || self.refused.load(Ordering::Relaxed);
        let rested = self.tried.is_none_or(|tried| tried + REST <= now);
        if !(old && rested) {
            return false;
        }
        self.refused.store(false, Ordering::Relaxed);
        self.tried = Some(now);
        true
    }

    /// They were read.
    pub(crate) fn were_read(&mut self, now: Timestamp) {
        self.read = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: u64) -> Timestamp {
        Timestamp::UNIX_EPOCH + Duration::from_secs(60 * minutes)
    }

    const HOUR: u64 = 60;
    const DAY: u64 = 24 * HOUR;

    #[test]
    fn lists_are_read_once_a_day() {
        let mut lists = Lists::read_at(at(0));
        assert!(!lists.are_due(at(DAY - 1)));
        assert!(lists.are_due(at(DAY)));
        lists.were_read(at(DAY));
        assert!(!lists.are_due(at(2 * DAY - 1)));
        assert!(lists.are_due(at(2 * DAY)));
    }

    #[test]
    fn a_refusal_reads_them_at_once_and_then_once_an_hour() {
        let mut lists = Lists::read_at(at(0));
        let refuse = |lists: &Lists| lists.refused.store(true, Ordering::Relaxed);
        refuse(&lists);
        assert!(lists.are_due(at(1)));
        lists.were_read(at(1));
        refuse(&lists);
        assert!(!lists.are_due(at(HOUR)));
        assert!(lists.are_due(at(HOUR + 1)));
        lists.were_read(at(HOUR + 1));
        assert!(!lists.are_due(at(3 * HOUR)), "nothing was refused since");
    }

    #[test]
    fn what_cannot_be_read_is_tried_again_an_hour_later() {
        let mut lists = Lists::read_at(at(0));
        assert!(lists.are_due(at(DAY)));
        assert!(!lists.are_due(at(DAY + HOUR - 1)));
        assert!(lists.are_due(at(DAY + HOUR)));
    }
}
