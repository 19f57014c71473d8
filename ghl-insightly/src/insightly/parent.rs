//! Whose a task or note is: the contact of its links.

use insightly::{ContactId, Link, LinkId};
use sync_core::{Memo, RecordId, Ref};

use crate::contact::CONTACT;

/// How links name a contact.
pub(super) const OBJECT: &str = "Contact";

/// Memo: the contact that the record belongs to, where it has several.
const OWNER: &str = "contact";

/// The links to contacts, the oldest first, each contact once.
pub(super) fn contacts(links: Option<&[Link]>) -> Vec<(LinkId, ContactId)> {
    let links = links.unwrap_or_default().iter();
    let to_contacts = links.filter(|link| link.link_object_name.as_deref() == Some(OBJECT));
    let mut found: Vec<_> = to_contacts
        .filter_map(|link| Some((link.id, ContactId(link.link_object_id?))))
        .collect();
    found.sort_unstable();
    found.dedup_by_key(|(_, contact)| *contact);
    found
}

/// The contact that the record belongs to: the remembered one while it is linked, else that of
/// the oldest link.
pub(super) fn of(links: Option<&[Link]>, memo: &Memo) -> Option<ContactId> {
    let contacts = contacts(links);
    let remembered = memo.get(OWNER).and_then(|id| id.parse().ok());
    let mut known = contacts.iter().map(|(_, contact)| *contact);
    known
        .clone()
        .find(|contact| Some(*contact) == remembered)
        .or_else(|| known.next())
}

/// Remembers whose the record is.
pub(super) fn remembered(memo: Memo, contact: ContactId) -> Memo {
    memo.with(OWNER, Some(&contact.to_string()))
}

pub(super) fn reference(contact: ContactId) -> Ref {
    Ref {
        kind: CONTACT,
        id: RecordId::new(contact.to_string()),
    }
}

/// The contact that a reference names.
pub(super) fn contact(of: &Ref) -> Option<ContactId> {
    let id = of.id.as_str().parse();
    id.ok().filter(|_| of.kind == CONTACT)
}
