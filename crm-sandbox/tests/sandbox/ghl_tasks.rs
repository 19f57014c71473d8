use std::time::Duration;

use serde_json::{Value, json};

use crate::desk::{empty, ghl, ghl_contact};

fn call_back() -> Value {
    json!({ "title": "Call back", "dueDate": "2026-05-01T15:00:00Z", "completed": false })
}

#[tokio::test]
async fn a_task_lives_on_its_contact_and_carries_no_stamps() {
    let sandbox = empty();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    let tasks = format!("/contacts/{ada}/tasks");
    let made = ghl(&sandbox, &format!("POST {tasks}"), call_back()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let task = made.json()["task"].clone();
    let id = task["id"].as_str().unwrap().to_owned();
    assert_eq!(
        task,
        json!({
            "id": id, "contactId": ada, "title": "Call back", "completed": false,
            "dueDate": "2026-05-01T15:00:00.000Z",
        })
    );
    let one = format!("{tasks}/{id}");
    let body = json!({ "title": "Call again", "body": "twice" });
    let updated = ghl(&sandbox, &format!("PUT {one}"), body).await.json();
    assert_eq!(updated["task"]["title"], "Call again");
    let line = format!("PUT {one}/completed");
    let done = ghl(&sandbox, &line, json!({ "completed": true })).await;
    assert_eq!(done.json()["task"]["completed"], true);
    let read = ghl(&sandbox, &format!("GET {one}"), Value::Null).await;
    assert_eq!(read.json()["task"]["body"], "twice");
    let gone = ghl(&sandbox, &format!("DELETE {one}"), Value::Null).await;
    assert_eq!(gone.json(), json!({ "succeded": true }));
    let list = ghl(&sandbox, &format!("GET {tasks}"), Value::Null).await;
    assert_eq!(list.json(), json!({ "tasks": [] }));
}

#[tokio::test]
async fn a_task_without_its_needed_members_is_a_422_that_names_them() {
    let sandbox = empty();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    let line = format!("POST /contacts/{ada}/tasks");
    let answer = ghl(
        &sandbox,
        &line,
        json!({ "dueDate": "soon", "locationId": "x" }),
    )
    .await;
    assert_eq!(answer.status, 422);
    let mut said: Vec<String> = serde_json::from_value(answer.json()["message"].clone()).unwrap();
    said.sort();
    assert_eq!(
        said,
        [
            "completed must be a boolean value",
            "dueDate must be a valid ISO 8601 date string",
            "property locationId should not exist",
            "title must be a string",
        ]
    );
}

#[tokio::test]
async fn a_missing_task_and_a_missing_contact_say_who_is_missing() {
    let sandbox = empty();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    let eve = ghl_contact(&sandbox, json!({ "firstName": "Eve" })).await;
    let made = ghl(
        &sandbox,
        &format!("POST /contacts/{ada}/tasks"),
        call_back(),
    )
    .await;
    let id = made.json()["task"]["id"].as_str().unwrap().to_owned();
    let elsewhere = ghl(
        &sandbox,
        &format!("GET /contacts/{eve}/tasks/{id}"),
        Value::Null,
    )
    .await;
    assert_eq!(elsewhere.status, 400);
    assert_eq!(
        elsewhere.json()["error"],
        format!("Task with id {id} not found")
    );
    let nobody = ghl(&sandbox, "GET /contacts/nobody/tasks", Value::Null).await;
    assert_eq!(nobody.json()["error"], "Contact with id nobody not found");
    sandbox.ghl().set_switch("missing_status", "404").unwrap();
    let line = format!("DELETE /contacts/{ada}/tasks/none");
    assert_eq!(ghl(&sandbox, &line, Value::Null).await.status, 404);
}

#[tokio::test]
async fn the_task_search_shows_stamps_and_other_names() {
    let sandbox = empty();
    let user = sandbox.ghl().family("users").all().unwrap()[0]["id"].clone();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada", "lastName": "L" })).await;
    let tasks = format!("POST /contacts/{ada}/tasks");
    for n in 0..30 {
        let mut task = call_back();
        task["completed"] = json!(n % 3 == 0);
        task["assignedTo"] = user.clone();
        ghl(&sandbox, &tasks, task).await;
        sandbox.clock().advance(Duration::from_secs(1));
    }
    let line = format!("POST /locations/{}/tasks/search", sandbox.ghl_location_id());
    let search = |body: Value| ghl(&sandbox, &line, body);
    let page = search(json!({})).await.json();
    assert_eq!(page["tasks"].as_array().unwrap().len(), 25);
    let first = &page["tasks"][0];
    assert_eq!(first["dateAdded"], "2026-04-09T12:00:29.250Z");
    assert_eq!(first.get("id"), None);
    assert_eq!(first["contactDetails"]["name"], "Ada L");
    assert_eq!(first["assignedToUserDetails"]["id"], user);
    let open = json!({ "completed": false, "limit": 100, "contactId": [ada], "query": "CALL" });
    assert_eq!(
        search(open).await.json()["tasks"].as_array().unwrap().len(),
        20
    );
    let rest = search(json!({ "skip": 25 })).await.json();
    assert_eq!(rest["tasks"].as_array().unwrap().len(), 5);
    let none = search(json!({ "assignedTo": ["nobody"] })).await.json();
    assert_eq!(none, json!({ "tasks": [] }));
    let strange = search(json!({ "since": "2026" })).await;
    assert_eq!(
        strange.json()["message"],
        json!(["property since should not exist"])
    );
    sandbox
        .ghl()
        .set_switch("task_search_order", "oldest_first")
        .unwrap();
    sandbox
        .ghl()
        .set_switch("task_search_limit", "refused")
        .unwrap();
    assert_eq!(search(json!({ "limit": 101 })).await.status, 422);
    let first = search(json!({ "limit": 1 })).await.json();
    assert_eq!(first["tasks"][0]["dateAdded"], "2026-04-09T12:00:00.250Z");
}

#[tokio::test]
async fn the_task_search_lags_like_the_other_searches() {
    let sandbox = empty();
    sandbox.ghl().set_index_lag(Duration::from_secs(5));
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    ghl(
        &sandbox,
        &format!("POST /contacts/{ada}/tasks"),
        call_back(),
    )
    .await;
    let line = format!("POST /locations/{}/tasks/search", sandbox.ghl_location_id());
    let found = || async {
        ghl(&sandbox, &line, json!({})).await.json()["tasks"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(found().await, 0);
    sandbox.clock().advance(Duration::from_secs(5));
    assert_eq!(found().await, 1);
}

#[tokio::test]
async fn a_task_moves_on_its_contact_what_the_switch_says() {
    let sandbox = empty();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    let line = format!("POST /contacts/{ada}/tasks");
    let contact = || sandbox.ghl().contacts().get(&ada).unwrap();
    let before = contact();
    sandbox.clock().advance(Duration::from_secs(60));
    ghl(&sandbox, &line, call_back()).await;
    assert_eq!(contact(), before);
    sandbox
        .ghl()
        .set_switch("task_bump", "last_activity")
        .unwrap();
    ghl(&sandbox, &line, call_back()).await;
    assert_eq!(contact()["lastActivity"], "2026-04-09T12:01:00.250Z");
    assert_eq!(contact()["dateUpdated"], before["dateUpdated"]);
    sandbox
        .ghl()
        .set_switch("task_bump", "date_updated")
        .unwrap();
    ghl(&sandbox, &line, call_back()).await;
    assert_eq!(contact()["dateUpdated"], "2026-04-09T12:01:00.250Z");
}

#[tokio::test]
async fn a_deleted_task_can_linger_by_id_while_no_list_has_it() {
    let sandbox = empty();
    sandbox
        .ghl()
        .set_switch("deleted_task", "readable")
        .unwrap();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    let tasks = format!("/contacts/{ada}/tasks");
    let made = ghl(&sandbox, &format!("POST {tasks}"), call_back())
        .await
        .json();
    let one = format!("{tasks}/{}", made["task"]["id"].as_str().unwrap());
    ghl(&sandbox, &format!("DELETE {one}"), Value::Null).await;
    assert_eq!(
        ghl(&sandbox, &format!("GET {one}"), Value::Null)
            .await
            .status,
        200
    );
    let list = ghl(&sandbox, &format!("GET {tasks}"), Value::Null).await;
    assert_eq!(list.json(), json!({ "tasks": [] }));
    let line = format!("POST /locations/{}/tasks/search", sandbox.ghl_location_id());
    assert_eq!(
        ghl(&sandbox, &line, json!({})).await.json(),
        json!({ "tasks": [] })
    );
}

#[tokio::test]
async fn the_tasks_of_a_deleted_contact_stay_in_the_search_unless_told_otherwise() {
    for (choice, left) in [("tasks_stay", 1), ("tasks_go", 0)] {
        let sandbox = empty();
        sandbox.ghl().set_switch("deleted_contact", choice).unwrap();
        let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
        ghl(
            &sandbox,
            &format!("POST /contacts/{ada}/tasks"),
            call_back(),
        )
        .await;
        ghl(&sandbox, &format!("DELETE /contacts/{ada}"), Value::Null).await;
        let line = format!("POST /locations/{}/tasks/search", sandbox.ghl_location_id());
        let found = ghl(&sandbox, &line, json!({})).await.json();
        assert_eq!(found["tasks"].as_array().unwrap().len(), left, "{choice}");
    }
}
