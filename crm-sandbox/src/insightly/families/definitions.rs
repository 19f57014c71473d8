//! Users, teams, categories, and the other lists of choices.

use super::{CATEGORY, REFERENCE, SEARCHED};
use crate::insightly::schema::Kind::{
    Any, CustomFields, Email, Flag, Integer, Members, Of, Stamp, Text, User,
};
use crate::insightly::schema::Right::{Read, Required, Written};
use crate::insightly::schema::{Family, Field, Shape, Start, UNLIMITED, field};

const CATEGORY_FIELDS: &[Field] = &[
    field("CATEGORY_NAME", Text(255), Required),
    field("ACTIVE", Flag, Written),
    field("BACKGROUND_COLOR", Text(6), Required),
];

/// Categories of tasks, projects, opportunities or files.
const fn categories(name: &'static str, key: &'static str, first_id: i64) -> Family {
    Family {
        name,
        alias: name,
        key,
        singular: "Category",
        id: "CATEGORY_ID",
        first_id,
        lookups: &[],
        fields: CATEGORY_FIELDS,
        shapes: &[CATEGORY],
        starts: &[("ACTIVE", Start::Flag(true))],
        guarded: true,
    }
}

pub(super) const TASK_CATEGORIES: Family = categories("TaskCategories", "task_categories", 601_001);
pub(super) const PROJECT_CATEGORIES: Family =
    categories("ProjectCategories", "project_categories", 602_001);
pub(super) const OPPORTUNITY_CATEGORIES: Family =
    categories("OpportunityCategories", "opportunity_categories", 603_001);
pub(super) const FILE_CATEGORIES: Family = categories("FileCategories", "file_categories", 604_001);

pub(super) const LEAD_SOURCES: Family = Family {
    name: "LeadSources",
    alias: "LeadSources",
    key: "lead_sources",
    singular: "LeadSource",
    id: "LEAD_SOURCE_ID",
    first_id: 605_001,
    lookups: &[],
    fields: &[
        field("LEAD_SOURCE", Text(255), Required),
        field("DEFAULT_VALUE", Flag, Written),
        field("FIELD_ORDER", Integer, Written),
    ],
    shapes: &[&[
        Shape::List,
        Shape::Create,
        Shape::Update,
        Shape::RetireByQuery,
    ]],
    starts: &[],
    guarded: true,
};

pub(super) const LEAD_STATUSES: Family = Family {
    name: "LeadStatuses",
    alias: "LeadStatuses",
    key: "lead_statuses",
    singular: "LeadStatus",
    id: "LEAD_STATUS_ID",
    first_id: 606_001,
    lookups: &[],
    fields: &[
        field("LEAD_STATUS", Text(255), Required),
        field("DEFAULT_STATUS", Flag, Written),
        field("STATUS_TYPE", Integer, Written),
        field("FIELD_ORDER", Integer, Written),
    ],
    shapes: &[&[
        Shape::List,
        Shape::Create,
        Shape::Update,
        Shape::RetireByQuery,
    ]],
    starts: &[],
    guarded: true,
};

pub(super) const USERS: Family = Family {
    name: "Users",
    alias: "Users",
    key: "users",
    singular: "User",
    id: "USER_ID",
    first_id: 2_240_001,
    lookups: &["EMAIL_ADDRESS"],
    fields: &[
        field("CONTACT_ID", Integer, Written),
        field("FIRST_NAME", Text(UNLIMITED), Written),
        field("LAST_NAME", Text(UNLIMITED), Written),
        field("TIMEZONE_ID", Text(UNLIMITED), Written),
        field("EMAIL_ADDRESS", Email(255), Written),
        field("EMAIL_DROPBOX_IDENTIFIER", Text(UNLIMITED), Written),
        field("EMAIL_DROPBOX_ADDRESS", Text(UNLIMITED), Written),
        field("ADMINISTRATOR", Flag, Written),
        field("ACCOUNT_OWNER", Flag, Written),
        field("ACTIVE", Flag, Written),
        field("DATE_CREATED_UTC", Stamp, Read),
        field("DATE_UPDATED_UTC", Stamp, Read),
        field("USER_CURRENCY", Text(UNLIMITED), Written),
        field("CONTACT_DISPLAY", Text(UNLIMITED), Written),
        field("CONTACT_ORDER", Text(UNLIMITED), Written),
        field("TASK_WEEK_START", Integer, Written),
        field("INSTANCE_ID", Integer, Written),
        field("PROFILE_ID", Integer, Written),
        field("ROLE_ID", Integer, Written),
    ],
    shapes: &[SEARCHED],
    starts: &[],
    guarded: false,
};

