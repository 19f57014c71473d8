//! Places in lists that go on by skipping what was seen.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sync_core::{Cursor, RecordId};

/// How often a walk begins again because the list moved under it.
const AGAIN: u32 = 3;

/// How far a walk over such a list has come; what a cursor holds.
///
/// A row that is deleted in front of it moves all others up, and would hide one of them. So each
/// page begins one row early: that row must be the one seen last, or the list is walked again. A
/// list that moves under every walk is not walked for ever: after the third time the walk goes on
/// where it is. What it passes over is met by the next one; until then it only looks absent, and
/// what looks absent is read by id before anything is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    seen: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<RecordId>,
    again: u32,
}

/// What a page means to a walk.
#[derive(Debug)]
pub(super) enum Paged<T> {
    /// Rows that were not seen yet, and where to go on.
    Rows(Vec<T>, Place),
    /// The list moved: it is walked again from here.
    Moved(Place),
    /// All was seen.
    End,
}

impl Place {
    /// Whether nothing was seen yet.
    pub(super) fn is_beginning(&self) -> bool {
        self.seen == 0
    }

    /// How many rows the next page leaves out: one fewer than were seen.
    pub(super) fn skip(&self) -> usize {
        self.seen - usize::from(self.last.is_some())
    }

    /// Takes the page that was asked for. There is no total, and a short page may just be
    /// capped: only one without a new row ends the list.
    pub(super) fn take<T>(&self, mut rows: Vec<T>, id: impl Fn(&T) -> &str) -> Paged<T> {
        let seen = self.skip() + rows.len();
        if let Some(last) = &self.last {
            if rows.first().is_some_and(|row| id(row) == last.as_str()) {
                rows.remove(0);
            } else if self.again < AGAIN {
                return Paged::Moved(Self {
                    again: self.again + 1,
                    ..Self::default()
                });
            }
        }
        let Some(last) = rows.last().map(|row| RecordId::new(id(row))) else {
            return Paged::End;
        };
        let next = Self {
            seen,
            last: Some(last),
            again: self.again,
        };
        Paged::Rows(rows, next)
    }
}

/// What a cursor keeps. One that cannot be read is the beginning: that costs nothing but reads.
pub(super) fn stored<P: DeserializeOwned + Default>(cursor: Option<&Cursor>) -> P {
    let stored = cursor.and_then(|cursor| serde_json::from_str(&cursor.0).ok());
    stored.unwrap_or_default()
}

/// A cursor that keeps it.
pub(super) fn cursor(place: &impl Serialize) -> Cursor {
    Cursor(serde_json::to_string(place).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: usize = 3;

    /// Walks a list of which something goes away before each page; gives what was seen, and how
    /// many pages were asked for.
    fn walk(mut list: Vec<&'static str>, mut leaves: impl Iterator<Item = usize>) -> (String, u32) {
        let (mut place, mut seen, mut pages) = (Place::default(), String::new(), 0);
        loop {
            if let Some(row) = leaves.next().filter(|row| *row < list.len()) {
                list.remove(row);
            }
            pages += 1;
            let page = list.iter().skip(place.skip()).take(PAGE).copied();
            match place.take(page.collect(), |row| row) {
                Paged::Rows(rows, next) => {
                    seen.extend(rows);
                    place = next;
                }
                Paged::Moved(beginning) => {
                    assert!(beginning.is_beginning());
                    seen.clear();
                    place = beginning;
                }
                Paged::End => return (seen, pages),
            }
        }
    }

    /// No such row.
    const NONE: usize = usize::MAX;

    #[test]
    fn a_list_that_fits_a_page_costs_that_page_and_one_that_ends_it() {
        assert_eq!(
            walk(vec!["a", "b", "c"], [].into_iter()),
            ("abc".to_owned(), 2)
        );
        assert_eq!(walk(vec![], [].into_iter()), (String::new(), 1));
    }

    #[test]
    fn a_row_that_leaves_in_front_hides_no_other() {
        let list = vec!["a", "b", "c", "d", "e", "f"];
        let (seen, _) = walk(list.clone(), [NONE, 0].into_iter());
        assert_eq!(seen, "bcdef");
        let (seen, _) = walk(list, [NONE, NONE, 2].into_iter());
        assert_eq!(seen, "abdef");
        let (seen, _) = walk(vec!["a", "b", "c"], [NONE, 1].into_iter());
        assert_eq!(seen, "ac", "the last page shrank");
    }

    #[test]
    fn a_list_that_always_moves_is_walked_to_its_end_all_the_same() {
        let list: Vec<&str> = "abcdefghijklmnopqrstuvwxyz"
            .split("")
            .filter(|row| !row.is_empty())
            .collect();
        let (seen, pages) = walk(list, std::iter::repeat(0));
        assert!(seen.ends_with('z'), "{seen}");
        assert!(pages < 20, "{pages}");
    }

    #[test]
    fn a_place_outlives_its_process() {
        let Paged::Rows(_, place) = Place::default().take(vec!["a"], |row| row) else {
            panic!("a row is a row");
        };
        assert_eq!(stored::<Place>(Some(&cursor(&place))), place);
        assert_eq!(
            stored::<Place>(Some(&Cursor("7".to_owned()))),
            Place::default()
        );
    }
}
