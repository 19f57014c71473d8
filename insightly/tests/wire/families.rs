//! What single families read and send beyond their shapes.

use futures_util::TryStreamExt;
use insightly::{
    Edit, ErrorKind, LeadSourceId, LeadStatusId, NewCustomObjectRecord, NewEvent, NewLead,
    NewOpportunity, NewOrganisation, NewProject, NewTask, NewTeam, OpportunityId, OrganisationId,
    StateChange, StateReasonId, TaskCategoryUpdate, TaskId, TaskUpdate, TeamId, UserId,
};
use serde_json::json;

use crate::server::{Server, body, json, query, status};

#[tokio::test]
async fn each_family_is_made_of_what_it_requires() {
    let server = Server::answering(status(400)).await;
    let client = &server.client;
    let start = "2026-11-24T10:00:00Z".parse::<jiff::Timestamp>().unwrap();
    client
        .organisations()
        .create(&NewOrganisation::new("Acme").email_domains(["a.example"]))
        .await
        .ok();
    client
        .leads()
        .create(&NewLead::new("Example").email("a@b.c"))
        .await
        .ok();
    client
        .opportunities()
        .create(&NewOpportunity::new("Roof").bid_amount(1200.5))
        .await
        .ok();
    client
        .projects()
        .create(&NewProject::new("Roof", "NOT STARTED"))
        .await
        .ok();
    client
        .tasks()
        .create(&NewTask::new("Call").due_date(jiff::civil::date(2026, 11, 24)))
        .await
        .ok();
    client
        .events()
        .create(&NewEvent::new(start, start).title("Lunch"))
        .await
        .ok();
    client
        .teams()
        .create(&NewTeam::new("Night").members([UserId(3)]))
        .await
        .ok();
    let sent: Vec<_> = server
        .requests()
        .await
        .iter()
        .map(|r| (r.url.path().to_owned(), body(r)))
        .collect();
    let expected = [
        (
            "Organisations",
            json!({"ORGANISATION_NAME": "Acme", "EMAILDOMAINS": [{"EMAIL_DOMAIN": "a.example"}]}),
        ),
        ("Leads", json!({"LAST_NAME": "Example", "EMAIL": "a@b.c"})),
        (
            "Opportunities",
            json!({"OPPORTUNITY_NAME": "Roof", "BID_AMOUNT": 1200.5}),
        ),
        (
            "Projects",
            json!({"PROJECT_NAME": "Roof", "STATUS": "NOT STARTED"}),
        ),
        (
            "Tasks",
            json!({"TITLE": "Call", "DUE_DATE": "2026-11-24 00:00:00"}),
        ),
        (
            "Events",
            json!({"START_DATE_UTC": "2026-11-24 10:00:00", "END_DATE_UTC": "2026-11-24 10:00:00", "TITLE": "Lunch"}),
        ),
        (
            "Teams",
            json!({"TEAM_NAME": "Night", "TEAMMEMBERS": [{"MEMBER_USER_ID": 3}]}),
        ),
    ];
    let expected: Vec<_> = expected
        .map(|(at, body)| (format!("/v3.1/{at}"), body))
        .into();
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn a_task_is_completed_by_three_members_together() {
    let server = Server::on("PUT", "/Tasks", json(200, json!({"TASK_ID": 5}))).await;
    let done = TaskUpdate::of(TaskId(5))
        .completed(true)
        .status("COMPLETED")
        .percent_complete(100);
    server
        .client
        .tasks()
        .update(&done.due_date(Edit::Clear))
        .await
        .unwrap();
    assert_eq!(
        body(&server.request().await),
        json!({"TASK_ID": 5, "COMPLETED": true, "STATUS": "COMPLETED", "PERCENT_COMPLETE": 100, "DUE_DATE": null})
    );
}

#[tokio::test]
async fn a_state_is_changed_with_its_reason_and_its_history_read() {
    let server = Server::on("PUT", "/Opportunities/1/StateChange", json(200, json!({}))).await;
    let change = StateChange::to("LOST").because(StateReasonId(5));
    server
        .client
        .opportunities()
        .change_state(OpportunityId(1), &change)
        .await
        .unwrap();
    assert_eq!(
        body(&server.request().await),
        json!({"FOR_OPPORTUNITY_STATE": "LOST", "STATE_REASON_ID": 5})
    );
    let history = json!([{"OPPORTUNITY_ID": 1, "DATE_CHANGED_UTC": "2026-11-24 10:00:00",
        "FOR_OPPORTUNITY_STATE": "LOST", "STATE_REASON_ID": null, "STATE_REASON": ""}]);
    let server = Server::on("GET", "/Opportunities/1/StateHistory", json(200, history)).await;
    let history = server
        .client
        .opportunities()
        .state_history(OpportunityId(1))
        .await
        .unwrap();
    assert_eq!(
        history[0].changed.unwrap().to_string(),
        "2026-11-24T10:00:00Z"
    );
}

#[tokio::test]
async fn email_domains_are_put_as_an_array() {
    let answer = json(
        200,
        json!([{"EMAIL_DOMAIN_ID": 1, "EMAIL_DOMAIN": "a.example"}]),
    );
    let server = Server::on("PUT", "/Organisations/2/EmailDomains", answer).await;
    let domains = ["a.example".into()];
    let now = server
        .client
        .organisations()
        .set_email_domains(OrganisationId(2), &domains)
        .await
        .unwrap();
    assert!(now[0].id.is_some());
    assert_eq!(
        body(&server.request().await),
        json!([{"EMAIL_DOMAIN": "a.example"}])
    );
}

#[tokio::test]
async fn a_lead_setting_is_deleted_by_a_parameter() {
    let server = Server::on("DELETE", "/LeadSources", status(409)).await;
    let error = server
        .client
        .lead_sources()
        .delete_source(LeadSourceId(3))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::InUse);
    assert_eq!(query(&server.request().await), ["id=3"]);
}