pub(super) const TEAMS: Family = Family {
    name: "Teams",
    alias: "Teams",
    key: "teams",
    singular: "Team",
    id: "TEAM_ID",
    first_id: 607_001,
    lookups: &[],
    fields: &[
        field("TEAM_NAME", Text(255), Written),
        field("DATE_CREATED_UTC", Stamp, Read),
        field("DATE_UPDATED_UTC", Stamp, Read),
        field("ANONYMOUS_TEAM", Flag, Read),
        field("TEAMMEMBERS", Members, Written),
    ],
    shapes: &[
        REFERENCE,
        &[Shape::Create, Shape::Update, Shape::Delete, Shape::Members],
    ],
    starts: &[],
    guarded: true,
};

pub(super) const TEAM_MEMBERS: Family = Family {
    name: "TeamMembers",
    alias: "TeamMembers",
    key: "team_members",
    singular: "TeamMember",
    id: "PERMISSION_ID",
    first_id: 608_001,
    lookups: &[],
    fields: &[
        field("TEAM_ID", Of("teams"), Written),
        field("MEMBER_USER_ID", User, Required),
    ],
    shapes: &[REFERENCE, &[Shape::Create, Shape::Delete]],
    starts: &[],
    guarded: true,
};

pub(super) const ACTIVITY_SETS: Family = Family {
    name: "ActivitySets",
    alias: "ActivitySets",
    key: "activity_sets",
    singular: "ActivitySet",
    id: "ACTIVITYSET_ID",
    first_id: 609_001,
    lookups: &[],
    fields: &[
        field("NAME", Text(UNLIMITED), Written),
        field("FOR_CONTACTS", Flag, Written),
        field("FOR_ORGANISATIONS", Flag, Written),
        field("FOR_OPPORTUNITIES", Flag, Written),
        field("FOR_PROJECTS", Flag, Written),
        field("FOR_LEADS", Flag, Written),
        field("OWNER_USER_ID", User, Written),
        field("ACTIVITIES", Any, Written),
    ],
    shapes: &[REFERENCE],
    starts: &[],
    guarded: false,
};

pub(super) const RELATIONSHIPS: Family = Family {
    name: "Relationships",
    alias: "Relationships",
    key: "relationships",
    singular: "Relationship",
    id: "RELATIONSHIP_ID",
    first_id: 610_001,
    lookups: &[],
    fields: &[
        field("FORWARD_TITLE", Text(255), Written),
        field("FORWARD", Text(255), Written),
        field("REVERSE_TITLE", Text(255), Written),
        field("REVERSE", Text(255), Written),
        field("FOR_CONTACTS", Flag, Written),
        field("FOR_ORGANISATIONS", Flag, Written),
    ],
    shapes: &[&[Shape::List]],
    starts: &[],
    guarded: false,
};

pub(super) const STATE_REASONS: Family = Family {
    name: "OpportunityStateReasons",
    alias: "OpportunityStateReasons",
    key: "opportunity_state_reasons",
    singular: "OpportunityStateReason",
    id: "STATE_REASON_ID",
    first_id: 611_001,
    lookups: &[],
    fields: &[
        field("STATE_REASON", Text(UNLIMITED), Written),
        field("FOR_OPPORTUNITY_STATE", Text(20), Written),
    ],
    shapes: &[&[Shape::List]],
    starts: &[],
    guarded: false,
};

pub(super) const TEMPLATES: Family = Family {
    name: "DocumentTemplates",
    alias: "DocumentTemplates",
    key: "document_templates",
    singular: "DocumentTemplate",
    id: "TEMPLATE_ID",
    first_id: 612_001,
    lookups: &[],
    fields: &[
        field("TEMPLATE_NAME", Text(UNLIMITED), Written),
        field("TEMPLATE_FILE_TYPE", Text(UNLIMITED), Written),
        field("RELATED_OBJECT_NAME", Text(UNLIMITED), Written),
        field("DATE_CREATED_UTC", Stamp, Read),
        field("ACTIVE", Flag, Written),
    ],
    shapes: &[SEARCHED],
    starts: &[],
    guarded: false,
};

pub(super) const FRUITS: Family = Family {
    name: "Fruit__c",
    alias: "Fruit__c",
    key: "fruit__c",
    singular: "Fruit__c",
    id: "RECORD_ID",
    first_id: 55_000_001,
    lookups: &["RECORD_NAME"],
    fields: &[
        field("RECORD_NAME", Text(255), Required),
        field("OWNER_USER_ID", User, Written),
        field("DATE_CREATED_UTC", Stamp, Read),
        field("DATE_UPDATED_UTC", Stamp, Read),
        field("CREATED_USER_ID", Integer, Read),
        field("VISIBLE_TO", Text(11), Written),
        field("VISIBLE_TEAM_ID", Of("teams"), Written),
        field("CUSTOMFIELDS", CustomFields, Written),
    ],
    shapes: &[
        SEARCHED,
        &[
            Shape::Create,
            Shape::Update,
            Shape::Delete,
            Shape::Files,
            Shape::Upload,
            Shape::Document,
            Shape::Translations,
        ],
    ],
    starts: &[("VISIBLE_TO", Start::Text("EVERYONE"))],
    guarded: false,
};
