//! The location operations.

use api_transport::Definition;

use crate::operation::table;

/// The version that HighLevel documents for calendars.
const CALENDARS: &str = "2021-04-15";

table! {
    area "locations";
    GET = Definition::get("locations.get", "/locations/{locationId}"),
        [LocationsReadonly], "get-location";

    TAGS = Definition::get("locations.tags", "/locations/{locationId}/tags"),
        [LocationTagsReadonly], "get-location-tags";
    TAG = Definition::get("locations.tag", "/locations/{locationId}/tags/{tagId}"),
        [LocationTagsReadonly], "get-tag-by-id";
    CREATE_TAG = Definition::post("locations.create_tag", "/locations/{locationId}/tags"),
        [LocationTagsWrite], "create-tag";
    UPDATE_TAG = Definition::put("locations.update_tag", "/locations/{locationId}/tags/{tagId}").repeatable(),
        [LocationTagsWrite], "update-tag";
    DELETE_TAG = Definition::delete("locations.delete_tag", "/locations/{locationId}/tags/{tagId}"),
        [LocationTagsWrite], "delete-tag";

    CUSTOM_FIELDS = Definition::get("locations.custom_fields", "/locations/{locationId}/customFields"),
        [CustomFieldsReadonly], "get-custom-fields";
    CUSTOM_FIELD = Definition::get("locations.custom_field", "/locations/{locationId}/customFields/{id}"),
        [CustomFieldsReadonly], "get-custom-field";
    CREATE_CUSTOM_FIELD = Definition::post("locations.create_custom_field", "/locations/{locationId}/customFields"),
        [CustomFieldsWrite], "create-custom-field";
    UPDATE_CUSTOM_FIELD = Definition::put("locations.update_custom_field", "/locations/{locationId}/customFields/{id}").repeatable(),
        [CustomFieldsWrite], "update-custom-field";
    DELETE_CUSTOM_FIELD = Definition::delete("locations.delete_custom_field", "/locations/{locationId}/customFields/{id}"),
        [CustomFieldsWrite], "delete-custom-field";

    SEARCH_TASKS = Definition::post("locations.search_tasks", "/locations/{locationId}/tasks/search").read(),
        [LocationTasksReadonly], "task-search";

    USERS = Definition::get("locations.users", "/users/"),
        [UsersReadonly], "get-user-by-location", deprecated();
    EVENTS = Definition::get("locations.events", "/calendars/events"),
        [CalendarEventsReadonly], "get-calendar-events", at_version(CALENDARS);
    EVENT = Definition::get("locations.event", "/calendars/events/appointments/{eventId}"),
        [CalendarEventsReadonly], "get-appointment", at_version(CALENDARS);
}
