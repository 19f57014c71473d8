//! What hangs on a contact: tasks, notes, appointments, followers, automation, bulk calls, lists.

use futures_util::TryStreamExt;
use ghl_contacts::{
    BusinessId, ContactId, Edit, EventTime, IfDuplicate, LocationId, NewContact, NewTask, NoteEdit,
    TagChange, TaskUpdate, UserId,
};
use serde_json::{Value, json};

use crate::server::{answers, client, only_request, sent, start};

fn c() -> ContactId {
    "c".into()
}

#[tokio::test]
async fn tasks_are_listed_and_read() {
    let server = start().await;
    let contacts = client(&server).contacts();
    let task = json!({"id": "t", "title": "Call", "dueDate": "2021-07-08T02:30:00.000Z",
        "completed": false, "contactId": "c"});
    answers(
        &server,
        "GET /contacts/c/tasks",
        200,
        json!({"tasks": [task]}),
    )
    .await;
    answers(
        &server,
        "GET /contacts/c/tasks/t",
        200,
        json!({"task": task}),
    )
    .await;
    let tasks = contacts.tasks(&c()).await.unwrap();
    assert_eq!(tasks, [contacts.task(&c(), &"t".into()).await.unwrap()]);
    assert_eq!(
        tasks[0].due_date.unwrap().to_string(),
        "2021-07-08T02:30:00Z"
    );
}

#[tokio::test]
async fn a_task_is_created_with_what_the_api_requires() {
    let server = start().await;
    let reply = json!({"task": {"id": "t"}});
    answers(&server, "POST /contacts/c/tasks", 201, reply).await;
    let due = "2026-11-25T11:00:00Z".parse().unwrap();
    let contacts = client(&server).contacts();
    let task = NewTask::due("Call", due).assigned_to("u");
    contacts.create_task(&c(), &task).await.unwrap();
    let body = json!({"title": "Call", "dueDate": "2026-11-25T11:00:00Z", "completed": false,
        "assignedTo": "u"});
    assert_eq!(sent(&server).await, body);
}

#[tokio::test]
async fn a_task_is_changed_completed_and_deleted() {
    let server = start().await;
    let contacts = client(&server).contacts();
    let reply = json!({"task": {"id": "t"}});
    answers(&server, "PUT /contacts/c/tasks/t", 200, reply.clone()).await;
    let update = TaskUpdate::new().title("Write").assigned_to(Edit::Clear);
    contacts
        .update_task(&c(), &"t".into(), &update)
        .await
        .unwrap();
    assert_eq!(
        sent(&server).await,
        json!({"title": "Write", "assignedTo": null})
    );

    server.reset().await;
    answers(&server, "PUT /contacts/c/tasks/t/completed", 200, reply).await;
    contacts
        .complete_task(&c(), &"t".into(), true)
        .await
        .unwrap();
    assert_eq!(sent(&server).await, json!({"completed": true}));

    server.reset().await;
    let done = json!({"succeded": true});
    answers(&server, "DELETE /contacts/c/tasks/t", 200, done).await;
    contacts.delete_task(&c(), &"t".into()).await.unwrap();
}

#[tokio::test]
async fn notes_are_written_read_and_deleted() {
    let server = start().await;
    let contacts = client(&server).contacts();
    let note = json!({"id": "n", "body": "b", "pinned": true});
    let reply = json!({"note": note});
    let list = json!({"notes": [note]});
    answers(&server, "GET /contacts/c/notes", 200, list).await;
    answers(&server, "GET /contacts/c/notes/n", 200, reply.clone()).await;
    let notes = contacts.notes(&c()).await.unwrap();
    assert_eq!(notes, [contacts.note(&c(), &"n".into()).await.unwrap()]);

    server.reset().await;
    answers(&server, "POST /contacts/c/notes", 201, reply.clone()).await;
    let new = NoteEdit::body("b").title("T").color("#FFAA00").user_id("u");
    contacts.create_note(&c(), &new).await.unwrap();
    let body = json!({"body": "b", "title": "T", "color": "#FFAA00", "userId": "u"});
    assert_eq!(sent(&server).await, body);

    server.reset().await;
    answers(&server, "PUT /contacts/c/notes/n", 200, reply).await;
    let unpin = NoteEdit::new().pinned(false);
    contacts
        .update_note(&c(), &"n".into(), &unpin)
        .await
        .unwrap();
    assert_eq!(sent(&server).await, json!({"pinned": false}));

    server.reset().await;
    answers(&server, "DELETE /contacts/c/notes/n", 200, json!({})).await;
    contacts.delete_note(&c(), &"n".into()).await.unwrap();
}

