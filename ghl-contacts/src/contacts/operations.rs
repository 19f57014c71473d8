//! The contact operations.

use api_transport::Definition;

use crate::operation::table;

table! {
    area "contacts";
    GET = Definition::get("contacts.get", "/contacts/{contactId}"),
        [ContactsReadonly], "get-contact";
    CREATE = Definition::post("contacts.create", "/contacts/"),
        [ContactsWrite], "create-contact";
    UPDATE = Definition::put("contacts.update", "/contacts/{contactId}").repeatable(),
        [ContactsWrite], "update-contact";
    DELETE = Definition::delete("contacts.delete", "/contacts/{contactId}"),
        [ContactsWrite], "delete-contact";
    SEARCH = Definition::post("contacts.search", "/contacts/search").read(),
        [ContactsReadonly], "search-contacts-advanced";
    FIND_DUPLICATE = Definition::get("contacts.find_duplicate", "/contacts/search/duplicate"),
        [ContactsReadonly], "get-duplicate-contact";
    ADD_TAGS = Definition::post("contacts.add_tags", "/contacts/{contactId}/tags").repeatable(),
        [ContactsWrite], "add-tags";
    REMOVE_TAGS = Definition::delete("contacts.remove_tags", "/contacts/{contactId}/tags"),
        [ContactsWrite], "remove-tags";
}
