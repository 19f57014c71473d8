//! Which records of the two systems are of one kind.

use sync_core::Kind;

use crate::{company::COMPANY, contact::CONTACT, follow_up::FOLLOW_UP, note::NOTE, task::TASK};

/// The records of one kind in both systems, as [`Crm::family`](crm_sandbox::Crm::family) names
/// them.
#[derive(Debug, Clone)]
pub struct Family {
    /// The kind.
    pub kind: Kind,
    /// What several of them are called.
    pub plural: &'static str,
    /// The family in GHL.
    pub ghl: &'static str,
    /// The family in Insightly.
    pub insightly: &'static str,
    /// What Insightly calls the id.
    pub(super) insightly_id: &'static str,
}

impl Family {
    const fn new(
        kind: Kind,
        plural: &'static str,
        ghl: &'static str,
        (insightly, insightly_id): (&'static str, &'static str),
    ) -> Self {
        Self {
            kind,
            plural,
            ghl,
            insightly,
            insightly_id,
        }
    }
}

/// All of them, companies before contacts before what belongs to contacts.
pub static FAMILIES: [Family; 5] = [
    Family::new(
        COMPANY,
        "companies",
        "businesses",
        ("organisations", "ORGANISATION_ID"),
    ),
    Family::new(CONTACT, "contacts", "contacts", ("contacts", "CONTACT_ID")),
    Family::new(TASK, "tasks", "tasks", ("tasks", "TASK_ID")),
    Family::new(NOTE, "notes", "notes", ("notes", "NOTE_ID")),
    Family::new(
        FOLLOW_UP,
        "follow-ups",
        "appointments",
        ("tasks", "TASK_ID"),
    ),
];
