use serde_json::{Value, json};

use crate::desk::{empty, ghl, ghl_contact};

#[tokio::test]
async fn bulk_tags_tell_for_each_contact_what_became_of_it() {
    let sandbox = empty();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada", "tags": ["a"] })).await;
    let eve = ghl_contact(&sandbox, json!({ "firstName": "Eve" })).await;
    ghl(&sandbox, &format!("DELETE /contacts/{eve}"), Value::Null).await;
    let stranger = "qFSqySFkVvNzOSqgGqFi";
    let mut body = json!({
        "contacts": [ada, eve, "abcdef", stranger], "tags": ["A", "b"],
        "locationId": sandbox.ghl_location_id(),
    });
    let line = "POST /contacts/bulk/tags/update/";
    let answer = ghl(&sandbox, &format!("{line}add"), body.clone()).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let said = answer.json();
    assert_eq!(
        (&said["succeded"], &said["errorCount"]),
        (&json!(true), &json!(3))
    );
    assert_eq!(
        said["responses"][0],
        json!({
            "contactId": ada, "message": "Tags updated", "type": "success",
            "oldTags": ["a"], "tagsAdded": ["b"], "tagsRemoved": [],
        })
    );
    let messages: Vec<&str> = (1..4)
        .map(|n| said["responses"][n]["message"].as_str().unwrap())
        .collect();
    assert_eq!(
        messages,
        [
            "contact is deleted",
            "contact id is not a valid firebase id",
            "contact does not belong to location",
        ]
    );
    body["removeAllTags"] = json!(true);
    body["contacts"] = json!([ada]);
    ghl(&sandbox, &format!("{line}remove"), body.clone()).await;
    assert_eq!(
        sandbox.ghl().contacts().get(&ada).unwrap()["tags"],
        json!([])
    );
    assert_eq!(
        ghl(&sandbox, &format!("{line}%7Btype%7D"), body)
            .await
            .status,
        422
    );
}

#[tokio::test]
async fn an_upsert_creates_once_and_then_updates() {
    let sandbox = empty();
    let location = sandbox.ghl_location_id();
    let upsert = |mut body: Value| {
        body["locationId"] = json!(location);
        ghl(&sandbox, "POST /contacts/upsert", body)
    };
    let made = upsert(json!({ "firstName": "Ada", "email": "ada@example.com", "tags": ["a"] }))
        .await
        .json();
    assert_eq!(made["new"], true);
    assert!(made["traceId"].is_string());
    let body = json!({ "email": "ADA@example.com", "gender": "f", "tags": ["b"], "createNewIfDuplicateAllowed": true });
    let again = upsert(body).await.json();
    assert_eq!(
        (&again["new"], &again["contact"]["id"]),
        (&json!(false), &made["contact"]["id"])
    );
    assert_eq!(again["contact"]["tags"], json!(["b"]));
    assert_eq!(again["contact"].get("gender"), None);
    let refused = upsert(json!({ "email": "x@example.com", "additionalEmails": [] })).await;
    assert_eq!(
        refused.json()["message"],
        json!(["property additionalEmails should not exist"])
    );
    sandbox.ghl().set_switch("duplicates", "allowed").unwrap();
    let body = json!({ "email": "ada@example.com", "createNewIfDuplicateAllowed": true });
    assert_eq!(upsert(body).await.json()["new"], true);
}

#[tokio::test]
async fn an_upsert_between_two_contacts_drops_the_other_one_s_field() {
    let sandbox = empty();
    let ada = ghl_contact(
        &sandbox,
        json!({ "email": "ada@example.com", "phone": "+14155550142" }),
    )
    .await;
    ghl_contact(&sandbox, json!({ "phone": "+14155550143" })).await;
    let body = json!({
        "email": "ada@example.com", "phone": "+14155550143", "city": "Oslo",
        "locationId": sandbox.ghl_location_id(),
    });
    let answer = ghl(&sandbox, "POST /contacts/upsert", body).await.json();
    assert_eq!(answer["contact"]["id"], json!(ada));
    assert_eq!(answer["contact"]["phone"], "+14155550142");
    assert_eq!(answer["contact"]["city"], "Oslo");
}

#[tokio::test]
async fn a_further_email_finds_the_contact_and_becomes_its_first() {
    let sandbox = empty();
    let ada =
        json!({ "email": "ada@example.com", "additionalEmails": [{ "email": "old@example.com" }] });
    let ada = sandbox.ghl().contacts().create(&ada).unwrap();
    let body = json!({ "email": "old@example.com", "locationId": sandbox.ghl_location_id() });
    let answer = ghl(&sandbox, "POST /contacts/upsert", body.clone())
        .await
        .json();
    assert_eq!(answer["contact"]["id"], ada["id"]);
    assert_eq!(answer["contact"]["email"], "old@example.com");
    sandbox
        .ghl()
        .contacts()
        .edit(
            ada["id"].as_str().unwrap(),
            &json!({ "email": "ada@example.com" }),
        )
        .unwrap();
    sandbox
        .ghl()
        .set_switch("upsert_secondary", "ignored")
        .unwrap();
    assert_eq!(
        ghl(&sandbox, "POST /contacts/upsert", body).await.json()["new"],
        true
    );
}

#[tokio::test]
async fn followers_campaigns_and_workflows_are_joined_and_left() {
    let sandbox = empty();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    let line = |rest: &str| {
        let (method, path) = rest.split_once(' ').unwrap();
        format!("{method} /contacts/{ada}/{path}")
    };
    let added = ghl(
        &sandbox,
        &line("POST followers"),
        json!({ "followers": ["u1", "u2"] }),
    )
    .await;
    assert_eq!(added.status, 201);
    assert_eq!(added.json()["followersAdded"], json!(["u1", "u2"]));
    let removed = ghl(
        &sandbox,
        &line("DELETE followers"),
        json!({ "followers": ["u1"] }),
    )
    .await;
    assert_eq!(
        removed.json(),
        json!({ "followers": ["u2"], "followersRemoved": ["u1"] })
    );
    for (call, status) in [
        ("POST campaigns/c1", 201),
        ("POST campaigns/c2", 201),
        ("DELETE campaigns/c1", 200),
        ("POST workflow/w1", 200),
    ] {
        let body = if call.starts_with("POST") {
            json!({})
        } else {
            Value::Null
        };
        let answer = ghl(&sandbox, &line(call), body).await;
        assert_eq!(answer.status, status, "{call}");
        assert_eq!(answer.json(), json!({ "succeded": true }));
    }
    let joined = |sandbox: &crm_sandbox::Sandbox| sandbox.ghl().state()["enrolments"].clone();
    assert_eq!(
        joined(&sandbox),
        json!([
            { "contactId": ada, "in": "campaign", "id": "c2" },
            { "contactId": ada, "in": "workflow", "id": "w1" },
        ])
    );
    ghl(&sandbox, &line("DELETE campaigns/removeAll"), Value::Null).await;
    let body = json!({ "eventStartTime": "2021-06-23T03:30:00+01:00" });
    ghl(&sandbox, &line("DELETE workflow/w1"), body).await;
    assert_eq!(joined(&sandbox), json!([]));
}
