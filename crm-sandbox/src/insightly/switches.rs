//! What is not confirmed about Insightly: the facts' section 11, point by point.

use crate::switches::{Switch, switches};

switches! {
    // 1
    PUT_STATUS = "put_status" ["200", "201"]
        "the status of a PUT that was done";
    SUBLIST_STATUS = "sublist_status" ["200", "201"]
        "the status of GET Tags, Dates, EmailDomains and the like";
    // 2
    PUT_UNKNOWN = "put_unknown_id" ["400", "404"]
        "the status of a PUT with an id that is not there";
    PUT_TWO_IDS = "put_two_ids" ["400", "path_wins"]
        "what a PUT does when path and body name different ids";
    // 3
    NO_RIGHTS = "no_rights" ["403", "404"]
        "the status of a record that the key's user may not see";
    // 4
    ERROR_BODY = "error_body" ["message_object", "json_string", "plain_text", "empty", "html_page"]
        "the form of refusals";
    // 5
    UNAUTHORIZED_BODY = "unauthorized_body" ["as_others", "empty"]
        "the body of 401";
    // 6
    RETRY_AFTER = "retry_after" ["1", "absent"]
        "whether 429 carries Retry-After";
    DAY_RESET = "day_reset" ["midnight", "rolling"]
        "when the allowance of a day begins anew";
    // 7
    RATE_SCOPE = "rate_scope" ["instance", "key"]
        "whether all keys share one rate";
    // 8
    LARGE_TOP = "large_top" ["clamped", "refused"]
        "what happens to top above 500";
    // 9
    UPDATED_AFTER = "updated_after" ["inclusive", "exclusive"]
        "whether updated_after_utc finds a record of that very second";
    TWO_FILTERS = "two_filters" ["and", "refused", "date_ignored"]
        "a search by a field and by date at once";
    // 10
    LIST_LAG = "list_lag" ["none", "5s"]
        "the least time for which writes stay out of lists and searches";
    PART_LAG = "part_lag" ["none", "1s"]
        "how old the tags and links of a read by id can be";
    // 11
    SECOND_TOUCH = "second_touch" ["on", "off"]
        "whether a create stamps DATE_UPDATED_UTC one second late";
    // 12
    ETAG = "etag" ["on", "off"]
        "whether records carry an ETag";
    STALE_IF_MATCH = "stale_if_match" ["400", "412"]
        "the status of a PUT whose If-Match is not current";
    // 13
    CUSTOM_FIELDS_PUT = "custom_fields_put" ["merges", "replaces"]
        "what PUT does to custom fields that it does not name";
    TAGS_IN_PARENT = "tags_in_parent" ["replaces", "merges", "ignored"]
        "what TAGS in the body of a record do";
    LINKS_IN_BODY = "links_in_body" ["ignored", "honoured"]
        "what LINKS in the body of a create do";
    PARTS_PUT = "parts_put" ["replaces", "upserts"]
        "what PUT Dates and PUT EmailDomains do to entries that they leave out";
    // 14
    TAG_BUMP = "tag_bump" ["yes", "no"]
        "whether a change of tags moves DATE_UPDATED_UTC";
    LINK_BUMP = "link_bump" ["no", "yes"]
        "whether a change of links moves DATE_UPDATED_UTC";
    NOTE_BUMP = "note_bump" ["no", "yes"]
        "whether a note moves DATE_UPDATED_UTC of the records that it is on";
    TASK_BUMP = "task_bump" ["no", "yes"]
        "whether a task moves DATE_UPDATED_UTC of the records that it is on";
    IMAGE_BUMP = "image_bump" ["no", "yes"]
        "whether an image moves DATE_UPDATED_UTC";
    ACTIVITY_DATES = "activity_dates" ["computed", "none"]
        "whether LAST_ and NEXT_ACTIVITY_DATE_UTC follow tasks, events and e-mails";
    // 15
    TAG_CASE = "tag_case" ["ignored", "kept_apart"]
        "whether VIP and vip are one tag, in its first spelling";
    TAG_CHARACTERS = "tag_characters" ["any", "refused"]
        "whether tags may hold more than letters, digits, space, - and _";
    // 16
    UNKNOWN_MEMBER = "unknown_member" ["ignored", "refused"]
        "what happens to members of a body that no schema has";
    UNKNOWN_CUSTOM_FIELD = "unknown_custom_field" ["refused", "ignored"]
        "what happens to a FIELD_NAME that is not defined";
    UNKNOWN_OPTION = "unknown_option" ["refused", "stored"]
        "what happens to a value that a dropdown does not offer";
    EMPTY_CUSTOM_FIELDS = "empty_custom_fields" ["listed", "absent"]
        "whether CUSTOMFIELDS lists fields without a value, as null";
    // 17
    LONG_TEXT = "long_text" ["refused", "cut"]
        "what happens to text above its limit";
    BAD_EMAIL = "bad_email" ["refused", "stored"]
        "what happens to an e-mail that is none";
    UNKNOWN_COUNTRY = "unknown_country" ["stored", "refused"]
        "what happens to a country that /Countries does not list";
    // 18
    EMPTY_WRITE = "empty_write" ["stored", "null"]
        "what an empty string on write becomes";
    // 19
    ISO_DATES = "iso_dates" ["accepted", "refused"]
        "whether bodies may carry dates with T and Z";
    DATE_ONLY = "date_only" ["midnight", "refused"]
        "what a date without a time on write becomes";
    DATE_FORM = "date_form" ["midnight", "date_only"]
        "how members that are days are read";
    // 20
    HTML = "html" ["kept", "sanitised", "wrapped"]
        "what happens to the BODY of notes and the DETAILS of tasks";
    // 21
    TASK_STEP = "task_step" ["in_step", "as_sent"]
        "whether COMPLETED, STATUS and PERCENT_COMPLETE follow each other";
    // 22
    PIPELINE_IN_BODY = "pipeline_in_body" ["ignored", "honoured"]
        "what PIPELINE_ID and STAGE_ID in the body of a record do";
    // 23
    LINK_TWICE = "link_twice" ["refused", "second_row", "same_id"]
        "what happens to a link that is already there";
    // 24
    SAME_EMAIL = "same_email" ["accepted", "refused"]
        "a second contact or lead with the same e-mail";
    // 25
    PLAN = "plan" ["all", "professional"]
        "whether families that a Professional plan lacks answer 403 and 404";
    // 26
    RESTORE_BUMP = "restore_bump" ["no", "yes"]
        "whether a record that is restored gets a new DATE_UPDATED_UTC";
    MERGE_BUMP = "merge_bump" ["yes", "no"]
        "whether a merge moves DATE_UPDATED_UTC of the master";
    // 27
    SEARCH_CASE = "search_case" ["ignored", "exact"]
        "how field_value is compared";
    CHOICE_CASE = "choice_case" ["upper", "as_sent"]
        "how states and statuses are stored";
    // 28
    LOCATION_HEADER = "location_header" ["present", "absent"]
        "whether 201 carries the address of the new record";
    SESSION_COOKIE = "session_cookie" ["present", "absent"]
        "whether answers set a cookie, which nobody must send back";
    // 29
    EMAIL_BODY = "email_body" ["by_id", "absent"]
        "whether a read by id shows BODY, EMAIL_TO and EMAIL_CC of an e-mail";
    // 30
    CHILD_POST = "child_post" ["all", "one"]
        "whether posts of line items, milestones and comments answer all children or the one";
    // 31
    LEAD_LINKS = "lead_links" ["answer", "404"]
        "whether Leads have the Links operations";
    // 32
    MEMBER_CASE = "member_case" ["ignored", "exact"]
        "whether members of a body may be cased otherwise";
}
