//! What people do by hand: look at what is held and what was done, decide, link, take back, forget.

mod backup;
mod decide;
mod forget;
mod history;
mod holds;
mod link;
mod undo;

use clap::{Args, ValueEnum};
use ghl_insightly::{
    company::COMPANY, contact::CONTACT, follow_up::FOLLOW_UP, note::NOTE, task::TASK,
};
use sync_core::{Kind, RecordId, Side};

pub(crate) use backup::Backup;
pub(crate) use decide::Decide;
pub(crate) use forget::Forget;
pub(crate) use history::History;
pub(crate) use holds::Holds;
pub(crate) use link::{Link, Unlink};
pub(crate) use undo::Undo;

/// One of the two systems.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum System {
    /// HighLevel.
    Ghl,
    /// Insightly.
    Insightly,
}

impl System {
    pub(crate) fn side(self) -> Side {
        match self {
            Self::Ghl => Side::Left,
            Self::Insightly => Side::Right,
        }
    }
}

/// What kind of record.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum OfKind {
    /// A business in GHL, an organisation in Insightly.
    Company,
    /// A contact in both.
    Contact,
    /// A task in both.
    Task,
    /// A note in both.
    Note,
    /// An appointment in GHL, a task in Insightly.
    #[value(name = "follow_up")]
    FollowUp,
}

/// One record: `contact ghl ocQHyuzHvysMo5N5VsXc`.
#[derive(Debug, Args)]
pub(crate) struct Of {
    /// What it is.
    kind: OfKind,
    /// Whose id follows.
    system: System,
    /// The record's id there.
    id: String,
}

impl Of {
    pub(crate) fn kind(&self) -> Kind {
        match self.kind {
            OfKind::Company => COMPANY,
            OfKind::Contact => CONTACT,
            OfKind::Task => TASK,
            OfKind::Note => NOTE,
            OfKind::FollowUp => FOLLOW_UP,
        }
    }

    pub(crate) fn side(&self) -> Side {
        self.system.side()
    }

    pub(crate) fn id(&self) -> RecordId {
        RecordId::new(&self.id)
    }
}
