//! Appointments in GHL, each with one task in Insightly: somebody has to follow it up.

mod marker;

use sync_core::{Field, Kind};

pub(crate) use marker::{appointment_of, mark};

/// Appointments, and the tasks that follow them up.
pub const FOLLOW_UP: Kind = Kind::from_static("follow_up");

/// The id of the appointment. A task keeps it in the last line of its details, so that it is found
/// again when the store is lost, and is not taken for a task that people made.
pub static APPOINTMENT: Field<String> = Field::new("appointment");
