use std::time::Duration;

use serde_json::{Value, json};

use crate::desk::{empty, ghl, ghl_contact};

#[tokio::test]
async fn notes_come_newest_first_with_the_day_they_were_made_only() {
    let sandbox = empty();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    let notes = format!("/contacts/{ada}/notes");
    let mut ids = Vec::new();
    for body in ["one", "two"] {
        let made = ghl(&sandbox, &format!("POST {notes}"), json!({ "body": body })).await;
        assert_eq!(made.status, 201, "{}", made.text);
        ids.push(made.json()["note"]["id"].as_str().unwrap().to_owned());
        sandbox.clock().advance(Duration::from_secs(1));
    }
    let body = json!({ "body": "one, edited", "pinned": true, "color": "#FFAA00" });
    let edited = ghl(&sandbox, &format!("PUT {notes}/{}", ids[0]), body)
        .await
        .json();
    assert_eq!(edited["note"]["dateAdded"], "2026-04-09T12:00:00.250Z");
    assert_eq!(edited["note"].get("dateUpdated"), None);
    let list = ghl(&sandbox, &format!("GET {notes}"), Value::Null)
        .await
        .json();
    let bodies = [&list["notes"][0]["body"], &list["notes"][1]["body"]];
    assert_eq!(bodies, ["two", "one, edited"]);
    let author = &list["notes"][0]["userId"];
    assert_eq!(
        author,
        &sandbox
            .ghl()
            .family("users")
            .get(author.as_str().unwrap())
            .unwrap()["id"]
    );
    let gone = ghl(&sandbox, &format!("DELETE {notes}/{}", ids[0]), Value::Null).await;
    assert_eq!(gone.json(), json!({ "succeded": true }));
    let read = ghl(&sandbox, &format!("GET {notes}/{}", ids[0]), Value::Null).await;
    assert_eq!(read.status, 400);
    assert_eq!(
        read.json()["error"],
        format!("Note with id {} not found", ids[0])
    );
}

#[tokio::test]
async fn a_note_without_a_body_or_with_a_location_is_refused() {
    let sandbox = empty();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    let line = format!("POST /contacts/{ada}/notes");
    for (body, message) in [
        (json!({}), "body must be a string"),
        (json!({ "body": "" }), "body should not be empty"),
        (
            json!({ "body": "x", "locationId": "y" }),
            "property locationId should not exist",
        ),
        (
            json!({ "body": "x", "pinned": "yes" }),
            "pinned must be a boolean value",
        ),
    ] {
        let answer = ghl(&sandbox, &line, body).await;
        assert_eq!(answer.status, 422);
        assert_eq!(answer.json()["message"], json!([message]));
    }
}

#[tokio::test]
async fn a_note_that_a_person_writes_can_be_html() {
    let sandbox = empty();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    sandbox.ghl().set_switch("note_body", "html").unwrap();
    let notes = sandbox.ghl().family("notes");
    let note = notes
        .create(&json!({ "contactId": ada, "body": "Hello" }))
        .unwrap();
    let path = format!("GET /contacts/{ada}/notes/{}", note["id"].as_str().unwrap());
    let read = ghl(&sandbox, &path, Value::Null).await.json();
    assert_eq!(read["note"]["body"], "<p>Hello</p>");
    assert!(
        notes
            .create(&json!({ "contactId": "nobody", "body": "x" }))
            .is_err()
    );
}

#[tokio::test]
async fn a_note_by_hand_moves_its_contact_when_the_switch_says_so() {
    let sandbox = empty();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    sandbox
        .ghl()
        .set_switch("note_bump", "date_updated")
        .unwrap();
    sandbox.clock().advance(Duration::from_secs(9));
    let note = json!({ "contactId": ada, "body": "Hello" });
    sandbox.ghl().family("notes").create(&note).unwrap();
    let contact = sandbox.ghl().contacts().get(&ada).unwrap();
    assert_eq!(contact["dateUpdated"], "2026-04-09T12:00:09.250Z");
}
