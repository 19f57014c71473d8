//! What families share, and what only one of them has.

use axum::body::Body;
use crm_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::desk::{done, empty, insightly, insightly_contact, insightly_raw, order, status};

async fn get(sandbox: &Sandbox, path: &str) -> Value {
    done(sandbox, &format!("GET {path}"), Value::Null).await
}

async fn ada(sandbox: &Sandbox) -> i64 {
    insightly_contact(sandbox, json!({ "FIRST_NAME": "Ada" })).await
}

const PARTS: &str = "--x\r\nContent-Disposition: form-data; name=\"file_name\"\r\n\r\nletter.txt\r\n\
    --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\
    Content-Type: text/plain\r\n\r\nDear Ada,\r\n\r\nhello\r\n--x--\r\n";

async fn upload(sandbox: &Sandbox, path: &str, body: &'static str) -> (u16, Value) {
    let form = [("content-type", "multipart/form-data; boundary=x")];
    let line = format!("POST {path}/FileAttachments");
    let answer = insightly_raw(sandbox, &line, Body::from(body), &form).await;
    (answer.status.as_u16(), answer.json())
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_sent() {
    let sandbox = empty();
    let path = format!("/Contacts/{}", ada(&sandbox).await);
    let (status, told) = upload(&sandbox, &path, PARTS).await;
    assert_eq!((status, &told["FILE_NAME"]), (201, &json!("letter.txt")));
    assert_eq!(told["FILE_SIZE"], "Dear Ada,\r\n\r\nhello".len());
    let file = format!("/FileAttachments/{}", told["FILE_ID"]);
    let bytes = insightly(&sandbox, &format!("GET {file}"), Value::Null).await;
    assert_eq!(bytes.text, "Dear Ada,\r\n\r\nhello");
    assert_eq!(bytes.header("content-type"), Some("text/plain"));
    assert_eq!(
        get(&sandbox, &format!("{file}?format=JSON")).await["FILE_NAME"],
        "letter.txt"
    );
    assert_eq!(
        get(&sandbox, &format!("{path}/FileAttachments")).await[0]["FILE_ID"],
        told["FILE_ID"]
    );
    done(&sandbox, &format!("DELETE {file}"), Value::Null).await;
    assert_eq!(
        get(&sandbox, &format!("{path}/FileAttachments")).await,
        json!([])
    );
    assert_eq!(upload(&sandbox, &path, "--x--").await.0, 400);
}

#[tokio::test]
async fn an_image_replaces_the_last_one_and_what_is_none_fails() {
    let sandbox = empty();
    let path = format!("/Contacts/{}", ada(&sandbox).await);
    let put = async |bytes: &'static str| {
        let line = format!("PUT {path}/Image/a.gif");
        insightly_raw(&sandbox, &line, Body::from(bytes), &[]).await
    };
    assert_eq!(put("GIF89a one").await.status, 200);
    assert_eq!(put("GIF89a two").await.status, 200);
    let failed = put("text").await;
    assert_eq!((failed.status.as_u16(), failed.text.as_str()), (417, ""));
    let image = insightly(&sandbox, &format!("GET {path}/Image"), Value::Null).await;
    assert_eq!(
        (image.text.as_str(), image.header("content-type")),
        ("GIF89a two", Some("image/gif"))
    );
    assert!(get(&sandbox, &path).await["IMAGE_URL"].is_string());
    done(&sandbox, &format!("DELETE {path}/Image"), Value::Null).await;
    assert_eq!(
        status(&sandbox, &format!("GET {path}/Image"), Value::Null).await,
        404
    );
    let line = format!("PUT {path}/ImageField/Hobby__c/a.gif");
    assert_eq!(
        insightly_raw(&sandbox, &line, Body::from("GIF89a"), &[])
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn a_full_plan_is_a_402_for_records_and_for_storage() {
    let sandbox = empty();
    let path = format!("/Contacts/{}", ada(&sandbox).await);
    let kept = sandbox.insightly().state();
    let counted = ["contacts", "users", "document_templates", "pricebooks"];
    let records: usize = counted
        .iter()
        .map(|key| kept[key].as_array().unwrap().len())
        .sum();
    order(
        &sandbox,
        "plan",
        json!({ "records": records, "storage": 0 }),
    );
    assert_eq!(
        status(&sandbox, "POST /Tasks", json!({ "TITLE": "Call" })).await,
        402
    );
    assert_eq!(upload(&sandbox, &path, PARTS).await.0, 402);
    order(&sandbox, "plan", json!({}));
    assert_eq!(
        status(&sandbox, "POST /Tasks", json!({ "TITLE": "Call" })).await,
        201
    );
}

#[tokio::test]
async fn a_category_is_deactivated_unless_it_is_used_or_the_last() {
    let sandbox = empty();
    let task = json!({ "TITLE": "Call", "CATEGORY_ID": 601_001 });
    done(&sandbox, "POST /Tasks", task).await;
    let delete = async |id: i64| {
        let line = format!("DELETE /TaskCategories/{id}");
        status(&sandbox, &line, Value::Null).await
    };
    assert_eq!(delete(601_001).await, 409);
    assert_eq!(delete(601_002).await, 202);
    assert_eq!(delete(601_002).await, 409);
    assert_eq!(
        get(&sandbox, "/TaskCategories/601002").await["ACTIVE"],
        false
    );
    let rename = json!({ "CATEGORY_ID": 601_002, "CATEGORY_NAME": "Walk" });
    assert_eq!(status(&sandbox, "PUT /TaskCategories", rename).await, 409);
    assert_eq!(delete(5).await, 404);
    for id in [604_001, 604_002] {
        let line = format!("DELETE /FileCategories/{id}");
        let expected = if id == 604_001 { 202 } else { 409 };
        assert_eq!(status(&sandbox, &line, Value::Null).await, expected);
    }
}

#[tokio::test]
async fn the_converted_status_is_listed_only_on_request() {
    let sandbox = empty();
    let names = async |path: &str| {
        let list = get(&sandbox, path).await;
        let list = list.as_array().unwrap().clone();
        list.iter()
            .any(|status| status["LEAD_STATUS"] == "Converted")
    };
    assert!(!names("/LeadStatuses").await);
    assert!(names("/LeadStatuses?include_converted=true").await);
    let lead = done(&sandbox, "POST /Leads", json!({ "LAST_NAME": "Byron" })).await;
    assert_eq!(lead["LEAD_STATUS_ID"], 606_001);
    let used = status(&sandbox, "DELETE /LeadStatuses?id=606001", Value::Null).await;
    assert_eq!(used, 409);
}

#[tokio::test]
async fn an_opportunity_has_stages_states_and_a_value() {
    let sandbox = empty();
    let deal = json!({
        "OPPORTUNITY_NAME": "Deal", "BID_AMOUNT": 100, "BID_TYPE": "per hour", "BID_DURATION": 8,
    });
    let deal = done(&sandbox, "POST /Opportunities", deal).await;
    assert_eq!(deal["OPPORTUNITY_VALUE"], 800.0);
    assert_eq!(
        (&deal["OPPORTUNITY_STATE"], &deal["BID_TYPE"]),
        (&json!("OPEN"), &json!("Per Hour"))
    );
    let path = format!("/Opportunities/{}", deal["OPPORTUNITY_ID"]);
    let into = json!({ "PIPELINE_ID": 501_001, "PIPELINE_STAGE_CHANGE": { "STAGE_ID": 502_002 } });
    done(&sandbox, &format!("PUT {path}/Pipeline"), into).await;
    assert_eq!(get(&sandbox, &path).await["STAGE_ID"], 502_002);
    let foreign = json!({ "STAGE_ID": 502_005 });
    let line = format!("PUT {path}/PipelineStage");
    assert_eq!(status(&sandbox, &line, foreign).await, 400);
    assert_eq!(status(&sandbox, &line, json!({ "STAGE_ID": 9 })).await, 404);
    let lost = json!({ "FOR_OPPORTUNITY_STATE": "Lost", "STATE_REASON_ID": 611_001 });
    done(&sandbox, &format!("PUT {path}/StateChange"), lost).await;
    let history = get(&sandbox, &format!("{path}/StateHistory")).await;
    let states: Vec<&Value> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["FOR_OPPORTUNITY_STATE"])
        .collect();
    assert_eq!(states, ["OPEN", "LOST"]);
    assert_eq!(history[1]["STATE_REASON"], "Price");
}

#[tokio::test]
async fn a_set_of_activities_becomes_tasks_and_events() {
    let sandbox = empty();
    let path = format!("/Contacts/{}", ada(&sandbox).await);
    let line = format!("POST {path}/ActivitySetAssignment");
    let set = json!({ "ACTIVITYSET_ID": 609_001, "START_DATE": "2026-05-01 00:00:00" });
    done(&sandbox, &line, set).await;
    let tasks = get(&sandbox, &format!("{path}/Tasks")).await;
    assert_eq!(tasks[0]["DUE_DATE"], "2026-05-02 00:00:00");
    assert_eq!(
        get(&sandbox, &format!("{path}/Events"))
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        status(&sandbox, &line, json!({ "ACTIVITYSET_ID": 1 })).await,
        404
    );
}

#[tokio::test]
async fn a_team_shows_its_members_from_both_ways_of_adding_them() {
    let sandbox = empty();
    let team = json!({ "TEAM_NAME": "Sales", "TEAMMEMBERS": [{ "MEMBER_USER_ID": 2_240_001 }] });
    let team = done(&sandbox, "POST /Teams", team).await["TEAM_ID"].clone();
    let member = json!({ "TEAM_ID": team, "MEMBER_USER_ID": 2_240_002 });
    let member = done(&sandbox, "POST /TeamMembers", member).await;
    let path = format!("/Teams/{team}");
    assert_eq!(get(&sandbox, &path).await["TEAMMEMBERS"][1], member);
    let gone = format!("DELETE {path}/TeamMembers/{}", member["PERMISSION_ID"]);
    done(&sandbox, &gone, Value::Null).await;
    assert_eq!(
        get(&sandbox, "/TeamMembers")
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let all = json!({ "TEAM_ID": team, "TEAMMEMBERS": [] });
    assert_eq!(
        done(&sandbox, "PUT /Teams", all).await["TEAMMEMBERS"],
        json!([])
    );
}

#[tokio::test]
async fn follows_are_of_the_caller_and_filtered_by_kind() {
    let sandbox = empty();
    let path = format!("/Contacts/{}/Follow", ada(&sandbox).await);
    assert_eq!(get(&sandbox, &path).await, json!({ "FOLLOWING": false }));
    done(&sandbox, &format!("POST {path}"), Value::Null).await;
    assert_eq!(get(&sandbox, &path).await, json!({ "FOLLOWING": true }));
    assert_eq!(
        get(&sandbox, "/Follows?record_type=Contact").await[0]["RECORD_ID"],
        366_000_001
    );
    assert_eq!(get(&sandbox, "/Follows?record_type=Leads").await, json!([]));
}

#[tokio::test]
async fn custom_objects_are_served_like_families() {
    let sandbox = empty();
    assert_eq!(
        get(&sandbox, "/CustomObjects").await[0]["OBJECT_NAME"],
        "Fruit__c"
    );
    let fruit = json!({
        "RECORD_NAME": "Apple", "CUSTOMFIELDS": [{ "FIELD_NAME": "Colour__c", "FIELD_VALUE": "Red" }],
    });
    let fruit = done(&sandbox, "POST /Fruit__c", fruit).await["RECORD_ID"].clone();
    let found = get(
        &sandbox,
        "/Fruit__c/Search?field_name=Colour__c&field_value=Red",
    )
    .await;
    assert_eq!(found[0]["RECORD_ID"], fruit);
    let path = format!("/Fruit__c/{fruit}/Translations/fr");
    done(
        &sandbox,
        &format!("POST {path}"),
        json!({ "RECORD_NAME": "Pomme" }),
    )
    .await;
    assert_eq!(get(&sandbox, &path).await[0]["RECORD_NAME"], "Pomme");
    assert_eq!(
        get(&sandbox, &format!("/Fruit__c/{fruit}")).await["RECORD_NAME"],
        "Apple"
    );
    assert_eq!(status(&sandbox, "GET /Planet__c", Value::Null).await, 405);
}

#[tokio::test]
async fn a_link_between_contacts_turns_its_direction_at_the_other_end() {
    let sandbox = empty();
    let (ada, eve) = (ada(&sandbox).await, ada(&sandbox).await);
    let body = json!({
        "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": eve,
        "RELATIONSHIP_ID": 610_001, "IS_FORWARD": true,
    });
    let link = done(&sandbox, &format!("POST /Contacts/{ada}/Links"), body).await;
    let there = get(&sandbox, &format!("/Contacts/{eve}/Links")).await;
    assert_eq!(there[0]["LINK_ID"], link["LINK_ID"]);
    assert_eq!(
        (&there[0]["OBJECT_ID"], &there[0]["LINK_OBJECT_ID"]),
        (&json!(eve), &json!(ada))
    );
    assert_eq!(there[0]["IS_FORWARD"], false);
    let role = json!({ "LINK_ID": link["LINK_ID"], "ROLE": "mother" });
    done(&sandbox, &format!("PUT /Contacts/{eve}/Links"), role).await;
    assert_eq!(
        get(&sandbox, &format!("/Contacts/{ada}/Links")).await[0]["ROLE"],
        "mother"
    );
}

#[tokio::test]
async fn users_are_found_and_the_caller_is_one_of_them() {
    let sandbox = empty();
    assert_eq!(get(&sandbox, "/Users").await.as_array().unwrap().len(), 3);
    let found = "/Users/Search?field_name=EMAIL_ADDRESS&field_value=olga@example.com";
    assert_eq!(get(&sandbox, found).await[0]["USER_ID"], 2_240_002);
    assert_eq!(get(&sandbox, "/Users/Me").await["ADMINISTRATOR"], true);
    assert_eq!(get(&sandbox, "/Users/2240003").await["ACTIVE"], false);
}
