//! How far a server's clock is from ours.

use jiff::{SignedDuration, Timestamp};

use crate::rules::Interval;

/// The offset of one server's clock, measured from its answers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Skew(Option<Measured>);

#[derive(Debug, Clone, Copy)]
struct Measured {
    offset: SignedDuration,
    uncertainty: SignedDuration,
}

/// `Date` headers and many stamps are cut to the second.
const GRAIN: SignedDuration = SignedDuration::from_secs(1);

impl Skew {
    /// The server said `server_time` sometime between `asked` and `answered`.
    pub(super) fn measure(
        &mut self,
        server_time: Option<Timestamp>,
        asked: Timestamp,
        answered: Timestamp,
    ) {
        if let Some(server_time) = server_time {
            self.0 = Some(Measured {
                offset: server_time.duration_since(asked),
                uncertainty: answered.duration_since(asked) + GRAIN,
            });
        }
    }

    /// What the server's clock showed at least, at a time of ours that is not long ago; as stamps
    /// are cut.
    pub(super) fn earliest_there(&self, ours: Timestamp) -> Option<Timestamp> {
        let Measured {
            offset,
            uncertainty,
        } = self.0?;
        Some(ours + offset - uncertainty)
    }

    /// When something was, by our clock, that the server says was at `theirs`.
    pub(super) fn interval(&self, theirs: Timestamp) -> Option<Interval> {
        let Measured {
            offset,
            uncertainty,
        } = self.0?;
        let ours = theirs - offset;
        Some(Interval {
            earliest: ours - uncertainty,
            latest: ours + uncertainty,
        })
    }
}
