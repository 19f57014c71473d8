//! Where a walk over pages stands.

use serde::{Deserialize, Serialize};

/// Where a walk over the pages of a list stands. It can be kept and gone on with later.
///
/// Insightly pages by offset over a live table: when a record before the offset
/// vanishes, all later ones move up and one of them would be missed. So each page
/// begins with the last row of the page before. If that row is not there, the walk
/// steps back until it meets rows that it has seen, and goes on from there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// The offset that is asked for next.
    skip: u64,
    /// The key of the row that must be there.
    anchor: Option<i64>,
    /// The greatest key seen: rows come in ascending order of their ids.
    high: Option<i64>,
    /// Whether all rows so far came so.
    ascending: bool,
    /// How many rows were given out.
    given: u64,
    /// How many there were at the start.
    total: Option<u64>,
    /// How often the walk went back, or began again, since it last saw a new row.
    detours: u8,
    /// How many rows the next page should have, by the size of the records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rows: Option<u32>,
}

/// A list that sends the walk back more often than this is given up: it changes all the
/// time, or the server does not page at all.
const MOST_DETOURS: u8 = 8;

/// What becomes of a page's rows.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// For each row, whether it is new.
    pub(crate) fresh: Vec<bool>,
    /// Where to go on; `None` at the end.
    pub(crate) next: Option<Cursor>,
}

/// The list changes faster than it can be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unsteady;

impl Default for Cursor {
    fn default() -> Self {
        Self::start()
    }
}

impl Cursor {
    /// The start of a walk.
    pub const fn start() -> Self {
        Self {
            skip: 0,
            anchor: None,
            high: None,
            ascending: true,
            given: 0,
            total: None,
            detours: 0,
            rows: None,
        }
    }

    pub(crate) fn skip(&self) -> u64 {
        self.skip
    }

