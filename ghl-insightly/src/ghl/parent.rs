//! Whose a task or note is: the contact that its path names.

use ghl_contacts::ContactId;
use sync_core::{RecordId, Ref};

use crate::contact::CONTACT;

pub(super) fn reference(contact: &ContactId) -> Ref {
    Ref {
        kind: CONTACT,
        id: RecordId::new(contact.as_str()),
    }
}

/// The contact that a reference names.
pub(super) fn contact(of: &Ref) -> Option<ContactId> {
    (of.kind == CONTACT).then(|| ContactId::from(of.id.as_str()))
}
