//! How much of what was there before a first sync creates.

use std::time::Duration;

use sync_core::{Backlog, FieldKey, Kind, Record, Side};

use crate::{
    note::NOTE,
    task::{DONE, TASK},
};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Notes of some days, and tasks that are open: what is carried over of years is little that
/// anybody looks at, and half of the requests of a first sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recent {
    /// Notes of so many days before the first sync; `None` for all.
    pub notes_of_days: Option<u32>,
    /// Also tasks that were completed before it.
    pub completed_tasks: bool,
}

impl Default for Recent {
    /// Everything.
    fn default() -> Self {
        Self {
            notes_of_days: None,
            completed_tasks: true,
        }
    }
}

impl Backlog for Recent {
    fn enters(&self, kind: &Kind, _side: Side, record: &Record, age: Duration) -> bool {
        if *kind == NOTE {
            return self.notes_of_days.is_none_or(|days| age <= DAY * days);
        }
        *kind != TASK || self.completed_tasks || record.get(&DONE) != Some(true)
    }

    fn digest(&self) -> u64 {
        FieldKey::named(&format!("{self:?}")).digest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::CONTACT;

    #[test]
    fn old_notes_and_completed_tasks_stay_where_they_are() {
        let recent = Recent {
            notes_of_days: Some(90),
            completed_tasks: false,
        };
        let enters = |kind, record: &Record, days| {
            recent.enters(&kind, Side::Left, record, DAY * days + DAY / 2)
        };
        let nothing = Record::default();
        assert!(enters(NOTE, &nothing, 89));
        assert!(!enters(NOTE, &nothing, 90));
        assert!(enters(CONTACT, &nothing, 4_000));
        let mut task = Record::default();
        for (done, does) in [(None, true), (Some(false), true), (Some(true), false)] {
            task.set(&DONE, done);
            assert_eq!(enters(TASK, &task, 0), does, "{done:?}");
            assert!(Recent::default().enters(&TASK, Side::Right, &task, DAY * 4_000));
        }
        assert_ne!(recent.digest(), Recent::default().digest());
    }
}