    /// How many records there were at the start, where told.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    pub(crate) fn rows(&self) -> Option<u32> {
        self.rows
    }

    pub(crate) fn with_rows(self, rows: u32) -> Self {
        Self {
            rows: Some(rows),
            ..self
        }
    }

    /// Counting costs the server: only the first page asks for it.
    pub(crate) fn wants_total(&self) -> bool {
        self.skip == 0 && self.high.is_none()
    }

    /// Takes a page of rows, by their keys, and tells which are new and where to go on.
    pub(crate) fn take(
        &self,
        keys: &[i64],
        size: u32,
        total: Option<u64>,
    ) -> Result<Step, Unsteady> {
        let sorted = keys.is_sorted();
        if self.is_at_its_place(keys) {
            let overlap = usize::from(self.anchor.is_some());
            let in_order = self.ascending && sorted;
            let known = |key: i64| in_order && self.high.is_some_and(|high| key <= high);
            let rows = keys.iter().enumerate();
            let fresh = rows.map(|(row, key)| row >= overlap && !known(*key));
            return Ok(self.go_on(keys, fresh.collect(), sorted, total));
        }
        if !(self.ascending && sorted) {
            return self.restart(keys.len());
        }
        let high = self.high.unwrap_or(i64::MIN);
        let meets_known = keys.first().is_some_and(|first| *first <= high);
        if meets_known || self.skip == 0 {
            let fresh = keys.iter().map(|key| *key > high).collect();
            let off_its_place = Self {
                detours: self.detour_more()?,
                ..self.clone()
            };
            return Ok(off_its_place.go_on(keys, fresh, sorted, total));
        }
        self.step_back(keys.len(), size)
    }

    fn is_at_its_place(&self, keys: &[i64]) -> bool {
        match self.anchor {
            Some(anchor) => keys.first() == Some(&anchor),
            None => self.high.is_none(),
        }
    }

    fn go_on(&self, keys: &[i64], fresh: Vec<bool>, sorted: bool, total: Option<u64>) -> Step {
        let new = fresh.iter().filter(|fresh| **fresh).count() as u64;
        let next = Self {
            skip: self.skip + (keys.len() as u64).saturating_sub(1),
            anchor: keys.last().copied(),
            high: self.high.max(keys.iter().max().copied()),
            ascending: self.ascending && sorted,
            given: self.given + new,
            total: self.total.or(total),
            // A list in no order shows its rows again after a restart: they are not new.
            detours: if self.ascending && new > 0 {
                0
            } else {
                self.detours
            },
            rows: self.rows,
        };
        let all_seen = next.total.is_some_and(|total| next.given >= total);
        // Nothing but the row that the page before ended with. A short page is no end.
        let only_the_anchor = keys.len() == 1 && self.anchor == keys.first().copied();
        let at_end = keys.is_empty() || only_the_anchor || all_seen;
        Step {
            fresh,
            next: (!at_end).then_some(next),
        }
    }

    /// A step back after another one is the same detour.
    fn step_back(&self, rows: usize, size: u32) -> Result<Step, Unsteady> {
        let back = Self {
            skip: self.skip.saturating_sub(u64::from(size.max(2)) - 1),
            anchor: None,
            detours: self.detour_more()?,
            ..self.clone()
        };
        Ok(back.without_rows(rows))
    }

    fn restart(&self, rows: usize) -> Result<Step, Unsteady> {
        let again = Self {
            ascending: false,
            detours: self.detour_more()?,
            rows: self.rows,
            ..Self::start()
        };
        Ok(again.without_rows(rows))
    }

    /// Goes on elsewhere and gives out none of the rows.
    fn without_rows(self, rows: usize) -> Step {
        Step {
            fresh: vec![false; rows],
            next: Some(self),
        }
    }

    fn detour_more(&self) -> Result<u8, Unsteady> {
        let detours = self.detours + u8::from(self.anchor.is_some());
        if detours > MOST_DETOURS {
            return Err(Unsteady);
        }
        Ok(detours)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// Walks `table`, which `between` changes before each request; gives what came and the requests.
    fn walk(
        mut table: Vec<i64>,
        size: u32,
        counted: bool,
        mut between: impl FnMut(usize, &mut Vec<i64>),
    ) -> (Vec<i64>, usize) {
        let (mut seen, mut set) = (Vec::new(), HashSet::new());
        let (mut at, mut calls) = (Some(Cursor::start()), 0);
        while let Some(cursor) = at {
            between(calls, &mut table);
            calls += 1;
            assert!(calls < 100, "the walk does not end");
            let rows = table.iter().skip(usize::try_from(cursor.skip()).unwrap());
            let keys: Vec<i64> = rows.take(size as usize).copied().collect();
            let total = (counted && cursor.wants_total()).then_some(table.len() as u64);
            let step = cursor.take(&keys, size, total).unwrap();
            for (key, fresh) in keys.iter().zip(step.fresh) {
                if fresh && set.insert(*key) {
                    seen.push(*key);
                }
            }
            at = step.next;
        }
        (seen, calls)
    }

    fn still(_: usize, _: &mut Vec<i64>) {}

    #[test]
    fn a_quiet_list_is_walked_once() {
        assert_eq!(
            walk((1..=10).collect(), 4, true, still),
            ((1..=10).collect(), 3)
        );
        assert_eq!(
            walk((1..=10).collect(), 4, false, still),
            ((1..=10).collect(), 4)
        );
        assert_eq!(walk(vec![], 4, true, still), (vec![], 1));
        assert_eq!(walk(vec![7], 4, false, still), (vec![7], 2));
    }

    #[test]
    fn rows_that_vanish_hide_no_others() {
        for gone in [
            vec![1],
            vec![4],
            vec![1, 2, 3, 4],
            vec![2, 4, 5],
            (1..=7).collect(),
        ] {
            let (seen, _) = walk((1..=10).collect(), 4, true, |call, table| {
                if call == 1 {
                    table.retain(|row| !gone.contains(row));
                }
            });
            let expected: Vec<i64> = (1..=10)
                .filter(|row| *row <= 4 || !gone.contains(row))
                .collect();
            assert_eq!(seen, expected, "{gone:?}");
        }
    }

    #[test]
    fn rows_that_vanish_again_and_again_hide_no_others() {
        let (seen, _) = walk((1..=30).collect(), 5, true, |call, table| {
            if call > 0 && call % 2 == 0 {
                table.remove(0);
            }
        });
        assert_eq!(seen, (1..=30).collect::<Vec<_>>());
    }

    #[test]
    fn rows_that_appear_before_do_not_stop_the_walk() {
        let (seen, _) = walk((10..=20).collect(), 4, true, |call, table| {
            if call == 1 {
                table.splice(0..0, [1, 2, 3, 4, 5, 6]);
            }
        });
        assert_eq!(seen, (10..=20).collect::<Vec<_>>());
    }

    #[test]
    fn a_server_that_gives_short_pages_is_read_to_its_end() {
        let mut at = Some(Cursor::start());
        let mut seen = 0;
        while let Some(cursor) = at {
            let keys: Vec<i64> = (1..=10)
                .skip(usize::try_from(cursor.skip()).unwrap())
                .take(3)
                .collect();
            let step = cursor.take(&keys, 500, None).unwrap();
            seen += step.fresh.iter().filter(|fresh| **fresh).count();
            at = step.next;
        }
        assert_eq!(seen, 10);
    }

    #[test]
    fn a_list_in_no_order_is_walked_again_from_its_start() {
        let table = vec![5, 3, 9, 1, 7, 2, 8];
        let (seen, _) = walk(table.clone(), 3, true, still);
        assert_eq!(seen, table);
        let (mut seen, _) = walk(table, 3, true, |call, table| {
            if call == 2 {
                table.remove(0);
            }
        });
        seen.sort_unstable();
        assert_eq!(seen, [1, 2, 3, 5, 7, 8, 9]);
    }

    #[test]
    fn a_server_that_does_not_page_is_an_error_and_no_endless_walk() {
        for keys in [vec![1, 2, 3], vec![3, 1, 2]] {
            let (mut at, mut calls) = (Cursor::start(), 0);
            let unsteady = loop {
                calls += 1;
                assert!(calls < 50, "the walk does not end");
                match at.take(&keys, 200, None) {
                    Ok(step) => at = step.next.unwrap(),
                    Err(unsteady) => break unsteady,
                }
            };
            assert_eq!(unsteady, Unsteady);
        }
    }

    proptest! {
        #[test]
        fn whatever_vanishes_and_appears_each_row_that_stays_is_seen(
            rows in 0..60_i64,
            size in 2..12_u32,
            counted: bool,
            shuffled: bool,
            changes in vec((1..20_usize, 0..60_i64, any::<bool>()), 0..12),
        ) {
            // Even ids are there from the start, odd ones may appear in between.
            let mut table: Vec<i64> = (0..rows).map(|row| row * 2).collect();
            if shuffled {
                table.reverse();
            }
            let stays: Vec<i64> = table
                .iter()
                .copied()
                .filter(|row| !changes.iter().any(|(_, gone, _)| gone * 2 == *row))
                .collect();
            let (seen, _) = walk(table, size, counted, |call, table| {
                for (_, row, appears) in changes.iter().filter(|(at, ..)| *at == call) {
                    table.retain(|id| *id != row * 2);
                    if *appears && !shuffled && !counted {
                        table.push(row * 2 + 1);
                        table.sort_unstable();
                        table.dedup();
                    }
                }
            });
            for row in stays {
                prop_assert!(seen.contains(&row), "{row} was missed: {seen:?}");
            }
        }
    }

    #[test]
    fn a_cursor_survives_being_kept() {
        let first = Cursor::start()
            .take(&[1, 2, 3], 3, Some(9))
            .unwrap()
            .next
            .unwrap();
        let kept: Cursor = serde_json::from_str(&serde_json::to_string(&first).unwrap()).unwrap();
        assert_eq!(kept, first);
        assert_eq!(kept.total(), Some(9));
    }
}
