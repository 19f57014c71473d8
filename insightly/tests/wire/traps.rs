//! The 23 traps that existing clients fall into, each by its number in what is known of the
//! API. Number 23, of webhooks, is in `tests/webhooks`.

use futures_util::{StreamExt, TryStreamExt};
use insightly::*;
use serde_json::{Value, json};

use crate::server::{Server, body, json, query, status};

const ID: ContactId = ContactId(7);

fn rows(rows: Value) -> wiremock::ResponseTemplate {
    let total = rows.as_array().unwrap().len().to_string();
    json(200, rows).insert_header("x-total-count", total.as_str())
}

#[tokio::test]
async fn trap_1_what_changed_since_is_asked_of_search_and_never_of_the_list() {
    let server = Server::on("GET", "/Tasks/Search", rows(json!([]))).await;
    let since = "2026-04-09T16:58:14Z".parse().unwrap();
    let changed = server.client.tasks().since(since);
    changed.try_collect::<Vec<_>>().await.unwrap();
    let asked = query(&server.request().await);
    assert!(asked.contains(&"updated_after_utc=2026-04-09T16:58:14Z".to_owned()));
}

#[test]
fn trap_2_no_pod_is_taken_for_granted() {
    let builder = || Client::builder(SecretString::from("k"));
    assert!(matches!(builder().build(), Err(BuildError::NoPlace)));
    let client = builder().pod("eu1").build().unwrap();
    assert_eq!(
        client.pod().unwrap().base_url(),
        "https://api.eu1.insightly.com/v3.1"
    );
}

#[tokio::test]
async fn trap_3_paths_come_from_the_table_and_a_wrong_one_is_told_from_a_missing_record() {
    for operation in operations() {
        let root = operation.path().split('/').nth(1).unwrap();
        let singular = ["Instance", "{objectName}"].contains(&root);
        assert!(singular || root.ends_with('s'), "{root}");
    }
    let server = Server::answering(status(405)).await;
    let error = server.client.contacts().get(ID).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::WrongResource);
}

#[test]
fn trap_4_the_mail_of_a_lead_is_its_email_and_that_of_a_contact_its_email_address() {
    let lead = serde_json::to_value(NewLead::new("Byron").email("a@b.c")).unwrap();
    assert_eq!(lead["EMAIL"], "a@b.c");
    let contact = serde_json::to_value(NewContact::new("Ada").email_address("a@b.c")).unwrap();
    assert_eq!(contact["EMAIL_ADDRESS"], "a@b.c");
}

#[tokio::test]
async fn trap_5_the_oldest_come_first_and_no_order_is_asked_for() {
    let answer = rows(json!([{"CONTACT_ID": 1}, {"CONTACT_ID": 2}]));
    let server = Server::answering(answer).await;
    let list = server.client.contacts().list(&ListQuery::new());
    let ids: Vec<_> = list
        .map_ok(|contact| contact.id.0)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids, [1, 2]);
    let asked = query(&server.request().await);
    assert!(
        asked
            .iter()
            .all(|pair| !pair.contains("order") && !pair.contains("sort"))
    );
}

#[tokio::test]
async fn trap_6_a_used_up_day_burns_no_repeats() {
    let used_up = status(429).insert_header("x-ratelimit-remaining", "0");
    let server = Server::answering(used_up).await;
    let error = server.client.contacts().get(ID).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::DayExhausted { .. }));
    assert_eq!(server.requests().await.len(), 1);
}

#[tokio::test]
async fn trap_7_a_200_that_is_no_array_is_an_error_and_no_end() {
    for answer in ["{}", "\"busy\"", "null", "<html>gateway</html>"] {
        let answer = status(200).set_body_string(answer);
        let server = Server::answering(answer).await;
        let ids: Result<Vec<_>> = server.client.contacts().ids().try_collect().await;
        let error = ids.unwrap_err();
        assert!(matches!(
            error.kind(),
            ErrorKind::Decode { .. } | ErrorKind::NotJson
        ));
    }
}

