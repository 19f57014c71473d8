//! Ids: opaque texts, one type for each kind of record.

use serde::{Deserialize, Serialize};

use crate::{
    borrowed_json::Json,
    record::{Field, Member},
};

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes an id as the API writes it.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id as the API writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Member for $name {
            fn read(value: Json<'_>) -> Result<Option<Self>, Json<'_>> {
                let text = String::read(value)?;
                Ok(text.filter(|text| !text.is_empty()).map(Self))
            }

            fn is_readable(value: &Json<'_>) -> bool {
                String::is_readable(value)
            }
        }

        impl Field for $name {
            type Of = Self;

            const OPTIONAL: bool = false;

            fn of(found: Option<Self>) -> Option<Self> {
                found
            }

            fn is_absent(&self) -> bool {
                false
            }
        }
    )+ };
}

ids! {
    /// A contact. A merge in the dashboard ends the absorbed contact's id.
    ContactId;
    /// A location: one sub-account.
    LocationId;
    /// A user of a location or an agency.
    UserId;
    /// An agency.
    CompanyId;
    /// A business (a company record that contacts belong to).
    BusinessId;
    /// The definition of a custom field.
    CustomFieldId;
    /// A task of a contact.
    TaskId;
    /// A note of a contact.
    NoteId;
    /// A tag definition of a location.
    TagId;
    /// An appointment or another calendar event.
    EventId;
    /// A calendar.
    CalendarId;
    /// A group of calendars.
    CalendarGroupId;
    /// A campaign.
    CampaignId;
    /// A workflow.
    WorkflowId;
    /// A folder of custom fields.
    FolderId;
    /// A marketplace app.
    AppId;
    /// A version of a marketplace app.
    AppVersionId;
}
