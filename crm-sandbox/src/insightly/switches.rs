//! What is not confirmed about Insightly.

use crate::switches::{Switch, switches};

switches! {
    PUT_STATUS = "put_status" ["200", "201"]
        "the status of a PUT that was done";
    SUBLIST_STATUS = "sublist_status" ["200", "201"]
        "the status of GET Tags and GET Dates";
    PUT_UNKNOWN = "put_unknown_id" ["400", "404"]
        "the status of a PUT with an id that is not there";
    PUT_TWO_IDS = "put_two_ids" ["400", "path_wins"]
        "what a PUT does when path and body name different ids";
    ERROR_BODY = "error_body" ["message_object", "json_string", "plain_text", "empty"]
        "the form of refusals";
    RETRY_AFTER = "retry_after" ["1", "absent"]
        "whether 429 carries Retry-After";
    LARGE_TOP = "large_top" ["clamped", "refused"]
        "what happens to top above 500";
    UPDATED_AFTER = "updated_after" ["inclusive", "exclusive"]
        "whether updated_after_utc finds a record of that very second";
    TWO_FILTERS = "two_filters" ["and", "refused", "date_ignored"]
        "a search by a field and by date at once";
    SECOND_TOUCH = "second_touch" ["on", "off"]
        "whether a create stamps DATE_UPDATED_UTC one second late";
    ETAG = "etag" ["on", "off"]
        "whether records carry an ETag";
    STALE_IF_MATCH = "stale_if_match" ["400", "412"]
        "the status of a PUT whose If-Match is not current";
    CUSTOM_FIELDS_PUT = "custom_fields_put" ["merges", "replaces"]
        "what PUT does to custom fields that it does not name";
    TAGS_IN_PARENT = "tags_in_parent" ["replaces", "merges", "ignored"]
        "what TAGS in the body of a record do";
    TAG_BUMP = "tag_bump" ["yes", "no"]
        "whether a change of tags moves DATE_UPDATED_UTC";
    LINK_BUMP = "link_bump" ["no", "yes"]
        "whether a change of links moves DATE_UPDATED_UTC";
    TAG_CASE = "tag_case" ["ignored", "kept_apart"]
        "whether VIP and vip are one tag, in its first spelling";
    UNKNOWN_MEMBER = "unknown_member" ["ignored", "refused"]
        "what happens to members of a body that no schema has";
    UNKNOWN_CUSTOM_FIELD = "unknown_custom_field" ["refused", "ignored"]
        "what happens to a FIELD_NAME that is not defined";
    UNKNOWN_OPTION = "unknown_option" ["refused", "stored"]
        "what happens to a value that a dropdown does not offer";
    EMPTY_CUSTOM_FIELDS = "empty_custom_fields" ["listed", "absent"]
        "whether CUSTOMFIELDS lists fields without a value, as null";
    LONG_TEXT = "long_text" ["refused", "cut"]
        "what happens to text above its limit";
    BAD_EMAIL = "bad_email" ["refused", "stored"]
        "what happens to an e-mail that is none";
    UNKNOWN_COUNTRY = "unknown_country" ["stored", "refused"]
        "what happens to a country that /Countries does not list";
    EMPTY_WRITE = "empty_write" ["stored", "null"]
        "what an empty string on write becomes";
    ISO_DATES = "iso_dates" ["accepted", "refused"]
        "whether bodies may carry dates with T and Z";
    DATE_ONLY = "date_only" ["midnight", "refused"]
        "what a date without a time on write becomes";
    SEARCH_CASE = "search_case" ["ignored", "exact"]
        "how field_value is compared";
    LOCATION_HEADER = "location_header" ["present", "absent"]
        "whether 201 carries the address of the new record";
    MEMBER_CASE = "member_case" ["ignored", "exact"]
        "whether members of a body may be cased otherwise";
    LINK_TWICE = "link_twice" ["refused", "second_row"]
        "what happens to a link that is already there";
}
