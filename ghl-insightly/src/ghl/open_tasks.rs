//! Which tasks were open, read by read: what is no longer among them was done or deleted.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use ghl_contacts::{ContactId, Task, TaskId};
use serde::{Deserialize, Serialize};

/// Open tasks, with their contacts.
pub(super) type Open = BTreeMap<TaskId, Option<ContactId>>;

/// Where a poll stands; what a cursor holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Place {
    /// The number of the last whole read.
    pub(super) read: u64,
    /// Rows seen of the read under way.
    #[serde(default)]
    pub(super) skip: usize,
}

/// Lost with the process, or when a cursor was not stored: then all tasks are read once.
#[derive(Debug, Default)]
pub(super) struct OpenTasks(Mutex<Reads>);

#[derive(Debug, Default)]
struct Reads {
    /// What the last whole read showed, and its number.
    whole: Option<(u64, Open)>,
    /// Where the read under way goes on.
    next: Place,
    /// What it has shown.
    shown: Open,
}

impl OpenTasks {
    /// Where a read really goes on: at its beginning, unless this process read the pages before.
    pub(super) fn goes_on(&self, at: Place) -> Place {
        let mut reads = self.reads();
        if at.skip > 0 && reads.next == at {
            return at;
        }
        reads.shown.clear();
        Place { skip: 0, ..at }
    }

    /// Whether the read that a cursor counts from is known.
    pub(super) fn knows(&self, at: Place) -> bool {
        matches!(&self.reads().whole, Some((read, _)) if *read == at.read)
    }

    /// Takes a page; gives the place of the next one.
    pub(super) fn take(&self, at: Place, page: &[Task]) -> Place {
        let open = page.iter().filter(|task| !is_over(task));
        let open = open.map(|task| (task.id.clone(), task.contact_id.clone()));
        let mut reads = self.reads();
        reads.shown.extend(open);
        reads.next = Place {
            skip: at.skip + page.len(),
            ..at
        };
        reads.next
    }

    /// Those that the last whole read showed and this one does not.
    pub(super) fn gone(&self, at: Place) -> Open {
        let reads = self.reads();
        let Some((_, whole)) = reads.whole.as_ref().filter(|(read, _)| *read == at.read) else {
            return Open::new();
        };
        let gone = whole
            .iter()
            .filter(|(id, _)| !reads.shown.contains_key(*id));
        gone.map(|(id, contact)| (id.clone(), contact.clone()))
            .collect()
    }

    /// The read is whole; gives the place of the next read.
    pub(super) fn end(&self, at: Place) -> Place {
        let mut reads = self.reads();
        let next = Place {
            read: at.read + 1,
            skip: 0,
        };
        reads.whole = Some((next.read, std::mem::take(&mut reads.shown)));
        reads.next = next;
        next
    }

    fn reads(&self) -> MutexGuard<'_, Reads> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_over(task: &Task) -> bool {
    task.completed == Some(true) || task.deleted == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tasks(ids: &[&str]) -> Vec<Task> {
        let task = |id: &&str| serde_json::from_value(json!({ "id": id, "contactId": "c" }));
        ids.iter().map(|id| task(id).unwrap()).collect()
    }

    /// One read of these tasks, in two pages.
    fn read(open: &OpenTasks, at: Place, ids: &[&str]) -> (Vec<String>, Place) {
        let at = open.goes_on(at);
        let (first, second) = ids.split_at(ids.len() / 2);
        let at = open.goes_on(open.take(at, &tasks(first)));
        let at = open.take(at, &tasks(second));
        let gone = open.gone(at).into_keys().map(|id| id.to_string()).collect();
        (gone, open.end(at))
    }

    #[test]
    fn a_task_that_leaves_the_open_ones_is_named_once() {
        let open = OpenTasks::default();
        assert!(!open.knows(Place::default()));
        let (gone, at) = read(&open, Place::default(), &["a", "b", "c", "d"]);
        assert!(gone.is_empty() && open.knows(at));
        let (gone, at) = read(&open, at, &["a", "c"]);
        assert_eq!(gone, ["b", "d"]);
        let (gone, _) = read(&open, at, &["a", "c"]);
        assert!(gone.is_empty());
    }

    #[test]
    fn a_cursor_that_was_not_stored_leads_to_a_whole_read() {
        let open = OpenTasks::default();
        let (_, stored) = read(&open, Place::default(), &["a", "b"]);
        let (gone, _) = read(&open, stored, &["a"]);
        assert_eq!(gone, ["b"]);
        assert!(!open.knows(stored), "what was told got lost");
        let middle = Place { read: 1, skip: 7 };
        assert_eq!(open.goes_on(middle).skip, 0);
    }
}
