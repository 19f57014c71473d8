//! What people do by hand: look at what is held and what was done, decide, link, take back, forget.

mod decide;
mod forget;
mod history;
mod holds;
mod link;
mod undo;

use clap::{Args, ValueEnum};
use sync_core::{Kind, RecordId, Side};

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

/// One record: `contact ghl ocQHyuzHvysMo5N5VsXc`.
#[derive(Debug, Args)]
pub(crate) struct Of {
    /// `company`, `contact`, `task`, `note` or `follow_up`.
    kind: String,
    /// Whose id follows.
    system: System,
    /// The record's id there.
    id: String,
}

impl Of {
    pub(crate) fn kind(&self) -> Kind {
        Kind::new(&self.kind)
    }

    pub(crate) fn side(&self) -> Side {
        self.system.side()
    }

    pub(crate) fn id(&self) -> RecordId {
        RecordId::new(&self.id)
    }
}