#[tokio::test]
async fn appointments_have_local_times() {
    let server = start().await;
    let body = json!({"events": [{"id": "e", "startTime": "2021-07-16 11:00:00"}]});
    answers(&server, "GET /contacts/c/appointments", 200, body).await;
    let events = client(&server).contacts().appointments(&c()).await.unwrap();
    assert!(matches!(events[0].start_time, Some(EventTime::Local(_))));
}

#[tokio::test]
async fn followers_are_added_and_removed_by_a_body() {
    let server = start().await;
    let contacts = client(&server).contacts();
    let users = [UserId::from("u")];
    let reply = json!({"followers": ["u", "v"], "followersAdded": ["u"]});
    answers(&server, "POST /contacts/c/followers", 201, reply).await;
    let now = contacts.add_followers(&c(), &users).await.unwrap();
    assert_eq!((now.followers.len(), now.changed), (2, users.to_vec()));

    server.reset().await;
    let reply = json!({"followers": ["v"], "followersRemoved": ["u"]});
    answers(&server, "DELETE /contacts/c/followers", 200, reply).await;
    contacts.remove_followers(&c(), &users).await.unwrap();
    assert_eq!(sent(&server).await, json!({"followers": ["u"]}));
}

#[tokio::test]
async fn campaigns_are_joined_and_left() {
    let server = start().await;
    let contacts = client(&server).contacts();
    let done = json!({"succeded": true});
    answers(&server, "POST /contacts/c/campaigns/k", 201, done.clone()).await;
    answers(&server, "DELETE /contacts/c/campaigns/k", 200, done.clone()).await;
    answers(&server, "DELETE /contacts/c/campaigns/removeAll", 200, done).await;
    contacts.add_to_campaign(&c(), &"k".into()).await.unwrap();
    contacts
        .remove_from_campaign(&c(), &"k".into())
        .await
        .unwrap();
    contacts.remove_from_all_campaigns(&c()).await.unwrap();
}

#[tokio::test]
async fn workflows_are_joined_and_left_with_a_time() {
    let server = start().await;
    let contacts = client(&server).contacts();
    let starts = Some("2021-06-23T02:30:00Z".parse().unwrap());
    let done = json!({"succeded": true});
    answers(&server, "POST /contacts/c/workflow/w", 200, done.clone()).await;
    contacts
        .add_to_workflow(&c(), &"w".into(), starts)
        .await
        .unwrap();
    let body = json!({"eventStartTime": "2021-06-23T02:30:00+00:00"});
    assert_eq!(sent(&server).await, body);

    server.reset().await;
    answers(&server, "DELETE /contacts/c/workflow/w", 200, done).await;
    contacts
        .remove_from_workflow(&c(), &"w".into(), None)
        .await
        .unwrap();
    assert_eq!(sent(&server).await, json!({}));
}

#[tokio::test]
async fn bulk_tags_tell_which_contacts_failed() {
    let server = start().await;
    let contacts = client(&server).contacts();
    let reply = json!({"succeded": true, "errorCount": 1, "responses": [
        {"contactId": "c", "message": "Tags updated", "type": "success", "tagsAdded": ["vip"]},
        {"contactId": "d", "message": "contact is deleted", "type": "error"},
    ]});
    answers(&server, "POST /contacts/bulk/tags/update/add", 201, reply).await;
    let location = LocationId::from("l");
    let change = TagChange::add(["vip"]);
    let ids = [c(), "d".into()];
    let done = contacts.bulk_tags(&location, &ids, &change).await.unwrap();
    let failed: Vec<_> = done.failed().collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].contact_id, Some("d".into()));
    let body = json!({"contacts": ["c", "d"], "tags": ["vip"], "locationId": "l"});
    assert_eq!(sent(&server).await, body);

    server.reset().await;
    let call = "POST /contacts/bulk/tags/update/remove";
    answers(&server, call, 201, json!({"succeded": true})).await;
    contacts
        .bulk_tags(&location, &ids, &TagChange::RemoveAll)
        .await
        .unwrap();
    assert_eq!(sent(&server).await["removeAllTags"], json!(true));
}

