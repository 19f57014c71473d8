//! The 32 contact operations.

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
    UPSERT = Definition::post("contacts.upsert", "/contacts/upsert"),
        [ContactsWrite], "upsert-contact";
    DELETE = Definition::delete("contacts.delete", "/contacts/{contactId}"),
        [ContactsWrite], "delete-contact";
    SEARCH = Definition::post("contacts.search", "/contacts/search").read(),
        [ContactsReadonly], "search-contacts-advanced";
    FIND_DUPLICATE = Definition::get("contacts.find_duplicate", "/contacts/search/duplicate"),
        [ContactsReadonly], "get-duplicate-contact";
    LIST = Definition::get("contacts.list", "/contacts/"),
        [ContactsReadonly], "get-contacts", deprecated();
    IN_BUSINESS = Definition::get("contacts.in_business", "/contacts/business/{businessId}"),
        [ContactsReadonly], "get-contacts-by-business-id";

    ADD_TAGS = Definition::post("contacts.add_tags", "/contacts/{contactId}/tags").repeatable(),
        [ContactsWrite], "add-tags";
    REMOVE_TAGS = Definition::delete("contacts.remove_tags", "/contacts/{contactId}/tags"),
        [ContactsWrite], "remove-tags";
    BULK_TAGS = Definition::post("contacts.bulk_tags", "/contacts/bulk/tags/update/{type}").repeatable(),
        [], "create-association";
    SET_BUSINESS = Definition::post("contacts.set_business", "/contacts/bulk/business").repeatable(),
        [], "add-remove-contact-from-business";

    TASKS = Definition::get("contacts.tasks", "/contacts/{contactId}/tasks"),
        [ContactsReadonly], "get-all-tasks";
    TASK = Definition::get("contacts.task", "/contacts/{contactId}/tasks/{taskId}"),
        [ContactsReadonly], "get-task";
    CREATE_TASK = Definition::post("contacts.create_task", "/contacts/{contactId}/tasks"),
        [ContactsWrite], "create-task";
    UPDATE_TASK = Definition::put("contacts.update_task", "/contacts/{contactId}/tasks/{taskId}").repeatable(),
        [ContactsWrite], "update-task";
    COMPLETE_TASK = Definition::put("contacts.complete_task", "/contacts/{contactId}/tasks/{taskId}/completed").repeatable(),
        [ContactsWrite], "update-task-completed";
    DELETE_TASK = Definition::delete("contacts.delete_task", "/contacts/{contactId}/tasks/{taskId}"),
        [ContactsWrite], "delete-task";

    NOTES = Definition::get("contacts.notes", "/contacts/{contactId}/notes"),
        [ContactsReadonly], "get-all-notes";
    NOTE = Definition::get("contacts.note", "/contacts/{contactId}/notes/{id}"),
        [ContactsReadonly], "get-note";
    CREATE_NOTE = Definition::post("contacts.create_note", "/contacts/{contactId}/notes"),
        [ContactsWrite], "create-note";
    UPDATE_NOTE = Definition::put("contacts.update_note", "/contacts/{contactId}/notes/{id}").repeatable(),
        [ContactsWrite], "update-note";
    DELETE_NOTE = Definition::delete("contacts.delete_note", "/contacts/{contactId}/notes/{id}"),
        [ContactsWrite], "delete-note";

    APPOINTMENTS = Definition::get("contacts.appointments", "/contacts/{contactId}/appointments"),
        [ContactsReadonly], "get-appointments-for-contact";

    ADD_FOLLOWERS = Definition::post("contacts.add_followers", "/contacts/{contactId}/followers").repeatable(),
        [ContactsWrite], "add-followers-contact";
    REMOVE_FOLLOWERS = Definition::delete("contacts.remove_followers", "/contacts/{contactId}/followers"),
        [ContactsWrite], "remove-followers-contact";

    ADD_TO_CAMPAIGN = Definition::post("contacts.add_to_campaign", "/contacts/{contactId}/campaigns/{campaignId}"),
        [ContactsWrite], "add-contact-to-campaign";
    REMOVE_FROM_CAMPAIGN = Definition::delete("contacts.remove_from_campaign", "/contacts/{contactId}/campaigns/{campaignId}"),
        [ContactsWrite], "remove-contact-from-campaign";
    REMOVE_FROM_ALL_CAMPAIGNS = Definition::delete("contacts.remove_from_all_campaigns", "/contacts/{contactId}/campaigns/removeAll"),
        [ContactsWrite], "remove-contact-from-every-campaign";
    ADD_TO_WORKFLOW = Definition::post("contacts.add_to_workflow", "/contacts/{contactId}/workflow/{workflowId}"),
        [ContactsWrite], "add-contact-to-workflow";
    REMOVE_FROM_WORKFLOW = Definition::delete("contacts.remove_from_workflow", "/contacts/{contactId}/workflow/{workflowId}"),
        [ContactsWrite], "delete-contact-from-workflow";
}
