//! Leads of Insightly: people who must not be made contacts behind a salesperson's back.

use sync_core::Kind;

/// Leads. They are read, and never written.
pub const LEAD: Kind = Kind::from_static("lead");
