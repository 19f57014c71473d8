//! Leads of Insightly: people who must not be made contacts behind a salesperson's back.

use sync_core::{Field, Kind, Ref};

/// Leads. They are read, and never written.
pub const LEAD: Kind = Kind::from_static("lead");

/// The contact that a converted lead became.
pub static BECAME: Field<Ref> = Field::new("became");
