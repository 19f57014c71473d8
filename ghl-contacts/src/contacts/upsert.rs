//! Create or update in one call.

use serde::{Deserialize, Serialize};

use crate::{
    contacts::{Contact, Contacts, NewContact, operations::UPSERT},
    error::Result,
};

/// What an upsert does where the location allows duplicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IfDuplicate {
    /// Updates the contact that it finds.
    #[default]
    Update,
    /// Creates another one. Ignored where the location forbids duplicates.
    CreateNew,
}

/// What an upsert did.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Upserted {
    /// Whether the contact is new; `None` if the answer does not say.
    pub new: Option<bool>,
    /// The contact as it is now.
    pub contact: Contact,
    /// The API's id of this request, for its support desk.
    pub trace_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(flatten)]
    contact: &'a NewContact,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    create_new_if_duplicate_allowed: bool,
}

impl Contacts {
    /// Creates a contact, or updates the one that has its e-mail or phone.
    ///
    /// Scope: `contacts.write`. Not repeatable. Beware: when e-mail and phone belong to two
    /// contacts, one is updated and the other field is dropped silently; a secondary e-mail
    /// is made the main one and the former main one is lost; `gender` of an existing contact
    /// is ignored; tags replace the whole set.
    pub async fn upsert(
        &self,
        contact: &NewContact,
        if_duplicate: IfDuplicate,
    ) -> Result<Upserted> {
        let body = Body {
            contact,
            create_new_if_duplicate_allowed: if_duplicate == IfDuplicate::CreateNew,
        };
        self.client.send(UPSERT.of([]).json(&body)).await
    }
}
