//! Which tasks were open, read by read: what is no longer among them was done or deleted.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use ghl_contacts::{ContactId, Task, TaskId};
use serde::{Deserialize, Serialize};

use super::place::Place;

/// Open tasks, with their contacts.
pub(super) type Open = BTreeMap<TaskId, Option<ContactId>>;

/// Where a poll stands; what a cursor holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Poll {
    /// The number of the last whole read.
    pub(super) read: u64,
    /// How far the read under way has come.
    #[serde(flatten)]
    pub(super) place: Place,
}

/// Lost with the process, or when a cursor was not stored: then all tasks are read once.
#[derive(Debug, Default)]
pub(super) struct OpenTasks(Mutex<Reads>);

#[derive(Debug, Default)]
struct Reads {
    /// What the last whole read showed, and its number.
    whole: Option<(u64, Open)>,
    /// Where the read under way goes on.
    next: Poll,
    /// What it has shown.
    shown: Open,
}

impl OpenTasks {
    /// Where a read really goes on: at its beginning, unless this process read the pages before.
    pub(super) fn goes_on(&self, at: Poll) -> Poll {
        let mut reads = self.reads();
        if !at.place.is_beginning() && reads.next == at {
            return at;
        }
        reads.shown.clear();
        let place = if at.place.is_beginning() {
            at.place
        } else {
            Place::default()
        };
        Poll { place, ..at }
    }

    /// Whether the read that a cursor counts from is known.
    pub(super) fn knows(&self, at: &Poll) -> bool {
        matches!(&self.reads().whole, Some((read, _)) if *read == at.read)
    }

    /// Takes a page, which goes on at the next one.
    pub(super) fn take(&self, page: &[Task], next: Poll) {
        let open = page.iter().filter(|task| !is_over(task));
        let open = open.map(|task| (task.id.clone(), task.contact_id.clone()));
        let mut reads = self.reads();
        reads.shown.extend(open);
        reads.next = next;
    }

    /// Those that the last whole read showed and this one does not.
    pub(super) fn gone(&self, at: &Poll) -> Open {
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
    pub(super) fn end(&self, at: &Poll) -> Poll {
        let mut reads = self.reads();
        let next = Poll {
            read: at.read + 1,
            place: Place::default(),
        };
        reads.whole = Some((next.read, std::mem::take(&mut reads.shown)));
        reads.next = next.clone();
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
    use super::{super::place::Paged, *};
    use serde_json::json;

    fn tasks(ids: &[&str]) -> Vec<Task> {
        let task = |id: &&str| serde_json::from_value(json!({ "id": id, "contactId": "c" }));
        ids.iter().map(|id| task(id).unwrap()).collect()
    }

    /// One page of these tasks.
    fn page(open: &OpenTasks, at: &Poll, ids: &[&str]) -> Poll {
        let Paged::Rows(rows, place) = at.place.take(tasks(ids), |task| task.id.as_str()) else {
            panic!("a page shows nothing");
        };
        let read = at.read;
        let next = Poll { read, place };
        open.take(&rows, next.clone());
        next
    }

    /// One read of these tasks, in two pages.
    fn read(open: &OpenTasks, at: Poll, ids: &[&str]) -> (Vec<String>, Poll) {
        let at = open.goes_on(at);
        let middle = ids.len() / 2;
        let at = open.goes_on(page(open, &at, &ids[..middle]));
        let at = page(open, &at, &ids[middle - 1..]);
        let gone = open.gone(&at).into_keys().map(|id| id.to_string());
        (gone.collect(), open.end(&at))
    }

    #[test]
    fn a_task_that_leaves_the_open_ones_is_named_once() {
        let open = OpenTasks::default();
        assert!(!open.knows(&Poll::default()));
        let (gone, at) = read(&open, Poll::default(), &["a", "b", "c", "d"]);
        assert!(gone.is_empty() && open.knows(&at));
        let (gone, at) = read(&open, at, &["a", "c"]);
        assert_eq!(gone, ["b", "d"]);
        let (gone, _) = read(&open, at, &["a", "c"]);
        assert!(gone.is_empty());
    }

    #[test]
    fn a_cursor_that_was_not_stored_leads_to_a_whole_read() {
        let open = OpenTasks::default();
        let (_, stored) = read(&open, Poll::default(), &["a", "b"]);
        let (gone, _) = read(&open, stored.clone(), &["a", "c"]);
        assert_eq!(gone, ["b"]);
        assert!(!open.knows(&stored), "what was told got lost");
        let middle = page(&open, &stored, &["a"]);
        assert!(OpenTasks::default().goes_on(middle).place.is_beginning());
    }
}
