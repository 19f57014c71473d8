//! What is not confirmed about GHL.

use crate::switches::{Switch, switches};

switches! {
    DUPLICATES = "duplicates" ["email_then_phone", "phone_then_email", "allowed"]
        "the location's duplicate policy: which field is looked at first";
    EMAIL_CASE = "email_case" ["kept", "lower"]
        "how the case of an e-mail is stored";
    PHONES = "phones" ["e164", "kept"]
        "whether a phone is brought to E.164 or stored as sent";
    BAD_PHONE = "bad_phone" ["stored", "refused"]
        "what happens to a phone that cannot be E.164";
    NULL_WRITE = "null_write" ["clears", "ignored"]
        "what null does to a stored member";
    EMPTY_WRITE = "empty_write" ["clears", "stored", "ignored"]
        "what an empty string does to a stored member";
    COMPANY_ON_UPDATE = "company_on_update" ["refused", "taken"]
        "whether PUT takes companyName";
    COMPANY_MAKES_BUSINESS = "company_makes_business" ["no", "yes"]
        "whether the companyName of a new contact makes a business and links it";
    TAG_BUMP = "tag_bump" ["yes", "no"]
        "whether adding or removing tags moves dateUpdated";
    DND_BUMP = "dnd_bump" ["yes", "no"]
        "whether an update of do-not-disturb alone moves dateUpdated";
    BUSINESS_BUMP = "business_bump" ["yes", "no"]
        "whether linking a business moves the contact's dateUpdated";
    TASK_BUMP = "task_bump" ["no", "date_updated", "last_activity"]
        "what a write of a task moves on its contact";
    NOTE_BUMP = "note_bump" ["no", "date_updated", "last_activity"]
        "what a write of a note moves on its contact";
    APPOINTMENT_BUMP = "appointment_bump" ["no", "date_updated", "last_activity"]
        "what an edit of an appointment moves on its contact";
    UNKNOWN_CUSTOM_FIELD = "unknown_custom_field" ["ignored", "refused"]
        "what happens to a value for a custom field that is not defined";
    UNKNOWN_QUERY = "unknown_query" ["ignored", "refused"]
        "what happens to a query parameter that is not declared";
    SEARCH_STREET = "search_street" ["address", "address1"]
        "the name of the street in search rows";
    SEARCH_BIRTHDAY = "search_birthday" ["epoch_ms", "date"]
        "the form of dateOfBirth in search rows";
    SEARCH_DND = "search_dnd_settings" ["absent", "present"]
        "whether search rows carry dndSettings";
    READ_NAME = "read_name" ["present", "absent"]
        "whether a read by id carries name";
    MISSING_LOCATION = "missing_location" ["403", "422"]
        "the status of a body or query without locationId";
    MISSING_STATUS = "missing_status" ["400", "404"]
        "the status of a task, a note or any other record but a contact that is not there";
    LIST_ORDER = "list_order" ["newest_first", "oldest_first"]
        "the order of GET /contacts/, by dateAdded";
    BUSINESS_COUNT = "business_count" ["absent", "present"]
        "whether contacts by business come with their count";
    BULK_SCOPE = "bulk_scope" ["contacts.write", "none"]
        "the scope of the two bulk operations";
    BULK_BUSINESS_LIMIT = "bulk_business_limit" ["50", "none"]
        "how many contacts bulk/business takes";
    UPSERT_SECONDARY = "upsert_secondary" ["promotes", "ignored"]
        "whether an upsert finds a contact by a further e-mail, which then replaces the first one";
    TASK_SEARCH_LIMIT = "task_search_limit" ["clamped", "refused", "none"]
        "what the task search does above 100 a page";
    TASK_SEARCH_ORDER = "task_search_order" ["newest_first", "oldest_first", "due_first"]
        "the order of the task search";
    DELETED_TASK = "deleted_task" ["gone", "readable"]
        "whether a deleted task can still be read by id, though no list has it";
    DELETED_CONTACT = "deleted_contact" ["tasks_stay", "tasks_go"]
        "whether the tasks of a deleted contact stay in the task search";
    RESTORED_CONTACT = "restored_contact" ["without_tasks", "with_tasks"]
        "whether tasks that stayed are found again under a restored contact";
    DELETED_BUSINESS = "deleted_business" ["detaches", "stays_linked"]
        "whether contacts keep the id of a business that was deleted";
    NOTE_BODY = "note_body" ["plain", "html"]
        "the form of the notes that people write";
    APPOINTMENT_ZONE = "appointment_zone" ["location", "utc"]
        "the zone of the times of a contact's appointments, which name none";
    EXPIRED_TOKEN = "expired_token" ["invalid_jwt", "access_token_is_invalid"]
        "the words of the 401 for an access token that has expired";
    SPENT_REFRESH = "spent_refresh" ["400", "401"]
        "the status for a refresh token that was used or never known";
    REFRESH_GRACE = "refresh_grace" ["30_seconds", "none"]
        "how long the same refresh is answered the same way once more";
    LOCATION_REFRESH = "location_refresh" ["present", "absent"]
        "whether a location token made from an agency token has a refresh token";
    STATE_ECHO = "state_echo" ["yes", "no"]
        "whether the consent page sends the state back";
    PKCE = "pkce" ["ignored", "checked"]
        "whether a code with a challenge is good only with its verifier";
    CLIENT_CREDENTIALS = "client_credentials" ["refused", "granted"]
        "what becomes of the client_credentials grant";
    OWN_WRITES = "own_writes" ["told", "silent"]
        "whether webhooks tell of what the API wrote";
    TASK_CREATE_EVENT = "task_create_event" ["bare", "whole"]
        "whether TaskCreate lacks contactId and body, as seen live";
    CUSTOM_FIELD_EVENT = "custom_field_event" ["yes", "no"]
        "whether a custom field alone sends ContactUpdate";
    REPEATED_ENVELOPE = "repeated_envelope" ["same", "fresh"]
        "whether a repeated webhook keeps its timestamp and webhookId";
    LEGACY_SIGNATURE = "legacy_signature" ["absent", "placeholder"]
        "whether webhooks carry X-WH-Signature: N/A";
}