#[tokio::test]
async fn a_business_is_set_and_taken_away_in_bulk() {
    let server = start().await;
    let contacts = client(&server).contacts();
    for (business, written) in [
        (Some(BusinessId::from("b")), json!("b")),
        (None, Value::Null),
    ] {
        let reply = json!({"success": true, "ids": ["c"]});
        answers(&server, "POST /contacts/bulk/business", 200, reply).await;
        let changed = contacts
            .set_business(&"l".into(), &[c()], business.as_ref())
            .await;
        assert_eq!(changed.unwrap(), [c()]);
        let body = json!({"locationId": "l", "ids": ["c"], "businessId": written});
        assert_eq!(sent(&server).await, body);
        server.reset().await;
    }
}

#[tokio::test]
async fn an_upsert_tells_create_from_update() {
    let server = start().await;
    let reply = json!({"new": false, "contact": {"id": "c"}, "traceId": "t"});
    answers(&server, "POST /contacts/upsert", 200, reply).await;
    let new = NewContact::in_location("l").email("a@b.c");
    let contacts = client(&server).contacts();
    let done = contacts.upsert(&new, IfDuplicate::CreateNew).await.unwrap();
    assert_eq!(done.new, Some(false));
    let body = json!({"locationId": "l", "email": "a@b.c", "createNewIfDuplicateAllowed": true});
    assert_eq!(sent(&server).await, body);
}

#[tokio::test]
async fn the_deprecated_list_goes_on_by_both_parts_of_its_cursor() {
    let server = start().await;
    let contacts = client(&server).contacts();
    let reply = json!({"contacts": [{"id": "c", "firstName": "ada", "firstNameRaw": "Ada"}],
        "meta": {"total": 2, "startAfter": 1_631_087_949_919_i64, "startAfterId": "c",
                 "prevPage": null}});
    answers(&server, "GET /contacts/", 200, reply).await;
    let location = LocationId::from("l");
    let page = contacts.list_page(&location, None, 100, None).await;
    let page = page.unwrap();
    assert_eq!(page.rows()[0].first_name.as_deref(), Some("Ada"));
    let after = page.next().unwrap();

    server.reset().await;
    answers(&server, "GET /contacts/", 200, json!({"contacts": []})).await;
    let page = contacts
        .list_page(&location, Some("ada"), 100, Some(&after))
        .await
        .unwrap();
    assert_eq!(page.next(), None);
    let query = "locationId=l&startAfterId=c&startAfter=1631087949919&query=ada&limit=100";
    assert_eq!(only_request(&server).await.url.query(), Some(query));
}

#[tokio::test]
async fn contacts_of_a_business_come_page_after_page_until_an_empty_one() {
    let server = start().await;
    for rows in [
        json!([{"id": "a"}, {"id": "b"}]),
        json!([{"id": "c"}]),
        json!([]),
    ] {
        let body = json!({ "contacts": rows });
        answers(&server, "GET /contacts/business/b", 200, body).await;
    }
    let contacts = client(&server).contacts();
    let all: Vec<_> = contacts
        .in_business(&"l".into(), &"b".into())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(all.len(), 3);
    let requests = server.received_requests().await.unwrap();
    let queries: Vec<_> = requests.iter().filter_map(|r| r.url.query()).collect();
    assert_eq!(queries[1], "locationId=l&limit=100&skip=2");
    assert_eq!(queries[2], "locationId=l&limit=100&skip=3");
}
