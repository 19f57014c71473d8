//! What people did by hand in a story: whatever is written has to follow from it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use ghl_insightly::{
    company::COMPANY, contact::CONTACT, follow_up::FOLLOW_UP, note::NOTE, task::TASK,
};
use serde_json::Value;
use sync_core::{Kind, Side};

/// A record of one side.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Where.
    pub side: Side,
    /// What.
    pub kind: Kind,
    /// Which.
    pub id: String,
}

/// What people did to one record.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each happened or did not, whatever the others did"
)]
#[derive(Debug, Clone, Default)]
pub struct Done {
    /// Fields that they set or cleared.
    pub fields: BTreeSet<String>,
    /// The last value that they typed into each member.
    pub typed: BTreeMap<String, Value>,
    /// Whether they made it.
    pub entered: bool,
    /// Whether they deleted it, or merged it into another.
    pub deleted: bool,
    /// Whether they brought it back.
    pub restored: bool,
    /// Whether all of its fields are theirs: it was there before, or others were merged into it.
    pub all: bool,
}

/// All deeds of a story.
#[derive(Debug, Default)]
pub struct Deeds(Mutex<BTreeMap<Place, Done>>);

impl Deeds {
    /// What was done so far.
    pub fn all(&self) -> BTreeMap<Place, Done> {
        self.lock().clone()
    }

    /// Notes something that was done to a record.
    pub fn note(&self, place: Place, how: impl FnOnce(&mut Done)) {
        how(self.lock().entry(place).or_default());
    }

    /// Notes members that were typed.
    pub fn typed(&self, place: Place, members: &Value) {
        self.note(place, |done| {
            done.fields.extend(fields(members));
            for (member, value) in members.as_object().into_iter().flatten() {
                done.typed.insert(member.clone(), value.clone());
            }
        });
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Place, Done>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The kind of a family of either system.
pub fn kind(family: &str) -> Kind {
    match family {
        "tasks" => TASK,
        "notes" => NOTE,
        "appointments" => FOLLOW_UP,
        "businesses" | "organisations" => COMPANY,
        _ => CONTACT,
    }
}

/// The fields that the members of a body belong to.
pub fn fields(members: &Value) -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    for (member, value) in members.as_object().into_iter().flatten() {
        match member.as_str() {
            "customFields" | "CUSTOMFIELDS" => fields.extend(custom(value)),
            // A missed appointment is told by the title of its task.
            "appointmentStatus" => fields.extend(["done".to_owned(), "title".to_owned()]),
            member => fields.extend(field(member).map(str::to_owned)),
        }
    }
    fields
}

/// The field that a member of either system belongs to; `None` for ids.
fn field(member: &str) -> Option<&str> {
    Some(match member {
        "firstName" | "FIRST_NAME" => "first_name",
        "lastName" | "LAST_NAME" => "last_name",
        "email" | "EMAIL_ADDRESS" => "email",
        "phone" | "PHONE" | "PHONE_MOBILE" | "PHONE_HOME" | "PHONE_OTHER" => "phone",
        "address" | "address1" | "city" | "state" | "postalCode" | "country" => "address",
        "dateOfBirth" | "DATE_OF_BIRTH" => "birthday",
        "tags" | "TAGS" => "tags",
        "dnd" | "dndSettings" | "EMAIL_OPTED_OUT" => "opted_out",
        "assignedTo" | "OWNER_USER_ID" | "RESPONSIBLE_USER_ID" => "assigned",
        "businessId" | "ORGANISATION_ID" => "employer",
        "name" | "ORGANISATION_NAME" => "name",
        "website" | "WEBSITE" => "website",
        "title" | "TITLE" => "title",
        "body" | "BODY" | "DETAILS" => "text",
        "completed" | "COMPLETED" | "STATUS" | "PERCENT_COMPLETE" => "done",
        "dueDate" | "DUE_DATE" | "startTime" => "due",
        "contactId" | "LINKS" => "parent",
        "CONTACT_ID" | "TASK_ID" | "NOTE_ID" | "locationId" => return None,
        member if member.starts_with("ADDRESS_") => "address",
        other => other,
    })
}

/// The sandbox's custom fields of GHL have ids.
fn custom(values: &Value) -> BTreeSet<String> {
    let entries = values.as_array().into_iter().flatten();
    let names = entries.filter_map(|entry| {
        let named = entry.get("id").or_else(|| entry.get("FIELD_NAME"))?;
        Some(match named.as_str()? {
            "hB7kQ2mXw9TzLr4NcV1a" => "custom.Hobby__c".to_owned(),
            "iN5tP8sDf3GhJk6LzX2b" => "custom.Interests__c".to_owned(),
            other => format!("custom.{other}"),
        })
    });
    names.collect()
}
