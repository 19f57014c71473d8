//! Who has this e-mail or phone already?

use serde::Deserialize;

use crate::{
    contacts::{Contact, Contacts, operations::FIND_DUPLICATE},
    error::Result,
    ids::LocationId,
};

/// What to look for: an e-mail, a phone, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateKey {
    email: Option<String>,
    phone: Option<String>,
}

impl DuplicateKey {
    /// Looks by e-mail.
    pub fn email(email: impl Into<String>) -> Self {
        Self {
            email: Some(email.into()),
            phone: None,
        }
    }

    /// Looks by phone. Only the stored form is found: E.164, e.g. `+18832327657`.
    pub fn phone(phone: impl Into<String>) -> Self {
        Self {
            email: None,
            phone: Some(phone.into()),
        }
    }

    /// Looks by phone too.
    pub fn or_phone(mut self, phone: impl Into<String>) -> Self {
        self.phone = Some(phone.into());
        self
    }
}

#[derive(Deserialize)]
struct Reply {
    #[serde(default)]
    contact: Option<Contact>,
}

impl Contacts {
    /// The contact that has this e-mail or phone, if there is one.
    ///
    /// Scope: `contacts.readonly`. Where the location forbids duplicates, its own rule
    /// decides; elsewhere the e-mail is tried first, then the phone. Only one contact is
    /// ever shown. The answer's shape is not documented: see [`Route::Duplicate`](crate::Route).
    pub async fn find_duplicate(
        &self,
        location: &LocationId,
        key: &DuplicateKey,
    ) -> Result<Option<Contact>> {
        let op = FIND_DUPLICATE
            .of([])
            .query("locationId", location)
            .query_opt("number", key.phone.as_deref())
            .query_opt("email", key.email.as_deref());
        Ok(self.client.send::<Reply>(op).await?.contact)
    }
}
