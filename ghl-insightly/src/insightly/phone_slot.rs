//! Which phone member of a contact holds the number that is synced.

use insightly::{Contact, ContactUpdate, Edit as ClientEdit, NewContact};
use sync_core::Memo;

/// Memo: the phone slot of this link.
pub(super) const SLOT: &str = "phone_slot";

/// One of the phone members that may hold the main number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Mobile,
    Business,
    Home,
    Other,
}

impl Slot {
    pub(super) const ALL: [Self; 4] = [Self::Mobile, Self::Business, Self::Home, Self::Other];

    /// The pinned slot, else the first one that is filled.
    pub(super) fn of(contact: &Contact, memo: &Memo) -> Option<Self> {
        let filled = |slot: &Self| slot.is_filled(contact);
        Self::pinned(memo).or_else(|| Self::ALL.into_iter().find(filled))
    }

    pub(super) fn is_filled(self, contact: &Contact) -> bool {
        let text = self.read(contact);
        text.is_some_and(|text| !text.trim().is_empty())
    }

    pub(super) fn pinned(memo: &Memo) -> Option<Self> {
        let name = memo.get(SLOT)?;
        Self::ALL.into_iter().find(|slot| slot.name() == name)
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Mobile => "PHONE_MOBILE",
            Self::Business => "PHONE",
            Self::Home => "PHONE_HOME",
            Self::Other => "PHONE_OTHER",
        }
    }

    pub(super) fn read(self, contact: &Contact) -> Option<&str> {
        match self {
            Self::Mobile => contact.phone_mobile.as_deref(),
            Self::Business => contact.phone.as_deref(),
            Self::Home => contact.phone_home.as_deref(),
            Self::Other => contact.phone_other.as_deref(),
        }
    }

    pub(super) fn put_new(self, new: &mut NewContact, phone: String) {
        let member = match self {
            Self::Mobile => &mut new.phone_mobile,
            Self::Business => &mut new.phone,
            Self::Home => &mut new.phone_home,
            Self::Other => &mut new.phone_other,
        };
        *member = Some(phone);
    }

    pub(super) fn put_update(self, update: &mut ContactUpdate, phone: ClientEdit<String>) {
        let member = match self {
            Self::Mobile => &mut update.phone_mobile,
            Self::Business => &mut update.phone,
            Self::Home => &mut update.phone_home,
            Self::Other => &mut update.phone_other,
        };
        *member = phone;
    }
}
