//! Every field of every schema, by the examples of the official files (tree of 2026-06-19).

use std::collections::BTreeSet;

use ghl_contacts::{
    Business, BusinessEdit, CalendarEvent, Contact, ContactUpdate, CustomFieldDefinition,
    CustomFieldEdit, CustomFieldWrite, DndEdit, DndStatus, Edit, FieldFolder, InboundDndEdit,
    InstalledLocation, InstalledLocations, ListMeta, LocationDetails, LocationTag, NewContact,
    NewTask, Note, NoteEdit, ObjectField, Task, TaskSearch, TaskUpdate, TextBox, User,
};
use serde::Serialize;
use serde_json::{Map, Value, json};

fn example(schema: &str) -> Map<String, Value> {
    let all: Value = serde_json::from_str(include_str!("schemas_2021_07_28.json")).unwrap();
    all[schema].as_object().unwrap().clone()
}

/// Reads the example and gives the members that have no field.
macro_rules! unread {
    ($($type:ident of $($schema:literal),+;)+) => {
        vec![$($({
            let mut members = example($schema);
            members.entry("id").or_insert_with(|| json!("x"));
            let known: $type = serde_json::from_value(Value::Object(members)).unwrap();
            ($schema, known.extra.keys().cloned().collect::<Vec<_>>())
        },)+)+]
    };
}

#[test]
fn every_member_of_every_read_schema_has_a_field() {
    let read = unread! {
        Contact of "contacts.GetContectByIdSchema", "contacts.CreateContactSchema",
            "contacts.ContactsSearchSchema";
        Task of "contacts.TaskSchema";
        Note of "contacts.GetNoteSchema";
        CalendarEvent of "contacts.GetEventSchema", "calendars.CalendarEventDTO";
        LocationDetails of "locations.GetLocationByIdSchema";
        LocationTag of "locations.LocationTagsSchema";
        CustomFieldDefinition of "locations.CustomFieldSchema";
        Business of "businesses.BusinessDto";
        User of "users.UserSchema";
        ObjectField of "custom-fields.ICustomField";
        FieldFolder of "custom-fields.ICustomFieldFolder";
    };
    for (schema, unread) in read {
        assert!(unread.is_empty(), "{schema}: {unread:?}");
    }
    let pages: ListMeta =
        serde_json::from_value(example("contacts.ContactsMetaSchema").into()).unwrap();
    assert!(pages.extra.is_empty());
    let row: InstalledLocation =
        serde_json::from_value(example("oauth.InstalledLocationSchema").into()).unwrap();
    assert!(row.extra.is_empty());
    let rows = example("oauth.GetInstalledLocationsSuccessfulResponseDto");
    let rows: InstalledLocations = serde_json::from_value(rows.into()).unwrap();
    assert!(rows.extra.is_empty());
}

fn members(value: &impl Serialize) -> BTreeSet<String> {
    let value = serde_json::to_value(value).unwrap();
    value.as_object().unwrap().keys().cloned().collect()
}

fn writes_all_of(schema: &str, value: &impl Serialize, but: &[&str]) {
    let mut wanted: BTreeSet<String> = example(schema).keys().cloned().collect();
    for name in but {
        assert!(wanted.remove(*name), "{schema} has no {name}");
    }
    assert_eq!(members(value), wanted, "{schema}");
}

#[test]
fn every_member_of_the_contact_bodies_can_be_written() {
    let new = NewContact::in_location("l")
        .first_name("x")
        .last_name("x")
        .name("x")
        .email("x")
        .phone("x")
        .gender("x")
        .address1("x")
        .city("x")
        .state("x")
        .postal_code("x")
        .country("x")
        .website("x")
        .timezone("x")
        .date_of_birth(jiff::civil::date(1990, 9, 25))
        .company_name("x")
        .source("x")
        .assigned_to("u")
        .tag("x")
        .custom_field(CustomFieldWrite::set("f", "x"))
        .dnd(true)
        .dnd_settings(DndEdit::new().call(DndStatus::Active))
        .inbound_dnd_settings(InboundDndEdit::all(DndStatus::Active));
    writes_all_of("contacts.CreateContactDto", &new, &[]);
    let only_upsert = ["createNewIfDuplicateAllowed"];
    writes_all_of("contacts.UpsertContactDto", &new, &only_upsert);

    let update = ContactUpdate::new()
        .first_name("x")
        .last_name("x")
        .name("x")
        .email("x")
        .phone("x")
        .address1("x")
        .city("x")
        .state("x")
        .postal_code("x")
        .country("x")
        .website("x")
        .timezone("x")
        .date_of_birth(Edit::Clear)
        .source("x")
        .assigned_to(Edit::Clear)
        .tags(["x"])
        .custom_field(CustomFieldWrite::clear("f"))
        .dnd(true)
        .dnd_settings(DndEdit::new().fb(DndStatus::Active))
        .inbound_dnd_settings(InboundDndEdit::all(DndStatus::Inactive));
    writes_all_of("contacts.UpdateContactDto", &update, &[]);
}

#[test]
fn every_member_of_the_other_bodies_can_be_written() {
    let due = "2026-11-25T11:00:00Z".parse().unwrap();
    let task = NewTask::due("x", due).body("x").assigned_to("u");
    writes_all_of("contacts.CreateTaskParams", &task, &[]);
    let update = TaskUpdate::new()
        .title("x")
        .body("x")
        .due_date(due)
        .completed(true)
        .assigned_to(Edit::Clear);
    writes_all_of("contacts.UpdateTaskBody", &update, &[]);
    let note = NoteEdit::body("x")
        .user_id("u")
        .title("x")
        .color("#FFAA00")
        .pinned(true);
    writes_all_of("contacts.NotesDTO", &note, &[]);
    writes_all_of("contacts.UpdateNoteDTO", &note, &[]);
    let search = TaskSearch::new()
        .contact("c")
        .completed(true)
        .assigned_to("u")
        .text("x")
        .business("b")
        .page_size(1);
    writes_all_of("locations.TaskSearchParamsDto", &search, &["skip"]);
    let business = BusinessEdit::named("x")
        .phone("x")
        .email("x")
        .website("x")
        .address("x")
        .city("x")
        .state("x")
        .postal_code("x")
        .country("x")
        .description("x");
    writes_all_of("businesses.UpdateBusinessDto", &business, &[]);
    writes_all_of("businesses.CreateBusinessDto", &business, &["locationId"]);
    let mut field = CustomFieldEdit::new("x", "TEXT");
    field.placeholder = Some("x".into());
    field.accepted_format = vec![".pdf".into()];
    field.is_multiple_file = Some(true);
    field.max_number_of_files = Some(1);
    field.text_box_list_options = vec![TextBox::default()];
    field.position = Some(1);
    writes_all_of("locations.CreateCustomFieldsDTO", &field, &[]);
}
