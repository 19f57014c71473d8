//! The families of records that a location holds.

use std::ops::{Index, IndexMut};

use super::Id;
use super::members::{
    APPOINTMENT, BUSINESS, CONTACT, CUSTOM_FIELD, FOLDER, NOTE, OBJECT_FIELD, TAG, TASK, USER,
};
use super::schema::Member;
use crate::error::SandboxError;
use crate::rows::Rows;

/// One family; its rows stand at its place in [`Families`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    Contacts,
    Tasks,
    Notes,
    Appointments,
    Businesses,
    Users,
    Tags,
    CustomFields,
    ObjectFields,
    Folders,
}

impl Family {
    pub(super) const ALL: [Self; 10] = [
        Self::Contacts,
        Self::Tasks,
        Self::Notes,
        Self::Appointments,
        Self::Businesses,
        Self::Users,
        Self::Tags,
        Self::CustomFields,
        Self::ObjectFields,
        Self::Folders,
    ];

    /// What belongs to a contact.
    pub(super) const CHILDREN: [Self; 3] = [Self::Tasks, Self::Notes, Self::Appointments];

    /// As in `/_sandbox/` and [`Crm::family`](crate::Crm::family).
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Tasks => "tasks",
            Self::Notes => "notes",
            Self::Appointments => "appointments",
            Self::Businesses => "businesses",
            Self::Users => "users",
            Self::Tags => "tags",
            Self::CustomFields => "custom_fields",
            Self::ObjectFields => "object_fields",
            Self::Folders => "folders",
        }
    }

    pub(super) fn named(name: &str) -> Result<Self, SandboxError> {
        let found = Self::ALL.into_iter().find(|family| family.name() == name);
        found.ok_or_else(|| SandboxError::UnknownFamily(name.to_owned()))
    }

    /// How a refusal calls one record.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Contacts => "Contact",
            Self::Tasks => "Task",
            Self::Notes => "Note",
            Self::Appointments => "Appointment",
            Self::Businesses => "Business",
            Self::Users => "User",
            Self::Tags => "Tag",
            Self::CustomFields | Self::ObjectFields => "Custom field",
            Self::Folders => "Folder",
        }
    }

    pub(super) fn members(self) -> &'static [Member] {
        match self {
            Self::Contacts => CONTACT,
            Self::Tasks => TASK,
            Self::Notes => NOTE,
            Self::Appointments => APPOINTMENT,
            Self::Businesses => BUSINESS,
            Self::Users => USER,
            Self::Tags => TAG,
            Self::CustomFields => CUSTOM_FIELD,
            Self::ObjectFields => OBJECT_FIELD,
            Self::Folders => FOLDER,
        }
    }

    /// The text members that rows are looked up by.
    fn lookups(self) -> &'static [&'static str] {
        match self {
            Self::Contacts => &["email", "phone", "businessId"],
            Self::Tasks | Self::Notes | Self::Appointments => &["contactId"],
            Self::Businesses | Self::Tags => &["name"],
            Self::CustomFields => &["fieldKey"],
            Self::ObjectFields | Self::Folders => &["objectKey"],
            Self::Users => &["email"],
        }
    }
}

/// The rows of all families.
pub(super) struct Families(Vec<Rows<Id>>);

impl Families {
    pub(super) fn new() -> Self {
        Self(Family::ALL.map(|family| Rows::new(family.lookups())).into())
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Rows<Id>> {
        self.0.iter_mut()
    }
}

impl Index<Family> for Families {
    type Output = Rows<Id>;

    fn index(&self, family: Family) -> &Rows<Id> {
        &self.0[family as usize]
    }
}

impl IndexMut<Family> for Families {
    fn index_mut(&mut self, family: Family) -> &mut Rows<Id> {
        &mut self.0[family as usize]
    }
}
