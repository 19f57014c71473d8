//! One field of a pair.

use serde_json::Value;
use sync_core::Kind;

use super::{company, contact, follow_up, note, task};
use crate::{company::COMPANY, contact::CONTACT, follow_up::FOLLOW_UP, note::NOTE, task::TASK};

/// One field of a pair, in a form that is equal when the two mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The canonical name.
    pub field: &'static str,
    /// What GHL shows.
    pub ghl: String,
    /// What Insightly shows.
    pub insightly: String,
}

impl Compared {
    pub(super) fn new(field: &'static str, ghl: String, insightly: String) -> Self {
        Self {
            field,
            ghl,
            insightly,
        }
    }
}

/// The fields of a pair that say something of the record itself; [`References`] has the others.
///
/// [`References`]: super::References
pub fn compared(kind: &Kind, ghl: &Value, insightly: &Value) -> Vec<Compared> {
    let of_kind = [
        (
            COMPANY,
            company::compared as fn(&Value, &Value) -> Vec<Compared>,
        ),
        (CONTACT, contact::compared),
        (TASK, task::compared),
        (NOTE, note::compared),
        (FOLLOW_UP, follow_up::compared),
    ];
    let mut of_kind = of_kind.into_iter();
    let found = of_kind.find(|(of, _)| of == kind);
    found.map_or_else(Vec::new, |(_, compared)| compared(ghl, insightly))
}
