//! Every model: what it does not know it keeps, and what it writes it reads.

use ghl_contacts::{
    Business, CalendarEvent, Contact, CustomFieldDefinition, FieldFolder, InstalledLocation,
    ListMeta, LocationDetails, LocationTag, Note, ObjectField, Task, User, webhooks::Event,
};
use proptest::{prelude::*, test_runner::TestCaseError};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use crate::any;

/// The members of an official schema, with its examples.
fn example(schema: &str) -> Map<String, Value> {
    let all: Value = serde_json::from_str(include_str!("../wire/schemas_2021_07_28.json")).unwrap();
    all[schema].as_object().unwrap().clone()
}

fn keeps_and_reads_back<T>(object: Map<String, Value>) -> Result<(), TestCaseError>
where
    T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug,
{
    let unknown = object
        .clone()
        .into_iter()
        .filter(|(n, _)| n.starts_with("x_"));
    let unknown: Map<String, Value> = unknown.collect();
    let read: T = serde_json::from_value(Value::Object(object)).unwrap();
    let text = serde_json::to_string(&read).unwrap();
    let written: Map<String, Value> = serde_json::from_str(&text).unwrap();
    for (name, value) in unknown {
        prop_assert_eq!(written.get(&name), Some(&value), "{} is lost", name);
    }
    prop_assert_eq!(serde_json::from_str::<T>(&text).unwrap(), read);
    Ok(())
}

/// With an id that no variant spoils.
fn holds_for<T>(schema: &str)
where
    T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug,
{
    let mut members = example(schema);
    members.remove("id");
    members.remove("_id");
    let of = any::variant_of(members).prop_map(|mut members| {
        for name in ["id", "_id"] {
            members.insert(name.to_owned(), json!("nmFmQEsNgz6AVpgLVUJ0"));
        }
        members.insert(
            "name".to_owned(),
            members.get("name").cloned().unwrap_or("n".into()),
        );
        members
    });
    any::check(64, &of, keeps_and_reads_back::<T>);
}

macro_rules! models {
    ($($test:ident: $model:ident of $($schema:literal),+;)+) => { $(
        #[test]
        fn $test() {
            $( holds_for::<$model>($schema); )+
        }
    )+ };
}

models! {
    contacts_keep_and_read_back: Contact of "contacts.GetContectByIdSchema",
        "contacts.CreateContactSchema", "contacts.ContactsSearchSchema";
    tasks_keep_and_read_back: Task of "contacts.TaskSchema";
    notes_keep_and_read_back: Note of "contacts.GetNoteSchema";
    events_keep_and_read_back: CalendarEvent of "contacts.GetEventSchema", "calendars.CalendarEventDTO";
    locations_keep_and_read_back: LocationDetails of "locations.GetLocationByIdSchema";
    tags_keep_and_read_back: LocationTag of "locations.LocationTagsSchema";
    definitions_keep_and_read_back: CustomFieldDefinition of "locations.CustomFieldSchema";
    businesses_keep_and_read_back: Business of "businesses.BusinessDto";
    users_keep_and_read_back: User of "users.UserSchema";
    object_fields_keep_and_read_back: ObjectField of "custom-fields.ICustomField";
    folders_keep_and_read_back: FieldFolder of "custom-fields.ICustomFieldFolder";
    page_marks_keep_and_read_back: ListMeta of "contacts.ContactsMetaSchema";
    installs_keep_and_read_back: InstalledLocation of "oauth.InstalledLocationSchema";
}

/// A webhook's members are all in the record that it shows, whatever they look like.
#[test]
fn contact_events_keep_every_member() {
    let of = any::variant_of(example("contacts.GetContectByIdSchema"));
    any::check(128, &of, |mut members| {
        let unknown: Vec<String> = members
            .keys()
            .filter(|n| n.starts_with("x_"))
            .cloned()
            .collect();
        members.insert("id".to_owned(), json!("c"));
        members.insert("type".to_owned(), json!("ContactUpdate"));
        let body = serde_json::to_vec(&members).unwrap();
        let Event::ContactUpdate(contact) = Event::from_slice(&body).unwrap() else {
            panic!("{members:?}");
        };
        for name in unknown {
            prop_assert_eq!(contact.extra.get(&name), members.get(&name));
        }
        Ok(())
    });
}
