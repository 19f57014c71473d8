//! The members of each family and of each body, and who may write them.

use super::schema::Kind::{
    Choice, CustomFields, Date, Dnd, Email, Flag, InboundDnd, Moment, Name, Number, Objects, Other,
    Phone, Tags, Text, Texts,
};
use super::schema::Rule::{Needed, NeededOrNull, OrNull, Refused, Taken};
use super::schema::{Kind, Member, Rule};

const fn member(name: &'static str, kind: Kind, create: Rule, update: Rule) -> Member {
    Member {
        name,
        kind,
        create,
        update,
    }
}

/// A member of a body that is not a record.
const fn part(name: &'static str, kind: Kind, rule: Rule) -> Member {
    member(name, kind, rule, rule)
}

/// `CreateContactDto`, `UpdateContactDto` and what only reads show.
pub(super) static CONTACT: &[Member] = &[
    member("firstName", Text, OrNull, OrNull),
    member("lastName", Text, OrNull, OrNull),
    member("name", Name, OrNull, OrNull),
    member("email", Email, OrNull, OrNull),
    member("gender", Text, Taken, Refused),
    member("phone", Phone, OrNull, OrNull),
    member("address1", Text, OrNull, OrNull),
    member("city", Text, OrNull, OrNull),
    member("state", Text, OrNull, OrNull),
    member("postalCode", Text, Taken, Taken),
    member("website", Text, OrNull, OrNull),
    member("timezone", Text, OrNull, OrNull),
    member("dnd", Flag, Taken, Taken),
    member("dndSettings", Dnd, Taken, Taken),
    member("inboundDndSettings", InboundDnd, Taken, Taken),
    member("tags", Tags, Taken, Taken),
    member("customFields", CustomFields, Taken, Taken),
    member("source", Text, Taken, OrNull),
    member("dateOfBirth", Date, OrNull, OrNull),
    member("country", Text, Taken, Taken),
    member("companyName", Text, OrNull, Refused),
    member("assignedTo", Text, Taken, OrNull),
    member("type", Other, Refused, Refused),
    member("businessId", Other, Refused, Refused),
    member("additionalEmails", Other, Refused, Refused),
    member("additionalPhones", Other, Refused, Refused),
    member("followers", Other, Refused, Refused),
    member("attributionSource", Other, Refused, Refused),
    member("lastActivity", Other, Refused, Refused),
];

/// `CreateTaskParams`, `UpdateTaskBody`.
pub(super) static TASK: &[Member] = &[
    member("title", Text, Needed, Taken),
    member("body", Text, Taken, Taken),
    member("dueDate", Moment, Needed, Taken),
    member("completed", Flag, Needed, Taken),
    member("assignedTo", Text, Taken, Taken),
    member("contactId", Other, Refused, Refused),
    member("deleted", Other, Refused, Refused),
];

/// `NotesDTO`, `UpdateNoteDTO`.
pub(super) static NOTE: &[Member] = &[
    member("userId", Text, Taken, Taken),
    member("body", Text, Needed, Taken),
    member("title", Text, Taken, Taken),
    member("color", Text, Taken, Taken),
    member("pinned", Flag, Taken, Taken),
    member("contactId", Other, Refused, Refused),
];

/// `GetEventSchema`, `CalendarEventDTO`.
pub(super) static APPOINTMENT: &[Member] = &[
    part("title", Text, Refused),
    part("calendarId", Text, Refused),
    part("contactId", Other, Refused),
    part("groupId", Text, Refused),
    part("appointmentStatus", Choice(STATUSES), Refused),
    part("assignedUserId", Text, Refused),
    part("users", Texts, Refused),
    part("notes", Text, Refused),
    part("description", Text, Refused),
    part("address", Text, Refused),
    part("startTime", Moment, Refused),
    part("endTime", Moment, Refused),
    part("assignedResources", Texts, Refused),
];

static STATUSES: &[&str] = &[
    "new",
    "confirmed",
    "cancelled",
    "showed",
    "noshow",
    "invalid",
    "active",
    "completed",
];

/// `CreateBusinessDto`, `UpdateBusinessDto`.
pub(super) static BUSINESS: &[Member] = &[
    member("name", Text, Needed, Taken),
    part("phone", Text, Taken),
    part("email", Text, Taken),
    part("website", Text, Taken),
    part("address", Text, Taken),
    part("city", Text, Taken),
    part("postalCode", Text, Taken),
    part("state", Text, Taken),
    part("country", Text, Taken),
    part("description", Text, Taken),
    part("customFields", Other, Refused),
];