#[tokio::test]
async fn trap_8_any_2xx_is_a_success() {
    for code in [200, 202, 204] {
        let server = Server::answering(status(code)).await;
        server.client.contacts().delete(ID).await.unwrap();
    }
    for code in [200, 201] {
        let server = Server::answering(json(code, json!({"CONTACT_ID": 7}))).await;
        let contacts = server.client.contacts();
        contacts.create(&NewContact::new("Ada")).await.unwrap();
        contacts.update(&ContactUpdate::of(ID)).await.unwrap();
    }
}

#[tokio::test]
async fn trap_9_a_tag_is_removed_by_a_body() {
    let server = Server::on("DELETE", "/Contacts/7/Tags", status(202)).await;
    server
        .client
        .contacts()
        .remove_tag(ID, "vip")
        .await
        .unwrap();
    assert_eq!(body(&server.request().await), json!({"TAG_NAME": "vip"}));
}

#[tokio::test]
async fn trap_10_adding_a_tag_is_no_put_and_leaves_the_others() {
    let server = Server::on(
        "POST",
        "/Contacts/7/Tags",
        json(201, json!({"TAG_NAME": "vip"})),
    )
    .await;
    server.client.contacts().add_tag(ID, "vip").await.unwrap();
    assert_eq!(body(&server.request().await), json!({"TAG_NAME": "vip"}));
}

#[test]
fn trap_11_custom_fields_are_sent_by_name_and_nothing_of_v2_is_sent() {
    let read = json!({"FIELD_NAME": "A__c", "FIELD_VALUE": 1, "CUSTOM_FIELD_ID": "A__c"});
    let field: CustomField = serde_json::from_value(read).unwrap();
    let sent = serde_json::to_value(ContactUpdate::of(ID).custom_fields([field])).unwrap();
    assert_eq!(
        sent,
        json!({"CONTACT_ID": 7, "CUSTOMFIELDS": [{"FIELD_NAME": "A__c", "FIELD_VALUE": 1}]})
    );
    for member in NewContact::MEMBERS {
        assert!(!["CONTACTINFOS", "ADDRESSES", "TASKLINKS"].contains(&member.name));
    }
}

#[test]
fn trap_12_a_link_names_the_other_record_in_the_singular() {
    for (link, name) in [
        (NewLink::to_contact(ID), "Contact"),
        (NewLink::to_organisation(OrganisationId(7)), "Organisation"),
        (NewLink::to_lead(LeadId(7)), "Lead"),
        (NewLink::to_opportunity(OpportunityId(7)), "Opportunity"),
        (NewLink::to_project(ProjectId(7)), "Project"),
        (NewLink::to_note(NoteId(7)), "Note"),
    ] {
        let sent = serde_json::to_value(link).unwrap();
        assert_eq!(sent, json!({"LINK_OBJECT_NAME": name, "LINK_OBJECT_ID": 7}));
    }
}

#[tokio::test]
async fn trap_13_the_answer_of_a_write_is_what_is_believed_and_nothing_is_read_after_it() {
    let stored = json!({"CONTACT_ID": 7, "FIRST_NAME": "Ada", "PHONE": "1"});
    let server = Server::on("POST", "/Contacts", json(201, stored)).await;
    let new = NewContact::new(" Ada ");
    let made = server.client.contacts().create(&new).await.unwrap();
    assert_eq!(made.value.first_name.as_deref(), Some("Ada"), "as stored");
    assert_eq!(server.requests().await.len(), 1);
}

#[test]
fn trap_14_a_custom_field_holds_a_text_a_number_a_flag_or_nothing() {
    let field = |value: Value| CustomField::new("A__c", value);
    assert_eq!(field(json!(12)).as_number(), Some(12.0));
    assert_eq!(field(json!(12.0)).as_number(), Some(12.0));
    assert_eq!(field(json!("3.2")).as_number(), Some(3.2));
    assert_eq!(field(json!(true)).as_flag(), Some(true));
    assert_eq!(field(json!("x")).as_text(), Some("x"));
    assert!(field(json!(null)).is_blank() && field(json!("")).is_blank());
}

