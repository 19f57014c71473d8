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
    TAG_BUMP = "tag_bump" ["yes", "no"]
        "whether adding or removing tags moves dateUpdated";
    UNKNOWN_CUSTOM_FIELD = "unknown_custom_field" ["ignored", "refused"]
        "what happens to a value for a custom field that is not defined";
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
    LIST_ORDER = "list_order" ["newest_first", "oldest_first"]
        "the order of GET /contacts/, by dateAdded";
}