#[tokio::test]
async fn the_status_of_converted_leads_is_asked_for_by_name() {
    let answer = json(
        200,
        json!([{"LEAD_STATUS_ID": 1, "LEAD_STATUS": "Converted"}]),
    );
    let server = Server::on(
        "GET",
        "/LeadStatuses",
        answer.insert_header("x-total-count", "1"),
    )
    .await;
    let all = server
        .client
        .lead_statuses()
        .with_converted()
        .await
        .unwrap();
    assert_eq!(all[0].id, LeadStatusId(1));
    assert!(query(&server.request().await).contains(&"include_converted=true".to_owned()));
}

#[tokio::test]
async fn records_of_a_custom_object_are_below_its_name() {
    let answer = json(201, json!({"RECORD_ID": 1, "RECORD_NAME": "Pear"}));
    let server = Server::on("POST", "/Fruit__c", answer).await;
    let fruit = server.client.custom_object_records("Fruit__c").unwrap();
    fruit
        .create(&NewCustomObjectRecord::new("Pear"))
        .await
        .unwrap();

    let answer = json(200, json!([{"RECORD_ID": 1}])).insert_header("x-total-count", "1");
    let server = Server::on("GET", "/Fruit__c/Search", answer).await;
    let fruit = server.client.custom_object_records("Fruit__c").unwrap();
    let rows: Vec<_> = fruit
        .since("2026-11-24T10:00:00Z".parse().unwrap())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    assert!(server.client.custom_object_records("Contacts").is_err());
}

#[tokio::test]
async fn settings_are_marked_for_administrators() {
    let admin: Vec<_> = insightly::operations()
        .filter(|op| op.needs_administrator())
        .collect();
    assert!(admin.iter().all(|op| !op.is_read()));
    assert!(admin.iter().any(|op| op.name() == "task_categories.create"));
    let server = Server::on(
        "PUT",
        "/TaskCategories",
        json(403, json!("Administrator required")),
    )
    .await;
    let update = TaskCategoryUpdate::of(insightly::CategoryId(1)).active(false);
    let error = server
        .client
        .task_categories()
        .update(&update)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Forbidden);
}

#[tokio::test]
async fn a_user_joins_a_team() {
    let answer = json(
        201,
        json!({"PERMISSION_ID": 8, "TEAM_ID": 1, "MEMBER_USER_ID": 3}),
    );
    let server = Server::on("POST", "/Teams/1/TeamMembers", answer).await;
    let member = server
        .client
        .teams()
        .add_member(TeamId(1), UserId(3))
        .await
        .unwrap();
    assert_eq!(member.user_id, Some(UserId(3)));
    assert_eq!(body(&server.request().await), json!({"MEMBER_USER_ID": 3}));
}