pub(super) static USER: &[Member] = &[
    part("firstName", Text, Refused),
    part("lastName", Text, Refused),
    part("email", Email, Refused),
    part("phone", Text, Refused),
    part("deleted", Flag, Refused),
];

/// `tagBody`.
pub(super) static TAG: &[Member] = &[part("name", Text, Needed)];

/// `CreateCustomFieldsDTO` and `UpdateCustomFieldsDTO` of a location; what
/// stands after `model` is named so in reads only.
pub(super) static CUSTOM_FIELD: &[Member] = &[
    part("name", Text, Needed),
    member("dataType", Text, Needed, Refused),
    part("placeholder", Text, Taken),
    part("acceptedFormat", Texts, Taken),
    part("isMultipleFile", Flag, Taken),
    part("maxNumberOfFiles", Number, Taken),
    part("textBoxListOptions", Objects, Taken),
    part("position", Number, Taken),
    part("model", Choice(&["contact", "opportunity"]), Taken),
    part("fieldKey", Text, Refused),
    part("picklistOptions", Texts, Refused),
    part("isMultiFileAllowed", Flag, Refused),
    part("maxFileLimit", Number, Refused),
];

/// `CreateCustomFieldsDTO` and `UpdateCustomFieldsDTO` of `/custom-fields/`.
pub(super) static OBJECT_FIELD: &[Member] = &[
    part("name", Text, Taken),
    part("description", Text, Taken),
    part("placeholder", Text, Taken),
    part("showInForms", Flag, Needed),
    part("options", Objects, Taken),
    part("acceptedFormats", Choice(FORMATS), Taken),
    member("dataType", Choice(DATA_TYPES), Needed, Refused),
    member("fieldKey", Text, Needed, Refused),
    member("objectKey", Text, Needed, Refused),
    part("maxFileLimit", Number, Taken),
    member("allowCustomOption", Flag, Taken, Refused),
    member("parentId", Text, Needed, Refused),
];

static FORMATS: &[&str] = &[
    ".pdf", ".docx", ".doc", ".jpg", ".jpeg", ".png", ".gif", ".csv", ".xlsx", ".xls", "all",
];

static DATA_TYPES: &[&str] = &[
    "TEXT",
    "LARGE_TEXT",
    "NUMERICAL",
    "PHONE",
    "MONETORY",
    "CHECKBOX",
    "SINGLE_OPTIONS",
    "MULTIPLE_OPTIONS",
    "DATE",
    "TEXTBOX_LIST",
    "FILE_UPLOAD",
    "RADIO",
    "EMAIL",
];

/// `CreateFolder`, `UpdateFolder`.
pub(super) static FOLDER: &[Member] = &[
    member("objectKey", Text, Needed, Refused),
    part("name", Text, Needed),
];

/// What `UpsertContactDto` has beside the members of a contact.
pub(super) static UPSERT: &[Member] = &[part("createNewIfDuplicateAllowed", Flag, Taken)];

/// `TagsDTO`.
pub(super) static TAGS_BODY: &[Member] = &[part("tags", Texts, Needed)];

/// `FollowersDTO`.
pub(super) static FOLLOWERS_BODY: &[Member] = &[part("followers", Texts, Needed)];

/// `UpdateTaskStatusParams`.
pub(super) static COMPLETED_BODY: &[Member] = &[part("completed", Flag, Needed)];

/// `AddContactToCampaignDto`.
pub(super) static CAMPAIGN_BODY: &[Member] = &[];

/// `CreateWorkflowDto`.
pub(super) static WORKFLOW_BODY: &[Member] = &[part("eventStartTime", Text, Taken)];

/// `UpdateTagsDTO`.
pub(super) static BULK_TAGS_BODY: &[Member] = &[
    part("contacts", Texts, Needed),
    part("tags", Texts, Needed),
    part("removeAllTags", Flag, Taken),
];

/// `ContactsBusinessUpdate`.
pub(super) static BULK_BUSINESS_BODY: &[Member] = &[
    part("ids", Texts, Needed),
    part("businessId", Text, NeededOrNull),
];

/// `TaskSearchParamsDto`.
pub(super) static TASK_SEARCH_BODY: &[Member] = &[
    part("contactId", Texts, Taken),
    part("completed", Flag, Taken),
    part("assignedTo", Texts, Taken),
    part("query", Text, Taken),
    part("limit", Number, Taken),
    part("skip", Number, Taken),
    part("businessId", Text, Taken),
];
