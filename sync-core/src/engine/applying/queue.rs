//! The staged entries that write to one side, in the order of the plan.

use std::collections::VecDeque;

use crate::{
    engine::{applying::abreast::Place, pass::Pass},
    id::Kind,
    side::{Both, Side},
    step::Staged,
    store::StoreError,
};

/// Staged steps in one page, and the most that are applied together.
const PAGE: usize = 200;

/// What waits to be applied, and how much of it is under way.
#[derive(Default)]
struct Queue {
    /// The last step that was read.
    after: u64,
    over: bool,
    page: VecDeque<Staged>,
    running: usize,
}

/// A queue for each side, so that none is idle while the other is written to: each is as slow as
/// its limits. Kinds stay in their order, and so do the entries of a queue.
pub(in crate::engine) struct Queues {
    sides: Both<Queue>,
    /// What is being applied.
    kind: Option<Kind>,
    /// How many entries of each queue may be under way at once.
    most: Both<usize>,
}

impl Queues {
    pub(in crate::engine) fn new(most: Both<usize>) -> Self {
        Self {
            sides: Both::default(),
            kind: None,
            most,
        }
    }

    /// Reads on where a queue has run empty.
    pub(in crate::engine) async fn fill(
        &mut self,
        pass: &Pass<'_>,
        these: impl Fn(&Place) -> bool,
    ) -> Result<(), StoreError> {
        let here = &pass.shared.connection;
        let most = self.most;
        for side in Side::BOTH {
            let queue = &mut self.sides[side];
            while queue.page.is_empty() && !queue.over {
                let page = pass.store.staged(here, queue.after, PAGE).await?;
                queue.over = page.is_empty();
                queue.after = page.last().map_or(queue.after, |last| last.sequence);
                let own = |staged: &Staged| {
                    queue_of(staged, most) == side
                        && these(&crate::engine::applying::abreast::place(staged))
                };
                queue.page.extend(page.into_iter().filter(own));
            }
        }
        Ok(())
    }

    /// The sides whose next entry may begin, the less busy one first.
    fn ready(&self) -> Vec<Side> {
        let waits = |side: &Side| {
            let next = self.sides[*side].page.front();
            next.is_some_and(|next| Some(&next.kind) == self.kind.as_ref())
        };
        let mut ready: Vec<Side> = Side::BOTH.into_iter().filter(waits).collect();
        ready.retain(|side| self.sides[*side].running < self.most[*side]);
        let place = |side: &Side| {
            let queue = &self.sides[*side];
            (queue.running, queue.page.front().map(|next| next.sequence))
        };
        ready.sort_by_key(place);
        ready
    }

    /// The next entry that may begin: one whose records `reserve` gives. If it needs no call,
    /// those that come after it and need none either come along.
    pub(in crate::engine) fn next(&mut self, reserve: impl Fn(&Staged) -> bool) -> Vec<Staged> {
        for side in self.ready() {
            let queue = &mut self.sides[side];
            let Some(first) = queue.page.front() else {
                continue;
            };
            let comes_along = |staged: &Staged| {
                first.needs_no_call() && staged.needs_no_call() && staged.kind == first.kind
            };
            let page = queue.page.iter().enumerate();
            let next =
                page.take_while(|(at, next)| (*at == 0 || comes_along(next)) && reserve(next));
            let count = next.count();
            if count > 0 {
                queue.running += count;
                return queue.page.drain(..count).collect();
            }
        }
        Vec::new()
    }

    /// An entry has ended, or was not begun.
    pub(in crate::engine) fn ended(&mut self, staged: &Staged) {
        let queue = &mut self.sides[queue_of(staged, self.most)];
        queue.running = queue.running.saturating_sub(1);
    }

    /// Nothing is under way: the next kind's turn, if there is more.
    pub(in crate::engine) fn turn(&mut self) -> Option<&Kind> {
        for side in Side::BOTH {
            self.sides[side].running = 0;
        }
        let heads = [&self.sides.left, &self.sides.right];
        let heads = heads.into_iter().filter_map(|queue| queue.page.front());
        let next = heads.min_by_key(|next| next.sequence)?;
        self.kind = Some(next.kind.clone());
        self.kind.as_ref()
    }
}

/// By the side that it writes to. One at a time means: in the order of the plan.
fn queue_of(staged: &Staged, most: Both<usize>) -> Side {
    let clears_right = staged.clears && staged.from.0 == Side::Right;
    let deletes_right = staged.deletes == Some(Side::Right) || clears_right;
    let writes_right = staged.writes.right.is_some() || deletes_right;
    match writes_right && most != Both::new(1, 1) && !staged.undo {
        true => Side::Right,
        false => Side::Left,
    }
}
