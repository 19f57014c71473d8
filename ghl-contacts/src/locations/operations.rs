//! The location operations.

use api_transport::Definition;

use crate::operation::table;

table! {
    area "locations";
    GET = Definition::get("locations.get", "/locations/{locationId}"),
        [LocationsReadonly], "get-location";
    CUSTOM_FIELDS = Definition::get("locations.custom_fields", "/locations/{locationId}/customFields"),
        [CustomFieldsReadonly], "get-custom-fields";
    TAGS = Definition::get("locations.tags", "/locations/{locationId}/tags"),
        [LocationTagsReadonly], "get-location-tags";
}
