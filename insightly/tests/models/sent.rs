//! What is sent: nothing that is read only, nothing too long.

use insightly::*;
use serde_json::{Value, json};

/// Members that the server sets. None of them may ever be sent.
const READ_ONLY: [&str; 24] = [
    "DATE_CREATED_UTC",
    "DATE_UPDATED_UTC",
    "LAST_ACTIVITY_DATE_UTC",
    "NEXT_ACTIVITY_DATE_UTC",
    "CREATED_USER_ID",
    "LINKED_EMAIL_ADDRESS",
    "CONVERTED",
    "CONVERTED_CONTACT_ID",
    "CONVERTED_DATE_UTC",
    "CONVERTED_OPPORTUNITY_ID",
    "CONVERTED_ORGANISATION_ID",
    "OPPORTUNITY_VALUE",
    "PRICEBOOK_ID",
    "PIPELINE_ID",
    "STAGE_ID",
    "COMPLETED_DATE_UTC",
    "ASSIGNED_BY_USER_ID",
    "ASSIGNED_DATE_UTC",
    "NOTE_ID",
    "EMAIL_ID",
    "TOTAL_PRICE",
    "SUBTOTAL",
    "ETag",
    "CUSTOM_FIELD_ID",
];

fn never_sends_read_only<M: Model>(but: &[&str]) {
    for member in M::MEMBERS {
        let read_only = READ_ONLY.contains(&member.name) && !but.contains(&member.name);
        assert!(!read_only, "{} sends {}", M::NAME, member.name);
    }
}

macro_rules! check {
    ($( $Model:ident $( ( $($but:literal)+ ) )? ),+ $(,)?) => {
        $( never_sends_read_only::<$Model>(&[$( $($but),+ )?]); )+
    };
}

#[test]
fn what_the_server_sets_cannot_be_sent() {
    check!(
        NewContact,
        ContactUpdate,
        NewOrganisation,
        OrganisationUpdate,
        NewLead,
        LeadUpdate,
        NewOpportunity,
        OpportunityUpdate,
        NewProject,
        ProjectUpdate,
        NewTask("EMAIL_ID"),
        TaskUpdate("EMAIL_ID"),
        NewNote,
        NoteUpdate("NOTE_ID"),
        NewEvent,
        EventUpdate,
        NewComment,
        CommentUpdate,
        NewMilestone,
        MilestoneUpdate,
        NewCustomObjectRecord,
        CustomObjectRecordUpdate,
        NewOpportunityLineItem,
        OpportunityLineItemUpdate,
        NewTeam,
        TeamUpdate,
    );
}

#[test]
fn a_part_that_was_read_is_sent_back_without_what_is_not_known() {
    let occasion = json!({"DATE_ID": 3, "OCCASION_NAME": "Wedding", "NEW_MEMBER": 1,
        "OCCASION_DATE": "2020-01-02 00:00:00"});
    let occasion: Occasion = serde_json::from_value(occasion).unwrap();
    assert_eq!(occasion.extra["NEW_MEMBER"], 1);
    let kept = serde_json::to_value(&occasion).unwrap();
    assert_eq!(kept["NEW_MEMBER"], 1);
    let sent = serde_json::to_value(NewContact::new("Ada").dates([occasion])).unwrap();
    assert_eq!(sent["DATES"][0].get("NEW_MEMBER"), None);
    assert_eq!(sent["DATES"][0]["DATE_ID"], 3);
    let field = json!({"FIELD_NAME": "A__c", "FIELD_VALUE": 1, "CUSTOM_FIELD_ID": "A__c"});
    let field: CustomField = serde_json::from_value(field).unwrap();
    let sent = serde_json::to_value(NewContact::new("Ada").custom_fields([field])).unwrap();
    let known = json!([{"FIELD_NAME": "A__c", "FIELD_VALUE": 1}]);
    assert_eq!(sent["CUSTOMFIELDS"], known);
}

fn refused(payload: &impl Payload) -> (&'static str, usize, usize) {
    let why = payload.check().unwrap_err();
    (why.field, why.limit, why.length)
}

#[test]
fn limits_count_characters_and_reach_into_lists() {
    let long = |size: usize| "ä".repeat(size);
    assert!(NewContact::new(long(255)).check().is_ok());
    assert_eq!(
        refused(&NewContact::new(long(256))),
        ("FIRST_NAME", 255, 256)
    );
    let tagged = NewContact::new("Ada").tags([long(256)]);
    assert_eq!(refused(&tagged), ("TAG_NAME", 255, 256));
    let dated =
        NewContact::new("Ada").dates([Occasion::new(long(300), jiff::civil::date(2026, 1, 1))]);
    assert_eq!(refused(&dated), ("OCCASION_NAME", 255, 300));
    let task = TaskUpdate::of(TaskId(1)).details(long(4001));
    assert_eq!(refused(&task), ("DETAILS", 4000, 4001));
}

#[test]
fn an_empty_value_is_no_cleared_one() {
    let update = LeadUpdate::of(LeadId(1)).email("").title(Edit::Clear);
    let sent = serde_json::to_value(&update).unwrap();
    assert_eq!(
        sent,
        json!({"LEAD_ID": 1, "EMAIL": "", "TITLE": Value::Null})
    );
}
