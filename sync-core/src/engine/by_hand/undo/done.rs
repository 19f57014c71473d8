//! What the history says that we did.

use std::collections::BTreeMap;

use crate::{
    engine::pass::Pass,
    field::FieldKey,
    id::{Kind, RecordId},
    side::{Both, Side},
    store::{Happened, HistoryEvent, HistoryOf, StoreError},
    value::Value,
};

use super::{NotUndone, Undo, linked_now::LinkedNow};

/// Entries of the history in one page.
pub(super) const PAGE: usize = 500;

/// What we did to a field of one side, first to last.
pub(super) struct Written {
    pub(super) old: Option<Value>,
    pub(super) new: Option<Value>,
}

/// What we did to two linked records.
#[derive(Default)]
pub(super) struct Done {
    pub(super) fields: BTreeMap<FieldKey, Both<Option<Written>>>,
    pub(super) created: Option<Side>,
}

pub(super) type Pair = (Kind, Both<Option<RecordId>>);

pub(super) type Pairs = BTreeMap<Pair, Done>;

impl Undo {
    fn is_late_enough(&self, happened: &Happened) -> bool {
        match self {
            Self::Record { since, .. } => happened.at >= *since,
            Self::Entry(_) | Self::Run(_) => true,
        }
    }
}

impl Pass<'_> {
    /// What the history says that we did.
    pub(super) async fn done(
        &self,
        what: &Undo,
        left: &mut Vec<NotUndone>,
    ) -> Result<Pairs, StoreError> {
        let mut pairs = Pairs::new();
        let mut linked_now = LinkedNow::default();
        let mut after = match what {
            Undo::Entry(number) => number.saturating_sub(1),
            _ => 0,
        };
        loop {
            let page = self.entries(what, after).await?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            for (_, mut happened) in page {
                if what.is_late_enough(&happened) {
                    let ids = linked_now.ids(self, &happened.kind, &happened.ids).await?;
                    // What a move left behind is deleted, which takes nothing from anybody.
                    let is_rest = matches!(happened.event, HistoryEvent::Deleted { .. })
                        && ids != happened.ids;
                    if !is_rest {
                        happened.ids = ids;
                        take(happened, &mut pairs, left);
                    }
                }
            }
            if matches!(what, Undo::Entry(_)) {
                break;
            }
        }
        Ok(pairs)
    }

    async fn entries(&self, what: &Undo, after: u64) -> Result<Vec<(u64, Happened)>, StoreError> {
        let here = &self.shared.connection;
        match what {
            Undo::Entry(number) => {
                let mut entry = self.store.history(here, after, 1).await?;
                entry.retain(|(found, _)| found == number);
                Ok(entry)
            }
            Undo::Run(run) => {
                let of = HistoryOf::Run(*run);
                self.store.history_of(here, &of, after, PAGE).await
            }
            Undo::Record { kind, side, id, .. } => {
                let of = HistoryOf::Record(kind.clone(), *side, id.clone());
                self.store.history_of(here, &of, after, PAGE).await
            }
        }
    }
}

/// Adds one line of the history to what we did.
fn take(happened: Happened, pairs: &mut Pairs, left: &mut Vec<NotUndone>) {
    let Happened {
        kind,
        ids,
        field,
        event,
        ..
    } = happened;
    let why = match event {
        HistoryEvent::Wrote { side, old, new } => {
            let Some(key) = field else { return };
            let done = pairs.entry((kind.clone(), ids.clone())).or_default();
            if done.created == Some(side) {
                return;
            }
            let written = &mut done.fields.entry(key.clone()).or_default()[side];
            match written {
                None => *written = Some(Written { old, new }),
                Some(written) if written.new == old => written.new = new,
                Some(written) => {
                    // The old value that counts is the one before the last unbroken run of writes.
                    *written = Written { old, new };
                }
            }
            return;
        }
        HistoryEvent::Created { side } | HistoryEvent::Adopted { side } => {
            pairs.entry((kind, ids)).or_default().created = Some(side);
            return;
        }
        // A record that was moved is moved back by its parent, which is a field.
        HistoryEvent::Decided { .. }
        | HistoryEvent::NoneOfThese { .. }
        | HistoryEvent::Rewritten { .. }
        | HistoryEvent::Moved { .. } => return,
        HistoryEvent::Linked { .. } => "the two were linked; unlink them by hand",
        HistoryEvent::Deleted { .. } => "a deleted record cannot be brought back from here",
        _ => "the link was changed; link the records by hand",
    };
    left.push(NotUndone {
        kind,
        ids,
        field,
        why: why.to_owned(),
    });
}
