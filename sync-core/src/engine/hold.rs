//! Keeping changes back for a person, and trying again what is due.

use std::{collections::BTreeSet, slice};

use crate::{
    engine::{EngineError, pass::Pass, staging::entry::Loaded},
    id::{Kind, RecordId},
    link::Link,
    observer::Event,
    plan::FieldHold,
    side::{Both, Side},
    store::{Hold, HoldReason, Marker, Op, Subject},
};

/// Holds in one page.
const PAGE: usize = 200;

/// What holds are about.
pub(super) struct About {
    kind: Kind,
    subject: Subject,
    ids: Both<Option<RecordId>>,
}

impl About {
    pub(super) fn link(link: &Link) -> Self {
        Self {
            kind: link.kind.clone(),
            subject: Subject::Link(link.id.clone()),
            ids: link.ids(),
        }
    }

    pub(super) fn record(kind: &Kind, side: Side, id: &RecordId) -> Self {
        let mut ids = Both::default();
        ids[side] = Some(id.clone());
        Self {
            kind: kind.clone(),
            subject: Subject::Record(side, id.clone()),
            ids,
        }
    }

    /// The link if there is one, else the record that is looked at.
    pub(super) fn loaded(loaded: &Loaded, kind: &Kind, side: Side, id: &RecordId) -> Self {
        match &loaded.link {
            Some(link) => Self::link(link),
            None => Self::record(kind, side, id),
        }
    }

    pub(super) fn kind(&self) -> &Kind {
        &self.kind
    }

    pub(super) fn subject(&self) -> &Subject {
        &self.subject
    }
}

/// When what was not done is tried again.
#[derive(Clone, Copy)]
pub(super) enum Again {
    /// When somebody asks for it, or the record changes.
    Asked,
    /// After a time, too.
    ByItself,
}

impl Pass<'_> {
    /// Nothing of this is held any more.
    pub(super) fn release(about: About) -> Op {
        Op::Hold(about.kind, about.subject, Vec::new())
    }

    /// These, and only these, fields are held now.
    pub(super) fn hold_fields(&mut self, about: About, holds: &[FieldHold]) -> Op {
        let holds = holds.iter().map(|held| Hold {
            field: Some(held.field.clone()),
            values: held.values.clone(),
            retry_at: held.retry_at,
            ..self.whole(&about, held.reason, held.message.clone())
        });
        let holds: Vec<Hold> = holds.collect();
        self.hold(about, holds)
    }

    /// The whole record is held now.
    pub(super) fn hold_record(&mut self, about: About, reason: HoldReason, message: String) -> Op {
        let hold = self.whole(&about, reason, message);
        self.hold(about, vec![hold])
    }

    /// The whole record is held now, and tried again by itself.
    pub(super) fn hold_for_now(&mut self, about: About, reason: HoldReason, message: String) -> Op {
        let hold = Hold {
            retry_at: Some(self.now() + self.shared.retry_refused),
            ..self.whole(&about, reason, message)
        };
        self.hold(about, vec![hold])
    }

    /// The whole record is held now, and tried again as is said.
    pub(super) fn hold_until(
        &mut self,
        again: Again,
        about: About,
        reason: HoldReason,
        message: String,
    ) -> Op {
        match again {
            Again::Asked => self.hold_record(about, reason, message),
            Again::ByItself => self.hold_for_now(about, reason, message),
        }
    }

    fn hold(&mut self, about: About, holds: Vec<Hold>) -> Op {
        self.report.held += holds.len() as u64;
        for hold in &holds {
            self.notice(&Event::Held(hold));
        }
        Op::Hold(about.kind, about.subject, holds)
    }

    fn whole(&self, about: &About, reason: HoldReason, message: String) -> Hold {
        Hold {
            subject: about.subject.clone(),
            kind: about.kind.clone(),
            ids: about.ids.clone(),
            field: None,
            reason,
            message,
            values: Both::default(),
            since: self.now(),
            retry_at: None,
        }
    }

    /// What was refused under another mapping is tried as soon as its record is read again.
    pub(super) async fn forgive(&mut self, kind: &Kind) -> Result<(), EngineError> {
        let (mut after, now) = (0, self.now());
        let waits = |hold: &Hold| hold.kind == *kind && hold.retry_at.is_some_and(|at| at > now);
        let waits = |hold: &Hold| waits(hold) && !planted!("another-mapping-forgives-nothing");
        loop {
            let page = self
                .store
                .holds(&self.shared.connection, after, PAGE)
                .await?;
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = *last;
            let waiting = page.iter().map(|(_, hold)| hold);
            let waiting: BTreeSet<&Subject> = waiting
                .filter(|hold| waits(hold))
                .map(|hold| &hold.subject)
                .collect();
            let mut ops = Vec::new();
            for subject in waiting {
                let here = &self.shared.connection;
                let subjects = slice::from_ref(subject);
                let mut holds = self.store.holds_of(here, kind, subjects).await?;
                for hold in holds.iter_mut().filter(|hold| waits(hold)) {
                    hold.retry_at = Some(now);
                }
                ops.push(Op::Hold(kind.clone(), subject.clone(), holds));
            }
            self.commit(ops).await?;
        }
    }

    /// Records with a refused field whose time has come are looked at again.
    pub(super) async fn retry_due_holds(&mut self) -> Result<(), EngineError> {
        let mut after = 0;
        loop {
            let here = &self.shared.connection;
            let page = self.store.holds(here, after, PAGE).await?;
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = *last;
            let now = self.now();
            let due = |hold: &Hold| hold.retry_at.is_some_and(|at| at <= now);
            let due = |hold: &Hold| {
                due(hold) && !planted!("refused-for-ever") || self.may_be_moved_now(hold)
            };
            let mut ops = Vec::new();
            let due: Vec<&Hold> = page
                .iter()
                .map(|(_, hold)| hold)
                .filter(|h| due(h))
                .collect();
            for hold in due {
                for side in Side::BOTH {
                    if let Some(id) = &hold.ids[side] {
                        ops.push(self.mark(&hold.kind, side, id, Marker::Retry));
                    }
                }
            }
            self.commit(ops).await?;
        }
    }
}