#[test]
fn trap_15_dates_come_in_many_forms() {
    let of = |text: &str| {
        let contact = json!({"CONTACT_ID": 7, "DATE_UPDATED_UTC": text});
        let contact: Contact = serde_json::from_value(contact).unwrap();
        contact.date_updated.map(|time| time.as_second())
    };
    let moment = of("2025-04-22T20:03:25Z");
    for text in [
        "2025-04-22 20:03:25",
        "2025-04-22T20:03:25.000Z",
        "/Date(1745352205000-0800)/",
    ] {
        assert_eq!(of(text), moment, "{text}");
    }
    assert_eq!(of("2025-04-22"), of("2025-04-22 00:00:00"));
    for nothing in ["", "0000-00-00 00:00:00"] {
        assert_eq!(of(nothing), None);
    }
}

#[test]
fn trap_16_ids_and_numbers_may_be_texts() {
    let task = json!({"TASK_ID": "5", "PRIORITY": "2", "PERCENT_COMPLETE": 50.0, "TITLE": 7});
    let task: Task = serde_json::from_value(task).unwrap();
    assert_eq!((task.id, task.priority), (TaskId(5), Some(2)));
    assert_eq!(
        (task.percent_complete, task.title.as_deref()),
        (Some(50), Some("7"))
    );
}

#[test]
fn trap_17_a_list_that_brief_drops_is_absent_and_not_empty() {
    let read = |contact: Value| serde_json::from_value::<Contact>(contact).unwrap();
    let brief = read(json!({"CONTACT_ID": 7}));
    let full = read(json!({"CONTACT_ID": 7, "TAGS": [], "CUSTOMFIELDS": []}));
    assert_eq!((brief.tags, brief.custom_fields), (None, None));
    assert_eq!(
        (full.tags, full.custom_fields),
        (Some(vec![]), Some(vec![]))
    );
}

#[test]
fn trap_18_unknown_members_break_nothing_and_are_kept() {
    let read = json!({"CONTACT_ID": 7, "ETag": "1", "VISIBLE_TO": "TEAM", "NEW": {"a": 1}});
    let contact: Contact = serde_json::from_value(read.clone()).unwrap();
    assert_eq!(contact.extra["NEW"], json!({"a": 1}));
    assert_eq!(serde_json::to_value(contact).unwrap(), read);
}

#[tokio::test]
async fn trap_19_a_family_that_the_plan_lacks_is_told_from_a_missing_record() {
    for answer in [
        status(403).set_body_string("API User does not have access to Lead."),
        status(403),
        status(404),
    ] {
        let server = Server::answering(answer).await;
        let list = server.client.leads().list(&ListQuery::new());
        let error = list.try_collect::<Vec<_>>().await.unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::FamilyNotAvailable);
    }
    let server = Server::answering(status(404)).await;
    let error = server.client.leads().get(LeadId(1)).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::NotFound);
}

#[tokio::test]
async fn trap_20_one_bad_record_stops_no_walk() {
    let answer = rows(json!([
        {"CONTACT_ID": 1, "CUSTOMFIELDS": [{"FIELD_VALUE": 1}]}, {"CONTACT_ID": 2},
    ]));
    let server = Server::answering(answer).await;
    let list = server.client.contacts().list(&ListQuery::new());
    let read: Vec<_> = list.collect().await;
    assert_eq!(read.len(), 2);
    assert!(read[0].is_err() && read[1].is_ok());
}

#[tokio::test]
async fn trap_21_tags_are_put_as_an_array_and_pictures_are_bytes() {
    let answer = json(200, json!([{"TAG_NAME": "vip"}]));
    let server = Server::on("PUT", "/Contacts/7/Tags", answer).await;
    let tags = [Tag::new("vip")];
    let now = server.client.contacts().set_tags(ID, &tags).await.unwrap();
    assert_eq!(now, tags);
    assert_eq!(body(&server.request().await), json!([{"TAG_NAME": "vip"}]));
    let picture = status(200).set_body_raw(vec![0xff, 0xd8], "image/jpeg");
    let server = Server::on("GET", "/Contacts/7/Image", picture).await;
    let picture = server.client.contacts().image(ID).await.unwrap();
    assert_eq!(&picture.bytes[..], [0xff, 0xd8]);
}

#[tokio::test]
async fn trap_22_a_create_whose_answer_was_lost_is_not_posted_again() {
    let server = Server::answering(status(504)).await;
    let new = NewContact::new("Ada");
    let error = server.client.contacts().create(&new).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown);
    assert_eq!(server.requests().await.len(), 1);
}
